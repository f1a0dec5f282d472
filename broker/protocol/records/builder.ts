import { crc32c } from "../../base/crc32c.ts";
import { errorCodes } from "../errors.ts";
import type { BatchCursor } from "./batch.ts";
import { CODEC_NONE, type CodecId, compress, type CompressionLevels } from "./compression/mod.ts";
import { DEFAULT_COMPRESSION_LEVELS } from "./compression/mod.ts";
import { writeInt64 } from "./int64.ts";
import {
  ATTRIBUTES,
  BASE_SEQUENCE,
  BASE_TIMESTAMP,
  BATCH_HEADER_BYTES,
  CONTROL_FLAG,
  CRC,
  DELETE_HORIZON_FLAG,
  LAST_OFFSET_DELTA,
  LEADER_EPOCH,
  LENGTH,
  LOG_APPEND_TIME_FLAG,
  LOG_OVERHEAD_BYTES,
  MAGIC,
  MAX_TIMESTAMP,
  PRODUCER_EPOCH,
  PRODUCER_ID,
  RECORD_COUNT,
  TRANSACTIONAL_FLAG,
} from "./layout.ts";
import type { RecordCursor, RecordHeader } from "./record.ts";
import { RecordsError } from "./records_error.ts";
import { varintSize, varlongSize, writeVarint, writeVarlong } from "./varint.ts";

/** What a batch's header says besides what its records tell. Fields left out: see each. */
export interface BatchOptions {
  /** Offset of the first record; default 0. */
  readonly baseOffset?: number | bigint;
  /** Default -1: unknown. */
  readonly partitionLeaderEpoch?: number;
  /** Default: none. */
  readonly codec?: CodecId;
  readonly levels?: CompressionLevels;
  /** The time at which the log takes all records; default: they keep their own times. */
  readonly logAppendTimeMs?: number;
  /** Default -1: not idempotent. */
  readonly producerId?: number | bigint;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  readonly isTransactional?: boolean;
  readonly isControl?: boolean;
  /** When tombstones in the batch may go (KIP-534); default: none is set. */
  readonly deleteHorizonMs?: number;
  /** About how many bytes will come. */
  readonly sizeHintBytes?: number;
}

/** Beyond this a batch's length no longer fits its field. */
const BATCH_BYTES_MAX = 0x7fffffff;
const OFFSET_DELTA_MAX = 0x7fffffff;

const encoder = new TextEncoder();
const NO_HEADERS: readonly RecordHeader[] = [];

/**
 * Builds one batch of magic 2, record by record. The bytes equal what Kafka's own builder writes for
 * the same records (compressed ones aside, where the library may differ).
 */
export class BatchBuilder {
  /** How many records were appended. */
  recordCount = 0;
  /** The offset of the last record, or what {@linkcode setLastOffset} made it; -1 before. */
  lastOffset = -1;
  /** The largest timestamp appended; -1 when there is none. */
  maxTimestampMs = -1;
  /** The offset of the first record that has it; -1 when there is none. */
  offsetOfMaxTimestamp = -1;

  readonly #options: BatchOptions;
  readonly #baseOffset: number;
  #baseTimestampMs: number;
  #bytes: Uint8Array;
  #length = BATCH_HEADER_BYTES;

