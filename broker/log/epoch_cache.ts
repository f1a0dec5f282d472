import { assert, type Disk } from "../base/mod.ts";
import { isWhole, parseCheckpoint } from "./checkpoints.ts";
import { SmallFile } from "./small_file.ts";

/** Name of the file in a partition's directory. */
export const LEADER_EPOCH_FILE = "leader-epoch-checkpoint";

/** A leader epoch and the first offset that was written under it. */
export interface EpochEntry {
  readonly epoch: number;
  readonly startOffset: number;
}

/** Where an epoch ends, as a log knows it (KIP-101, KIP-320). */
export interface EpochEnd {
  /** The largest known epoch at or below the one asked for; -1 when there is none. */
  readonly epoch: number;
  /** The offset after its last record; -1 when the epoch is unknown. */
  readonly endOffset: number;
}

const UNKNOWN: EpochEnd = { epoch: -1, endOffset: -1 };

/**
 * The leader epochs of one partition with the offsets at which they began, both ascending, and the
 * `leader-epoch-checkpoint` file. Changes are made in memory; `save` carries them to the disk, which
 * must have happened before the log's recovery point passes them: below it the batches, which name
 * their epochs too, are not read again.
 */
export class EpochCache {
  readonly #file: SmallFile;
  #entries: EpochEntry[] = [];
  #changed = false;

  /** An empty cache; {@linkcode EpochCache.load} reads what the file holds. */
  constructor(disk: Disk, directory: string) {
    this.#file = new SmallFile(disk, `${directory}/${LEADER_EPOCH_FILE}`);
  }

  /**
   * Reads the file; a missing one is an empty cache. Throws a `FileFormatError` when it is damaged.
   */
  static load(disk: Disk, directory: string): EpochCache {
    const cache = new EpochCache(disk, directory);
    const text = cache.#file.readText();
    parseCheckpoint(text ?? "", cache.#file.path, (line) => {
      const [epoch, offset, ...rest] = line.split(/\s+/);
      if (rest.length > 0 || !isWhole(epoch) || !isWhole(offset)) return false;
      cache.assign(Number(epoch), Number(offset));
      return true;
    });
    cache.#changed = text === null;
    return cache;
  }

  get entries(): readonly EpochEntry[] {
    return this.#entries;
  }

  /** -1 when no epoch is known. */
  get latestEpoch(): number {
    return this.#entries.at(-1)?.epoch ?? -1;
  }

  get earliest(): EpochEntry | null {
    return this.#entries[0] ?? null;
  }

  /** Whether the file lags behind. */
  get changed(): boolean {
    return this.#changed;
  }

  /**
   * Notes that `epoch` begins at `startOffset`, both at least 0. Entries that this contradicts (a
   * later epoch, or the same offset and beyond) go: they were of records that no longer count.
   */
  assign(epoch: number, startOffset: number): void {
    assert(epoch >= 0 && startOffset >= 0, `Leader epoch ${epoch} at offset ${startOffset}`);
    const entries = this.#entries;
    const last = entries[entries.length - 1];
    if (last !== undefined && epoch === last.epoch && startOffset >= last.startOffset) return;
    let keep = entries.length;
    while (keep > 0) {
      const entry = entries[keep - 1]!;
      if (entry.epoch < epoch && entry.startOffset < startOffset) break;
      keep--;
    }
    entries.length = keep;
    entries.push({ epoch, startOffset });
    this.#changed = true;
  }

  /** Where `epoch` ends in a log that ends at `logEndOffset`; epoch and offset -1 when unknown. */
  endOf(epoch: number, logEndOffset: number): EpochEnd {
    const entries = this.#entries;
    if (epoch < 0 || entries.length === 0) return UNKNOWN;
    if (epoch === this.latestEpoch) return { epoch, endOffset: logEndOffset };
    const higher = entries.findIndex((entry) => entry.epoch > epoch);
    if (higher < 0) return UNKNOWN;
    // Before the first known epoch all records are gone: the log's first known epoch is the answer.
    const known = higher === 0 ? epoch : entries[higher - 1]!.epoch;
    return { epoch: known, endOffset: entries[higher]!.startOffset };
  }

  /** The epoch under which `offset` was or will be written; -1 when unknown. */
  epochOf(offset: number): number {
    let epoch = -1;
    for (const entry of this.#entries) {
      if (entry.startOffset > offset) break;
      epoch = entry.epoch;
    }
    return epoch;
  }

  /** Forgets the epochs that begin at `endOffset` or after it. */
  truncateFromEnd(endOffset: number): void {
    const entries = this.#entries;
    while (entries.length > 0 && entries[entries.length - 1]!.startOffset >= endOffset) {
      entries.pop();
      this.#changed = true;
    }
  }

  /** Forgets what lies before `startOffset`; the epoch that holds it now begins there. */
  truncateFromStart(startOffset: number): void {
    const entries = this.#entries;
    let gone = 0;
    while (gone < entries.length && entries[gone]!.startOffset <= startOffset) gone++;
    if (gone === 0) return;
    const { epoch, startOffset: before } = entries[gone - 1]!;
    if (gone === 1 && before === startOffset) return;
    entries.splice(0, gone, { epoch, startOffset });
    this.#changed = true;
  }

  clear(): void {
    this.#changed ||= this.#entries.length > 0;
    this.#entries = [];
  }

  /** The log's directory has another name from now on. */
  moveTo(directory: string): void {
    this.#file.moveTo(`${directory}/${LEADER_EPOCH_FILE}`);
  }

  /** Makes an empty file for a log that is new, so that its directory has all of Kafka's files. */
  create(): void {
    this.#file.writeNow(new Uint8Array(0));
    this.#changed = false;
  }

  /** Resolves when the entries up to now would survive a power cut. */
  async save(): Promise<void> {
    if (!this.#changed) return this.#file.settled();
    this.#changed = false;
    const lines = ["0", String(this.#entries.length)];
    for (const { epoch, startOffset } of this.#entries) lines.push(`${epoch} ${startOffset}`);
    try {
      await this.#file.write(new TextEncoder().encode(lines.join("\n") + "\n"));
    } catch (error) {
      this.#changed = true;
      throw error;
    }
  }
}
