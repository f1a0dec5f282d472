import type { AppendResult, LogSlice, PartitionLog } from "../log/mod.ts";
import { errorCodes } from "../protocol/mod.ts";
import type { AppendOrigin } from "../protocol/records/mod.ts";
import { type PartitionAssignment, PartitionState } from "./partition_state.ts";

/** What an append is refused with before it reaches the log. */
function refused(errorCode: number): AppendResult {
  return {
    errorCode,
    errorMessage: null,
    recordErrors: [],
    baseOffset: -1,
    lastOffset: -1,
    logAppendTimeMs: -1,
    logStartOffset: -1,
    duplicate: false,
    detail: "",
    durable: null,
  };
}

/** An idempotent or transactional producer that a log remembers; -1 stands for none. */
export interface ActiveProducer {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly lastSequence: number;
  readonly lastTimestamp: number;
  readonly coordinatorEpoch: number;
  /** Offset at which its open transaction began. */
  readonly currentTxnStartOffset: number;
}

/** acks=all: the answer waits for all in-sync replicas. */
const ALL = -1;

/**
 * A replica on this node: binds what {@linkcode PartitionState} decides to the log that holds the
 * records. Whoever waits for something here (an append, a new high watermark, another role) waits
 * under this object's identity and is told through `onChange`.
 */
export class Partition {
  readonly topic: string;
  readonly partition: number;
  readonly topicId: string;
  readonly #state: PartitionState;
  readonly #log: PartitionLog;
  readonly #onChange: (partition: Partition) => void;
  /** Appends whose sync is under way. */
  #syncing = 0;

  constructor(options: {
    readonly localId: number;
    readonly topicId: string;
    readonly log: PartitionLog;
    readonly onChange: (partition: Partition) => void;
  }) {
    this.topic = options.log.topic;
    this.partition = options.log.partition;
    this.topicId = options.topicId;
    this.#state = new PartitionState(options.localId);
    this.#log = options.log;
    this.#onChange = options.onChange;
  }

  get leader(): number {
    return this.#state.leader;
  }
  get leaderEpoch(): number {
    return this.#state.leaderEpoch;
  }
  get leaderEpochStartOffset(): number {
    return this.#state.leaderEpochStartOffset;
  }
  get leads(): boolean {
    return this.#state.role === "leader";
  }
  get logStartOffset(): number {
    return this.#log.logStartOffset;
  }
  get highWatermark(): number {
    return this.#log.highWatermark;
  }
  get lastStableOffset(): number {
    return this.#log.lastStableOffset;
  }
  get logEndOffset(): number {
    return this.#log.logEndOffset;
  }
  /** Leader epoch of the records at the log start offset; -1 when it is not known. */
  get logStartEpoch(): number {
    return this.#log.epochOf(this.#log.logStartOffset);
  }
  /** The topic's `compression.type`. */
  get compressionType(): string {
    return this.#log.settings.compressionType;
  }
  /** Whether `cleanup.policy` lets records be deleted. */
  get isDeletable(): boolean {
    return this.#log.settings.cleanupPolicy.delete;
  }
  /** The lowest log start offset among the live replicas; with one replica, its own. */
  get lowWatermark(): number {
    return this.#log.logStartOffset;
  }

  /** Takes over role and epoch from the metadata; a new leader notes where its epoch begins. */
  assign(assignment: PartitionAssignment): void {
    if (this.#state.assign(assignment, this.#log.logEndOffset)) {
      this.#log.noteLeaderEpoch(assignment.leaderEpoch, this.#log.logEndOffset);
    }
    this.#advance();
    this.#onChange(this);
  }

  /** An error code unless a request under `leaderEpoch` (-1: none named) may be served here. */
  check(leaderEpoch: number, leaderOnly: boolean): number {
    return this.#state.check(leaderEpoch, leaderOnly);
  }

  /** Appends what a client or a coordinator of this node hands over, as leader. */
  append(
    records: Uint8Array,
    { requiredAcks, nowMs, origin = "client" }: {
      readonly requiredAcks: number;
      readonly nowMs: number;
      readonly origin?: AppendOrigin;
    },
  ): AppendResult {
    if (!this.leads) return refused(errorCodes.NOT_LEADER_OR_FOLLOWER);
    if (requiredAcks === ALL && !this.#hasMinInSync()) {
      return refused(errorCodes.NOT_ENOUGH_REPLICAS);
    }
    const leaderEpoch = this.#state.leaderEpoch;
    const result = this.#log.appendAsLeader(records, { leaderEpoch, origin, nowMs });
    if (result.errorCode !== errorCodes.NONE || result.duplicate) return result;
    if (result.durable === null) this.#onAppend();
    else this.#afterSync(result.durable);
    return result;
  }

