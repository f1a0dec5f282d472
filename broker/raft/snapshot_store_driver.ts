import { type Clock, type Disk, DiskError, type Timer } from "../base/mod.ts";
import {
  BOOTSTRAP_SNAPSHOT_ID,
  compareSnapshotIds,
  decodeSnapshot,
  encodeSnapshot,
  type MetadataRecord,
  parseSnapshotName,
  type Snapshot,
  type SnapshotHeader,
  type SnapshotId,
  snapshotName,
} from "../metadata/mod.ts";

/** Snapshots that go out of use keep their files this long, for readers of them (Kafka's delay). */
const FILE_DELETE_DELAY_MS = 60_000;
/** The writer lets others have a turn after this many bytes. */
const BYTES_PER_TURN = 256 * 1024;

/** What a {@linkcode SnapshotStore} needs. */
export interface SnapshotStoreOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  /** The directory of the metadata log. */
  readonly directory: string;
  /** Snapshots below this offset are of no use any more. */
  readonly logStartOffset: number;
}

/** A snapshot file as far as its name and size tell. */
interface Kept {
  readonly id: SnapshotId;
  readonly sizeBytes: number;
  /** From its header; null until it was read. */
  lastContainedLogTimestampMs: number | null;
}

/**
 * The snapshot files of the metadata log. A snapshot is written beside its place and moved there when
 * it is whole and synced, so that what stands under a snapshot's name is one.
 */
export class SnapshotStore {
  readonly #options: SnapshotStoreOptions;
  readonly #doomed = new Map<string, Timer>();
  #kept: Kept[] = [];

  /** Takes stock of the directory and removes what a crash left half done. */
  constructor(options: SnapshotStoreOptions) {
    this.#options = options;
    const { disk, directory, logStartOffset } = options;
    for (const name of disk.list(directory)) {
      const parsed = parseSnapshotName(name);
      if (parsed === null) continue;
      const path = `${directory}/${name}`;
      if (!parsed.isWhole || parsed.id.offset < logStartOffset) disk.remove(path);
      else this.#add(parsed.id, disk.stat(path)?.sizeBytes ?? 0, null);
    }
  }

  /** Ids of the snapshots, ascending. */
  get ids(): SnapshotId[] {
    return this.#kept.map(({ id }) => id);
  }

  get latestId(): SnapshotId | null {
    return this.#kept.at(-1)?.id ?? null;
  }

  /** Bytes of all snapshots together. */
  get sizeBytes(): number {
    return this.#kept.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }

  /** Reads a snapshot; throws what `decodeSnapshot` throws, and `DiskError`. */
  read(id: SnapshotId): Snapshot {
    const name = snapshotName(id);
    const snapshot = decodeSnapshot(name, this.#options.disk.readFile(this.#path(name)));
    const kept = this.#kept.find((kept) => compareSnapshotIds(kept.id, id) === 0);
    if (kept !== undefined) {
      kept.lastContainedLogTimestampMs = snapshot.header.lastContainedLogTimestampMs;
    }
    return snapshot;
  }

  /** What the directory was formatted with; null when it holds no such snapshot. */
  readBootstrap(): Snapshot | null {
    const [first] = this.#kept;
    if (first === undefined || compareSnapshotIds(first.id, BOOTSTRAP_SNAPSHOT_ID) !== 0) {
      return null;
    }
    return this.read(first.id);
  }

  /** Writes a snapshot, letting others have turns between its batches. */
  async write(
    id: SnapshotId,
    header: SnapshotHeader,
    records: Iterable<MetadataRecord>,
  ): Promise<number> {
    const { disk, clock, directory } = this.#options;
    const sizeBytes = await writeSnapshot(disk, clock, directory, { id, header, records });
    this.#add(id, sizeBytes, header.lastContainedLogTimestampMs);
    return sizeBytes;
  }

  /** The oldest snapshot that has a successor; null when there is none. */
  get oldest(): { readonly sizeBytes: number; readonly timestampMs: number } | null {
    if (this.#kept.length < 2) return null;
    const oldest = this.#kept[0]!;
    return { sizeBytes: oldest.sizeBytes, timestampMs: this.#timestampOf(oldest) };
  }

  /** Lets go of the oldest snapshot and gives the id of the next. Its file is removed later. */
  dropOldest(): SnapshotId {
    const dropped = this.#kept.shift()!;
    this.#removeLater(dropped.id);
    return this.#kept[0]!.id;
  }

  /** Removes the files that wait for it. */
  close(): void {
    for (const [doomed, timer] of this.#doomed) {
      timer.cancel();
      this.#remove(doomed);
    }
  }

  #timestampOf(kept: Kept): number {
    kept.lastContainedLogTimestampMs ??= this.read(kept.id).header.lastContainedLogTimestampMs;
    return kept.lastContainedLogTimestampMs;
  }

  #removeLater(id: SnapshotId): void {
    const { disk, clock } = this.#options;
    const doomed = this.#path(snapshotName(id, ".deleted"));
    disk.rename(this.#path(snapshotName(id)), doomed);
    this.#doomed.set(doomed, clock.schedule(FILE_DELETE_DELAY_MS, () => this.#remove(doomed)));
  }

  #remove(doomed: string): void {
    this.#doomed.delete(doomed);
    try {
      this.#options.disk.remove(doomed);
    } catch (error) {
      // The next start removes it.
      if (!(error instanceof DiskError)) throw error;
    }
  }

  #add(id: SnapshotId, sizeBytes: number, lastContainedLogTimestampMs: number | null): void {
    this.#kept.push({ id, sizeBytes, lastContainedLogTimestampMs });
    this.#kept.sort((a, b) => compareSnapshotIds(a.id, b.id));
  }

  #path(name: string): string {
    return `${this.#options.directory}/${name}`;
  }
}

/** Writes a snapshot into a directory, which is made if need be; gives the file's size. */
export async function writeSnapshot(
  disk: Disk,
  clock: Clock,
  directory: string,
  snapshot: {
    readonly id: SnapshotId;
    readonly header: SnapshotHeader;
    readonly records: Iterable<MetadataRecord>;
  },
): Promise<number> {
  const { id, header, records } = snapshot;
  disk.makeDirectory(directory);
  const partial = `${directory}/${snapshotName(id, ".part")}`;
  disk.remove(partial);
  const file = disk.open(partial, { write: true, create: true });
  let sizeBytes = 0;
  let turnBytes = 0;
  try {
    for (const batch of encodeSnapshot(id, header, records, clock.nowMs())) {
      file.write(batch, sizeBytes);
      sizeBytes += batch.length;
      turnBytes += batch.length;
      if (turnBytes < BYTES_PER_TURN) continue;
      turnBytes = 0;
      await new Promise<void>((resolve) => clock.schedule(0, resolve));
    }
    await file.sync();
  } finally {
    file.close();
  }
  disk.rename(partial, `${directory}/${snapshotName(id)}`);
  await disk.syncDirectory(directory);
  return sizeBytes;
}
