import { errorCodes } from "../errors.ts";
import type { BatchCursor } from "./batch.ts";
import { CODEC_ZSTD } from "./compression/codec.ts";
import { decompress, OutputBuffer, UNPACKED_BYTES_MAX } from "./compression/mod.ts";
import { readInt64, wrapInt64 } from "./int64.ts";
import {
  CODEC_MASK,
  incrementSequence,
  LEGACY_ATTRIBUTES,
  LEGACY_CRC,
  LEGACY_TIMESTAMP,
  legacyKeyPosition,
  LENGTH,
  LOG_OVERHEAD_BYTES,
  MAGIC,
} from "./layout.ts";
import { crc32 } from "./compression/zlib.ts";
import { RecordsError } from "./records_error.ts";
import { VarintReader } from "./varint.ts";

/** The least bytes of a message of magic 0 behind its length field. */
const LEGACY_LENGTH_MIN = 14;

const EMPTY = new Uint8Array(0);
const EMPTY_VIEW = new DataView(EMPTY.buffer);

/** One header of a record; its key is text, its value bytes or null. */
export interface RecordHeader {
  readonly key: string;
  readonly value: Uint8Array | null;
}

/**
 * Walks the records of one batch after the other without allocating per record: after `next()` its
 * fields and getters speak of the current record. Keys, values and headers are views of the batch's
 * buffer, or, when it is compressed, of what was unpacked; they hold until the next `reset()`.
 *
 * Reads all magics. Damage throws a {@linkcode RecordsError}; the batch's own checksum is not looked
 * at here ({@linkcode BatchCursor.crcValid}).
 */
export class RecordCursor {
  /** Absolute offset. */
  offset = 0;
  /** Milliseconds since 1970, or -1; the batch's append time when it has one. */
  timestampMs = -1;
  /** The producer's sequence number, or -1. */
  sequence = -1;
  attributes = 0;
  /** The record's magic: the batch's, unless a compressed set of messages is mixed. */
  magic = 2;
  /** All of the record's bytes, its length in front included. */
  sizeBytes = 0;
  /** What the length in front says: the bytes behind it. */
  bodySize = 0;
  /** Bytes of the key; -1 when it is null. */
  keySize = -1;
  /** Bytes of the value; -1 when it is null. */
  valueSize = -1;
  headerCount = 0;

  readonly #in = new VarintReader();
  readonly #headersIn = new VarintReader();
  readonly #unpacked = new OutputBuffer();
  #unpackedBytesMax = UNPACKED_BYTES_MAX;
  #left = 0;
  #baseOffset = 0;
  #baseTimestampMs = 0;
  #baseSequence = -1;
  #appendTimeMs = -1;
  #isLogAppendTime = false;
  #isLegacy = false;
  #isInside = false;
  #view: DataView = EMPTY_VIEW;
  #start = 0;
  #tail = 0;
  #keyStart = 0;
  #valueStart = 0;
  #headersStart = 0;

