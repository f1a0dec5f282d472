import { ProtocolError } from "./protocol_error.ts";
import { STRING_BYTES_MAX } from "./reader.ts";
import type { RecordsSource } from "./schema.ts";
import { UUID_BYTES, writeUuid } from "./uuid.ts";

/** A message as it goes to the socket: parts in order, of which sources are read when sent. */
export interface EncodedMessage {
  readonly sizeBytes: number;
  readonly parts: (Uint8Array | RecordsSource)[];
}

/** Messages are laid one after the other into chunks of this size. */
const CHUNK_BYTES = 64 * 1024;
/** Batches up to this size are copied into the message, larger ones become parts of their own. */
const COPIED_RECORDS_BYTES = 1024;
/** Up to this length a loop over ASCII beats TextEncoder. */
const SHORT_STRING_LETTERS = 48;

const INT64_LIMIT = 2 ** 63;
const encoder = new TextEncoder();

/**
 * Writes the protocol's primitives. One writer makes many messages: each `take()` or `toBytes()`
 * ends one and begins the next further on in the same chunk, so that what was given out is never
 * written to again. A value that the wire cannot carry throws {@linkcode ProtocolError}; `reset()`
 * then drops the half-written message.
 */
export class Writer {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  /** Where the part being written starts in the chunk. */
  #start = 0;
  #offset = 0;
  /** Finished parts of the message and their size. */
  #parts: (Uint8Array | RecordsSource)[] = [];
  #partsBytes = 0;

