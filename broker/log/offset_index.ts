import { assert } from "../base/mod.ts";
import type { PooledFile } from "./file_pool.ts";
import { IndexFile, type IndexKey } from "./index_file.ts";

/** Bytes of one entry: the offset minus the segment's base offset, and a position; both int32. */
export const OFFSET_INDEX_ENTRY_BYTES = 8;

const OFFSET: IndexKey = { at: 0, bytes: 4 };
const POSITION: IndexKey = { at: 4, bytes: 4 };

/**
 * A segment's `.index`: sparse entries of a batch's last offset and where in the `.log` the batch
 * begins, both ascending.
 */
export class OffsetIndex {
  readonly #baseOffset: number;
  readonly #entries: IndexFile;
  readonly #countMax: number;

  /** `sizeBytesMax` is `segment.index.bytes`. */
  constructor(file: PooledFile, baseOffset: number, sizeBytesMax: number) {
    this.#baseOffset = baseOffset;
    this.#entries = new IndexFile(file, OFFSET_INDEX_ENTRY_BYTES);
    this.#countMax = Math.floor(sizeBytesMax / OFFSET_INDEX_ENTRY_BYTES);
  }

  get file(): PooledFile {
    return this.#entries.file;
  }
  get count(): number {
    return this.#entries.count;
  }
  get full(): boolean {
    return this.#entries.count >= this.#countMax;
  }

  /** Whether the file can't be an index of this segment: Kafka's own sanity check. */
  get corrupt(): boolean {
    const { count, ragged } = this.#entries;
    return ragged || (count > 0 && this.#entries.numberAt(count - 1, OFFSET) < 0);
  }

  /** The offset of the last entry; the base offset when there is none. */
  get lastOffset(): number {
    const { count } = this.#entries;
    return count === 0 ? this.#baseOffset : this.offsetAt(count - 1);
  }

  offsetAt(slot: number): number {
    return this.#baseOffset + this.#entries.numberAt(slot, OFFSET);
  }

  positionAt(slot: number): number {
    return this.#entries.numberAt(slot, POSITION);
  }

  /** The position of the last entry at or before `offset`; 0 when there is none. */
  lookup(offset: number): number {
    const slot = this.#entries.floorSlot(offset - this.#baseOffset, OFFSET);
    return slot < 0 ? 0 : this.positionAt(slot);
  }

  /**
   * The offset of the first entry whose position is at or past `position`; null when none is. The
   * very first entry has to be past it: Kafka's search never looks whether that one is equal, and
   * which aborted transactions come with a fetch depends on it.
   */
  offsetFrom(position: number): number | null {
    let slot = this.#entries.floorSlot(position - 1, POSITION) + 1;
    if (slot === 0 && this.count > 0 && this.positionAt(0) === position) slot = 1;
    return slot < this.#entries.count ? this.offsetAt(slot) : null;
  }

  /** Adds an entry; `offset` is past the last one and within int32 of the base offset. */
  append(offset: number, position: number): void {
    const relative = offset - this.#baseOffset;
    assert(relative >= 0 && relative <= 0x7fffffff, `Offset ${offset} does not fit the index`);
    const at = this.#entries.push(this.#countMax);
    const { tail } = this.#entries;
    tail.setInt32(at, relative);
    tail.setInt32(at + 4, position);
  }

  /** Drops the entries at `offset` and after it. */
  truncateTo(offset: number): void {
    const slot = this.#entries.floorSlot(offset - this.#baseOffset, OFFSET);
    this.#entries.truncate(slot < 0 || this.offsetAt(slot) < offset ? slot + 1 : slot);
  }

  reset(): void {
    this.#entries.reset();
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
}
