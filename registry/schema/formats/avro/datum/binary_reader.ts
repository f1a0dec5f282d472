import { DatumError } from "../../schema.ts";
import { VALUE_DEPTH_MAX } from "./binary_writer.ts";
import { type PathStep, pointerOf } from "./path.ts";

// Broken UTF-8 is let through, as Java does; a byte order mark is a character like others.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
/** Texts up to this many bytes are read without the decoder if they are ASCII; calling it costs more. */
const SHORT_TEXT = 24;
/** Characters made per call; more would not fit on the stack. */
const CHARACTERS_PER_CALL = 8192;
/**
 * Values that one datum may hold, and more by so many for each of its bytes: without a limit, few bytes could
 * stand for endless nulls and empty records.
 */
const VALUES_MAX = 1_000_000;
const VALUES_PER_BYTE = 16;

/** Bytes being read, and where in the value they belong. */
export class BinaryReader {
  /** Steps from the value at the top to that in hand. */
  readonly path: PathStep[] = [];
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;
  #depth = 0;
  #valuesLeft: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#valuesLeft = VALUES_MAX + bytes.length * VALUES_PER_BYTE;
  }

  /** Checks that nothing is left. */
  finish(): void {
    const left = this.#bytes.length - this.#position;
    if (left > 0) throw this.error(`${left} bytes are left behind the value`);
  }

  error(reason: string): DatumError {
    return new DatumError(`${pointerOf(this.path)}: ${reason} (at byte ${this.#position})`);
  }

  enter(): void {
    if (++this.#depth > VALUE_DEPTH_MAX) {
      throw this.error(`nested deeper than ${VALUE_DEPTH_MAX} levels`);
    }
  }

  leave(): void {
    this.#depth--;
  }

  /** Counts values that are about to be read. */
  count(values: number): void {
    this.#valuesLeft -= values;
    if (this.#valuesLeft < 0) throw this.error("more values than the bytes may stand for");
  }

  byte(): number {
    this.#need(1);
    return this.#bytes[this.#position++]!;
  }

  /** A zig-zag varint of 32 bits. */
  int(): number {
    const value = this.long();
    if (typeof value === "bigint" || value !== (value | 0)) {
      throw this.error(`${value} is no int`);
    }
    return value;
  }

  /** A zig-zag varint of 64 bits: a number where that holds it exactly, else a bigint. */
  long(): number | bigint {
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte();
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (low >>> 1) ^ -(low & 1);
    }
    return this.#longer(low);
  }

  /** The rest of a varint that begins with 28 bits. */
  #longer(low: number): number | bigint {
    let high = 0;
    let unit = 1;
    for (let index = 4;; index++) {
      const byte = this.byte();
      if (index === 9 && byte > 1) throw this.error("a varint has more than 64 bits");
      high += (byte & 0x7f) * unit;
      if (byte < 0x80) break;
      unit *= 0x80;
    }
    if (high < 2 ** 25) {
      const whole = high * 2 ** 28 + low;
      return whole % 2 === 0 ? whole / 2 : -(whole + 1) / 2;
    }
    const whole = (BigInt(high) << 28n) | BigInt(low);
    const value = (whole & 1n) === 0n ? whole >> 1n : -((whole + 1n) >> 1n);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  /** Number of bytes that follow. */
  length(): number {
    const length = this.long();
    const left = this.#bytes.length - this.#position;
    if (typeof length === "bigint" || length < 0 || length > left) {
      throw this.error(`a length of ${length} bytes, where ${left} are left`);
    }
    return length;
  }

  /** Items in the next block of an array or map, counted; 0 at the end. */
  blockCount(): number {
    let count = this.long();
    if (count < 0) {
      // A negative count has the block's bytes behind it, for readers that skip it.
      count = -count;
      this.length();
    }
    if (typeof count === "bigint") throw this.error(`a block of ${count} items`);
    this.count(count);
    return count;
  }

  float(): number {
    this.#need(4);
    const value = this.#view.getFloat32(this.#position, true);
    this.#position += 4;
    return value;
  }

  double(): number {
    this.#need(8);
    const value = this.#view.getFloat64(this.#position, true);
    this.#position += 8;
    return value;
  }

  /** Length and UTF-8 of a text. */
  text(): string {
    const length = this.length();
    const start = this.#position;
    const end = this.#position += length;
    if (length <= SHORT_TEXT) {
      let text = "";
      let index = start;
      for (; index < end; index++) {
        const byte = this.#bytes[index]!;
        if (byte >= 0x80) break;
        text += String.fromCharCode(byte);
      }
      if (index === end) return text;
    }
    return decoder.decode(this.#bytes.subarray(start, end));
  }

  /** Bytes as a text with a character for each. */
  latin1(length: number): string {
    this.#need(length);
    const end = this.#position + length;
    let text = "";
    for (let start = this.#position; start < end; start += CHARACTERS_PER_CALL) {
      const part = this.#bytes.subarray(start, Math.min(start + CHARACTERS_PER_CALL, end));
      text += String.fromCharCode(...part);
    }
    this.#position = end;
    return text;
  }

  #need(count: number): void {
    const left = this.#bytes.length - this.#position;
    if (count > left) throw this.error(`the bytes end: ${count} are needed, ${left} are left`);
  }
}
