import { assert } from "../base/mod.ts";
import { writeInt64 } from "../protocol/records/mod.ts";
import type { PooledFile } from "./file_pool.ts";
import { IndexFile, type IndexKey } from "./index_file.ts";

/** Bytes of one entry: a timestamp (int64) and an offset minus the base offset (int32). */
export const TIME_INDEX_ENTRY_BYTES = 12;

const TIMESTAMP: IndexKey = { at: 0, bytes: 8 };
const OFFSET: IndexKey = { at: 8, bytes: 4 };

/**
 * A segment's `.timeindex`: entries that say "no record up to this offset is later than this
 * timestamp", both ascending. The offset is the last one of the batch that holds the timestamp.
 */
export class TimeIndex {
  readonly #baseOffset: number;
  readonly #entries: IndexFile;
  readonly #countMax: number;
  /** Of the last entry, -1 when there is none; null until the file is read. */
  #lastTimestampMs: number | null = null;
  #lastOffset = 0;

  /** `sizeBytesMax` is `segment.index.bytes`. */
  constructor(file: PooledFile, baseOffset: number, sizeBytesMax: number) {
    this.#baseOffset = baseOffset;
    this.#entries = new IndexFile(file, TIME_INDEX_ENTRY_BYTES);
    this.#countMax = Math.floor(sizeBytesMax / TIME_INDEX_ENTRY_BYTES);
  }

  get file(): PooledFile {
    return this.#entries.file;
  }
  get count(): number {
    return this.#entries.count;
  }
  /** One entry stays free for the largest timestamp, which is added when the segment ends. */
  get full(): boolean {
    return this.#entries.count >= this.#countMax - 1;
  }

  /** Whether the file can't be a time index of this segment: Kafka's own sanity check. */
  get corrupt(): boolean {
    const { count, ragged } = this.#entries;
    if (ragged || count === 0) return ragged;
    return this.#entries.numberAt(count - 1, OFFSET) < 0 ||
      this.timestampAt(count - 1) < this.timestampAt(0);
  }

  /** -1 when there is no entry. */
  get lastTimestampMs(): number {
    return this.#lastTimestampMs ?? this.#readLast();
  }
  /** The offset of the last entry; the base offset when there is none. */
  get lastOffset(): number {
    if (this.#lastTimestampMs === null) this.#readLast();
    return this.#lastOffset;
  }

  timestampAt(slot: number): number {
    return this.#entries.numberAt(slot, TIMESTAMP);
  }

  offsetAt(slot: number): number {
    return this.#baseOffset + this.#entries.numberAt(slot, OFFSET);
  }

  /** The offset of the last entry at or before `timestampMs`; the base offset when there is none. */
  lookup(timestampMs: number): number {
    const slot = this.#entries.floorSlot(timestampMs, TIMESTAMP);
    return slot < 0 ? this.#baseOffset : this.offsetAt(slot);
  }

  /** Adds an entry if it is later than the last one. */
  maybeAppend(timestampMs: number, offset: number): void {
    if (timestampMs <= this.lastTimestampMs) return;
    const relative = offset - this.#baseOffset;
    assert(relative >= 0 && relative <= 0x7fffffff, `Offset ${offset} does not fit the index`);
    // Kafka too lets the entry for a segment's end pass the limit when the limit is tiny.
    const at = this.#entries.push(Math.max(this.#countMax, this.#entries.count + 1));
    const { tail } = this.#entries;
    writeInt64(tail, at, timestampMs);
    tail.setInt32(at + 8, relative);
    this.#lastTimestampMs = timestampMs;
    this.#lastOffset = offset;
  }

  /** Drops the entries at `offset` and after it. */
  truncateTo(offset: number): void {
    const slot = this.#entries.floorSlot(offset - this.#baseOffset, OFFSET);
    this.#entries.truncate(slot < 0 || this.offsetAt(slot) < offset ? slot + 1 : slot);
    this.#lastTimestampMs = null;
  }

  reset(): void {
    this.#entries.reset();
    this.#lastTimestampMs = null;
  }
  flush(): void {
    this.#entries.flush();
  }
  trim(): void {
    this.#entries.trim();
  }
  sync(): Promise<void> {
    return this.#entries.sync();
  }
  close(): void {
    this.#entries.close();
  }

  #readLast(): number {
    const { count } = this.#entries;
    this.#lastTimestampMs = count === 0 ? -1 : this.timestampAt(count - 1);
    this.#lastOffset = count === 0 ? this.#baseOffset : this.offsetAt(count - 1);
    return this.#lastTimestampMs;
  }
}
