import { errorCodes } from "../../errors.ts";
import { RecordsError } from "../records_error.ts";

/** A buffer kept for the next batch is cut back to this. */
const RETAINED_BYTES_MAX = 1 << 20;
const FIRST_BYTES_MIN = 1 << 12;

const EMPTY = new Uint8Array(0);

/**
 * Where a decoder writes: grows as needed up to a limit and is used again for the next batch, so that
 * unpacking allocates nothing once it is warm. What was written is good until `start()` is called.
 */
export class OutputBuffer {
  /** Bytes up to `length` are written; those behind it are scratch. */
  bytes: Uint8Array = EMPTY;
  length = 0;
  #limitBytes = 0;

  /** Empties the buffer; more than `limitBytes` will be refused. `hintBytes` may be wrong. */
  start(limitBytes: number, hintBytes: number): this {
    this.length = 0;
    this.#limitBytes = limitBytes;
    const wanted = Math.min(Math.max(hintBytes, FIRST_BYTES_MIN), limitBytes, RETAINED_BYTES_MAX);
    if (this.bytes.length < wanted || this.bytes.length > RETAINED_BYTES_MAX) {
      this.bytes = new Uint8Array(wanted);
    }
    return this;
  }

  /** Gives memory back that an uncommonly large batch took. */
  trim(): void {
    this.length = 0;
    if (this.bytes.length > RETAINED_BYTES_MAX) this.bytes = EMPTY;
  }

  /**
   * Makes room for `count` bytes behind `length`; throws a {@linkcode RecordsError} when that passes
   * the limit. `bytes` may be another array afterwards.
   */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed > this.#limitBytes) throw tooLarge(this.#limitBytes);
    if (needed <= this.bytes.length) return;
    const size = Math.min(Math.max(needed, 2 * this.bytes.length), this.#limitBytes);
    const grown = new Uint8Array(size);
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  /** As {@linkcode reserve}, but makes do with what the limit leaves, and returns how much that is. */
  reserveUpTo(count: number): number {
    const room = Math.min(count, this.#limitBytes - this.length);
    this.reserve(room);
    return room;
  }

  /** What was written, as a view. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}

/**
 * A batch unpacks to more than it may. Kafka has no such limit and so no code for it; a producer that
 * gets this one splits its batch and tries again, which is right here too.
 */
export function tooLarge(limitBytes: number): RecordsError {
  return new RecordsError(
    errorCodes.MESSAGE_TOO_LARGE,
    `Cannot unpack batch: it holds more than ${limitBytes} bytes of records`,
  );
}