  constructor(options: BatchOptions = {}) {
    this.#options = options;
    this.#baseOffset = Number(options.baseOffset ?? 0);
    this.#baseTimestampMs = options.deleteHorizonMs ?? -1;
    this.#bytes = new Uint8Array(
      BATCH_HEADER_BYTES + Math.max(options.sizeHintBytes ?? 0, 256),
    );
  }

  /** Bytes of the batch as it would be uncompressed. */
  get sizeBytes(): number {
    return this.#length;
  }

  /** The offset that follows the last record: the next one's unless it is given another. */
  get nextOffset(): number {
    return this.recordCount === 0 ? this.#baseOffset : this.lastOffset + 1;
  }

  /** Appends a record at {@linkcode nextOffset}; see {@linkcode appendAt}. */
  append(
    timestampMs: number,
    key: Uint8Array | null,
    value: Uint8Array | null,
    headers: readonly RecordHeader[] = NO_HEADERS,
  ): void {
    this.appendAt(this.nextOffset, timestampMs, key, value, headers);
  }

  /**
   * Appends a record; `timestampMs` is from 0, or -1 for none. Throws a {@linkcode RecordsError} when
   * the offset does not grow, when it is too far from the first, or when the time is negative.
   */
  appendAt(
    offset: number,
    timestampMs: number,
    key: Uint8Array | null,
    value: Uint8Array | null,
    headers: readonly RecordHeader[] = NO_HEADERS,
  ): void {
    let tailSize = sizeOfBytes(key) + sizeOfBytes(value) + varintSize(headers.length);
    const keys: Uint8Array[] = [];
    for (const header of headers) {
      const headerKey = encoder.encode(header.key);
      keys.push(headerKey);
      tailSize += sizeOfBytes(headerKey) + sizeOfBytes(header.value);
    }
    let at = this.#start(offset, timestampMs, tailSize);
    const bytes = this.#bytes;
    at = writeBytes(bytes, at, key);
    at = writeBytes(bytes, at, value);
    at = writeVarint(bytes, at, headers.length);
    for (let index = 0; index < keys.length; index++) {
      at = writeBytes(bytes, at, keys[index]!);
      at = writeBytes(bytes, at, headers[index]!.value);
    }
    this.#length = at;
  }

  /**
   * Appends the cursor's record at another offset, with its key, value and headers byte for byte.
   * Throws as {@linkcode appendAt} does.
   */
  appendCopy(offset: number, record: RecordCursor): void {
    if (record.magic < 2) {
      this.appendAt(offset, record.timestampMs, record.key, record.value);
      return;
    }
    const tail = record.tail;
    const at = this.#start(offset, record.timestampMs, tail.length);
    this.#bytes.set(tail, at);
    this.#length = at + tail.length;
  }

  /**
   * Makes the batch end at a later offset than its last record has: compaction keeps the range, so
   * that a producer's last sequence survives its record.
   */
  setLastOffset(offset: number): void {
    this.lastOffset = offset;
  }

  /**
   * The finished batch; the builder must not be used after. Throws a {@linkcode RecordsError} when
   * the producer's fields contradict each other. A batch without records is
   * {@linkcode encodeEmptyBatch}'s.
   */
  build(): Uint8Array {
    this.#checkProducer();
    const codec = this.#options.codec ?? CODEC_NONE;
    let batch = this.#bytes.subarray(0, this.#length);
    if (codec !== CODEC_NONE) {
      const packed = compress(
        codec,
        batch.subarray(BATCH_HEADER_BYTES),
        this.#options.levels ?? DEFAULT_COMPRESSION_LEVELS,
      );
      batch = new Uint8Array(BATCH_HEADER_BYTES + packed.length);
      batch.set(packed, BATCH_HEADER_BYTES);
    }
    writeHeader(batch, {
      ...this.#options,
      lastOffset: this.lastOffset,
      baseTimestampMs: this.#baseTimestampMs,
      maxTimestampMs: this.#options.logAppendTimeMs ?? this.maxTimestampMs,
      recordCount: this.recordCount,
    });
    return batch;
  }

  /** Writes a record's fields in front of its key and returns where the key goes. */
  #start(offset: number, timestampMs: number, tailSize: number): number {
    const offsetDelta = offset - this.#baseOffset;
    if (offsetDelta < 0 || offsetDelta > OFFSET_DELTA_MAX || offset < this.nextOffset) {
      throw new RecordsError(
        errorCodes.UNKNOWN_SERVER_ERROR,
        `Cannot append record at offset ${offset}: the batch starts at ${this.#baseOffset}, ` +
          `and ${this.nextOffset} is next`,
      );
    }
    if (timestampMs < 0 && timestampMs !== -1) {
      throw new RecordsError(
        errorCodes.UNKNOWN_SERVER_ERROR,
        `Cannot append record at offset ${offset}: its timestamp is ${timestampMs}`,
      );
    }
    if (this.recordCount === 0 && this.#options.deleteHorizonMs === undefined) {
      this.#baseTimestampMs = timestampMs;
    }
    const timestampDelta = timestampMs - this.#baseTimestampMs;
    const bodySize = 1 + varlongSize(timestampDelta) + varintSize(offsetDelta) + tailSize;
    this.#reserve(varintSize(bodySize) + bodySize);
    const bytes = this.#bytes;
    let at = writeVarint(bytes, this.#length, bodySize);
    bytes[at++] = 0; // A record's attributes; none is in use.
    at = writeVarlong(bytes, at, timestampDelta);
    at = writeVarint(bytes, at, offsetDelta);
    this.recordCount++;
    this.lastOffset = offset;
    if (timestampMs > this.maxTimestampMs) {
      this.maxTimestampMs = timestampMs;
      this.offsetOfMaxTimestamp = offset;
    }
    return at;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    if (needed > BATCH_BYTES_MAX) {
      throw new RecordsError(
        errorCodes.MESSAGE_TOO_LARGE,
        `Cannot append record: the batch would have ${needed} bytes, ${BATCH_BYTES_MAX} may`,
      );
    }
    const grown = new Uint8Array(
      Math.min(Math.max(needed, 2 * this.#bytes.length), BATCH_BYTES_MAX),
    );
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }

  #checkProducer(): void {
    const { producerId = -1, producerEpoch = -1, baseSequence = -1 } = this.#options;
    const { isTransactional = false, isControl = false } = this.#options;
    const isIdempotent = Number(producerId) !== -1;
    if (isTransactional && !isIdempotent) {
      throw new RecordsError(
        errorCodes.UNKNOWN_SERVER_ERROR,
        "Cannot build batch: it is transactional and has no producer id",
      );
    }
    if (isIdempotent && (producerEpoch === -1 || (baseSequence < 0 && !isControl))) {
      throw new RecordsError(
        errorCodes.UNKNOWN_SERVER_ERROR,
        `Cannot build batch: producer ${producerId} has epoch ${producerEpoch} ` +
          `and sequence ${baseSequence}`,
      );
    }
  }
}

