import { errorCodes } from "../errors.ts";
import type {
  AppendRules,
  RecordProblem,
  RefusedRecords,
  ValidatedRecords,
} from "./append_rules.ts";
import { BatchCursor } from "./batch.ts";
import { BatchBuilder } from "./builder.ts";
import { CODEC_NONE, type CodecId, codecId } from "./compression/mod.ts";
import { batchTooLarge, type Outline, readOutline } from "./outline.ts";
import { RecordCursor } from "./record.ts";
import { refuseRecords, type Walk, walkRecords } from "./record_walk.ts";
import { RecordsError } from "./records_error.ts";

// One pair serves every append of the thread: validation is synchronous and enters itself nowhere.
const batch = new BatchCursor();
const record = new RecordCursor();

const NO_PROBLEMS: readonly RecordProblem[] = [];

/**
 * Checks batches before they are appended and makes them the log's own: offsets from `startOffset`,
 * the leader's epoch, the log's timestamp type and compression. In place where Kafka does that in
 * place, else rebuilt; what comes out is what Kafka would write, byte for byte where the compression
 * library has no say. Bad input never throws: it gives Kafka's error code.
 *
 * Messages of magic 0 and 1 are converted to magic 2; that clients can't send them any more is the
 * rule of `checkProduced`. Batches of raft and replication keep their bytes: their lengths,
 * checksums, order, and raft's sizes and epochs are looked at, but no record is read.
 *
 * The memory of `records` is unchanged when they are refused. A batch cut off at the end is dropped,
 * as Kafka does.
 */
export function validateProduced(
  records: Uint8Array,
  rules: AppendRules,
): ValidatedRecords | RefusedRecords {
  try {
    const outline = readOutline(batch, records, rules);
    const keepsOffsets = rules.origin === "raft" || rules.origin === "replication";
    return keepsOffsets || outline.batchCount === 0
      ? asTheyAre(records, outline, keepsOffsets)
      : assignOffsets(records, outline, rules);
  } catch (error) {
    if (!(error instanceof RecordsError)) throw error;
    const { errorCode, message } = error;
    return { ok: false, errorCode, message, errorMessage: null, recordErrors: NO_PROBLEMS };
  } finally {
    batch.clear();
    record.clear();
  }
}

function asTheyAre(
  records: Uint8Array,
  outline: Outline,
  keepsOffsets: boolean,
): ValidatedRecords {
  if (keepsOffsets && !outline.isMonotonic) {
    throw new RecordsError(
      errorCodes.UNKNOWN_SERVER_ERROR,
      `Cannot append batches: their offsets don't grow up to ${outline.lastOffset}`,
    );
  }
  return {
    ok: true,
    records: records.subarray(0, outline.sizeBytes),
    isRebuilt: false,
    firstOffset: outline.firstOffset,
    lastOffset: outline.lastOffset,
    maxTimestampMs: outline.maxTimestampMs,
    offsetOfMaxTimestamp: outline.offsetOfMaxTimestamp,
    logAppendTimeMs: -1,
    recordCount: 0,
    sourceCodec: outline.sourceCodec,
  };
}

/** The leader's half: the batches are one, but for uncompressed messages of magic 0 and 1. */
function assignOffsets(
  records: Uint8Array,
  outline: Outline,
  rules: AppendRules,
): ValidatedRecords | RefusedRecords {
  const { sourceCodec } = outline;
  const targetCodec = targetOf(rules, sourceCodec);
  batch.reset(records).next();
  const { magic } = batch;
  if (outline.batchCount > 1 && (magic === 2 || sourceCodec !== CODEC_NONE)) {
    throw refusedBatch(`${outline.batchCount} batches came where one is allowed`);
  }
  // Control records are left uncompressed whatever the topic says.
  const isInPlace = magic === 2 &&
    (sourceCodec === targetCodec || (sourceCodec === CODEC_NONE && batch.isControl));
  const builder = isInPlace ? null : builderFor(targetCodec, records.length, rules);
  const walk: Walk = {
    recordCount: 0,
    maxTimestampMs: -1,
    isSequential: true,
    hasNegativeTimestamp: false,
  };
  do {
    checkBatch(magic, rules);
    const problems = walkRecords(batch, record, walk, rules, builder);
    if (problems !== null) return refuseRecords(problems);
  } while (batch.next());

  const isAppendTime = rules.timestampType === "LogAppendTime";
  const maxTimestampMs = isAppendTime ? rules.nowMs : walk.maxTimestampMs;
  const lastOffset = rules.startOffset + walk.recordCount - 1;
  const written = builder === null
    ? patch(records.subarray(0, outline.sizeBytes), { walk, rules, maxTimestampMs, lastOffset })
    : rebuild(builder, walk, rules);
  return {
    ok: true,
    records: written,
    isRebuilt: builder !== null,
    firstOffset: rules.startOffset,
    lastOffset,
    maxTimestampMs,
    offsetOfMaxTimestamp: maxTimestampMs === -1 ? -1 : lastOffset,
    logAppendTimeMs: isAppendTime ? rules.nowMs : -1,
    recordCount: walk.recordCount,
    sourceCodec,
  };
}