  /** Records from the batch that holds `fetchOffset` on: a range of a file, nothing is copied. */
  read(options: {
    readonly fetchOffset: number;
    readonly upperBoundOffset: number;
    readonly maxBytes: number;
    readonly minOneBatch: boolean;
  }): { readonly errorCode: number; readonly records: LogSlice | null } {
    const { errorCode, slice } = this.#log.read(options);
    return { errorCode, records: slice };
  }

  /** Transactions whose records in `slice` a read_committed reader must leave out. */
  abortedTransactionsIn(
    slice: LogSlice,
  ): readonly { readonly producerId: number; readonly firstOffset: number }[] {
    return this.#log.abortedTransactionsIn(slice);
  }

  /** The largest epoch not above `leaderEpoch` and where it ended; null when there is none. */
  epochEndOffset(
    leaderEpoch: number,
  ): { readonly leaderEpoch: number; readonly endOffset: number } | null {
    const { epoch, endOffset } = this.#log.epochEndOffset(leaderEpoch);
    return epoch < 0 ? null : { leaderEpoch: epoch, endOffset };
  }

  /** The first record whose timestamp is not below `timestampMs`. */
  offsetForTimestamp(timestampMs: number): ReturnType<PartitionLog["offsetForTimestamp"]> {
    return this.#log.offsetForTimestamp(timestampMs);
  }

  /** The first record with the largest timestamp. */
  offsetOfMaxTimestamp(): ReturnType<PartitionLog["offsetOfMaxTimestamp"]> {
    return this.#log.offsetOfMaxTimestamp();
  }

  /** Whether a broker other than this one has a replica of the partition. */
  hasFollower(replicaId: number): boolean {
    return this.#state.hasFollower(replicaId);
  }

  /** Notes how far a follower has come, which may move the high watermark. */
  onFollowerFetch(fetch: {
    readonly replicaId: number;
    readonly fetchOffset: number;
    readonly nowMs: number;
  }): void {
    this.#state.onFollowerFetch(fetch.replicaId, fetch.fetchOffset, fetch.nowMs);
    if (this.#advance()) this.#onChange(this);
  }

  /** Moves the log start up to `offset`; OFFSET_OUT_OF_RANGE beyond the high watermark. */
  deleteRecordsBefore(offset: number): number {
    const errorCode = this.#log.deleteRecordsBefore(offset);
    if (errorCode === errorCodes.NONE) this.#onChange(this);
    return errorCode;
  }

  /** Idempotent and transactional producers that the log remembers, as DescribeProducers tells them. */
  activeProducers(): readonly ActiveProducer[] {
    return this.#log.activeProducers().map((entry) => ({
      producerId: entry.producerId,
      producerEpoch: entry.epoch,
      lastSequence: entry.batches.at(-1)?.lastSequence ?? -1,
      lastTimestamp: entry.lastTimestampMs,
      coordinatorEpoch: entry.coordinatorEpoch,
      currentTxnStartOffset: entry.currentTxnFirstOffset,
    }));
  }

  /** Serves nobody from here on: the topic is deleted or the log directory failed. */
  takeOffline(): void {
    this.#state.takeOffline();
    this.#onChange(this);
  }

  /** Null while an in-sync replica lacks something below `offset`; else whether it is safe. */
  checkReplicated(offset: number): number | null {
    if (!this.leads) return errorCodes.NOT_LEADER_OR_FOLLOWER;
    if (this.#log.highWatermark < offset) return null;
    return this.#hasMinInSync() ? errorCodes.NONE : errorCodes.NOT_ENOUGH_REPLICAS_AFTER_APPEND;
  }

  #hasMinInSync(): boolean {
    return this.#state.hasMinInSync(this.#log.settings.minInSyncReplicas);
  }

  #onAppend(): void {
    this.#advance();
    this.#onChange(this);
  }

  /** `flush.messages` asks for a sync first: until then nobody reads the records nor hears of them. */
  #afterSync(durable: Promise<void>): void {
    this.#syncing++;
    const done = () => {
      this.#syncing--;
      this.#onAppend();
    };
    // The log keeps the failure and takes no more appends; the high watermark stays where it is.
    durable.then(done, () => {});
  }

  /** Moves the high watermark as far as the in-sync replicas allow; returns whether it moved. */
  #advance(): boolean {
    const { highWatermark, logEndOffset, recoveryPoint } = this.#log;
    const ownEnd = this.#syncing > 0 ? recoveryPoint : logEndOffset;
    return this.#log.advanceHighWatermark(this.#state.highWatermark(highWatermark, ownEnd));
  }
}
