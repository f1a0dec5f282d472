const encoder = new TextEncoder();

const CHUNK_BYTES_MIN = 256;
const CHUNK_BYTES_MAX = 64 * 1024;

/** Turns the many small texts of one request into bytes that share a few buffers. */
export class TextBytes {
  #chunk: Uint8Array;
  #used = 0;

  /** `bytesExpected`: about what all texts together take. */
  constructor(bytesExpected: number) {
    this.#chunk = new Uint8Array(chunkSize(bytesExpected));
  }

  /** UTF-8 of a text; no later call touches it. */
  encode(text: string): Uint8Array {
    // A letter of UTF-16 takes up to three bytes.
    if (text.length * 3 > CHUNK_BYTES_MAX) return encoder.encode(text);
    if (this.#chunk.length - this.#used < text.length * 3) {
      const space = this.#chunk.subarray(this.#used);
      const { read, written } = encoder.encodeInto(text, space);
      if (read === text.length) return this.#take(written);
      this.#chunk = new Uint8Array(Math.max(CHUNK_BYTES_MIN, text.length * 3, this.#chunk.length));
      this.#used = 0;
    }
    const { written } = encoder.encodeInto(text, this.#chunk.subarray(this.#used));
    return this.#take(written);
  }

  #take(length: number): Uint8Array {
    const bytes = this.#chunk.subarray(this.#used, this.#used + length);
    this.#used += length;
    return bytes;
  }
}

function chunkSize(bytesExpected: number): number {
  return Math.min(Math.max(bytesExpected, CHUNK_BYTES_MIN), CHUNK_BYTES_MAX);
}
