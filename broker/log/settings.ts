/** What a topic's batches are compressed with on disk; `producer` keeps what the producer chose. */
export type LogCompressionType = "producer" | "uncompressed" | "gzip" | "snappy" | "lz4" | "zstd";

/**
 * Topic-level settings of one log, resolved from the topic's own and the broker's options. Times are
 * milliseconds, sizes bytes; -1 means "no limit" where Kafka says so, and Java's largest long
 * stands as `Number.MAX_SAFE_INTEGER` ("never").
 */
export interface LogSettings {
  /** `cleanup.policy`; both false keeps everything. */
  readonly cleanupPolicy: { readonly compact: boolean; readonly delete: boolean };
  readonly compressionType: LogCompressionType;
  readonly compressionLevels: {
    readonly gzip: number;
    readonly lz4: number;
    readonly zstd: number;
  };
  /** `segment.bytes`, or `internal.segment.bytes` where that is set. */
  readonly segmentBytes: number;
  readonly segmentMs: number;
  readonly segmentJitterMs: number;
  readonly segmentIndexBytes: number;
  readonly indexIntervalBytes: number;
  readonly preallocate: boolean;
  readonly retentionMs: number;
  readonly retentionBytes: number;
  readonly fileDeleteDelayMs: number;
  readonly flushMessages: number;
  readonly flushMs: number;
  readonly maxMessageBytes: number;
  readonly maxDecompressedMessageBytes: number;
  readonly messageTimestampType: "CreateTime" | "LogAppendTime";
  readonly messageTimestampBeforeMaxMs: number;
  readonly messageTimestampAfterMaxMs: number;
  readonly minInSyncReplicas: number;
  readonly uncleanLeaderElectionEnable: boolean;
  readonly minCompactionLagMs: number;
  readonly maxCompactionLagMs: number;
  readonly minCleanableDirtyRatio: number;
  readonly deleteRetentionMs: number;
  readonly remoteStorageEnable: boolean;
  readonly remoteLogCopyDisable: boolean;
  readonly remoteLogDeleteOnDisable: boolean;
  /** -2: as `retentionMs`. */
  readonly localRetentionMs: number;
  /** -2: as `retentionBytes`. */
  readonly localRetentionBytes: number;
  readonly remoteCopyLagMs: number;
  readonly remoteCopyLagBytes: number;
  readonly leaderReplicationThrottledReplicas: readonly string[];
  readonly followerReplicationThrottledReplicas: readonly string[];
  readonly errorsDeadLetterQueueGroupEnable: boolean;
}

const NEVER = Number.MAX_SAFE_INTEGER;

/** Kafka 4.4's defaults. */
export const DEFAULT_LOG_SETTINGS: LogSettings = {
  cleanupPolicy: { compact: false, delete: true },
  compressionType: "producer",
  compressionLevels: { gzip: -1, lz4: 9, zstd: 3 },
  segmentBytes: 1_073_741_824,
  segmentMs: 604_800_000,
  segmentJitterMs: 0,
  segmentIndexBytes: 10_485_760,
  indexIntervalBytes: 4_096,
  preallocate: false,
  retentionMs: 604_800_000,
  retentionBytes: -1,
  fileDeleteDelayMs: 60_000,
  flushMessages: NEVER,
  flushMs: NEVER,
  maxMessageBytes: 1_048_588,
  maxDecompressedMessageBytes: 2_147_483_639,
  messageTimestampType: "CreateTime",
  messageTimestampBeforeMaxMs: NEVER,
  messageTimestampAfterMaxMs: 3_600_000,
  minInSyncReplicas: 1,
  uncleanLeaderElectionEnable: false,
  minCompactionLagMs: 0,
  maxCompactionLagMs: NEVER,
  minCleanableDirtyRatio: 0.5,
  deleteRetentionMs: 86_400_000,
  remoteStorageEnable: false,
  remoteLogCopyDisable: false,
  remoteLogDeleteOnDisable: false,
  localRetentionMs: -2,
  localRetentionBytes: -2,
  remoteCopyLagMs: 0,
  remoteCopyLagBytes: -1,
  leaderReplicationThrottledReplicas: [],
  followerReplicationThrottledReplicas: [],
  errorsDeadLetterQueueGroupEnable: false,
};
