import { errorCodes } from "../protocol/mod.ts";
import { BATCH_PREFIX_BYTES, CODEC_ZSTD, LOG_OVERHEAD_BYTES } from "../protocol/records/mod.ts";

/** The least that a batch's length may say: what the oldest format needs. */
const BATCH_LENGTH_MIN = 14;
const ATTRIBUTES_OFFSET = 21;
const CODEC_MASK = 0x07;
const TRANSACTIONAL = 0x10;
/** First version whose clients may send zstd (KIP-110). */
const ZSTD_VERSION = 7;

/** Where a batch ends, -1 when there is no whole one, or an error code when it is none at all. */
function batchEnd(records: Uint8Array, start: number): { end: number; errorCode: number } {
  const NONE = { end: -1, errorCode: errorCodes.NONE };
  if (records.length - start < LOG_OVERHEAD_BYTES) return NONE;
  const length = (records[start + 8]! << 24) | (records[start + 9]! << 16) |
    (records[start + 10]! << 8) | records[start + 11]!;
  if (length < BATCH_LENGTH_MIN) return { end: -1, errorCode: errorCodes.CORRUPT_MESSAGE };
  if (records.length - start < BATCH_PREFIX_BYTES) return NONE;
  if (records[start + BATCH_PREFIX_BYTES - 1]! > 2) {
    return { end: -1, errorCode: errorCodes.CORRUPT_MESSAGE };
  }
  const end = start + LOG_OVERHEAD_BYTES + length;
  return end > records.length ? NONE : { end, errorCode: errorCodes.NONE };
}

/**
 * What a broker refuses before it looks into the batch, as the request's `version` demands: exactly
 * one batch, of the newest format, without zstd from clients that can't know it. Returns an error
 * code; null records count as none.
 */
export function checkProduced(records: Uint8Array | null, version: number): number {
  if (records === null) return errorCodes.INVALID_RECORD;
  const first = batchEnd(records, 0);
  if (first.errorCode !== errorCodes.NONE) return first.errorCode;
  if (first.end < 0 || records[BATCH_PREFIX_BYTES - 1] !== 2) return errorCodes.INVALID_RECORD;
  // A batch of the newest format has attributes where its length reaches so far.
  if (first.end <= ATTRIBUTES_OFFSET + 1) return errorCodes.CORRUPT_MESSAGE;
  if (version < ZSTD_VERSION && (records[ATTRIBUTES_OFFSET + 1]! & CODEC_MASK) === CODEC_ZSTD) {
    return errorCodes.UNSUPPORTED_COMPRESSION_TYPE;
  }
  const second = batchEnd(records, first.end);
  if (second.errorCode !== errorCodes.NONE) return second.errorCode;
  return second.end < 0 ? errorCodes.NONE : errorCodes.INVALID_RECORD;
}

/** Whether the first batch claims to be part of a transaction. */
export function isTransactional(records: Uint8Array | null): boolean {
  if (records === null || records.length <= ATTRIBUTES_OFFSET + 1) return false;
  return records[BATCH_PREFIX_BYTES - 1] === 2 &&
    (records[ATTRIBUTES_OFFSET + 1]! & TRANSACTIONAL) !== 0;
}
