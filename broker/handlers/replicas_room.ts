import type { LogSlice } from "../log/mod.ts";
import type { ActiveProducer } from "../replication/mod.ts";

/** The partitions that this node has a replica of. */
export interface ReplicasRoom {
  /** Null when this node has no replica of it. */
  get(topic: string, partition: number): ReplicaPartition | null;
}

/** What became of an append. */
export interface AppendOutcome {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly recordErrors: readonly { readonly index: number; readonly message: string }[];
  /** Offset of the first record; that of the first append when it is a duplicate. */
  readonly baseOffset: number;
  readonly lastOffset: number;
  /** -1 unless the broker sets the timestamps. */
  readonly logAppendTimeMs: number;
  readonly logStartOffset: number;
  /** Resolves when the records are synced, where the topic asks for that before the answer. */
  readonly durable: Promise<void> | null;
}

/** Where a record with some timestamp is. */
export interface TimestampedOffset {
  readonly timestampMs: number;
  readonly offset: number;
  /** -1 when it is not known. */
  readonly leaderEpoch: number;
}

/** Who fetches, when it is a follower. */
export interface FollowerFetch {
  readonly replicaId: number;
  readonly replicaEpoch: number;
  readonly fetchOffset: number;
  readonly logStartOffset: number;
  readonly nowMs: number;
}

/**
 * A replica on this node, as far as requests read and write it. Its identity is the key under which
 * requests wait in the purgatory: whoever appends, moves the high watermark or the log start, or
 * changes the role notifies that key.
 */
export interface ReplicaPartition {
  readonly topic: string;
  readonly partition: number;
  readonly topicId: string;
  /** Broker id of the leader, -1 for none. */
  readonly leader: number;
  readonly leaderEpoch: number;
  /** Log end offset at which this node began to lead; -1 on a follower. */
  readonly leaderEpochStartOffset: number;
  readonly logStartOffset: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logEndOffset: number;
  /** The topic's `compression.type`. */
  readonly compressionType: string;
  /** Whether `cleanup.policy` lets records be deleted. */
  readonly isDeletable: boolean;

  /**
   * An error code unless this node may serve a request that names `leaderEpoch` as the current one
   * (-1: none): FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH, NOT_LEADER_OR_FOLLOWER (always, when
   * `leaderOnly`, on a follower) or KAFKA_STORAGE_ERROR.
   */
  check(leaderEpoch: number, leaderOnly: boolean): number;

  /** Appends what a client produced, as leader; with acks -1 refuses when too few are in sync. */
  append(
    records: Uint8Array,
    options: { readonly requiredAcks: number; readonly nowMs: number },
  ): AppendOutcome;

  /**
   * Whether all in-sync replicas have everything before `offset`: null while they have not, NONE, or
   * why that can't be promised any more (NOT_LEADER_OR_FOLLOWER, NOT_ENOUGH_REPLICAS_AFTER_APPEND).
   */
  checkReplicated(offset: number): number | null;

  /**
   * Record data from the batch that holds `fetchOffset` on, below `upperBoundOffset`, of at most
   * `maxBytes`; with `minOneBatch` the first batch whole, however large. Null records when there are
   * none. OFFSET_OUT_OF_RANGE outside `[log start, log end]`.
   */
  read(options: {
    readonly fetchOffset: number;
    readonly upperBoundOffset: number;
    readonly maxBytes: number;
    readonly minOneBatch: boolean;
  }): { readonly errorCode: number; readonly records: LogSlice | null };

  /** Transactions whose records in `records` a read_committed reader must leave out. */
  abortedTransactionsIn(
    records: LogSlice,
  ): readonly { readonly producerId: number; readonly firstOffset: number }[];

  /** The largest epoch not above `leaderEpoch` and where it ended; null when there is none. */
  epochEndOffset(
    leaderEpoch: number,
  ): { readonly leaderEpoch: number; readonly endOffset: number } | null;

  /** Leader epoch of the records at the log start offset; -1 when it is not known. */
  readonly logStartEpoch: number;
  /** The first record whose timestamp is not below `timestampMs`. */
  offsetForTimestamp(timestampMs: number): TimestampedOffset | null;
  /** The first record with the largest timestamp. */
  offsetOfMaxTimestamp(): TimestampedOffset | null;

  /** Whether a broker other than this one has a replica of the partition. */
  hasFollower(replicaId: number): boolean;
  /** Notes a follower's progress, which may move the high watermark. */
  onFollowerFetch(fetch: FollowerFetch): void;

  /**
   * Moves the log start offset up to `offset` (at most the high watermark, else OFFSET_OUT_OF_RANGE);
   * returns an error code.
   */
  deleteRecordsBefore(offset: number): number;
  /** The lowest log start offset among the live replicas. */
  readonly lowWatermark: number;

  /** What DescribeProducers tells. */
  activeProducers(): readonly ActiveProducer[];
}

/** A log directory, for DescribeLogDirs. */
export interface LogDirectory {
  readonly path: string;
  /** KAFKA_STORAGE_ERROR when it has failed. */
  readonly errorCode: number;
  /** Size of its file system; -1 when it can't be told. */
  readonly totalBytes: number;
  readonly usableBytes: number;
  readonly isCordoned: boolean;
  readonly replicas: readonly {
    readonly topic: string;
    readonly partition: number;
    readonly sizeBytes: number;
    /** How far it is behind the high watermark. */
    readonly offsetLag: number;
    readonly isFuture: boolean;
  }[];
}
