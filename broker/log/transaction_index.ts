import { DiskError } from "../base/mod.ts";
import { readInt64, writeInt64 } from "../protocol/records/mod.ts";
import type { PooledFile } from "./file_pool.ts";

/** Bytes of one entry: version (int16, 0) and four int64. */
export const TRANSACTION_INDEX_ENTRY_BYTES = 34;

/** One aborted transaction, as its marker found it (KIP-98). */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
  /** The offset of the abort marker. */
  readonly lastOffset: number;
  /** The last stable offset right after the marker. */
  readonly lastStableOffset: number;
}

const VERSION = 0;
/** More entries than this are read anew each time, so that old segments don't fill the memory. */
const ENTRIES_KEPT_MAX = 1_024;

/**
 * A segment's `.txnindex`: the transactions that were aborted in it, in the order of their markers.
 * The file exists once there is one.
 */
export class TransactionIndex {
  readonly #file: PooledFile;
  /** -1 until the file is looked at. */
  #count = -1;
  /** Null when they must be read. */
  #kept: AbortedTransaction[] | null = null;
  #changed = false;

  constructor(file: PooledFile) {
    this.#file = file;
  }

  get file(): PooledFile {
    return this.#file;
  }

  get count(): number {
    if (this.#count < 0) {
      const sizeBytes = Math.max(0, this.#file.sizeBytes());
      this.#count = Math.floor(sizeBytes / TRANSACTION_INDEX_ENTRY_BYTES);
    }
    return this.#count;
  }

  /** Throws a {@linkcode DiskError} when the file can't be read. */
  get entries(): readonly AbortedTransaction[] {
    if (this.#kept !== null) return this.#kept;
    const entries = this.#read();
    if (entries.length <= ENTRIES_KEPT_MAX) this.#kept = entries;
    return entries;
  }

  /** Writes an entry through to the file at once; after a failure the index is as before. */
  append(entry: AbortedTransaction): void {
    const position = this.count * TRANSACTION_INDEX_ENTRY_BYTES;
    const view = new DataView(new ArrayBuffer(TRANSACTION_INDEX_ENTRY_BYTES));
    view.setInt16(0, VERSION);
    writeInt64(view, 2, entry.producerId);
    writeInt64(view, 10, entry.firstOffset);
    writeInt64(view, 18, entry.lastOffset);
    writeInt64(view, 26, entry.lastStableOffset);
    this.#file.write(new Uint8Array(view.buffer), position);
    this.#count++;
    this.#kept?.push(entry);
    if (this.#count > ENTRIES_KEPT_MAX) this.#kept = null;
    this.#changed = true;
  }

  /** Drops the entries whose marker is at `offset` or after it. */
  truncateTo(offset: number): void {
    const keep = this.entries.findIndex((entry) => entry.lastOffset >= offset);
    if (keep < 0) return;
    this.#file.truncate(keep * TRANSACTION_INDEX_ENTRY_BYTES);
    this.#count = keep;
    this.#kept = null;
    this.#changed = true;
  }

  /** Empties the file if there is one. */
  reset(): void {
    if (this.#file.sizeBytes() > 0) {
      this.#file.truncate(0);
      this.#changed = true;
    }
    this.#count = 0;
    this.#kept = [];
  }

  /**
   * Adds to `into` the transactions that a reader of `[fetchOffset, upperBoundOffset)` must leave
   * out. Returns whether later segments can't hold any more of them.
   */
  collect(fetchOffset: number, upperBoundOffset: number, into: AbortedTransaction[]): boolean {
    for (const entry of this.entries) {
      if (entry.lastOffset >= fetchOffset && entry.firstOffset < upperBoundOffset) into.push(entry);
      if (entry.lastStableOffset >= upperBoundOffset) return true;
    }
    return false;
  }

  /** Resolves when the entries up to now would survive a power cut. */
  async sync(): Promise<void> {
    if (!this.#changed) return;
    this.#changed = false;
    try {
      await this.#file.sync();
    } catch (error) {
      this.#changed = true;
      throw error;
    }
  }

  close(): void {
    this.#file.close();
  }

  #read(): AbortedTransaction[] {
    if (this.count === 0) return [];
    const bytes = new Uint8Array(this.count * TRANSACTION_INDEX_ENTRY_BYTES);
    const read = this.#file.read(bytes, 0);
    const view = new DataView(bytes.buffer);
    const entries: AbortedTransaction[] = [];
    for (let at = 0; at + TRANSACTION_INDEX_ENTRY_BYTES <= read;) {
      const version = view.getInt16(at);
      if (version !== VERSION) {
        throw new DiskError(
          "io",
          `Cannot read ${this.#file.path}: entry ${entries.length} has version ${version}, known is ${VERSION}`,
          null,
        );
      }
      entries.push({
        producerId: readInt64(view, at + 2),
        firstOffset: readInt64(view, at + 10),
        lastOffset: readInt64(view, at + 18),
        lastStableOffset: readInt64(view, at + 26),
      });
      at += TRANSACTION_INDEX_ENTRY_BYTES;
    }
    return entries;
  }
}
