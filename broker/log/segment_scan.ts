import { BatchCursor } from "../protocol/records/mod.ts";
import type { PooledFile } from "./file_pool.ts";

const BUFFER_BYTES = 1024 * 1024;
const LENGTH = 8;
const OVERHEAD_BYTES = 12;

/**
 * Reads the batches of a stretch of a file one after the other, whole, through one buffer of 1 MiB
 * (more only for a batch that is larger).
 */
export class SegmentScan {
  /** The current batch; its memory is reused by the next `next()`. */
  readonly batch = new BatchCursor();
  readonly #file: PooledFile;
  readonly #end: number;
  #buffer: Uint8Array;
  /** Where in the file the buffer's content begins, and how long it is. */
  #start: number;
  #length = 0;

  /** `start` is where a batch begins. */
  constructor(file: PooledFile, start: number, end: number) {
    this.#file = file;
    this.#start = start;
    this.#end = end;
    this.#buffer = new Uint8Array(Math.max(0, Math.min(BUFFER_BYTES, end - start)));
  }

  /** Where the current batch begins in the file. */
  get position(): number {
    return this.#start + this.batch.position;
  }

  /** Where the next batch begins, if there is one. */
  get nextPosition(): number {
    return this.#start + this.batch.nextPosition;
  }

  /**
   * Moves to the next batch; false when no whole one follows. Throws a `RecordsError` when what
   * follows can't be a batch; `nextPosition` is then where it begins.
   */
  next(): boolean {
    while (!this.batch.next()) {
      if (!this.#refill()) return false;
    }
    return true;
  }

  /** Reads on from the first byte that is not part of a batch seen; false at the end. */
  #refill(): boolean {
    const start = this.nextPosition;
    const left = this.#end - start;
    const kept = this.#start + this.#length - start;
    if (left <= kept) return false;
    const wanted = Math.min(left, Math.max(this.#buffer.length, this.#batchBytes(kept)));
    if (wanted <= kept) return false;
    if (wanted > this.#buffer.length) this.#buffer = new Uint8Array(wanted);
    const target = this.#buffer.subarray(0, wanted);
    this.#length = this.#file.read(target, start);
    this.#start = start;
    this.batch.reset(this.#buffer, 0, this.#length);
    return this.#length > kept;
  }

  /** The size that the incomplete batch at the end of the buffer says it has. */
  #batchBytes(kept: number): number {
    if (kept < OVERHEAD_BYTES) return 0;
    const { view, nextPosition } = this.batch;
    return view.getInt32(nextPosition + LENGTH) + OVERHEAD_BYTES;
  }
}