/** Makes the current batch, the only one, the log's own where it lies. */
function patch(
  records: Uint8Array,
  found: {
    readonly walk: Walk;
    readonly rules: AppendRules;
    readonly maxTimestampMs: number;
    readonly lastOffset: number;
  },
): Uint8Array {
  if (!found.walk.isSequential && batch.isCompressed) {
    // Kafka would recompress here and stumbles over records that it only skimmed: hence its code.
    // Uncompressed batches it takes with such offsets, and so do we.
    throw new RecordsError(
      errorCodes.UNKNOWN_SERVER_ERROR,
      "Cannot append batch: the offsets in it are not 0, 1, 2 and so on",
    );
  }
  batch.setLastOffset(found.lastOffset);
  batch.setPartitionLeaderEpoch(found.rules.leaderEpoch);
  batch.setMaxTimestamp(found.rules.timestampType, found.maxTimestampMs);
  return records;
}

/** A builder that goes on with the producer's fields of the current batch. */
function builderFor(codec: CodecId, sizeHintBytes: number, rules: AppendRules): BatchBuilder {
  return new BatchBuilder({
    codec,
    levels: rules.compressionLevels,
    baseOffset: rules.startOffset,
    partitionLeaderEpoch: rules.leaderEpoch,
    producerId: batch.exactProducerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    isTransactional: batch.isTransactional,
    sizeHintBytes,
    ...(rules.timestampType === "LogAppendTime" ? { logAppendTimeMs: rules.nowMs } : {}),
  });
}

/** Kafka's builder asks more than its validator, and answers so when it doesn't get it. */
function rebuild(builder: BatchBuilder, walk: Walk, rules: AppendRules): Uint8Array {
  if (walk.hasNegativeTimestamp) {
    throw new RecordsError(
      errorCodes.UNKNOWN_SERVER_ERROR,
      "Cannot rebuild batch: a record has a negative timestamp",
    );
  }
  const rebuilt = builder.build();
  if (rebuilt.length > rules.maxBatchBytes) {
    throw batchTooLarge(rebuilt.length, rules.maxBatchBytes);
  }
  return rebuilt;
}

function targetOf(rules: AppendRules, sourceCodec: CodecId): CodecId {
  switch (rules.compressionType) {
    case "producer":
      return sourceCodec;
    case "uncompressed":
      return CODEC_NONE;
    default:
      return codecId(rules.compressionType);
  }
}

/** What a header may say; most of it is asked of clients alone. */
function checkBatch(firstMagic: number, rules: AppendRules): void {
  if (batch.magic !== firstMagic) {
    throw refusedBatch(`its magic is ${batch.magic}, the first one's ${firstMagic}`);
  }
  if (rules.origin !== "client" || batch.magic < 2) return;
  const rangeCount = batch.lastOffsetDelta + 1;
  const { recordCount } = batch;
  if (rangeCount <= 0 || recordCount <= 0 || rangeCount !== recordCount) {
    throw refusedBatch(`it says ${recordCount} records in a range of ${rangeCount} offsets`);
  }
  if (batch.isControl) throw refusedBatch("control records are not for clients to write");
  if (batch.hasProducerId && batch.baseSequence < 0) {
    throw refusedBatch(
      `producer ${batch.producerId} gave it the sequence number ${batch.baseSequence}`,
    );
  }
}

function refusedBatch(what: string): RecordsError {
  return new RecordsError(errorCodes.INVALID_RECORD, `Cannot append batch: ${what}`);
}
