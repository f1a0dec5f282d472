import {
  type Clock,
  type Disk,
  DiskError,
  type DiskLock,
  type Prng,
  randomUuid,
} from "../base/mod.ts";
import {
  HIGH_WATERMARK_FILE,
  LOG_START_OFFSET_FILE,
  OffsetCheckpoint,
  PartitionOffsets,
  RECOVERY_POINT_FILE,
} from "./checkpoints.ts";
import { readShutdownMark, type ShutdownMark } from "./clean_shutdown.ts";
import type { LogLogger } from "./log_environment.ts";
import { parseLogDirectoryName } from "./log_names.ts";
import { type MetaProperties, readMetaProperties, writeMetaProperties } from "./meta_properties.ts";
import { FileFormatError } from "./small_file.ts";

const LOCK_FILE = ".lock";

/** The offsets that the last run left in a data directory. */
export interface DirectoryOffsets {
  readonly recoveryPoints: PartitionOffsets;
  readonly logStartOffsets: PartitionOffsets;
  readonly highWatermarks: PartitionOffsets;
}

/** A data directory cannot be used; one sentence says why. */
export class DataDirectoryError extends Error {
  override readonly name = "DataDirectoryError";
}

/** One of the directories of `log.dirs`, held by this process from `acquire` to `release`. */
export class DataDirectory {
  readonly path: string;
  readonly recoveryPoints: OffsetCheckpoint;
  readonly logStartOffsets: OffsetCheckpoint;
  readonly highWatermarks: OffsetCheckpoint;
  readonly #disk: Disk;
  readonly #lock: DiskLock;
  /** Who it belongs to; null until it is formatted. */
  #properties: MetaProperties | null;
  /** How the last run ended. */
  readonly lastStop: ShutdownMark;
  /** Whether all logs in it were loaded. */
  loaded = false;
  /** Why it is not used any more. */
  failure: Error | null = null;

  constructor(
    disk: Disk,
    path: string,
    found: { lock: DiskLock; properties: MetaProperties | null; lastStop: ShutdownMark },
  ) {
    this.path = path;
    this.#disk = disk;
    this.#lock = found.lock;
    this.#properties = found.properties;
    this.lastStop = found.lastStop;
    this.recoveryPoints = new OffsetCheckpoint(disk, `${path}/${RECOVERY_POINT_FILE}`);
    this.logStartOffsets = new OffsetCheckpoint(disk, `${path}/${LOG_START_OFFSET_FILE}`);
    this.highWatermarks = new OffsetCheckpoint(disk, `${path}/${HIGH_WATERMARK_FILE}`);
  }

  /**
   * Makes the directory if it is missing, locks it, and reads who it belongs to. Throws a
   * {@linkcode DataDirectoryError} when another process uses it or it is no data directory of ours.
   */
  static async acquire(disk: Disk, path: string): Promise<DataDirectory> {
    let lock: DiskLock | null = null;
    try {
      const stat = disk.stat(path);
      if (stat !== null && !stat.isDirectory) {
        throw new DataDirectoryError(`Cannot use ${path}: it is not a directory`);
      }
      disk.makeDirectory(path);
      lock = await disk.lock(`${path}/${LOCK_FILE}`);
      if (lock === null) {
        throw new DataDirectoryError(
          `Cannot use ${path}: another broker is running on it (it holds ${path}/${LOCK_FILE})`,
        );
      }
      const properties = readMetaProperties(disk, path);
      if (properties === null) {
        const log = disk.list(path).find((name) => parseLogDirectoryName(name) !== null);
        if (log !== undefined) {
          throw new DataDirectoryError(
            `Cannot use ${path}: it holds logs (${log}) and no meta.properties to say whose`,
          );
        }
      }
      return new DataDirectory(disk, path, {
        lock,
        properties,
        lastStop: readShutdownMark(disk, path),
      });
    } catch (error) {
      lock?.release();
      if (error instanceof DiskError || error instanceof FileFormatError) {
        throw new DataDirectoryError(error.message, { cause: error });
      }
      throw error;
    }
  }

  get properties(): MetaProperties | null {
    return this.#properties;
  }

  /** Twenty-two letters; empty until the directory is formatted. */
  get directoryId(): string {
    return this.#properties?.directoryId ?? "";
  }

  /** Throws a {@linkcode DataDirectoryError} when the directory belongs to someone else. */
  check(nodeId: number, clusterId: string | null): void {
    const found = this.#properties;
    if (found === null) return;
    const refuse = (what: string) => new DataDirectoryError(`Cannot use ${this.path}: ${what}`);
    if (clusterId !== null && found.clusterId !== clusterId) {
      throw refuse(`it belongs to cluster ${found.clusterId}, this node to cluster ${clusterId}`);
    }
    if (found.nodeId !== nodeId) {
      throw refuse(`it belongs to node ${found.nodeId}, this is node ${nodeId}`);
    }
  }

  /** Writes `meta.properties` where it is missing, or has no directory id yet (KIP-858). */
  async format(
    nodeId: number,
    clusterId: string,
    { clock, prng }: { readonly clock: Clock; readonly prng: Prng },
  ): Promise<void> {
    if (this.#properties !== null && this.#properties.directoryId !== null) return;
    const properties = { clusterId, nodeId, directoryId: randomUuid(prng) };
    await writeMetaProperties(this.#disk, this.path, properties, clock.nowMs());
    this.#properties = properties;
  }

  /** What the checkpoint files hold; a damaged one counts as empty and is told of. */
  readOffsets(logger: LogLogger): DirectoryOffsets {
    const read = (checkpoint: OffsetCheckpoint) => {
      try {
        return checkpoint.read();
      } catch (error) {
        if (!(error instanceof FileFormatError)) throw error;
        logger.warn(`${error.message}; the logs are looked through from their beginning`);
        return new PartitionOffsets();
      }
    };
    return {
      recoveryPoints: read(this.recoveryPoints),
      logStartOffsets: read(this.logStartOffsets),
      highWatermarks: read(this.highWatermarks),
    };
  }

  /** Lets other processes use the directory. */
  release(): void {
    try {
      this.#disk.remove(`${this.path}/${LOCK_FILE}`);
    } catch (error) {
      // Some systems keep a file that is open; the lock ends with the process in any case.
      if (!(error instanceof DiskError)) throw error;
    }
    this.#lock.release();
  }
}
