import { assert, DiskError } from "../base/mod.ts";
import type { PooledFile } from "./file_pool.ts";

/** Entries that a tail holds before it is written out. */
const TAIL_ENTRIES_MAX = 128;
const TAIL_ENTRIES_MIN = 16;
/** Entries that one read of the file brings in. */
const BLOCK_ENTRIES = 512;
const ENTRY_BYTES_MAX = 12;

/** One block of one index file, shared by all: reads are synchronous and follow one another. */
const block = new DataView(new ArrayBuffer(BLOCK_ENTRIES * ENTRY_BYTES_MAX));
const blockBytes = new Uint8Array(block.buffer);
let blockOwner: IndexFile | null = null;
let blockNumber = -1;

/** The numbers at a place in every entry, by which entries ascend. */
export interface IndexKey {
  /** Where the number begins in an entry, bytes. */
  readonly at: number;
  /** 8: an int64; 4: an int32. */
  readonly bytes: 4 | 8;
}

/**
 * Entries of one size in ascending order, as Kafka's index files hold them: a part on disk that is
 * read in blocks, and a short tail in memory that is written when it is full or on `flush`. So an
 * append costs no system call most of the time, and ten thousand indexes cost little memory. Zeros
 * that Kafka preallocates behind the last entry don't count as entries.
 */
export class IndexFile {
  readonly #file: PooledFile;
  readonly #entryBytes: number;
  /** Entries in the file; -1 until it is looked at. */
  #persisted = -1;
  #sizeBytes = 0;
  #tail: DataView | null = null;
  #tailBytes: Uint8Array | null = null;
  #tailCount = 0;
  #changed = false;
  /** The block in which the last lookup ended; Infinity before the first. */
  #lastBlock = Infinity;

  /** `entryBytes` is 8 or 12. The file may be missing; it is made when something is written. */
  constructor(file: PooledFile, entryBytes: number) {
    this.#file = file;
    this.#entryBytes = entryBytes;
  }

  get file(): PooledFile {
    return this.#file;
  }

  get count(): number {
    return this.#opened() + this.#tailCount;
  }

  /** Whether the file's size is not a whole number of entries. */
  get ragged(): boolean {
    this.#opened();
    return this.#sizeBytes % this.#entryBytes !== 0;
  }

