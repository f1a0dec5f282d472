import { DatumError } from "../../schema.ts";
import { type PathStep, pointerOf } from "./path.ts";

const encoder = new TextEncoder();
/** Bytes that a value gets to begin with. */
const CAPACITY = 256;
/** Texts of at most this many UTF-16 units have a length of one byte in UTF-8, at three bytes a unit. */
const SHORT_TEXT = 21;
/** Deepest nesting of records, arrays and maps: what JSON may nest, too. */
export const VALUE_DEPTH_MAX = 1000;

/** Bytes being written, and where in the value they come from. */
export class BinaryWriter {
  /** Steps from the value at the top to that in hand. */
  readonly path: PathStep[] = [];
  #bytes = new Uint8Array(CAPACITY);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  #depth = 0;

  /** What was written; the writer is done with. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  error(reason: string): DatumError {
    return new DatumError(`${pointerOf(this.path)}: ${reason}`);
  }

  enter(): void {
    if (++this.#depth > VALUE_DEPTH_MAX) {
      throw this.error(`nested deeper than ${VALUE_DEPTH_MAX} levels`);
    }
  }

  leave(): void {
    this.#depth--;
  }

  byte(value: number): void {
    this.#need(1);
    this.#bytes[this.#length++] = value;
  }

  /** A zig-zag varint of a 32-bit integer. */
  int(value: number): void {
    this.#need(5);
    this.#unsigned((value << 1) ^ (value >> 31));
  }

  /** A zig-zag varint of a safe integer or a 64-bit bigint. */
  long(value: number | bigint): void {
    this.#need(10);
    if (typeof value === "bigint") return this.#big(value);
    if (value >= -0x40000000 && value < 0x40000000) return this.int(value);
    let rest = value < 0 ? -2 * value - 1 : 2 * value;
    if (rest > Number.MAX_SAFE_INTEGER) return this.#big(BigInt(value));
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
  }

  float(value: number): void {
    this.#need(4);
    this.#view.setFloat32(this.#length, value, true);
    this.#length += 4;
  }

  double(value: number): void {
    this.#need(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** Length and UTF-8 of a text. */
  text(value: string): void {
    if (value.length <= SHORT_TEXT) {
      this.#need(1 + SHORT_TEXT * 3);
      const { written } = encoder.encodeInto(value, this.#bytes.subarray(this.#length + 1));
      this.#bytes[this.#length] = written * 2;
      this.#length += 1 + written;
      return;
    }
    const bytes = encoder.encode(value);
    this.long(bytes.length);
    this.raw(bytes);
  }

  raw(bytes: Uint8Array): void {
    this.#need(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #unsigned(value: number): void {
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  #big(value: bigint): void {
    let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
    while (rest >= 0x80n) {
      this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#bytes[this.#length++] = Number(rest);
  }

  #need(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
