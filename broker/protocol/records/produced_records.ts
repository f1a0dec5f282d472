import { errorCodes } from "../errors.ts";
import type { RefusedRecords } from "./append_rules.ts";
import { CODEC_ZSTD } from "./compression/mod.ts";
import {
  ATTRIBUTES,
  BATCH_PREFIX_BYTES,
  CODEC_MASK,
  LENGTH,
  LOG_OVERHEAD_BYTES,
  MAGIC,
  TRANSACTIONAL_FLAG,
} from "./layout.ts";

/** The least that a batch's length may say: what the oldest format needs. */
const BATCH_LENGTH_MIN = 14;
const MAGIC_MAX = 2;
/** The byte of the attributes that says something. */
const FLAGS = ATTRIBUTES + 1;
/** First version whose clients may send zstd (KIP-110). */
const ZSTD_VERSION = 7;

/** No whole batch, and a head that can't be one's. */
const NONE = -1;
const CORRUPT = -2;

/**
 * What a Produce request of this version may hold for a partition, asked before anybody looks into
 * the batch or for its log, as in Kafka: exactly one batch, of the newest format, without zstd from
 * clients that can't know it. Bytes behind it that are no whole batch are passed over. Returns why
 * `records` are refused, or null when they are not; null records count as none.
 */
export function checkProduced(records: Uint8Array | null, version: number): RefusedRecords | null {
  if (records === null) return invalid("there are none");
  const corrupt = checkHead(records);
  if (corrupt !== null) return corrupt;
  const end = batchEnd(records, 0);
  if (end === NONE) return invalid("there is no whole batch");
  if (records[MAGIC] !== MAGIC_MAX) {
    return invalid(`the batch's magic is ${records[MAGIC]}, it must be ${MAGIC_MAX}`);
  }
  // A batch of the newest format has attributes where its length reaches so far.
  if (end <= FLAGS) return refused(errorCodes.CORRUPT_MESSAGE, "the batch ends in its header");
  if (version < ZSTD_VERSION && (records[FLAGS]! & CODEC_MASK) === CODEC_ZSTD) {
    const why = `zstd needs version ${ZSTD_VERSION} of the request, this is ${version}`;
    return refused(errorCodes.UNSUPPORTED_COMPRESSION_TYPE, why);
  }
  const second = batchEnd(records, end);
  if (second === NONE) return null;
  if (second !== CORRUPT) return invalid("there is more than one batch");
  return refused(errorCodes.CORRUPT_MESSAGE, "what is behind the first batch is none");
}

/**
 * The first of {@linkcode checkProduced}'s checks alone: whether the records begin with what may be
 * a batch. Kafka looks at this while it looks for transactions, so that one partition fails the
 * request; there alone it tells the client why.
 */
export function checkHead(records: Uint8Array): RefusedRecords | null {
  if (batchEnd(records, 0) !== CORRUPT) return null;
  const { message, ...rest } = refused(errorCodes.CORRUPT_MESSAGE, "no batch has such a head");
  return { ...rest, message, errorMessage: message };
}

/** Whether the first batch, if it is whole, claims to be part of a transaction. */
export function isTransactional(records: Uint8Array): boolean {
  return batchEnd(records, 0) > FLAGS && records[MAGIC] === MAGIC_MAX &&
    (records[FLAGS]! & TRANSACTIONAL_FLAG) !== 0;
}

/** Where the batch at `start` ends, {@linkcode NONE} or {@linkcode CORRUPT}. */
function batchEnd(records: Uint8Array, start: number): number {
  if (records.length - start < LOG_OVERHEAD_BYTES) return NONE;
  const at = start + LENGTH;
  const length = (records[at]! << 24) | (records[at + 1]! << 16) | (records[at + 2]! << 8) |
    records[at + 3]!;
  if (length < BATCH_LENGTH_MIN) return CORRUPT;
  if (records.length - start < BATCH_PREFIX_BYTES) return NONE;
  if (records[start + MAGIC]! > MAGIC_MAX) return CORRUPT;
  const end = start + LOG_OVERHEAD_BYTES + length;
  return end > records.length ? NONE : end;
}

function invalid(why: string): RefusedRecords {
  return refused(errorCodes.INVALID_RECORD, why);
}

function refused(errorCode: number, why: string): RefusedRecords {
  const message = `Cannot take produced records: ${why}`;
  return { ok: false, errorCode, message, errorMessage: null, recordErrors: [] };
}
