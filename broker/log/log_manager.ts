import {
  assert,
  type Clock,
  type Disk,
  DiskError,
  type Prng,
  randomUuid,
  randomUuidBytes,
} from "../base/mod.ts";
import { CheckpointWriter } from "./checkpoint_writer.ts";
import { removeShutdownMark, writeShutdownMark } from "./clean_shutdown.ts";
import { DataDirectory, DataDirectoryError } from "./data_directory.ts";
import { FilePool } from "./file_pool.ts";
import { FileRemover } from "./file_remover.ts";
import { type LogEnvironment, type LogLogger, silentLogger } from "./log_environment.ts";
import {
  logDirectoryName,
  markedDirectoryName,
  METADATA_TOPIC,
  parseLogDirectoryName,
} from "./log_names.ts";
import { createLog, NO_TOPIC_ID, openLog } from "./open_log.ts";
import type { PartitionLog } from "./partition_log.ts";
import type { RecoveryTally } from "./recovery.ts";
import { PeriodicTask, Turns } from "./periodic_task.ts";
import type { LogSettings } from "./settings.ts";
import { FileFormatError } from "./small_file.ts";
import { SyncQueue } from "./sync_queue.ts";

/** How often a node looks after its logs; names are Kafka's broker options. */
export interface LogTaskSettings {
  /** `log.initial.task.delay.ms` */
  readonly initialDelayMs: number;
  /** `log.retention.check.interval.ms` */
  readonly retentionCheckMs: number;
  /** `log.flush.scheduler.interval.ms` */
  readonly flushCheckMs: number;
  /** `log.flush.offset.checkpoint.interval.ms` */
  readonly recoveryPointCheckpointMs: number;
  /** `log.flush.start.offset.checkpoint.interval.ms` */
  readonly logStartCheckpointMs: number;
  /** `replica.high.watermark.checkpoint.interval.ms` */
  readonly highWatermarkCheckpointMs: number;
  /** `producer.id.expiration.check.interval.ms` */
  readonly producerExpirationCheckMs: number;
}

/** Kafka 4.4's defaults. */
export const DEFAULT_LOG_TASK_SETTINGS: LogTaskSettings = {
  initialDelayMs: 30_000,
  retentionCheckMs: 300_000,
  flushCheckMs: Number.MAX_SAFE_INTEGER,
  recoveryPointCheckpointMs: 60_000,
  logStartCheckpointMs: 60_000,
  highWatermarkCheckpointMs: 5_000,
  producerExpirationCheckMs: 600_000,
};

/** What a {@linkcode LogManager} needs. */
export interface LogManagerOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly prng: Prng;
  readonly logger?: LogLogger;
  /** `log.dirs`; at least one, none twice. */
  readonly directories: readonly string[];
  readonly nodeId: number;
  /** The cluster that the directories must belong to; null: whichever they say, or a new one. */
  readonly clusterId?: string | null;
  /** The id of the cluster where no directory says one; null: one by chance. */
  readonly newClusterId?: string | null;
  readonly settingsFor: (topic: string) => LogSettings;
  readonly tasks?: LogTaskSettings;
  /** `producer.id.expiration.ms`; asked each time, since it may change. */
  readonly producerIdExpirationMs?: () => number;
  /** Files that may be open at once; default 500. */
  readonly openFilesMax?: number;
  /** A directory can no longer be written to; its logs take no appends. */
  readonly onDirectoryFailure?: (directory: string, error: Error) => void;
}

/** What `LogManager.load` found beside the logs. */
export interface LoadReport {
  readonly loadedCount: number;
  /** Directories of partitions that could not be opened, and why. They stay as they are. */
  readonly unusable: readonly { readonly directory: string; readonly reason: string }[];
  /** Directories that are no partition's (any more) and stay: `-future`, `-stray`, foreign names. */
  readonly setAside: readonly string[];
}

const OPEN_FILES_MAX = 500;
const PRODUCER_ID_EXPIRATION_MS = 86_400_000;
/** Logs that are closed at the same time when the node stops. */
const CLOSING_MAX = 32;

/**
 * The logs of one node: opens the data directories, finds and makes logs, looks after them (retention,
 * syncs, checkpoints), and stops cleanly. First `open`, then `load`, in the end `close`.
 */
