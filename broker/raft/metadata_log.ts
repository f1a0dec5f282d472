import type { RecordsSource } from "../protocol/mod.ts";

/** What the quorum needs of the log of `__cluster_metadata-0`; a `PartitionLog` is one. */
export interface MetadataLog {
  readonly directory: string;
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  /** Epoch of the last record; -1 when there is none. */
  readonly latestEpoch: number;
  readonly sizeBytes: number;
  /** Why no appends are taken any more; null while they are. */
  readonly failure: Error | null;
  appendAsLeader(
    records: Uint8Array,
    options: {
      readonly leaderEpoch: number;
      readonly origin: "raft";
      readonly nowMs: number;
    },
  ): { readonly errorCode: number; readonly detail: string };
  read(options: {
    readonly fetchOffset: number;
    readonly maxBytes: number;
    readonly upperBoundOffset: number;
    readonly minOneBatch: boolean;
  }): {
    readonly errorCode: number;
    readonly slice: RecordsSource | null;
    readonly detail: string;
  };
  advanceHighWatermark(offset: number): boolean;
  /** Zero, or the code of what is wrong. */
  deleteRecordsBefore(offset: number): number;
  /** Removes segments that lie wholly before the log's start. */
  applyRetention(nowMs: number): number;
  truncateFullyAndStartAt(offset: number): void;
  /** Resolves when all that was appended before would survive a power cut. */
  flush(): Promise<void>;
}
