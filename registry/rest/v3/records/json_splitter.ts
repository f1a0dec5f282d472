import { Buffer, isAscii } from "node:buffer";

/** A stretch of a body that is one JSON value, as its brackets say; whether it is JSON inside is not looked at. */
export type SplitValue =
  | { readonly kind: "value"; readonly text: string }
  /** Past the limit; its bytes were not kept. */
  | { readonly kind: "too large"; readonly sizeBytes: number }
  /** What stands between values and is none, or no UTF-8. What follows it has no meaning. */
  | { readonly kind: "malformed"; readonly why: string };

const QUOTE = 0x22, BACKSLASH = 0x5c;

/** What a byte outside of strings is for the splitter. */
const OTHER = 0, SPACE = 1, OPEN = 2, CLOSE = 3, STRING = 4;
const KINDS = new Uint8Array(256);
for (const byte of [0x20, 0x09, 0x0a, 0x0d]) KINDS[byte] = SPACE;
for (const byte of [0x7b, 0x5b]) KINDS[byte] = OPEN;
for (const byte of [0x7d, 0x5d]) KINDS[byte] = CLOSE;
KINDS[QUOTE] = STRING;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const NO_BYTES = new Uint8Array(0);
const PARTIAL_BYTES_MIN = 1024;

/**
 * Cuts a body of JSON objects (and arrays) that stand one behind the other, with or without white space between
 * them, at their outermost brackets. Each byte is looked at once, however the chunks fall; of a value that is not
 * complete yet its bytes are kept, at most `bytesMax`.
 */
export class JsonSplitter {
  readonly #bytesMax: number;
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  /** The beginning of a value whose end hasn't come, in the front of a buffer that grows. */
  #partial: Uint8Array = NO_BYTES;
  #partialBytes = 0;
  /** Bytes of the value so far, those that were not kept included. */
  #valueBytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Whether a value has begun and not ended. */
  get isInside(): boolean {
    return this.#depth > 0;
  }

  /** The values that end in this chunk. */
  push(chunk: Uint8Array): SplitValue[] {
    const ends: number[] = [];
    const malformedAt = this.#scan(chunk, ends);
    const values: SplitValue[] = [];
    // Values that lie in the chunk as a whole are decoded together.
    let n = 0, at = 0;
    if (ends.length > 0 && this.#valueBytes > 0) {
      at = ends[n++]!;
      values.push(this.#finish(chunk.subarray(0, at)));
    }
    if (n < ends.length) at = addWhole(values, chunk, ends, n, at, this.#bytesMax);
    if (malformedAt >= 0) {
      values.push({ kind: "malformed", why: `a record begins with ${named(chunk[malformedAt]!)}` });
    } else if (this.#depth > 0) {
      // White space inside of a value may be a string's.
      this.#keep(this.#valueBytes > 0 ? chunk : chunk.subarray(startOf(chunk, at)));
    }
    return values;
  }

  /** Finds the ends of values; the index of a byte that can't begin one, -1: there is none. */
  #scan(chunk: Uint8Array, ends: number[]): number {
    let depth = this.#depth, inString = this.#inString, isEscaped = this.#isEscaped;
    let malformedAt = -1;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (inString) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) inString = false;
        continue;
      }
      const kind = KINDS[byte]!;
      if (kind === OTHER && depth > 0 || kind === SPACE) continue;
      if (kind === OPEN) depth++;
      else if (depth === 0) {
        malformedAt = i;
        break;
      } else if (kind === STRING) inString = true;
      else if (--depth === 0) ends.push(i + 1);
    }
    [this.#depth, this.#inString, this.#isEscaped] = [depth, inString, isEscaped];
    return malformedAt;
  }

  /** The value whose beginning was kept and whose end is here. */
  #finish(tail: Uint8Array): SplitValue {
    this.#keep(tail);
    const sizeBytes = this.#valueBytes;
    const bytes = this.#partial.subarray(0, this.#partialBytes);
    this.#valueBytes = 0;
    this.#partialBytes = 0;
    if (sizeBytes > this.#bytesMax) {
      this.#partial = NO_BYTES;
      return { kind: "too large", sizeBytes };
    }
    const value = decoded(bytes);
    if (this.#partial.length > 64 * PARTIAL_BYTES_MIN) this.#partial = NO_BYTES;
    return value;
  }

  #keep(bytes: Uint8Array): void {
    this.#valueBytes += bytes.length;
    if (this.#valueBytes > this.#bytesMax) {
      this.#partial = NO_BYTES;
      this.#partialBytes = 0;
      return;
    }
    const end = this.#partialBytes + bytes.length;
    if (end > this.#partial.length) {
      const grown = new Uint8Array(Math.max(PARTIAL_BYTES_MIN, 2 * this.#partial.length, end));
      grown.set(this.#partial.subarray(0, this.#partialBytes));
      this.#partial = grown;
    }
    this.#partial.set(bytes, this.#partialBytes);
    this.#partialBytes = end;
  }
}

/** Adds the values from `ends[n]` on, which lie between `from` and the last end; gives that end. */
function addWhole(
  values: SplitValue[],
  chunk: Uint8Array,
  ends: readonly number[],
  n: number,
  from: number,
  bytesMax: number,
): number {
  const last = ends.at(-1)!;
  const all = Buffer.from(chunk.buffer, chunk.byteOffset + from, last - from);
  const text = isAscii(all) ? all.toString("latin1") : null;
  let start = from;
  for (; n < ends.length; n++) {
    const end = ends[n]!;
    start = startOf(chunk, start);
    if (end - start > bytesMax) values.push({ kind: "too large", sizeBytes: end - start });
    else if (text !== null) {
      values.push({ kind: "value", text: text.slice(start - from, end - from) });
    } else {
      const value = decoded(chunk.subarray(start, end));
      values.push(value);
    }
    start = end;
  }
  return last;
}

function decoded(bytes: Uint8Array): SplitValue {
  try {
    return { kind: "value", text: decoder.decode(bytes) };
  } catch {
    return { kind: "malformed", why: "it is no UTF-8" };
  }
}

/** The first byte from `at` on that is no white space. */
function startOf(chunk: Uint8Array, at: number): number {
  while (KINDS[chunk[at]!] === SPACE) at++;
  return at;
}

function named(byte: number): string {
  return byte > 0x20 && byte < 0x7f
    ? JSON.stringify(String.fromCharCode(byte))
    : `byte 0x${byte.toString(16).padStart(2, "0")}`;
}