  constructor(chunkBytes: number = CHUNK_BYTES) {
    this.#bytes = new Uint8Array(chunkBytes);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Bytes of the message so far. */
  get sizeBytes(): number {
    return this.#partsBytes + this.#offset - this.#start;
  }

  /** Drops the message that was begun. */
  reset(): void {
    this.#offset = this.#start;
    this.#parts = [];
    this.#partsBytes = 0;
  }

  /** Ends the message: its parts, views that stay valid and unchanged. */
  take(): EncodedMessage {
    this.#endPart();
    const message = { sizeBytes: this.#partsBytes, parts: this.#parts };
    this.#parts = [];
    this.#partsBytes = 0;
    if (this.#bytes.length > 4 * CHUNK_BYTES) this.#replaceChunk(CHUNK_BYTES);
    return message;
  }

  /** Ends the message: a copy of its own in one piece, for which sources are read now. */
  toBytes(): Uint8Array<ArrayBuffer> {
    if (this.#parts.length === 0) {
      const copy = this.#bytes.slice(this.#start, this.#offset);
      this.#offset = this.#start;
      return copy;
    }
    const { sizeBytes, parts } = this.take();
    const bytes = new Uint8Array(sizeBytes);
    let at = 0;
    for (const part of parts) {
      if (part instanceof Uint8Array) {
        bytes.set(part, at);
        at += part.length;
      } else {
        part.read(bytes.subarray(at, at + part.sizeBytes), 0);
        at += part.sizeBytes;
      }
    }
    return bytes;
  }

  bool(value: boolean): void {
    const at = this.#claim(1);
    this.#bytes[at] = value ? 1 : 0;
  }

  int8(value: number): void {
    const at = this.#claim(1);
    this.#bytes[at] = value;
  }

  int16(value: number): void {
    const at = this.#claim(2);
    this.#view.setInt16(at, value);
  }

  uint16(value: number): void {
    const at = this.#claim(2);
    this.#view.setUint16(at, value);
  }

  int32(value: number): void {
    const at = this.#claim(4);
    this.#view.setInt32(at, value);
  }

  uint32(value: number): void {
    const at = this.#claim(4);
    this.#view.setUint32(at, value);
  }

  /** Writes a whole number; beyond ±2^63 the largest or smallest int64. */
  int64(value: number): void {
    const at = this.#claim(8);
    if (value >= INT64_LIMIT) {
      this.#view.setInt32(at, 0x7fff_ffff);
      this.#view.setInt32(at + 4, -1);
    } else if (value <= -INT64_LIMIT) {
      this.#view.setInt32(at, -0x8000_0000);
      this.#view.setInt32(at + 4, 0);
    } else {
      this.#view.setInt32(at, Math.floor(value / 0x1_0000_0000));
      this.#view.setInt32(at + 4, value);
    }
  }

  /** Writes what {@linkcode Reader.int64Exact} reads. */
  int64Exact(value: number | bigint): void {
    if (typeof value === "number") return this.int64(value);
    const at = this.#claim(8);
    this.#view.setBigInt64(at, value);
  }

  float64(value: number): void {
    const at = this.#claim(8);
    this.#view.setFloat64(at, value);
  }

  /** An unsigned varint of up to 32 bits (KIP-482). */
  uvarint(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      const at = this.#claim(1);
      this.#bytes[at] = rest & 0x7f | 0x80;
      rest >>>= 7;
    }
    const at = this.#claim(1);
    this.#bytes[at] = rest;
  }

  uuid(value: string): void {
    const at = this.#claim(UUID_BYTES);
    writeUuid(value, this.#bytes, at);
  }

  string(value: string): void {
    if (value.length <= SHORT_STRING_LETTERS) {
      const at = this.#claim(2 + value.length);
      if (this.#ascii(value, at + 2)) {
        this.#view.setInt16(at, value.length);
        return;
      }
      this.#offset = at;
    }
    const at = this.#claim(2 + 3 * value.length);
    const { written } = encoder.encodeInto(value, this.#bytes.subarray(at + 2));
    this.#checkLength(value, written);
    this.#view.setInt16(at, written);
    this.#offset = at + 2 + written;
  }

  nullableString(value: string | null): void {
    if (value === null) this.int16(-1);
    else this.string(value);
  }

  compactString(value: string): void {
    if (value.length <= SHORT_STRING_LETTERS) {
      const at = this.#claim(1 + value.length);
      if (this.#ascii(value, at + 1)) {
        this.#bytes[at] = value.length + 1;
        return;
      }
      this.#offset = at;
    }
    const at = this.#claim(3 + 3 * value.length);
    const { written } = encoder.encodeInto(value, this.#bytes.subarray(at + 3));
    this.#checkLength(value, written);
    this.#offset = at;
    this.uvarint(written + 1);
    this.#bytes.copyWithin(this.#offset, at + 3, at + 3 + written);
    this.#offset += written;
  }

  compactNullableString(value: string | null): void {
    if (value === null) this.uvarint(0);
    else this.compactString(value);
  }

  bytes(value: Uint8Array): void {
    this.int32(value.length);
    this.raw(value);
  }

  nullableBytes(value: Uint8Array | null): void {
    if (value === null) this.int32(-1);
    else this.bytes(value);
  }

  compactBytes(value: Uint8Array): void {
    this.uvarint(value.length + 1);
    this.raw(value);
  }

  compactNullableBytes(value: Uint8Array | null): void {
    if (value === null) this.uvarint(0);
    else this.compactBytes(value);
  }

  records(value: Uint8Array | RecordsSource): void {
    this.int32(value instanceof Uint8Array ? value.length : value.sizeBytes);
    this.#recordsBody(value);
  }

  nullableRecords(value: Uint8Array | RecordsSource | null): void {
    if (value === null) this.int32(-1);
    else this.records(value);
  }

  compactRecords(value: Uint8Array | RecordsSource): void {
    this.uvarint((value instanceof Uint8Array ? value.length : value.sizeBytes) + 1);
    this.#recordsBody(value);
  }

  compactNullableRecords(value: Uint8Array | RecordsSource | null): void {
    if (value === null) this.uvarint(0);
    else this.compactRecords(value);
  }

  #recordsBody(value: Uint8Array | RecordsSource): void {
    const isBytes = value instanceof Uint8Array;
    if (isBytes && value.length <= COPIED_RECORDS_BYTES) {
      this.raw(value);
      return;
    }
    const sizeBytes = isBytes ? value.length : value.sizeBytes;
    if (sizeBytes === 0) return;
    this.#endPart();
    this.#parts.push(value);
    this.#partsBytes += sizeBytes;
  }

  arrayLength(length: number): void {
    this.int32(length);
  }

  compactArrayLength(length: number): void {
    this.uvarint(length + 1);
  }

  /** Bytes as they are, without a length. */
  raw(value: Uint8Array): void {
    const at = this.#claim(value.length);
    this.#bytes.set(value, at);
  }

  /** Leaves room for an int32 to be filled in by {@linkcode patchInt32}; gives its place. */
  reserveInt32(): number {
    return this.#claim(4) - this.#start;
  }

  /** Fills in an int32 that was reserved in the first part of the message. */
  patchInt32(place: number, value: number): void {
    const first = this.#parts[0];
    if (first === undefined) this.#view.setInt32(this.#start + place, value);
    else if (first instanceof Uint8Array) {
      new DataView(first.buffer, first.byteOffset).setInt32(place, value);
    }
  }

  /** Begins a tagged field, whose size in bytes goes in front of it; gives its place. */
  beginSized(): number {
    return this.#claim(1) - this.#start;
  }

  /** Ends the tagged field that began at `place`. */
  endSized(place: number): void {
    const at = this.#start + place;
    const size = this.#offset - at - 1;
    if (size < 0x80) {
      this.#bytes[at] = size;
      return;
    }
    const prefix = size < 0x4000 ? 2 : size < 0x20_0000 ? 3 : size < 0x1000_0000 ? 4 : 5;
    this.#claim(prefix - 1);
    const moved = this.#start + place;
    this.#bytes.copyWithin(moved + prefix, moved + 1, moved + 1 + size);
    this.#offset = moved;
    this.uvarint(size);
    this.#offset = moved + prefix + size;
  }

  /** Refuses a null in the field `name`, which the version at hand does not allow. */
  failNull(name: string): never {
    throw new ProtocolError(`Cannot write ${name}: null is not allowed`);
  }

  /** Writes `value` at `at` if it is ASCII. */
  #ascii(value: string, at: number): boolean {
    const bytes = this.#bytes;
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code > 0x7f) return false;
      bytes[at + i] = code;
    }
    return true;
  }

  #checkLength(value: string, bytes: number): void {
    if (bytes <= STRING_BYTES_MAX) return;
    throw new ProtocolError(
      `Cannot write the string ${JSON.stringify(value.slice(0, 32))}...: ` +
        `${bytes} bytes, at most ${STRING_BYTES_MAX}`,
    );
  }

  #endPart(): void {
    if (this.#offset === this.#start) return;
    this.#parts.push(this.#bytes.subarray(this.#start, this.#offset));
    this.#partsBytes += this.#offset - this.#start;
    this.#start = this.#offset;
  }

  /**
   * Claims the next `length` bytes and gives where they start in the chunk. The chunk may be
   * another one afterwards: claim first, then look at it.
   */
  #claim(length: number): number {
    if (this.#offset + length > this.#bytes.length) this.#grow(length);
    const at = this.#offset;
    this.#offset = at + length;
    return at;
  }

  /** Moves the part being written to a fresh chunk with room for `length` bytes more. */
  #grow(length: number): void {
    const written = this.#bytes.subarray(this.#start, this.#offset);
    this.#replaceChunk(Math.max(CHUNK_BYTES, 2 * (written.length + length)));
    this.#bytes.set(written);
    this.#offset = written.length;
  }

  #replaceChunk(bytes: number): void {
    this.#bytes = new Uint8Array(bytes);
    this.#view = new DataView(this.#bytes.buffer);
    this.#start = 0;
    this.#offset = 0;
  }
}