  /**
   * Starts over in front of the first record of the cursor's batch, unpacking it if need be: one that
   * unpacks to more than `unpackedBytesMax` is refused.
   */
  reset(batch: BatchCursor, unpackedBytesMax: number = UNPACKED_BYTES_MAX): this {
    this.#unpackedBytesMax = unpackedBytesMax;
    this.#isLogAppendTime = batch.isLogAppendTime;
    this.#appendTimeMs = batch.maxTimestampMs;
    this.#isLegacy = batch.magic < 2;
    if (this.#isLegacy) this.#resetLegacy(batch);
    else this.#resetBatch(batch);
    return this;
  }

  /** Lets go of the batch and of what was unpacked. */
  clear(): void {
    this.#left = 0;
    this.#in.bytes = this.#headersIn.bytes = EMPTY;
    this.#view = EMPTY_VIEW;
    this.#unpacked.trim();
  }

  /** Moves to the next record; false behind the last one. */
  next(): boolean {
    if (this.#left === 0) return false;
    this.#left--;
    if (this.#isLegacy) this.#nextMessage();
    else this.#nextRecord();
    return true;
  }

  get hasKey(): boolean {
    return this.keySize >= 0;
  }

  get hasValue(): boolean {
    return this.valueSize >= 0;
  }

  get key(): Uint8Array | null {
    if (this.keySize < 0) return null;
    return this.#in.bytes.subarray(this.#keyStart, this.#keyStart + this.keySize);
  }

  get value(): Uint8Array | null {
    if (this.valueSize < 0) return null;
    return this.#in.bytes.subarray(this.#valueStart, this.#valueStart + this.valueSize);
  }

  /** The record from the key's length to its end: what moves unchanged into another batch of magic 2. */
  get tail(): Uint8Array {
    return this.#in.bytes.subarray(this.#tail, this.#start + this.sizeBytes);
  }

  /** The headers, made anew at each call; a key that is not UTF-8 gets replacement characters. */
  headers(): RecordHeader[] {
    const headers: RecordHeader[] = [];
    const input = this.#headersIn;
    input.bytes = this.#in.bytes;
    input.position = this.#headersStart;
    input.end = this.#start + this.sizeBytes;
    for (let index = 0; index < this.headerCount; index++) {
      const keySize = input.varint();
      const key = decoder.decode(take(input, keySize));
      const valueSize = input.varint();
      headers.push({ key, value: valueSize < 0 ? null : take(input, valueSize) });
    }
    return headers;
  }

  /** True when the record's own checksum holds; records of magic 2 have none. */
  crcValid(): boolean {
    if (!this.#isLegacy) return true;
    const start = this.#start;
    return this.#view.getUint32(start + LEGACY_CRC) ===
      crc32(this.#in.bytes, start + MAGIC, start + this.sizeBytes);
  }

  #resetBatch(batch: BatchCursor): void {
    const count = batch.recordCount;
    if (count < 0) {
      throw new RecordsError(
        errorCodes.INVALID_RECORD,
        `Cannot read batch at offset ${batch.baseOffset}: its record count is ${count}`,
      );
    }
    this.magic = 2;
    this.#left = count;
    this.#baseOffset = batch.baseOffset;
    this.#baseTimestampMs = batch.baseTimestampMs;
    this.#baseSequence = batch.baseSequence;
    const input = this.#in;
    input.bytes = batch.buffer;
    input.position = batch.recordsPosition;
    input.end = batch.nextPosition;
    if (count === 0 || !batch.isCompressed) return;
    const packed = batch.buffer.subarray(input.position, input.end);
    this.#use(this.#decompress(batch, packed));
  }

  #decompress(batch: BatchCursor, packed: Uint8Array): Uint8Array {
    return decompress(batch.codec, packed, this.#unpackedBytesMax, {
      output: this.#unpacked,
      magic: batch.magic,
    });
  }

  #use(unpacked: Uint8Array): void {
    this.#in.bytes = unpacked;
    this.#in.position = 0;
    this.#in.end = unpacked.length;
  }

  #nextRecord(): void {
    const input = this.#in;
    const start = this.#start = input.position;
    const bodySize = input.varint();
    const bodyStart = input.position;
    const end = bodyStart + bodySize;
    if (bodySize < 0 || end > input.end) {
      throw invalid(
        `a record has ${bodySize} bytes where ${input.end - bodyStart} are left`,
        this.#baseOffset,
      );
    }
    const sectionEnd = input.end;
    input.end = end;
    this.bodySize = bodySize;
    if (bodySize === 0) throw invalid("a record is empty", this.#baseOffset);
    this.attributes = input.bytes[bodyStart]!;
    input.position = bodyStart + 1;
    const timestampDelta = input.varlong();
    this.timestampMs = this.#isLogAppendTime
      ? this.#appendTimeMs
      : wrapInt64(this.#baseTimestampMs + timestampDelta);
    const offsetDelta = input.varint();
    this.offset = this.#baseOffset + offsetDelta;
    this.sequence = this.#baseSequence < 0
      ? -1
      : incrementSequence(this.#baseSequence, offsetDelta);
    this.#tail = input.position;
    const keySize = input.varint();
    this.keySize = keySize < 0 ? -1 : keySize;
    this.#keyStart = input.position;
    if (keySize > 0) skip(input, keySize, "key", this.#baseOffset);
    const valueSize = input.varint();
    this.valueSize = valueSize < 0 ? -1 : valueSize;
    this.#valueStart = input.position;
    if (valueSize > 0) skip(input, valueSize, "value", this.#baseOffset);
    const headerCount = this.headerCount = input.varint();
    this.#headersStart = input.position;
    if (headerCount !== 0) skipHeaders(input, headerCount, this.#baseOffset);
    if (input.position !== end) {
      throw invalid(
        `a record says ${bodySize} bytes and has ${input.position - bodyStart}`,
        this.#baseOffset,
      );
    }
    this.sizeBytes = end - start;
    input.end = sectionEnd;
    if (this.#left === 0 && end !== sectionEnd) {
      throw invalid(
        `${sectionEnd - end} bytes follow the last record of the count`,
        this.#baseOffset,
      );
    }
  }

  /** A message of magic 0 or 1 is a record, or holds a compressed set of them as its value. */
  #resetLegacy(batch: BatchCursor): void {
    this.sequence = -1;
    this.headerCount = 0;
    const input = this.#in;
    input.bytes = batch.buffer;
    this.#view = batch.view;
    input.position = batch.position;
    input.end = batch.nextPosition;
    this.#baseOffset = 0;
    this.#left = 1;
    this.#isInside = false;
    if (!batch.isCompressed) return;

    const where = `compressed message at offset ${batch.lastOffset}`;
    if (batch.codec === CODEC_ZSTD) {
      throw new RecordsError(errorCodes.INVALID_RECORD, `Cannot read ${where}: zstd needs magic 2`);
    }
    this.#nextMessage();
    const packed = this.value;
    if (packed === null) {
      throw new RecordsError(errorCodes.INVALID_RECORD, `Cannot read ${where}: its value is null`);
    }
    const unpacked = this.#decompress(batch, packed);
    this.#isInside = true;
    this.#use(unpacked);
    this.#view = new DataView(unpacked.buffer, unpacked.byteOffset, unpacked.byteLength);
    const lastOffsetInside = this.#countMessages(where);
    if (batch.magic === 0) return;
    // Offsets inside are relative in magic 1, so that the broker could place the set by the outer
    // one alone, which is that of the last message. Some old clients left it at 0.
    const outer = batch.lastOffset;
    if (outer === 0) return;
    if (outer < lastOffsetInside) {
      throw new RecordsError(
        errorCodes.INVALID_RECORD,
        `Cannot read ${where}: the last message inside has offset ${lastOffsetInside}`,
      );
    }
    this.#baseOffset = outer - lastOffsetInside;
  }

  /** Finds how many whole messages were unpacked, and the offset field of the last. */
  #countMessages(where: string): number {
    const input = this.#in;
    let count = 0;
    let lastOffset = 0;
    let at = 0;
    while (input.end - at >= LOG_OVERHEAD_BYTES) {
      const length = this.#view.getInt32(at + LENGTH);
      if (length < LEGACY_LENGTH_MIN) {
        throw new RecordsError(
          errorCodes.CORRUPT_MESSAGE,
          `Cannot read ${where}: a message inside has ${length} bytes`,
        );
      }
      if (length > input.end - at - LOG_OVERHEAD_BYTES) break;
      lastOffset = readInt64(this.#view, at);
      at += LOG_OVERHEAD_BYTES + length;
      count++;
    }
    if (count === 0) {
      throw new RecordsError(
        errorCodes.INVALID_RECORD,
        `Cannot read ${where}: no message is inside`,
      );
    }
    this.#left = count;
    return lastOffset;
  }

  #nextMessage(): void {
    const input = this.#in;
    const view = this.#view;
    const start = this.#start = input.position;
    const end = start + LOG_OVERHEAD_BYTES + view.getInt32(start + LENGTH);
    const magic = this.magic = input.bytes[start + MAGIC]!;
    this.offset = this.#baseOffset + readInt64(view, start);
    this.attributes = input.bytes[start + LEGACY_ATTRIBUTES]!;
    this.sizeBytes = end - start;
    this.bodySize = this.sizeBytes - LOG_OVERHEAD_BYTES;
    if (this.#isInside && (this.attributes & CODEC_MASK) !== 0) {
      throw new RecordsError(
        errorCodes.INVALID_RECORD,
        `Cannot read message at offset ${this.offset}: it is compressed inside a compressed one`,
      );
    }
    const keyPosition = start + legacyKeyPosition(magic);
    if (keyPosition + 8 > end) throw invalidMessage(this.offset);
    this.timestampMs = magic === 0
      ? -1
      : this.#isLogAppendTime
      ? this.#appendTimeMs
      : readInt64(view, start + LEGACY_TIMESTAMP);
    const keySize = Math.max(view.getInt32(keyPosition), -1);
    this.keySize = keySize;
    this.#keyStart = keyPosition + 4;
    const valuePosition = this.#keyStart + Math.max(keySize, 0);
    if (valuePosition + 4 > end) throw invalidMessage(this.offset);
    this.valueSize = Math.max(view.getInt32(valuePosition), -1);
    this.#valueStart = valuePosition + 4;
    if (this.#valueStart + this.valueSize > end) throw invalidMessage(this.offset);
    input.position = end;
  }
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function take(input: VarintReader, size: number): Uint8Array {
  return input.bytes.subarray(input.position, input.position += size);
}

function skip(input: VarintReader, size: number, what: string, baseOffset: number): void {
  if (size > input.end - input.position) {
    throw invalid(
      `a ${what} has ${size} bytes where ${input.end - input.position} are left`,
      baseOffset,
    );
  }
  input.position += size;
}

function skipHeaders(input: VarintReader, count: number, baseOffset: number): void {
  // A header takes at least two bytes, so that a wrong count ends soon.
  if (count < 0 || count > input.end - input.position) {
    throw invalid(`a record has ${count} headers`, baseOffset);
  }
  for (let index = 0; index < count; index++) {
    const keySize = input.varint();
    if (keySize < 0) throw invalid(`a header's key has ${keySize} bytes`, baseOffset);
    skip(input, keySize, "header's key", baseOffset);
    const valueSize = input.varint();
    if (valueSize > 0) skip(input, valueSize, "header's value", baseOffset);
  }
}

function invalid(what: string, baseOffset: number): RecordsError {
  return new RecordsError(
    errorCodes.INVALID_RECORD,
    `Cannot read batch at offset ${baseOffset}: ${what}`,
  );
}

function invalidMessage(offset: number): RecordsError {
  return new RecordsError(
    errorCodes.INVALID_RECORD,
    `Cannot read message at offset ${offset}: key or value pass its end`,
  );
}

/** The offset of the first record, read from the inside of a compressed batch of magic 0 or 1. */
export function firstOffsetInside(batch: BatchCursor): number {
  const records = new RecordCursor().reset(batch);
  records.next();
  return records.offset;
}

/**
 * Calls `visit` for each record of the cursor's batch with one reused cursor, whose views hold until
 * `visit` returns. Throws a {@linkcode RecordsError} when the batch is damaged or unpacks to more
 * than `unpackedBytesMax`.
 */
export function forEachRecord(
  batch: BatchCursor,
  visit: (record: RecordCursor) => void,
  unpackedBytesMax: number = UNPACKED_BYTES_MAX,
): void {
  const records = new RecordCursor().reset(batch, unpackedBytesMax);
  while (records.next()) visit(records);
}
