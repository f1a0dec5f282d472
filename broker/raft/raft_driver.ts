import {
  assert,
  type Clock,
  type Disk,
  DiskError,
  type Prng,
  replaceFile,
  type Timer,
} from "../base/mod.ts";
import { errorName } from "../protocol/mod.ts";
import {
  decodeBatches,
  encodeBatch,
  imageToRecords,
  type LogBatch,
  type MetadataImage,
  type MetadataRecord,
  type Provenance,
  type SnapshotId,
} from "../metadata/mod.ts";
import { encodeEpochStart } from "./control_batch.ts";
import { decodeElectionState, type ElectionState, encodeElectionState } from "./election_state.ts";
import type { MetadataLog } from "./metadata_log.ts";
import {
  type Leadership,
  type PendingBatch,
  type QuorumDescription,
  RaftCore,
  type Ready,
} from "./raft_core.ts";
import {
  type KeptSnapshot,
  newestSnapshot,
  type QuorumFacts,
  readFacts,
  votersOf,
} from "./quorum_facts_driver.ts";
import { readBatches } from "./read_batches_driver.ts";
import { isSnapshotDue, isSnapshotExpired, type SnapshotSettings } from "./snapshot_policy.ts";
import { SnapshotStore } from "./snapshot_store_driver.ts";
import { type ReplicaKey, VoterSet } from "./voter_set.ts";

/** Where the driver reports what happens: a sentence each. */
export interface RaftLogger {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Who follows the metadata log: the controller, or a broker's image. Calls come one at a time. */
export interface RaftListener {
  /** A snapshot takes the place of everything before it. */
  onSnapshot(records: readonly MetadataRecord[], provenance: Provenance): void;
  /** A committed batch of records that did not come through `append()` of this epoch. */
  onBatch(batch: LogBatch): void;
  /** Everything below `offset` is committed, and was handed over before. */
  onCommitted(offset: number): void;
  onLeadership(leadership: Leadership): void;
}

/** What a {@linkcode RaftDriver} needs. */
export interface RaftDriverOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly prng: Prng;
  readonly logger: RaftLogger;
  readonly log: MetadataLog;
  readonly self: ReplicaKey;
  /** `controller.quorum.voters`; null where the voters are in the log (KIP-853). */
  readonly staticVoters: VoterSet | null;
  readonly electionTimeoutMs: number;
  readonly fetchTimeoutMs: number;
  readonly snapshots: SnapshotSettings;
  readonly listener: RaftListener;
  /** The log can't be written any more; the node has to stop. */
  readonly onFatal: (error: Error) => void;
}

const CLEAN_INTERVAL_MS = 60_000;

/**
 * Binds {@linkcode RaftCore} to the log of `__cluster_metadata-0`, its `quorum-state` file and the
 * clock. What is appended in one turn goes out with one write and one sync; nothing counts as committed
 * before that. Open it, give the listener what there is with `start()`, close it before the log.
 */
export class RaftDriver {
  readonly #options: RaftDriverOptions;
  readonly #core: RaftCore;
  readonly #store: SnapshotStore;
  readonly #facts: QuorumFacts;
  /** The newest snapshot, until the listener has it. */
  #snapshot: KeptSnapshot | null;
  /** Batches below it were handed to the listener, or were written by it. */
  #deliveredEnd = 0;
  /** The epoch in which the listener itself writes; -1 while it does not. */
  #activeEpoch = -1;
  #work: Promise<void> = Promise.resolve();
  #isRunning = false;
  #timer: Timer | null = null;
  #cleanTimer: Timer | null = null;
  #snapshotting: Promise<void> | null = null;
  #bytesSinceSnapshot = 0;
  #lastSnapshotMs: number;
  #isClosed = false;

