import { CommandError } from "../command_error.ts";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Cuts a stream of bytes into lines, without their ends (`\n` or `\r\n`). Bytes stay bytes: what is
 * not UTF-8 goes through unchanged.
 */
export class LineSplitter {
  readonly #lineBytesMax: number;
  /** The beginning of a line whose end has not come yet. */
  #rest: Uint8Array[] = [];
  #restBytes = 0;
  #lineNumber = 1;

  constructor(lineBytesMax: number) {
    this.#lineBytesMax = lineBytesMax;
  }

  /**
   * The lines that `chunk` completes; views into it where they lie in it. Throws CommandError when a
   * line is longer than allowed.
   */
  push(chunk: Uint8Array): Uint8Array[] {
    const lines: Uint8Array[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      lines.push(this.#completed(chunk.subarray(start, end)));
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
    return lines;
  }

  /** The last line when it has no end, else nothing. */
  end(): Uint8Array[] {
    return this.#restBytes === 0 ? [] : [this.#completed(new Uint8Array(0))];
  }

  #completed(tail: Uint8Array): Uint8Array {
    let line = tail;
    if (this.#restBytes > 0) {
      this.#keep(tail);
      line = new Uint8Array(this.#restBytes);
      let at = 0;
      for (const part of this.#rest) {
        line.set(part, at);
        at += part.length;
      }
      this.#rest = [];
      this.#restBytes = 0;
    } else this.#check(tail.length);
    this.#lineNumber++;
    return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
  }

  #keep(part: Uint8Array): void {
    this.#check(this.#restBytes + part.length);
    // The chunk belongs to whoever reads; it may be filled anew.
    this.#rest.push(part.slice());
    this.#restBytes += part.length;
  }

  #check(lengthBytes: number): void {
    if (lengthBytes <= this.#lineBytesMax) return;
    throw new CommandError(
      `Line ${this.#lineNumber} is longer than max.request.size=${this.#lineBytesMax} bytes`,
    );
  }
}