  /**
   * Makes room for one more entry and returns where it stands in `tail`; the caller fills it at
   * once. `countMax` bounds the memory when the disk takes nothing.
   */
  push(countMax: number): number {
    assert(this.count < countMax, `Index ${this.#file.path} is full`);
    const capacity = this.#tail === null ? 0 : this.#tail.byteLength / this.#entryBytes;
    if (this.#tailCount === capacity) this.#makeRoom(capacity);
    this.#changed = true;
    return this.#tailCount++ * this.#entryBytes;
  }

  /** The memory that `push` points into. */
  get tail(): DataView {
    return this.#tail!;
  }

  /** The number at `key` of entry `slot`. */
  numberAt(slot: number, key: IndexKey): number {
    const persisted = this.#opened();
    if (slot >= persisted) {
      assert(slot < persisted + this.#tailCount, `Index has no entry ${slot}`);
      return readNumber(this.#tail!, (slot - persisted) * this.#entryBytes, key);
    }
    const first = this.#load(Math.floor(slot / BLOCK_ENTRIES));
    return readNumber(block, (slot - first) * this.#entryBytes, key);
  }

  /** The last entry whose number at `key` is at most `target`; -1 when there is none. */
  floorSlot(target: number, key: IndexKey): number {
    const persisted = this.#opened();
    const entryBytes = this.#entryBytes;
    if (this.#tailCount > 0 && readNumber(this.#tail!, 0, key) <= target) {
      return persisted + floorIn(this.#tail!, this.#tailCount, entryBytes, target, key);
    }
    if (persisted === 0) return -1;
    // Whoever reads on through a log comes back to the same block or the one behind it; most others
    // want what was written lately.
    let low = 0;
    let high = Math.floor((persisted - 1) / BLOCK_ENTRIES);
    let middle = Math.min(this.#lastBlock, high);
    let isFirstLook = true;
    while (true) {
      const first = this.#load(middle);
      if (readNumber(block, 0, key) <= target) {
        const entries = Math.min(BLOCK_ENTRIES, persisted - first);
        const isInside = readNumber(block, (entries - 1) * entryBytes, key) > target;
        if (isInside || middle === high) {
          this.#lastBlock = middle;
          return first + floorIn(block, entries, entryBytes, target, key);
        }
        low = middle;
        middle = isFirstLook ? low + 1 : (low + high + 1) >>> 1;
      } else {
        if (middle === 0) return -1;
        high = middle - 1;
        if (high < low) return -1;
        middle = (low + high + 1) >>> 1;
      }
      isFirstLook = false;
    }
  }

  /** Keeps the first `count` entries. */
  truncate(count: number): void {
    const persisted = this.#opened();
    if (count >= persisted) {
      this.#tailCount = Math.min(this.#tailCount, count - persisted);
    } else {
      this.#tailCount = 0;
      this.#forgetBlock();
      this.#file.truncate(count * this.#entryBytes);
      this.#persisted = count;
      this.#sizeBytes = count * this.#entryBytes;
    }
    this.#changed = true;
  }

  /** Empties the index whatever the file holds, without looking at it. */
  reset(): void {
    this.#forgetBlock();
    this.#tailCount = 0;
    this.#file.truncate(0);
    this.#persisted = 0;
    this.#sizeBytes = 0;
    this.#changed = true;
  }

  /** Writes the tail out. */
  flush(): void {
    if (this.#tailCount === 0) return;
    const persisted = this.#opened();
    const bytes = this.#tailBytes!.subarray(0, this.#tailCount * this.#entryBytes);
    this.#file.write(bytes, persisted * this.#entryBytes);
    this.#forgetBlock();
    this.#persisted = persisted + this.#tailCount;
    this.#sizeBytes = Math.max(this.#sizeBytes, this.#persisted * this.#entryBytes);
    this.#tailCount = 0;
  }

  /** Writes the tail out and cuts what is preallocated behind it; makes the file if it is missing. */
  trim(): void {
    this.flush();
    const sizeBytes = this.#opened() * this.#entryBytes;
    if (this.#sizeBytes !== sizeBytes || this.#file.sizeBytes() < 0) {
      this.#file.truncate(sizeBytes);
      this.#sizeBytes = sizeBytes;
      this.#changed = true;
    }
    this.#tail = null;
    this.#tailBytes = null;
  }

  /** Writes the tail out; resolves when the entries up to now would survive a power cut. */
  async sync(): Promise<void> {
    if (!this.#changed) return;
    this.flush();
    this.#changed = false;
    try {
      await this.#file.sync();
    } catch (error) {
      this.#changed = true;
      throw error;
    }
  }

  close(): void {
    this.#forgetBlock();
    this.#file.close();
  }

  #makeRoom(capacity: number): void {
    if (capacity >= TAIL_ENTRIES_MAX) {
      try {
        this.flush();
        return;
      } catch (error) {
        // The entries stay in memory, which is no loss: the next flush tells of the failure.
        if (!(error instanceof DiskError)) throw error;
      }
    }
    const entries = Math.max(TAIL_ENTRIES_MIN, capacity * 2);
    const bytes = new Uint8Array(entries * this.#entryBytes);
    if (this.#tailBytes !== null) bytes.set(this.#tailBytes);
    this.#tailBytes = bytes;
    this.#tail = new DataView(bytes.buffer);
  }

  /** Brings a block of the file into the shared memory; returns the first entry in it. */
  #load(number: number): number {
    const first = number * BLOCK_ENTRIES;
    if (blockOwner === this && blockNumber === number) return first;
    blockOwner = null;
    const entries = Math.min(BLOCK_ENTRIES, this.#persisted - first);
    const target = blockBytes.subarray(0, entries * this.#entryBytes);
    const count = this.#file.read(target, first * this.#entryBytes);
    // A file that someone cut behind our back reads as zeros, which point to the segment's start.
    if (count < target.length) target.fill(0, count);
    blockOwner = this;
    blockNumber = number;
    return first;
  }

  #forgetBlock(): void {
    if (blockOwner === this) blockOwner = null;
  }

  #opened(): number {
    return this.#persisted < 0 ? this.#look() : this.#persisted;
  }

  #look(): number {
    this.#sizeBytes = Math.max(0, this.#file.sizeBytes());
    this.#persisted = Math.floor(this.#sizeBytes / this.#entryBytes);
    if (this.#persisted > 0 && this.#isZero(this.#persisted - 1)) {
      let low = 0;
      let high = this.#persisted - 1;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (this.#isZero(middle)) high = middle;
        else low = middle + 1;
      }
      this.#forgetBlock();
      this.#persisted = low;
    }
    return this.#persisted;
  }

  #isZero(slot: number): boolean {
    const first = this.#load(Math.floor(slot / BLOCK_ENTRIES));
    const start = (slot - first) * this.#entryBytes;
    for (let at = start; at < start + this.#entryBytes; at++) {
      if (blockBytes[at] !== 0) return false;
    }
    return true;
  }
}

function readNumber(view: DataView, at: number, key: IndexKey): number {
  const start = at + key.at;
  if (key.bytes === 4) return view.getInt32(start);
  return view.getInt32(start) * 2 ** 32 + view.getUint32(start + 4);
}

/** As {@linkcode IndexFile.floorSlot}, among the first `count` entries of `view`. */
function floorIn(
  view: DataView,
  count: number,
  entryBytes: number,
  target: number,
  key: IndexKey,
): number {
  let low = -1;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (readNumber(view, middle * entryBytes, key) <= target) low = middle;
    else high = middle - 1;
  }
  return low;
}
