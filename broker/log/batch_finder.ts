import { errorCodes } from "../protocol/errors.ts";
import {
  BATCH_HEADER_BYTES,
  BATCH_PREFIX_BYTES,
  LOG_OVERHEAD_BYTES,
  readInt64,
  RecordsError,
} from "../protocol/records/mod.ts";
import type { PooledFile } from "./file_pool.ts";

// Where the fields stand that this needs; the first four are the same in all magics.
const LENGTH = 8;
const MAGIC = 16;
const LEGACY_TIMESTAMP = 18;
const LAST_OFFSET_DELTA = 23;
const MAX_TIMESTAMP = 35;
/** Bytes in front of the records, by magic: no whole batch is smaller. */
const SIZE_MIN = [26, 34, BATCH_HEADER_BYTES];

/** One piece of one file, shared by all finders: their work is synchronous. */
const piece = new DataView(new ArrayBuffer(4096));
const pieceBytes = new Uint8Array(piece.buffer);

/**
 * Walks batches in a file by their headers alone. After a find its fields speak of the batch found.
 * A header that can't be one throws a `RecordsError`.
 */
export class BatchFinder {
  /** Where the batch begins in the file; -1 when `find` met none at all. */
  position = 0;
  sizeBytes = 0;
  /** Of a compressed message of magic 0 or 1 it is the last offset. */
  baseOffset = 0;
  lastOffset = 0;
  /** -1 when its records have no timestamps. */
  maxTimestampMs = -1;

  #pieceStart = 0;
  #pieceLength = 0;

  /**
   * Finds the first batch whose last offset is at least `offset` among those in `[from, end)` bytes;
   * `from` is where a batch begins. False when there is none.
   */
  find(file: PooledFile, from: number, end: number, offset: number): boolean {
    this.#pieceLength = 0;
    this.position = -1;
    let position = from;
    while (this.#read(file, position, end)) {
      if (this.lastOffset >= offset) return true;
      position += this.sizeBytes;
    }
    return false;
  }

  /** Finds the last whole batch in `[from, end)` bytes; false when there is none. */
  findLast(file: PooledFile, from: number, end: number): boolean {
    this.#pieceLength = 0;
    let position = from;
    while (this.#read(file, position, end)) position += this.sizeBytes;
    return position > from;
  }

  /** Reads the header of the batch at `position`; false when no whole batch begins there. */
  at(file: PooledFile, position: number, end: number): boolean {
    this.#pieceLength = 0;
    return this.#read(file, position, end);
  }

  #read(file: PooledFile, position: number, end: number): boolean {
    if (end - position < BATCH_PREFIX_BYTES) return false;
    const wanted = Math.min(SIZE_MIN[2]!, end - position);
    let at = position - this.#pieceStart;
    if (at < 0 || at + wanted > this.#pieceLength) {
      this.#pieceStart = position;
      this.#pieceLength = file.read(pieceBytes.subarray(0, end - position), position);
      if (this.#pieceLength < wanted) return false;
      at = 0;
    }
    const length = piece.getInt32(at + LENGTH);
    const magic = piece.getInt8(at + MAGIC);
    const sizeBytes = length + LOG_OVERHEAD_BYTES;
    if (magic < 0 || magic > 2 || sizeBytes < SIZE_MIN[magic]!) {
      throw new RecordsError(
        errorCodes.CORRUPT_MESSAGE,
        `Cannot read batch at byte ${position} of ${file.path}: magic ${magic}, ${sizeBytes} bytes`,
      );
    }
    if (sizeBytes > end - position) return false;
    this.position = position;
    this.sizeBytes = sizeBytes;
    this.baseOffset = readInt64(piece, at);
    this.lastOffset = magic < 2
      ? this.baseOffset
      : this.baseOffset + piece.getInt32(at + LAST_OFFSET_DELTA);
    this.maxTimestampMs = magic === 0
      ? -1
      : readInt64(piece, at + (magic === 1 ? LEGACY_TIMESTAMP : MAX_TIMESTAMP));
    return true;
  }
}
