import { type OffsetCheckpoint, PartitionOffsets } from "./checkpoints.ts";
import type { DataDirectory } from "./data_directory.ts";
import type { LogChanges } from "./log_environment.ts";
import type { PartitionLog } from "./partition_log.ts";

/** What the checkpoints are written from. */
export interface CheckpointSource {
  readonly directories: () => readonly DataDirectory[];
  readonly logsIn: (directory: DataDirectory) => Iterable<PartitionLog>;
  readonly changes: LogChanges;
}

/** One kind of checkpoint file. */
interface Kind {
  readonly counter: keyof LogChanges;
  readonly fileIn: (directory: DataDirectory) => OffsetCheckpoint;
  /** Null: the log needs no line. */
  readonly offsetOf: (log: PartitionLog) => number | null;
}

const RECOVERY_POINTS: Kind = {
  counter: "recoveryPoints",
  fileIn: (directory) => directory.recoveryPoints,
  offsetOf: (log) => log.recoveryPoint,
};
/** Only starts inside a segment need a line: others show in the first segment's name. */
const LOG_START_OFFSETS: Kind = {
  counter: "logStartOffsets",
  fileIn: (directory) => directory.logStartOffsets,
  offsetOf: (log) => log.logStartOffset > log.firstSegmentOffset ? log.logStartOffset : null,
};
const HIGH_WATERMARKS: Kind = {
  counter: "highWatermarks",
  fileIn: (directory) => directory.highWatermarks,
  offsetOf: (log) => log.highWatermark,
};

/** Writes the checkpoint files of all data directories, each when something in it has changed. */
export class CheckpointWriter {
  readonly #source: CheckpointSource;
  #written: LogChanges = { highWatermarks: -1, recoveryPoints: -1, logStartOffsets: -1 };
  /** The files speak of logs that are deleted; logs of the same name must not inherit that. */
  #isStale = false;

  constructor(source: CheckpointSource) {
    this.#source = source;
  }

  writeRecoveryPoints(): Promise<void> {
    return this.#write(RECOVERY_POINTS);
  }

  writeLogStartOffsets(): Promise<void> {
    return this.#write(LOG_START_OFFSETS);
  }

  writeHighWatermarks(): Promise<void> {
    return this.#write(HIGH_WATERMARKS);
  }

  /** All three; `anyway` also those that have not changed. */
  async writeAll(anyway: boolean = false): Promise<void> {
    if (anyway) this.#written = { highWatermarks: -1, recoveryPoints: -1, logStartOffsets: -1 };
    await this.writeRecoveryPoints();
    await this.writeLogStartOffsets();
    await this.writeHighWatermarks();
  }

  /** A log was made or deleted. */
  onLogsChanged(deleted: boolean): void {
    this.#isStale ||= deleted;
    this.#source.changes.recoveryPoints++;
    this.#source.changes.logStartOffsets++;
    this.#source.changes.highWatermarks++;
  }

  /** Makes the files forget deleted logs, at once, before a log is made that may have their name. */
  forgetDeleted(): void {
    if (!this.#isStale) return;
    for (const directory of this.#source.directories()) {
      for (const kind of [RECOVERY_POINTS, LOG_START_OFFSETS, HIGH_WATERMARKS]) {
        kind.fileIn(directory).writeNow(this.#offsetsIn(directory, kind));
      }
    }
    this.#isStale = false;
  }

  async #write(kind: Kind): Promise<void> {
    const version = this.#source.changes[kind.counter];
    if (version === this.#written[kind.counter]) return;
    for (const directory of this.#source.directories()) {
      await kind.fileIn(directory).write(this.#offsetsIn(directory, kind));
    }
    this.#written[kind.counter] = version;
  }

  #offsetsIn(directory: DataDirectory, kind: Kind): PartitionOffsets {
    const offsets = new PartitionOffsets();
    for (const log of this.#source.logsIn(directory)) {
      const offset = kind.offsetOf(log);
      if (offset !== null) offsets.set(log.topic, log.partition, offset);
    }
    return offsets;
  }
}
