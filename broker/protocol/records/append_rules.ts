import type { CodecId, CodecName, CompressionLevels } from "./compression/mod.ts";

/**
 * Who appends: a producer; a coordinator on this node; the metadata quorum's leader; a follower that
 * repeats its leader. The last two bring their offsets along.
 */
export type AppendOrigin = "client" | "coordinator" | "raft" | "replication";

/** `compression.type`: what the producer chose, nothing, or a codec. */
export type CompressionType = "producer" | "uncompressed" | Exclude<CodecName, "none">;

/** What a log asks of the batches it is given; the names are those of Kafka's topic settings. */
export interface AppendRules {
  readonly nowMs: number;
  /** The log's end: what the first record gets as its offset. */
  readonly startOffset: number;
  readonly leaderEpoch: number;
  readonly origin: AppendOrigin;
  readonly compressionType: CompressionType;
  readonly compressionLevels: CompressionLevels;
  /** `cleanup.policy` has `compact`: every record needs a key. */
  readonly compacted: boolean;
  readonly timestampType: "CreateTime" | "LogAppendTime";
  readonly timestampBeforeMaxMs: number;
  readonly timestampAfterMaxMs: number;
  /** `max.message.bytes`: the largest batch, as it comes and as it is written. */
  readonly maxBatchBytes: number;
  /**
   * `max.decompressed.message.bytes`: the largest record in a compressed batch, without the length in
   * front of it; default: no limit, as Kafka's 2^31 - 9 is none.
   */
  readonly decompressedBytesMax?: number;
  /**
   * What a whole batch may unpack to; default `UNPACKED_BYTES_MAX`, or `maxBatchBytes` if more. Kafka
   * has no such limit, and needs none, since it unpacks a little at a time.
   */
  readonly unpackedBytesMax?: number;
}

/** Batches that a log may write. */
export interface ValidatedRecords {
  readonly ok: true;
  /**
   * The bytes to write: the memory that came in, patched in place (less a cut batch at its end), or
   * new memory when they were recompressed or converted.
   */
  readonly records: Uint8Array;
  /** True when `records` is new memory. */
  readonly isRebuilt: boolean;
  /** -1 when there is no batch at all. */
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** -1 when no record has a timestamp. */
  readonly maxTimestampMs: number;
  /** The last offset of the batch that has it, as Kafka's time index wants it; -1 when none has. */
  readonly offsetOfMaxTimestamp: number;
  /** -1 unless the log stamps records itself. */
  readonly logAppendTimeMs: number;
  /** Records walked; those of raft and replication are not, and count 0. */
  readonly recordCount: number;
  /** The codec that the records came in. */
  readonly sourceCodec: CodecId;
}

/** Why one record of a batch was refused. */
export interface RecordProblem {
  /** Its place in the batch, from 0. */
  readonly index: number;
  readonly message: string;
}

/** Batches that a log refuses. */
export interface RefusedRecords {
  readonly ok: false;
  readonly errorCode: number;
  /** What is wrong and where, for logs and people. */
  readonly message: string;
  /**
   * What goes into an answer's error message: null where Kafka has null there, which is whenever
   * records are not named one by one.
   */
  readonly errorMessage: string | null;
  /** At most {@linkcode RECORD_PROBLEMS_MAX}. */
  readonly recordErrors: readonly RecordProblem[];
}

/** More refused records than this in one batch are not told one by one. */
export const RECORD_PROBLEMS_MAX = 1_000;
