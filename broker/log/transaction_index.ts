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

/**
 * A segment's `.txnindex`: the transactions that were aborted in it, in the order of their markers.
 * The file exists once there is one. Entries are few and are kept in memory after the first look.
 */
export class TransactionIndex {
  readonly #file: PooledFile;
  /** Null until the file is read. */
  #entries: AbortedTransaction[] | null = null;
  #changed = false;

  constructor(file: PooledFile) {
    this.#file = file;
  }

  get file(): PooledFile {
    return this.#file;
  }

  /** Throws {@linkcode DiskError} when the file can't be read. */
  get entries(): readonly AbortedTransaction[] {
    return this.#entries ??= this.#read();
  }

  /** Writes an entry through to the file at once; after a failure the index is as before. */
  append(entry: AbortedTransaction): void {
    const entries = this.#entries ??= this.#read();
    const view = new DataView(new ArrayBuffer(TRANSACTION_INDEX_ENTRY_BYTES));
    view.setInt16(0, VERSION);
    writeInt64(view, 2, entry.producerId);
    writeInt64(view, 10, entry.firstOffset);
    writeInt64(view, 18, entry.lastOffset);
    writeInt64(view, 26, entry.lastStableOffset);
    const position = entries.length * TRANSACTION_INDEX_ENTRY_BYTES;
    this.#file.write(new Uint8Array(view.buffer), position);
    entries.push(entry);
    this.#changed = true;
  }

  /** Drops the entries whose marker is at `offset` or after it. */
  truncateTo(offset: number): void {
    const entries = this.#entries ??= this.#read();
    const keep = entries.findIndex((entry) => entry.lastOffset >= offset);
    if (keep < 0) return;
    this.#file.truncate(keep * TRANSACTION_INDEX_ENTRY_BYTES);
    entries.length = keep;
    this.#changed = true;
  }

  /** Empties the file if there is one. */
  reset(): void {
    if (this.#file.sizeBytes() > 0) {
      this.#file.truncate(0);
      this.#changed = true;
    }
    this.#entries = [];
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
    const sizeBytes = this.#file.sizeBytes();
    if (sizeBytes <= 0) return [];
    const count = Math.floor(sizeBytes / TRANSACTION_INDEX_ENTRY_BYTES);
    const bytes = new Uint8Array(count * TRANSACTION_INDEX_ENTRY_BYTES);
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
