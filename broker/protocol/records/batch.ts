import { crc32c } from "../../base/crc32c.ts";
import { errorCodes } from "../errors.ts";
import { CODEC_NAMES, type CodecId, type CodecName } from "./compression/codec.ts";
import { crc32 } from "./compression/zlib.ts";
import { readInt64, writeInt64 } from "./int64.ts";
import {
  ATTRIBUTES,
  BASE_SEQUENCE,
  BASE_TIMESTAMP,
  BATCH_HEADER_BYTES,
  CODEC_MASK,
  CONTROL_FLAG,
  CRC,
  DELETE_HORIZON_FLAG,
  incrementSequence,
  KNOWN_ATTRIBUTES,
  LAST_OFFSET_DELTA,
  LEADER_EPOCH,
  LEGACY_ATTRIBUTES,
  LEGACY_CRC,
  LEGACY_TIMESTAMP,
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
import { firstOffsetInside } from "./record.ts";
import { RecordsError } from "./records_error.ts";

/** Length fields below this can't be a message of any magic. */
const LENGTH_MIN = 14;
const LENGTH_MAX = 0x7fffffff - LOG_OVERHEAD_BYTES;

/** The least bytes of a whole batch by its magic. */
const SIZE_MIN = [26, 34, BATCH_HEADER_BYTES];

/** Who a timestamp comes from; messages of magic 0 have none. */
export type TimestampType = "NoTimestampType" | "CreateTime" | "LogAppendTime";

const EMPTY = new Uint8Array(0);
const EMPTY_VIEW = new DataView(EMPTY.buffer);

/**
 * Walks the batches of magic 0, 1 and 2 that follow each other in a buffer, and reads and patches
 * their headers where they lie. One cursor serves any number of buffers; it never copies, and after
 * `next()` its getters speak of the current batch. A magic 0 or 1 message counts as a batch: of one
 * record, or, when it is compressed, of those inside it.
 */
export class BatchCursor {
  #bytes: Uint8Array = EMPTY;
  #view: DataView = EMPTY_VIEW;
  #end = 0;
  #next = 0;
  #position = 0;
  #size = 0;
  #magic = 2;

  /** Starts over at `bytes[start, end)`, in front of the first batch. */
  reset(bytes: Uint8Array, start = 0, end = bytes.length): this {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.#end = end;
    this.#next = start;
    this.#position = start;
    this.#size = 0;
    return this;
  }

  /** Lets go of the buffer. */
  clear(): void {
    this.#bytes = EMPTY;
    this.#view = EMPTY_VIEW;
    this.#end =
      this.#next =
      this.#position =
      this.#size =
        0;
  }

  /**
   * Moves to the next batch. False when no whole one follows: `partialBytesAtEnd` tells how many
   * bytes are left. Throws a {@linkcode RecordsError} when the length or the magic can't be a
   * batch's; the cursor then stays where it was, and `nextPosition` is where the bad one starts.
   */
  next(): boolean {
    const position = this.#next;
    const remaining = this.#end - position;
    if (remaining < LOG_OVERHEAD_BYTES) return false;
    const length = this.#view.getInt32(position + LENGTH);
    if (length < LENGTH_MIN || length > LENGTH_MAX) {
      throw new RecordsError(
        errorCodes.CORRUPT_MESSAGE,
        `Cannot read batch at byte ${position}: its length is ${length}, ` +
          `allowed are ${LENGTH_MIN} to ${LENGTH_MAX}`,
      );
    }
    const size = length + LOG_OVERHEAD_BYTES;
    if (size > remaining) return false;
    const magic = this.#view.getInt8(position + MAGIC);
    if (magic < 0 || magic > 2) {
      throw new RecordsError(
        errorCodes.CORRUPT_MESSAGE,
        `Cannot read batch at byte ${position}: its magic is ${magic}, allowed are 0, 1 and 2`,
      );
    }
    if (size < SIZE_MIN[magic]!) {
      throw new RecordsError(
        errorCodes.CORRUPT_MESSAGE,
        `Cannot read batch at byte ${position}: it has ${size} bytes, ` +
          `magic ${magic} takes ${SIZE_MIN[magic]!} or more`,
      );
    }
    this.#position = position;
    this.#size = size;
    this.#magic = magic;
    this.#next = position + size;
    return true;
  }

  /** The buffer that the cursor walks. */
  get buffer(): Uint8Array {
    return this.#bytes;
  }

  /** A view of {@linkcode buffer}. */
  get view(): DataView {
    return this.#view;
  }

  /** Where the batch starts in the buffer. */
  get position(): number {
    return this.#position;
  }

  /** Where the next batch starts, if there is one. */
  get nextPosition(): number {
    return this.#next;
  }

  /** Bytes behind the last whole batch; final once `next()` has given false. */
  get partialBytesAtEnd(): number {
    return this.#end - this.#next;
  }

  /** The whole batch, offset and length included. */
  get sizeBytes(): number {
    return this.#size;
  }

  /** The batch as a view of the buffer. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(this.#position, this.#position + this.#size);
  }

  get magic(): number {
    return this.#magic;
  }

  /**
   * Offset of the first record. A compressed batch of magic 0 or 1 holds only its last offset in the
   * open: there this decompresses, and throws a {@linkcode RecordsError} when that fails.
   */
  get baseOffset(): number {
    if (this.#magic < 2 && this.isCompressed) return firstOffsetInside(this);
    return readInt64(this.#view, this.#position);
  }

  get lastOffset(): number {
    const offset = readInt64(this.#view, this.#position);
    return this.#magic < 2
      ? offset
      : offset + this.#view.getInt32(this.#position + LAST_OFFSET_DELTA);
  }

  /** Last offset minus base offset as the header has it; 0 for magic 0 and 1. */
  get lastOffsetDelta(): number {
    return this.#magic < 2 ? 0 : this.#view.getInt32(this.#position + LAST_OFFSET_DELTA);
  }

  /** -1 when unknown, and for magic 0 and 1. */
  get partitionLeaderEpoch(): number {
    return this.#magic < 2 ? -1 : this.#view.getInt32(this.#position + LEADER_EPOCH);
  }

  /** The checksum that the batch says it has, unsigned. */
  get crc(): number {
    return this.#view.getUint32(this.#position + (this.#magic < 2 ? LEGACY_CRC : CRC));
  }

  /** The attribute bits: the low 8, the only ones in use. */
  get attributes(): number {
    // The low byte of magic 2's two.
    return this.#bytes[this.#position + (this.#magic < 2 ? LEGACY_ATTRIBUTES : ATTRIBUTES + 1)]!;
  }

  /** The compression bits as they are, 0 to 7; Kafka knows 0 to 4. */
  get codecBits(): number {
    return this.attributes & CODEC_MASK;
  }

  get isCompressed(): boolean {
    return (this.attributes & CODEC_MASK) !== 0;
  }

  /** The codec; throws a {@linkcode RecordsError} for an id that Kafka doesn't know. */
  get codec(): CodecId {
    const bits = this.attributes & CODEC_MASK;
    if (bits >= CODEC_NAMES.length) {
      // Kafka has no better answer for this one.
      throw new RecordsError(
        errorCodes.UNKNOWN_SERVER_ERROR,
        `Cannot read batch at byte ${this.#position}: compression ${bits} is unknown, ` +
          `allowed are 0 to ${CODEC_NAMES.length - 1}`,
      );
    }
    return bits as CodecId;
  }

  /** The codec's name; throws as `codec` does. */
  get compression(): CodecName {
    return CODEC_NAMES[this.codec]!;
  }

  get timestampType(): TimestampType {
    if (this.#magic === 0) return "NoTimestampType";
    return this.isLogAppendTime ? "LogAppendTime" : "CreateTime";
  }

  get isLogAppendTime(): boolean {
    return this.#magic > 0 && (this.attributes & LOG_APPEND_TIME_FLAG) !== 0;
  }

  get isTransactional(): boolean {
    return this.#magic >= 2 && (this.attributes & TRANSACTIONAL_FLAG) !== 0;
  }

  get isControl(): boolean {
    return this.#magic >= 2 && (this.attributes & CONTROL_FLAG) !== 0;
  }

  /** KIP-534: the base timestamp field then holds the time from which tombstones may go. */
  get hasDeleteHorizon(): boolean {
    return this.#magic >= 2 && (this.attributes & DELETE_HORIZON_FLAG) !== 0;
  }

  /** -1 when there is none. */
  get deleteHorizonMs(): number {
    return this.hasDeleteHorizon ? this.baseTimestampMs : -1;
  }

  /** What the records' timestamps are relative to; magic 0 and 1: the message's own. */
  get baseTimestampMs(): number {
    if (this.#magic < 2) return this.maxTimestampMs;
    return readInt64(this.#view, this.#position + BASE_TIMESTAMP);
  }

  /** -1 when the records have none. */
  get maxTimestampMs(): number {
    if (this.#magic === 0) return -1;
    return readInt64(
      this.#view,
      this.#position + (this.#magic < 2 ? LEGACY_TIMESTAMP : MAX_TIMESTAMP),
    );
  }

  /** -1 when the producer is not idempotent. */
  get producerId(): number {
    return this.#magic < 2 ? -1 : readInt64(this.#view, this.#position + PRODUCER_ID);
  }

  /** The producer id with all its bits; they are more than a number has beyond 2^53. */
  get exactProducerId(): bigint {
    return this.#magic < 2 ? -1n : this.#view.getBigInt64(this.#position + PRODUCER_ID);
  }

  get hasProducerId(): boolean {
    return this.producerId > -1;
  }

  get producerEpoch(): number {
    return this.#magic < 2 ? -1 : this.#view.getInt16(this.#position + PRODUCER_EPOCH);
  }

  get baseSequence(): number {
    return this.#magic < 2 ? -1 : this.#view.getInt32(this.#position + BASE_SEQUENCE);
  }

  /** Sequences wrap from 2^31 - 1 to 0. */
  get lastSequence(): number {
    const base = this.baseSequence;
    return base === -1 ? -1 : incrementSequence(base, this.lastOffsetDelta);
  }

  /** How many records the header speaks of; -1 for magic 0 and 1, whose header doesn't. */
  get recordCount(): number {
    return this.#magic < 2 ? -1 : this.#view.getInt32(this.#position + RECORD_COUNT);
  }

  /** Where the records of a magic 2 batch start in the buffer. */
  get recordsPosition(): number {
    return this.#position + BATCH_HEADER_BYTES;
  }

  /** True when the batch's bytes have the checksum that the batch says. */
  crcValid(): boolean {
    return this.#computeCrc() === this.crc;
  }

  /**
   * Moves the batch in the log; this field is outside the checksum. Not for compressed messages of
   * magic 0 and 1, which are placed by their last offset: {@linkcode setLastOffset} serves all.
   */
  setBaseOffset(offset: number): void {
    writeInt64(this.#view, this.#position, offset);
  }

  /** As {@linkcode setBaseOffset}, by the offset of the last record. */
  setLastOffset(offset: number): void {
    writeInt64(this.#view, this.#position, offset - this.lastOffsetDelta);
  }

  /** Only for magic 2; this field is outside the checksum. */
  setPartitionLeaderEpoch(epoch: number): void {
    this.#view.setInt32(this.#position + LEADER_EPOCH, epoch);
  }

  /**
   * Sets timestamp type and largest timestamp, and the checksum if that changes anything. Attribute
   * bits that mean nothing are dropped on the way, as Kafka does. Not for magic 0.
   */
  setMaxTimestamp(type: "CreateTime" | "LogAppendTime", timestampMs: number): void {
    if (type === this.timestampType && timestampMs === this.maxTimestampMs) return;
    const flag = type === "LogAppendTime" ? LOG_APPEND_TIME_FLAG : 0;
    if (this.#magic < 2) {
      this.#bytes[this.#position + LEGACY_ATTRIBUTES] = this.codecBits | flag;
      writeInt64(this.#view, this.#position + LEGACY_TIMESTAMP, timestampMs);
      this.#view.setUint32(this.#position + LEGACY_CRC, this.#computeCrc());
      return;
    }
    const kept = this.attributes & KNOWN_ATTRIBUTES & ~LOG_APPEND_TIME_FLAG;
    this.#view.setInt16(this.#position + ATTRIBUTES, kept | flag);
    writeInt64(this.#view, this.#position + MAX_TIMESTAMP, timestampMs);
    this.#view.setUint32(this.#position + CRC, this.#computeCrc());
  }

  #computeCrc(): number {
    const end = this.#position + this.#size;
    return this.#magic < 2
      ? crc32(this.#bytes, this.#position + MAGIC, end)
      : crc32c(this.#bytes, this.#position + ATTRIBUTES, end);
  }
}
