import type { Disk } from "../base/mod.ts";
import { DELETED_ENDING, offsetName, SNAPSHOT_ENDING } from "./log_names.ts";
import {
  decodeProducerSnapshot,
  encodeProducerSnapshot,
  type ProducerSnapshotEntry,
} from "./producer_snapshot.ts";

/** The `.snapshot` files of one partition, each named by the offset up to which it speaks. */
export class ProducerSnapshots {
  readonly #disk: Disk;
  #directory: string;
  /** Ascending. */
  #offsets: number[];
  readonly #unsynced = new Set<number>();

  /** `offsets` are those of the files that are there, in ascending order. */
  constructor(disk: Disk, directory: string, offsets: number[]) {
    this.#disk = disk;
    this.#directory = directory;
    this.#offsets = offsets;
  }

  get offsets(): readonly number[] {
    return this.#offsets;
  }

  /** -1 when there is none. */
  get latest(): number {
    return this.#offsets.at(-1) ?? -1;
  }

  /** Throws a `FileFormatError` when the file is damaged. */
  read(offset: number): ProducerSnapshotEntry[] {
    const path = this.#path(offset);
    return decodeProducerSnapshot(this.#disk.readFile(path), path);
  }

  /** Writes a snapshot; `sync` makes it last. A damaged one is noticed and passed over on loading. */
  write(offset: number, entries: readonly ProducerSnapshotEntry[]): void {
    this.#disk.writeFile(this.#path(offset), encodeProducerSnapshot(entries));
    this.#unsynced.add(offset);
    if (this.#offsets.includes(offset)) return;
    this.#offsets.push(offset);
    this.#offsets.sort((one, other) => one - other);
  }

  remove(offset: number): void {
    if (!this.#forget(offset)) return;
    this.#disk.remove(this.#path(offset));
  }

  /** Keeps those in `(logStartOffset, logEndOffset]` alone. */
  removeOutside(logStartOffset: number, logEndOffset: number): void {
    for (const offset of [...this.#offsets]) {
      if (offset > logEndOffset || offset <= logStartOffset) this.remove(offset);
    }
  }

  /**
   * Keeps those at which a segment begins, and the last one if it lies past all segments' beginnings:
   * the others are left over from recoveries and stops.
   */
  removeStray(segmentBaseOffsets: readonly number[]): void {
    const kept = new Set(segmentBaseOffsets);
    const last = segmentBaseOffsets.at(-1);
    for (const offset of [...this.#offsets]) {
      if (kept.has(offset)) continue;
      if (offset === this.latest && (last === undefined || offset > last)) continue;
      this.remove(offset);
    }
  }

  /** Renames a snapshot for removal after a delay; returns its new path, null when there was none. */
  markDeleted(offset: number): string | null {
    if (!this.#forget(offset)) return null;
    const path = this.#path(offset);
    if (this.#disk.stat(path) === null) return null;
    this.#disk.rename(path, path + DELETED_ENDING);
    return path + DELETED_ENDING;
  }

  moveTo(directory: string): void {
    this.#directory = directory;
  }

  /** Resolves when the snapshots up to now would survive a power cut. */
  async sync(): Promise<void> {
    for (const offset of [...this.#unsynced]) {
      this.#unsynced.delete(offset);
      const path = this.#path(offset);
      if (this.#disk.stat(path) === null) continue;
      const file = this.#disk.open(path, { write: true });
      try {
        await file.sync();
      } catch (error) {
        this.#unsynced.add(offset);
        throw error;
      } finally {
        file.close();
      }
    }
  }

  #forget(offset: number): boolean {
    const index = this.#offsets.indexOf(offset);
    if (index < 0) return false;
    this.#offsets.splice(index, 1);
    this.#unsynced.delete(offset);
    return true;
  }

  #path(offset: number): string {
    return `${this.#directory}/${offsetName(offset, SNAPSHOT_ENDING)}`;
  }
}
