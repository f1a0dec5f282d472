/** Wire types: how the bytes after a tag are delimited. */
export const WIRE = {
  varint: 0,
  fixed64: 1,
  bytes: 2,
  startGroup: 3,
  endGroup: 4,
  fixed32: 5,
} as const;

/** Bytes that are no Protobuf message. */
export class WireError extends Error {
  override readonly name = "WireError";
}

const EMPTY = new Uint8Array(0);
const ENCODER = new TextEncoder();
const MASK64 = (1n << 64n) - 1n;
/** Highest integer below which a number's 32-bit halves are exact. */
const HALF = 2 ** 32;

/** Writes Protobuf's binary encoding into a buffer that grows. */
export class WireWriter {
  #bytes = new Uint8Array(128);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** The bytes so far, in a buffer of their own. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  get length(): number {
    return this.#length;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  tag(number: number, wireType: number): void {
    this.varint(number * 8 + wireType);
  }

  /** A safe integer of 0 or more. */
  varint(value: number): void {
    this.#reserve(10);
    while (value >= 128) {
      this.#bytes[this.#length++] = (value % 128) | 128;
      value = Math.floor(value / 128);
    }
    this.#bytes[this.#length++] = value;
  }

  /** An integer of up to 64 bits; negative ones take 10 bytes, as in two's complement. */
  varint64(value: bigint): void {
    if (value >= 0n && value <= 0x1fffffffffffffn) {
      this.varint(Number(value));
      return;
    }
    this.#reserve(10);
    let rest = value & MASK64;
    while (rest >= 128n) {
      this.#bytes[this.#length++] = Number(rest & 127n) | 128;
      rest >>= 7n;
    }
    this.#bytes[this.#length++] = Number(rest);
  }

  fixed32(value: number): void {
    this.#reserve(4);
    this.#view.setInt32(this.#length, value, true);
    this.#length += 4;
  }

  fixed64(value: bigint): void {
    this.#reserve(8);
    this.#view.setBigUint64(this.#length, value & MASK64, true);
    this.#length += 8;
  }

  float(value: number): void {
    this.#reserve(4);
    this.#view.setFloat32(this.#length, value, true);
    this.#length += 4;
  }

  double(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** Bytes without their length. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Bytes with their length. */
  bytes(bytes: Uint8Array): void {
    this.varint(bytes.length);
    this.raw(bytes);
  }

  /** UTF-8 with its length. */
  string(text: string): void {
    const mark = this.begin();
    // A UTF-16 unit takes three bytes at most.
    this.#reserve(text.length * 3);
    this.#length += ENCODER.encodeInto(text, this.#bytes.subarray(this.#length)).written;
    this.end(mark);
  }

  /** Starts what bears its length in front; hand the result to {@linkcode end}. */
  begin(): number {
    this.#reserve(1);
    return this.#length++;
  }

  /** Puts the length in front of what was written since `mark`. */
  end(mark: number): void {
    const size = this.#length - mark - 1;
    let width = 1;
    for (let rest = size; rest >= 128; rest = Math.floor(rest / 128)) width++;
    if (width > 1) {
      this.#reserve(width - 1);
      this.#bytes.copyWithin(mark + width, mark + 1, this.#length);
    }
    this.#length += width - 1;
    // Not by varint(), which may grow the buffer and keeps what is before its end alone.
    let at = mark;
    for (let rest = size; at < mark + width; rest = Math.floor(rest / 128)) {
      this.#bytes[at++] = (rest % 128) | (rest >= 128 ? 128 : 0);
    }
  }
}