interface HeaderFields extends BatchOptions {
  readonly lastOffset: number;
  readonly baseTimestampMs: number;
  readonly maxTimestampMs: number;
  readonly recordCount: number;
}

/** Writes the header of a batch whose records are in place, checksum included. */
function writeHeader(batch: Uint8Array, fields: HeaderFields): void {
  const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
  const baseOffset = fields.baseOffset ?? 0;
  writeInt64(view, 0, baseOffset);
  view.setInt32(LENGTH, batch.length - LOG_OVERHEAD_BYTES);
  view.setInt32(LEADER_EPOCH, fields.partitionLeaderEpoch ?? -1);
  view.setInt8(MAGIC, 2);
  const attributes = (fields.codec ?? CODEC_NONE) |
    (fields.logAppendTimeMs === undefined ? 0 : LOG_APPEND_TIME_FLAG) |
    (fields.isTransactional ? TRANSACTIONAL_FLAG : 0) |
    (fields.isControl ? CONTROL_FLAG : 0) |
    (fields.deleteHorizonMs === undefined ? 0 : DELETE_HORIZON_FLAG);
  view.setInt16(ATTRIBUTES, attributes);
  view.setInt32(LAST_OFFSET_DELTA, fields.lastOffset - Number(baseOffset));
  writeInt64(view, BASE_TIMESTAMP, fields.baseTimestampMs);
  writeInt64(view, MAX_TIMESTAMP, fields.maxTimestampMs);
  writeInt64(view, PRODUCER_ID, fields.producerId ?? -1);
  view.setInt16(PRODUCER_EPOCH, fields.producerEpoch ?? -1);
  view.setInt32(BASE_SEQUENCE, fields.baseSequence ?? -1);
  view.setInt32(RECORD_COUNT, fields.recordCount);
  view.setUint32(CRC, crc32c(batch, ATTRIBUTES, batch.length));
}

/**
 * What compaction leaves of a batch of magic 2 whose records are all gone while its producer's last
 * sequence must stay known: the header of the cursor's batch with no record behind it.
 */
export function encodeEmptyBatch(batch: BatchCursor): Uint8Array {
  const bytes = new Uint8Array(BATCH_HEADER_BYTES);
  // From the fields' own bytes, so that no int64 is rounded.
  const { buffer, view, position } = batch;
  bytes.set(buffer.subarray(position, position + BATCH_HEADER_BYTES));
  const to = new DataView(bytes.buffer);
  to.setInt32(LENGTH, BATCH_HEADER_BYTES - LOG_OVERHEAD_BYTES);
  const kept = view.getInt16(position + ATTRIBUTES) &
    (LOG_APPEND_TIME_FLAG | TRANSACTIONAL_FLAG | CONTROL_FLAG);
  to.setInt16(ATTRIBUTES, kept);
  writeInt64(to, BASE_TIMESTAMP, -1);
  to.setInt32(RECORD_COUNT, 0);
  to.setUint32(CRC, crc32c(bytes, ATTRIBUTES, bytes.length));
  return bytes;
}

/**
 * Bytes of one batch, uncompressed, that holds just these records, all of one time and without
 * headers.
 */
export function batchSizeBytes(
  records: readonly { readonly key: Uint8Array | null; readonly value: Uint8Array | null }[],
): number {
  let sizeBytes = BATCH_HEADER_BYTES;
  for (const [offsetDelta, { key, value }] of records.entries()) {
    const tailSize = sizeOfBytes(key) + sizeOfBytes(value) + varintSize(0);
    const bodySize = 1 + varlongSize(0) + varintSize(offsetDelta) + tailSize;
    sizeBytes += varintSize(bodySize) + bodySize;
  }
  return sizeBytes;
}

function sizeOfBytes(bytes: Uint8Array | null): number {
  return bytes === null ? 1 : varintSize(bytes.length) + bytes.length;
}

function writeBytes(target: Uint8Array, at: number, bytes: Uint8Array | null): number {
  if (bytes === null) return writeVarint(target, at, -1);
  const start = writeVarint(target, at, bytes.length);
  target.set(bytes, start);
  return start + bytes.length;
}
