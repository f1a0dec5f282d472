import { errorCodes } from "../errors.ts";
import type { AppendRules } from "./append_rules.ts";
import type { BatchCursor } from "./batch.ts";
import { CODEC_NONE, type CodecId } from "./compression/mod.ts";
import { RecordsError } from "./records_error.ts";

/** What the headers of appended batches tell. */
export interface Outline {
  readonly batchCount: number;
  readonly sizeBytes: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly maxTimestampMs: number;
  readonly offsetOfMaxTimestamp: number;
  /** The last one that is not none: a leader takes one compressed batch at a time anyway. */
  readonly sourceCodec: CodecId;
  readonly isMonotonic: boolean;
}

/**
 * Checks each batch as a whole, in Kafka's order, and reads what can be read from outside. Throws a
 * {@linkcode RecordsError} for the first that fails.
 */
export function readOutline(
  batch: BatchCursor,
  records: Uint8Array,
  rules: AppendRules,
): Outline {
  const { origin, leaderEpoch, maxBatchBytes } = rules;
  let batchCount = 0;
  let firstOffset = -1;
  let lastOffset = -1;
  let maxTimestampMs = -1;
  let offsetOfMaxTimestamp = -1;
  let sourceCodec: CodecId = CODEC_NONE;
  let isMonotonic = true;
  batch.reset(records);
  while (batch.next()) {
    if (origin === "raft" && batch.partitionLeaderEpoch !== leaderEpoch) {
      throw new RecordsError(
        errorCodes.INVALID_RECORD,
        `Cannot append batch: its leader epoch is ${batch.partitionLeaderEpoch}, ` +
          `the leader's is ${leaderEpoch}`,
      );
    }
    if (origin === "client" && batch.magic === 2 && batch.baseOffset !== 0) {
      throw new RecordsError(
        errorCodes.INVALID_RECORD,
        `Cannot append batch: a producer's base offset is 0, this one's ${batch.baseOffset}`,
      );
    }
    if (origin !== "replication" && batch.sizeBytes > maxBatchBytes) {
      throw batchTooLarge(batch.sizeBytes, maxBatchBytes);
    }
    if (!batch.crcValid()) {
      throw new RecordsError(
        errorCodes.CORRUPT_MESSAGE,
        `Cannot append batch: its bytes don't have the checksum ${batch.crc}`,
      );
    }
    if (batchCount++ === 0) firstOffset = batch.magic === 2 ? batch.baseOffset : -1;
    if (lastOffset >= batch.lastOffset) isMonotonic = false;
    lastOffset = batch.lastOffset;
    if (batch.maxTimestampMs > maxTimestampMs) {
      maxTimestampMs = batch.maxTimestampMs;
      offsetOfMaxTimestamp = lastOffset;
    }
    const codec = batch.codec;
    if (codec !== CODEC_NONE) sourceCodec = codec;
  }
  return {
    batchCount,
    sizeBytes: batch.nextPosition,
    firstOffset,
    lastOffset,
    maxTimestampMs,
    offsetOfMaxTimestamp,
    sourceCodec,
    isMonotonic,
  };
}

/** The answer to a batch beyond `max.message.bytes`. */
export function batchTooLarge(sizeBytes: number, maxBytes: number): RecordsError {
  return new RecordsError(
    errorCodes.MESSAGE_TOO_LARGE,
    `Cannot append batch: it has ${sizeBytes} bytes, the topic takes ${maxBytes}`,
  );
}