  private constructor(options: RaftDriverOptions, store: SnapshotStore) {
    this.#options = options;
    this.#store = store;
    this.#lastSnapshotMs = options.clock.monotonicMs();
    this.#snapshot = newestSnapshot(store, options.logger);
    this.#facts = readFacts(this.#snapshot, options.log);
    // Voters that were written (kraft.version 1) count more than those of the configuration.
    const voters = this.#facts.voters === null && options.staticVoters !== null
      ? options.staticVoters
      : votersOf(this.#facts);
    const { kraftVersion, voters: recorded, isUnrecorded } = this.#facts;
    this.#core = new RaftCore({
      self: options.self,
      electionTimeoutMs: options.electionTimeoutMs,
      fetchTimeoutMs: options.fetchTimeoutMs,
      prng: options.prng,
    }, {
      voters,
      election: this.#readElection(),
      logEndOffset: options.log.logEndOffset,
      logEndEpoch: Math.max(0, options.log.latestEpoch),
      votersToRecord: recorded !== null && isUnrecorded ? { kraftVersion, voters: recorded } : null,
    }, options.clock.monotonicMs());
  }

  /**
   * Looks at log and snapshots and makes them fit each other. Throws when they can't, when
   * `quorum-state` is damaged, and `DiskError`.
   */
  static open(options: RaftDriverOptions): RaftDriver {
    const { disk, clock, log } = options;
    const { directory, logStartOffset } = log;
    const store = new SnapshotStore({ disk, clock, directory, logStartOffset });
    const latest = store.latestId;
    // A snapshot that was fetched from a leader may be ahead of the log that it replaces.
    if (latest !== null && isAhead(latest, log)) log.truncateFullyAndStartAt(latest.offset);
    return new RaftDriver(options, store);
  }

  /** The finalized level of `kraft.version`. */
  get kraftVersion(): number {
    return this.#facts.kraftVersion;
  }

  /** Records that the directory was formatted with; empty when it holds none. */
  get bootstrapRecords(): readonly MetadataRecord[] {
    return this.#store.readBootstrap()?.records ?? [];
  }

  /** Where the next batch goes, counting those on their way to the disk. */
  get endOffset(): number {
    return this.#core.endOffset;
  }

  get leadership(): Leadership {
    return { epoch: this.#core.epoch, leaderId: this.#core.leaderId };
  }

  /** True while batches of `epoch` can be appended. */
  leads(epoch: number): boolean {
    return this.#core.role === "leader" && this.#core.epoch === epoch && !this.#isClosed;
  }

  describe(): QuorumDescription {
    return this.#core.describe();
  }

  /** Hands the newest snapshot to the listener and takes part in the quorum from now on. */
  async start(): Promise<void> {
    this.#handOverSnapshot();
    this.#scheduleCleaning();
    this.#wake();
    await this.#work;
  }

  /** Appends a batch in the epoch that the listener leads, and gives its first offset. */
  append(epoch: number, records: readonly MetadataRecord[], timestampMs: number): number {
    const baseOffset = this.#core.endOffset;
    const batch = encodeBatch(records, { baseOffset, epoch, timestampMs });
    this.#bytesSinceSnapshot += batch.length;
    const { clock } = this.#options;
    const event = { kind: "append", epoch, batch, recordCount: records.length } as const;
    this.#core.step(event, clock.monotonicMs());
    this.#wake();
    return baseOffset;
  }

  /** Writes a snapshot of a published image when one is due; in the background, one at a time. */
  considerSnapshot(image: MetadataImage): void {
    const { clock, snapshots } = this.#options;
    const elapsedMs = clock.monotonicMs() - this.#lastSnapshotMs;
    if (!isSnapshotDue(snapshots, { bytes: this.#bytesSinceSnapshot, elapsedMs })) return;
    if (this.#snapshotting !== null || this.#isClosed || !image.provenance.isBatchAligned) return;
    this.#bytesSinceSnapshot = 0;
    this.#lastSnapshotMs = clock.monotonicMs();
    this.#snapshotting = this.#writeSnapshot(image).finally(() => this.#snapshotting = null);
  }

  /** Ends what is under way and stops. The log stays open; it is its owner's to close. */
  async close(): Promise<void> {
    this.#timer?.cancel();
    this.#cleanTimer?.cancel();
    await this.#work;
    this.#isClosed = true;
    await this.#snapshotting;
    this.#timer?.cancel();
    this.#store.close();
  }

  #wake(): void {
    if (this.#isRunning || this.#isClosed) return;
    this.#isRunning = true;
    this.#work = this.#run();
  }

  /** Runs until there is nothing to do; what is asked for meanwhile joins the next round. */
  async #run(): Promise<void> {
    try {
      await Promise.resolve(); // what the present turn still appends comes along
      for (let ready = this.#core.takeReady(); !isIdle(ready); ready = this.#core.takeReady()) {
        await this.#carryOut(ready);
      }
    } catch (error) {
      this.#onFailure(error);
    } finally {
      this.#isRunning = false;
      this.#scheduleTick();
    }
  }

  async #carryOut(ready: Ready): Promise<void> {
    const { clock, log, listener } = this.#options;
    const { election, batches } = ready.persist;
    if (election !== null) {
      await this.#writeElection(election);
      this.#core.step({ kind: "electionPersisted" }, clock.monotonicMs());
    }
    if (batches.length > 0) {
      if (!this.#write(batches)) return;
      await log.flush();
      this.#core.step({ kind: "flushed", endOffset: log.logEndOffset }, clock.monotonicMs());
    }
    if (ready.committed !== null) {
      log.advanceHighWatermark(ready.committed);
      if (this.#activeEpoch >= 0) this.#deliveredEnd = ready.committed;
      else await this.#deliver(ready.committed);
      listener.onCommitted(ready.committed);
    }
    if (ready.leadership !== null) {
      const { epoch, leaderId } = ready.leadership;
      this.#activeEpoch = leaderId === this.#options.self.id ? epoch : -1;
      listener.onLeadership(ready.leadership);
    }
  }

  /** Appends batches with one write; false when the disk did not take them and the leader gives up. */
  #write(batches: readonly PendingBatch[]): boolean {
    const { log, clock, logger } = this.#options;
    const nowMs = clock.nowMs();
    const parts = batches.map((batch) =>
      batch.kind === "records" ? batch.bytes : encodeEpochStart(batch.start, nowMs)
    );
    const epoch = this.#core.epoch;
    const { errorCode, detail } = log.appendAsLeader(joined(parts), {
      leaderEpoch: epoch,
      origin: "raft",
      nowMs,
    });
    if (errorCode === 0) return true;
    logger.error(`Cannot write the metadata log: ${errorName(errorCode)}: ${detail}`);
    if (log.failure !== null) throw log.failure;
    const event = { kind: "resign", epoch, logEndOffset: log.logEndOffset } as const;
    this.#core.step(event, clock.monotonicMs());
    return false;
  }

  /** Hands committed batches to the listener, with turns for others between chunks. */
  async #deliver(endOffset: number): Promise<void> {
    const { log, clock, listener } = this.#options;
    while (this.#deliveredEnd < endOffset) {
      const bytes = readBatches(log, this.#deliveredEnd, endOffset);
      assert(bytes !== null, `The metadata log has nothing at offset ${this.#deliveredEnd}`);
      for (const batch of decodeBatches(bytes)) {
        if (batch.records.length > 0 && batch.baseOffset >= this.#deliveredEnd) {
          listener.onBatch(batch);
        }
        this.#deliveredEnd = batch.lastOffset + 1;
      }
      this.#bytesSinceSnapshot += bytes.length;
      if (this.#deliveredEnd < endOffset) {
        await new Promise<void>((resolve) => clock.schedule(0, resolve));
      }
    }
  }

  #handOverSnapshot(): void {
    const { log, listener } = this.#options;
    this.#deliveredEnd = log.logStartOffset;
    const snapshot = this.#snapshot;
    this.#snapshot = null;
    // The bootstrap snapshot stands for an empty log; the controller writes its records anew.
    if (snapshot !== null && snapshot.id.offset > 0) {
      const { id: { offset, epoch }, header, records } = snapshot;
      const timestampMs = header.lastContainedLogTimestampMs;
      listener.onSnapshot(records, {
        offset: offset - 1,
        epoch,
        timestampMs,
        isBatchAligned: true,
      });
      this.#deliveredEnd = offset;
    } else if (log.logStartOffset > 0) {
      throw new Error(
        `Cannot read the metadata log in ${log.directory}: it starts at ${log.logStartOffset}, ` +
          `and no whole snapshot holds what was before`,
      );
    }
  }

  async #writeSnapshot(image: MetadataImage): Promise<void> {
    const { logger } = this.#options;
    const { offset, epoch, timestampMs } = image.provenance;
    const id: SnapshotId = { offset: offset + 1, epoch };
    const latest = this.#store.latestId;
    if (latest !== null && latest.offset >= id.offset) return;
    const { kraftVersion, voters } = this.#facts;
    try {
      const sizeBytes = await this.#store.write(
        id,
        { lastContainedLogTimestampMs: timestampMs, kraftVersion, voters },
        imageToRecords(image),
      );
      logger.info(`Wrote a metadata snapshot up to offset ${offset}, ${sizeBytes} bytes`);
    } catch (error) {
      // The log still holds everything; the next one is tried when it is due.
      if (!(error instanceof DiskError)) throw error;
      logger.error(`Cannot write a metadata snapshot: ${error.message}`);
    }
  }

  /** Drops snapshots that retention no longer keeps, and the log before the oldest that stays. */
  #clean(): void {
    const { log, clock, logger, snapshots } = this.#options;
    for (let oldest = this.#store.oldest; oldest !== null; oldest = this.#store.oldest) {
      const now = {
        totalBytes: log.sizeBytes + this.#store.sizeBytes,
        timeMs: clock.nowMs(),
      };
      if (!isSnapshotExpired(snapshots, oldest, now)) return;
      const { offset } = this.#store.dropOldest();
      log.deleteRecordsBefore(offset);
      const segments = log.applyRetention(clock.nowMs());
      logger.info(`The metadata log starts at ${offset} now; ${segments} segment(s) went`);
    }
  }

  #scheduleCleaning(): void {
    if (this.#isClosed) return;
    this.#cleanTimer = this.#options.clock.schedule(CLEAN_INTERVAL_MS, () => {
      try {
        this.#clean();
      } catch (error) {
        if (!(error instanceof DiskError)) return this.#onFailure(error);
        this.#options.logger.error(`Cannot clean up the metadata log: ${error.message}`);
      }
      this.#scheduleCleaning();
    });
  }

  #scheduleTick(): void {
    this.#timer?.cancel();
    this.#timer = null;
    const { clock } = this.#options;
    const { deadlineMs } = this.#core;
    if (deadlineMs === Infinity || this.#isClosed) return;
    this.#timer = clock.schedule(Math.max(0, deadlineMs - clock.monotonicMs()), () => {
      this.#core.tick(clock.monotonicMs());
      this.#wake();
    });
  }

  #readElection(): ElectionState | null {
    const { disk } = this.#options;
    const path = this.#quorumStatePath;
    if (disk.stat(path) === null) return null;
    return decodeElectionState(new TextDecoder().decode(disk.readFile(path)));
  }

  async #writeElection(election: ElectionState): Promise<void> {
    const text = encodeElectionState(election, this.#facts.kraftVersion, this.#core.voterIds);
    const bytes = new TextEncoder().encode(text);
    await replaceFile(this.#options.disk, this.#quorumStatePath, bytes);
  }

  get #quorumStatePath(): string {
    return `${this.#options.log.directory}/quorum-state`;
  }

  #onFailure(error: unknown): void {
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#cleanTimer?.cancel();
    const fault = error instanceof Error ? error : new Error(String(error));
    this.#options.onFatal(fault);
  }
}

function isIdle({ persist, committed, leadership }: Ready): boolean {
  return persist.election === null && persist.batches.length === 0 && committed === null &&
    leadership === null;
}

function isAhead(snapshot: SnapshotId, { latestEpoch, logEndOffset }: MetadataLog): boolean {
  const epoch = Math.max(0, latestEpoch);
  return snapshot.epoch > epoch || (snapshot.epoch === epoch && snapshot.offset > logEndOffset);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  assert(at === bytes.length, "Joined batches are not whole");
  return bytes;
}