export class LogManager {
  readonly #options: LogManagerOptions;
  readonly #logger: LogLogger;
  readonly #tasks: LogTaskSettings;
  readonly #environment: LogEnvironment;
  readonly #syncs: SyncQueue;
  readonly #logs = new Map<string, (PartitionLog | undefined)[]>();
  #directories: DataDirectory[] = [];
  #clusterId = "";
  #timers: PeriodicTask[] = [];
  readonly #separate: PartitionLog[] = [];
  /** Partitions that could not be loaded, by directory name: they must not be made anew. */
  readonly #unusable = new Map<string, { readonly directory: string; readonly reason: string }>();
  readonly #checkpoints: CheckpointWriter;

  constructor(options: LogManagerOptions) {
    const { disk, clock, prng, directories } = options;
    assert(directories.length > 0, "No log directory is given");
    assert(new Set(directories).size === directories.length, "A log directory is given twice");
    this.#options = options;
    this.#logger = options.logger ?? silentLogger;
    this.#tasks = options.tasks ?? DEFAULT_LOG_TASK_SETTINGS;
    this.#syncs = new SyncQueue(this.#logger);
    this.#environment = {
      disk,
      clock,
      prng,
      files: new FilePool(disk, options.openFilesMax ?? OPEN_FILES_MAX),
      remover: new FileRemover(disk, clock, this.#logger),
      logger: this.#logger,
      changes: { highWatermarks: 0, recoveryPoints: 0, logStartOffsets: 0 },
      producerIdExpirationMs: options.producerIdExpirationMs ?? (() => PRODUCER_ID_EXPIRATION_MS),
      syncSoon: (sync) => this.#syncs.add(sync),
      onFailure: (directory, error) => this.#onFailure(directory, error),
    };
    this.#checkpoints = new CheckpointWriter({
      directories: () => this.#directories,
      logsIn: (directory) => this.#logsIn(directory),
      changes: this.#environment.changes,
    });
  }

  get clusterId(): string {
    return this.#clusterId;
  }
  get directories(): readonly DataDirectory[] {
    return this.#directories;
  }
  get openFileCount(): number {
    return this.#environment.files.openCount;
  }
  /** Files and directories that wait to be removed. */
  get pendingRemovals(): number {
    return this.#environment.remover.pending;
  }

  /** The epoch under which this node stopped cleanly (KIP-966); -1 when it did not, or is unknown. */
  get previousBrokerEpoch(): number {
    const epochs = new Set(this.#directories.map(({ lastStop }) => lastStop.brokerEpoch));
    return epochs.size === 1 ? [...epochs][0]! : -1;
  }

  /**
   * Locks the data directories, checks whose they are, and formats new ones. Throws a
   * {@linkcode DataDirectoryError} and holds nothing when one can't be used.
   */
  async open(): Promise<void> {
    const { disk, clock, prng, nodeId } = this.#options;
    const acquired: DataDirectory[] = [];
    try {
      for (const path of this.#options.directories) {
        acquired.push(await DataDirectory.acquire(disk, path));
      }
      const wanted = this.#options.clusterId ??
        acquired.find(({ properties }) => properties !== null)?.properties?.clusterId ?? null;
      for (const directory of acquired) directory.check(nodeId, wanted);
      this.#clusterId = wanted ?? this.#options.newClusterId ?? randomUuid(prng);
      for (const directory of acquired) {
        await directory.format(nodeId, this.#clusterId, { clock, prng });
      }
    } catch (error) {
      for (const directory of acquired) directory.release();
      if (!(error instanceof DiskError)) throw error;
      throw new DataDirectoryError(error.message, { cause: error });
    }
    this.#directories = acquired;
  }

  /**
   * Opens the cluster's metadata log in one of the data directories (by default the first), making it
   * if it is missing. It is looked through from its beginning at every start, is in no checkpoint and
   * not among `logs()`.
   */
  openMetadataLog(
    settings: LogSettings,
    topicId: string,
    path: string = this.#directories[0]!.path,
  ): PartitionLog {
    assert(this.#directories.some((one) => one.path === path), `${path} is no data directory`);
    const directory = `${path}/${logDirectoryName(METADATA_TOPIC, 0)}`;
    const identity = { topic: METADATA_TOPIC, partition: 0, directory };
    const log = createLog(this.#environment, identity, topicId, settings);
    this.#separate.push(log);
    return log;
  }

  /**
   * Opens all logs, recovering them where the last run did not stop cleanly, and starts looking after
   * them. A log for which `isStray` says true is renamed and set aside: its topic is gone, or its
   * partition lives elsewhere now.
   */
  async load(isStray: (log: PartitionLog) => boolean = () => false): Promise<LoadReport> {
    const setAside: string[] = [];
    const recovered: RecoveryTally = { logs: 0, segments: 0, cutLogs: 0, cutBytes: 0 };
    let loadedCount = 0;
    const startedMs = this.#options.clock.monotonicMs();
    const turns = new Turns(this.#options.clock);
    for (const directory of this.#directories) {
      const offsets = directory.readOffsets(this.#logger);
      const stoppedCleanly = directory.lastStop.clean;
      // From here on a crash is one, even if it comes before all logs are open.
      removeShutdownMark(this.#options.disk, directory.path);
      for (const name of this.#options.disk.list(directory.path)) {
        const path = `${directory.path}/${name}`;
        if (!this.#options.disk.stat(path)?.isDirectory) continue;
        const parsed = parseLogDirectoryName(name);
        if (parsed?.topic === METADATA_TOPIC) continue;
        if (parsed === null || parsed.kind === "future" || parsed.kind === "stray") {
          setAside.push(path);
          continue;
        }
        const { topic, partition } = parsed;
        const settings = this.#options.settingsFor(topic);
        if (parsed.kind === "delete") {
          this.#environment.remover.removeLater([path], settings.fileDeleteDelayMs);
          continue;
        }
        try {
          const log = await turns.run(
            openLog(this.#environment, { topic, partition, directory: path }, {
              settings,
              stoppedCleanly,
              recoveryPoint: offsets.recoveryPoints.get(topic, partition) ?? 0,
              logStartOffset: offsets.logStartOffsets.get(topic, partition) ?? 0,
              highWatermark: offsets.highWatermarks.get(topic, partition) ?? 0,
              tally: recovered,
            }),
          );
          loadedCount++;
          if (isStray(log)) setAside.push(this.#setAside(log));
          else this.#add(log);
        } catch (error) {
          if (!(error instanceof DiskError) && !(error instanceof FileFormatError)) throw error;
          this.#logger.error(`Cannot open the log in ${path}: ${error.message}`);
          this.#unusable.set(name, { directory: path, reason: error.message });
        }
      }
      directory.loaded = true;
    }
    const elapsedMs = Math.round(this.#options.clock.monotonicMs() - startedMs);
    this.#logger.debug(`Loaded ${loadedCount} logs in ${elapsedMs} ms`);
    if (recovered.logs > 0) this.#logger.info(recoveryLine(recovered, elapsedMs));
    for (const path of setAside) this.#logger.warn(`${path} is not used and left as it is`);
    this.#startTasks();
    return { loadedCount, unusable: [...this.#unusable.values()], setAside };
  }

  /** All logs of partitions, in no particular order. */
  *logs(): Generator<PartitionLog> {
    for (const partitions of this.#logs.values()) {
      for (const log of partitions) if (log !== undefined) yield log;
    }
  }

  get(topic: string, partition: number): PartitionLog | null {
    return this.#logs.get(topic)?.[partition] ?? null;
  }

  /**
   * Makes a log in the directory that has the fewest, or in the one with `directoryId`. One that is
   * there already is returned. Throws a `DiskError`, or a `FileFormatError` when what lies in its
   * place can't be used.
   */
  create(
    topic: string,
    partition: number,
    topicId: string,
    directoryId: string | null = null,
  ): PartitionLog {
    const known = this.get(topic, partition);
    if (known !== null) {
      if (known.topicId === NO_TOPIC_ID) known.assignTopicId(topicId);
      if (known.topicId === topicId) return known;
      throw new FileFormatError(
        `Cannot use ${known.directory}: it is of topic id ${known.topicId}, not ${topicId}`,
      );
    }
    const name = logDirectoryName(topic, partition);
    const flaw = this.#unusable.get(name);
    if (flaw !== undefined) throw new FileFormatError(`Cannot make log ${name}: ${flaw.reason}`);
    this.#checkpoints.forgetDeleted();
    const directory = `${this.#directoryFor(directoryId).path}/${name}`;
    const settings = this.#options.settingsFor(topic);
    const log = createLog(this.#environment, { topic, partition, directory }, topicId, settings);
    this.#add(log);
    this.#checkpoints.onLogsChanged(false);
    return log;
  }

  /**
   * Deletes a log: it is gone at once for readers and writers, its directory is renamed, and removed
   * after `file.delete.delay.ms`. Does nothing when there is none. Throws a `DiskError`.
   */
  delete(topic: string, partition: number): void {
    const log = this.get(topic, partition);
    const name = logDirectoryName(topic, partition);
    const directory = log?.directory ?? this.#unusable.get(name)?.directory;
    if (directory === undefined) return;
    const path = this.#markedPath(topic, partition, directory, "delete");
    log?.abandon();
    this.#options.disk.rename(directory, path);
    log?.movedTo(path);
    if (log !== null) this.#remove(log);
    this.#unusable.delete(name);
    const { fileDeleteDelayMs } = log?.settings ?? this.#options.settingsFor(topic);
    this.#environment.remover.removeLater([path], fileDeleteDelayMs);
    this.#checkpoints.onLogsChanged(true);
    this.#logger.info(`${name} is deleted; ${path} goes later`);
  }

  /** Lets the logs of a topic (of all topics: null) act on settings that have changed. */
  updateSettings(topic: string | null = null): void {
    const topics = topic === null ? [...this.#logs.keys()] : [topic];
    for (const name of topics) {
      const settings = this.#options.settingsFor(name);
      for (const log of this.#logs.get(name) ?? []) log?.updateSettings(settings);
    }
  }

  /** Applies retention to all logs now; returns how many segments went. */
  async applyRetention(): Promise<number> {
    let count = 0;
    await this.#forEachLog((log) => {
      count += log.applyRetention(this.#options.clock.nowMs());
    });
    return count;
  }

  /** Writes the checkpoint files that have changed since they were last written. */
  writeCheckpoints(): Promise<void> {
    return this.#checkpoints.writeAll();
  }

  /**
   * Syncs and closes all logs and leaves the mark of a clean stop, with `brokerEpoch`, where nothing
   * failed. Metadata logs that were opened here are closed too.
   */
  async close(brokerEpoch: number = -1): Promise<void> {
    await Promise.all(this.#timers.map((timer) => timer.stop()));
    this.#timers = [];
    await this.#syncs.drained();
    const failed = new Set<DataDirectory>();
    await this.#closeAll([...this.logs(), ...this.#separate], failed);
    await this.#syncs.drained();
    try {
      await this.#checkpoints.writeAll(true);
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.#logger.error(error.message);
      for (const directory of this.#directories) failed.add(directory);
    }
    for (const directory of this.#directories) {
      const sound = directory.loaded || directory.lastStop.clean;
      if (sound && directory.failure === null && !failed.has(directory)) {
        await writeShutdownMark(this.#options.disk, directory.path, brokerEpoch)
          .catch((error: Error) => this.#logger.error(error.message));
      }
      directory.release();
    }
    this.#environment.remover.close();
    this.#environment.files.closeAll();
    this.#logs.clear();
    this.#directories = [];
  }

  async #closeAll(logs: PartitionLog[], failed: Set<DataDirectory>): Promise<void> {
    let next = 0;
    const turns = new Turns(this.#options.clock);
    const closeOnes = async () => {
      while (next < logs.length) {
        const log = logs[next++]!;
        try {
          if (log.failure !== null) failed.add(this.#directoryOf(log));
          await log.close();
        } catch (error) {
          this.#logger.error(`Cannot close ${log.directory}: ${String(error)}`);
          failed.add(this.#directoryOf(log));
        }
        if (turns.over) await turns.next();
      }
    };
    await Promise.all(Array.from({ length: CLOSING_MAX }, closeOnes));
  }

  #startTasks(): void {
    const { clock } = this.#options;
    const every = (intervalMs: number, run: () => Promise<void>) => {
      if (intervalMs >= Number.MAX_SAFE_INTEGER) return;
      const timing = { delayMs: this.#tasks.initialDelayMs, intervalMs };
      this.#timers.push(new PeriodicTask(clock, this.#logger, timing, run));
    };
    every(this.#tasks.retentionCheckMs, async () => {
      await this.applyRetention();
    });
    every(this.#tasks.flushCheckMs, () => this.#flushOverdue());
    every(this.#tasks.recoveryPointCheckpointMs, () => this.#checkpoints.writeRecoveryPoints());
    every(this.#tasks.logStartCheckpointMs, () => this.#checkpoints.writeLogStartOffsets());
    every(this.#tasks.highWatermarkCheckpointMs, () => this.#checkpoints.writeHighWatermarks());
    every(
      this.#tasks.producerExpirationCheckMs,
      () =>
        this.#forEachLog((log) => {
          log.expireProducers(clock.nowMs());
        }),
    );
  }

  /** Visits all logs, letting others run now and then; a disk that fails one does not stop it. */
  async #forEachLog(visit: (log: PartitionLog) => void | Promise<void>): Promise<void> {
    const turns = new Turns(this.#options.clock);
    for (const log of [...this.logs()]) {
      if (turns.over) await turns.next();
      if (this.get(log.topic, log.partition) !== log) continue;
      try {
        await visit(log);
      } catch (error) {
        if (!(error instanceof DiskError)) throw error;
        this.#logger.error(`${log.directory}: ${error.message}`);
      }
    }
  }

  /** `flush.ms`: syncs the logs whose last sync is too long ago. */
  #flushOverdue(): Promise<void> {
    return this.#forEachLog(async (log) => {
      if (log.logEndOffset <= log.recoveryPoint || log.failure !== null) return;
      const nowMs = this.#options.clock.nowMs();
      if (nowMs - log.lastSyncMs >= log.settings.flushMs) await log.flush();
    });
  }

  *#logsIn(directory: DataDirectory): Generator<PartitionLog> {
    for (const log of this.logs()) if (this.#directoryOf(log) === directory) yield log;
  }

  #directoryOf(log: PartitionLog): DataDirectory {
    const parent = log.directory.slice(0, log.directory.lastIndexOf("/"));
    return this.#directories.find(({ path }) => path === parent)!;
  }

  #directoryFor(directoryId: string | null): DataDirectory {
    const wanted = this.#directories.find((directory) => directory.directoryId === directoryId);
    if (wanted !== undefined) return wanted;
    if (this.#directories.length === 1) return this.#directories[0]!;
    const counts = new Map(this.#directories.map((directory) => [directory, 0]));
    for (const log of this.logs()) {
      const directory = this.#directoryOf(log);
      counts.set(directory, counts.get(directory)! + 1);
    }
    const sound = this.#directories.filter(({ failure }) => failure === null);
    const candidates = sound.length > 0 ? sound : this.#directories;
    return candidates.reduce((best, other) =>
      counts.get(other)! < counts.get(best)! ? other : best
    );
  }

  #add(log: PartitionLog): void {
    let partitions = this.#logs.get(log.topic);
    if (partitions === undefined) this.#logs.set(log.topic, partitions = []);
    if (partitions[log.partition] !== undefined) {
      throw new DataDirectoryError(
        `Cannot use ${log.directory}: ${
          partitions[log.partition]!.directory
        } is the same partition`,
      );
    }
    partitions[log.partition] = log;
  }

  #remove(log: PartitionLog): void {
    const partitions = this.#logs.get(log.topic)!;
    partitions[log.partition] = undefined;
    if (partitions.every((other) => other === undefined)) this.#logs.delete(log.topic);
  }

  #setAside(log: PartitionLog): string {
    const path = this.#markedPath(log.topic, log.partition, log.directory, "stray");
    log.abandon();
    this.#options.disk.rename(log.directory, path);
    log.movedTo(path);
    return path;
  }

  #markedPath(
    topic: string,
    partition: number,
    directory: string,
    mark: "delete" | "stray",
  ): string {
    const parent = directory.slice(0, directory.lastIndexOf("/"));
    const unique = randomUuidBytes(this.#options.prng);
    return `${parent}/${markedDirectoryName(topic, partition, mark, unique)}`;
  }

  #onFailure(directory: string, error: Error): void {
    const parent = directory.slice(0, directory.lastIndexOf("/"));
    const failed = this.#directories.find(({ path }) => path === parent);
    if (failed === undefined || failed.failure !== null) return;
    failed.failure = error;
    this.#options.onDirectoryFailure?.(failed.path, error);
  }
}

function recoveryLine(
  { logs, segments, cutLogs, cutBytes }: RecoveryTally,
  elapsedMs: number,
): string {
  const cut = cutLogs === 0
    ? "nothing had to be cut"
    : `cut ${counted(cutBytes, "byte")} off ${cutLogs} of them`;
  return `Recovered ${counted(logs, "log")} in ${elapsedMs} ms: ` +
    `checked ${counted(segments, "segment")}, ${cut}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