/** Reads Protobuf's binary encoding. Throws {@linkcode WireError} where it ends early or is none. */
export class WireReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** How many bytes were read. */
  get position(): number {
    return this.#at;
  }

  #need(count: number): number {
    const at = this.#at;
    if (count > this.#bytes.length - at) {
      const left = this.#bytes.length - at;
      throw new WireError(
        `the bytes end early: at ${at}, ${count} are needed and ${left} are left`,
      );
    }
    this.#at += count;
    return at;
  }

  /** A number and its wire type in one: `number * 8 + wireType`. */
  tag(): number {
    const at = this.#at;
    const tag = this.varint();
    if (tag < 8 || tag >= HALF) throw new WireError(`at ${at} stands no tag of a field`);
    return tag;
  }

  /** A varint that must be a safe integer of 0 or more, such as a length. */
  varint(): number {
    let value = 0, scale = 1;
    for (let count = 0; count < 7; count++) {
      const byte = this.#bytes[this.#need(1)]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
    throw new WireError(`a varint before ${this.#at} is longer than 7 bytes`);
  }

  /** A varint of up to 64 bits, without a sign. */
  varint64(): bigint {
    let low = 0, scale = 1;
    for (let count = 0; count < 7; count++) {
      const byte = this.#bytes[this.#need(1)]!;
      low += (byte & 127) * scale;
      if (byte < 128) return BigInt(low);
      scale *= 128;
    }
    let value = BigInt(low);
    for (let shift = 49n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#need(1)]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value & MASK64;
    }
    throw new WireError(`a varint before ${this.#at} is longer than 10 bytes`);
  }

  /** The low 32 bits of a varint, with a sign. */
  varint32(): number {
    let value = 0;
    for (let count = 0; count < 10; count++) {
      const byte = this.#bytes[this.#need(1)]!;
      if (count < 5) value |= (byte & 127) << (count * 7);
      if (byte < 128) return value;
    }
    throw new WireError(`a varint before ${this.#at} is longer than 10 bytes`);
  }

  fixed32(): number {
    return this.#view.getInt32(this.#need(4), true);
  }

  fixed64(): bigint {
    return this.#view.getBigUint64(this.#need(8), true);
  }

  float(): number {
    return this.#view.getFloat32(this.#need(4), true);
  }

  double(): number {
    return this.#view.getFloat64(this.#need(8), true);
  }

  /** A view of the bytes that bear their length in front. */
  bytes(): Uint8Array {
    const length = this.varint();
    const at = this.#need(length);
    return length === 0 ? EMPTY : this.#bytes.subarray(at, at + length);
  }

  /** A view of the group whose first tag was read: up to its last tag, which is passed over. */
  group(number: number): Uint8Array {
    const start = this.#at;
    const open = [number];
    for (;;) {
      const before = this.#at;
      const tag = this.tag();
      const wireType = tag % 8;
      if (wireType === WIRE.startGroup) {
        if (open.length >= GROUP_DEPTH_MAX) {
          throw new WireError(`groups nest deeper than ${GROUP_DEPTH_MAX} levels`);
        }
        open.push(Math.floor(tag / 8));
      } else if (wireType === WIRE.endGroup) {
        if (open.pop() !== Math.floor(tag / 8)) {
          throw new WireError(`at ${before} a group ends that didn't begin`);
        }
        if (open.length === 0) return this.#bytes.subarray(start, before);
      } else this.skip(tag);
    }
  }

  /** Passes over the value of a field of this tag. */
  skip(tag: number): void {
    switch (tag % 8) {
      case WIRE.varint:
        this.varint32();
        return;
      case WIRE.fixed64:
        this.#need(8);
        return;
      case WIRE.bytes:
        this.#need(this.varint());
        return;
      case WIRE.startGroup:
        this.group(Math.floor(tag / 8));
        return;
      case WIRE.fixed32:
        this.#need(4);
        return;
      default:
        throw new WireError(`before ${this.#at} stands a tag of wire type ${tag % 8}`);
    }
  }
}

/** How deep groups may nest. */
const GROUP_DEPTH_MAX = 100;

/** Zig-zag, which keeps small negative numbers short. */
export function zigzag(value: bigint): bigint {
  return value >= 0n ? value << 1n : ((-value) << 1n) - 1n;
}

/** The way back. */
export function unzigzag(value: bigint): bigint {
  return (value & 1n) === 0n ? value >> 1n : -((value >> 1n) + 1n);
}
