import type {
  AppendRules,
  RecordProblem,
  RefusedRecords,
  ValidatedRecords,
} from "./append_rules.ts";
import { RECORD_PROBLEMS_MAX } from "./append_rules.ts";
import { BatchCursor } from "./batch.ts";
import { BatchBuilder } from "./builder.ts";
import { CODEC_NONE, type CodecId, codecId } from "./compression/mod.ts";
import { INT64_MAX } from "./int64.ts";
import { RecordCursor } from "./record.ts";
import { errorCodes } from "../errors.ts";
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
 * rule of `checkProducedRecords`. Batches of raft and replication keep their bytes: their lengths,
 * checksums, order and (raft) epochs are looked at, no record is read, and size has no limit.
 *
 * The memory of `records` may be changed even when they are refused. A batch cut off at the end is
 * dropped, as Kafka does.
 */
export function validateProduced(
  records: Uint8Array,
  rules: AppendRules,
): ValidatedRecords | RefusedRecords {
  try {
    const outline = readOutline(records, rules);
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

/** What the batches' headers tell. */
interface Outline {
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

/** Checks each batch as a whole, in Kafka's order, and reads what can be read from outside. */
function readOutline(records: Uint8Array, rules: AppendRules): Outline {
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
      throw tooLarge(batch.sizeBytes, maxBatchBytes);
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

/** What `walk` finds out about all records. */
interface Walk {
  recordCount: number;
  maxTimestampMs: number;
  /** The records' offsets are 0, 1, 2, ... */
  isSequential: boolean;
  hasNegativeTimestamp: boolean;
}

function assignOffsets(
  records: Uint8Array,
  outline: Outline,
  rules: AppendRules,
): ValidatedRecords | RefusedRecords {
  const { startOffset, timestampType, nowMs, leaderEpoch } = rules;
  const { sourceCodec } = outline;
  const targetCodec = targetOf(rules, sourceCodec);
  batch.reset(records).next();
  const { magic } = batch;
  if (outline.batchCount > 1 && (magic === 2 || sourceCodec !== CODEC_NONE)) {
    throw new RecordsError(
      errorCodes.INVALID_RECORD,
      `Cannot append batches: ${outline.batchCount} came where one is allowed`,
    );
  }
  // Control records are left uncompressed whatever the topic says.
  const isInPlace = magic === 2 &&
    (sourceCodec === targetCodec || (sourceCodec === CODEC_NONE && batch.isControl));
  const builder = isInPlace ? null : new BatchBuilder({
    codec: targetCodec,
    levels: rules.compressionLevels,
    baseOffset: startOffset,
    partitionLeaderEpoch: leaderEpoch,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    isTransactional: batch.isTransactional,
    sizeHintBytes: records.length,
    ...(timestampType === "LogAppendTime" ? { logAppendTimeMs: nowMs } : {}),
  });

  const walk: Walk = {
    recordCount: 0,
    maxTimestampMs: -1,
    isSequential: true,
    hasNegativeTimestamp: false,
  };
  do {
    checkBatch(magic, rules);
    const problems = walkRecords(walk, rules, builder);
    if (problems !== null) return refuseRecords(problems);
  } while (batch.next());

  const maxTimestampMs = timestampType === "LogAppendTime" ? nowMs : walk.maxTimestampMs;
  const lastOffset = startOffset + walk.recordCount - 1;
  const validated = {
    ok: true,
    records,
    isRebuilt: builder !== null,
    firstOffset: startOffset,
    lastOffset,
    maxTimestampMs,
    offsetOfMaxTimestamp: maxTimestampMs === -1 ? -1 : lastOffset,
    logAppendTimeMs: timestampType === "LogAppendTime" ? nowMs : -1,
    recordCount: walk.recordCount,
    sourceCodec,
  } as const;
  if (builder !== null) {
    const rebuilt = rebuild(builder, walk);
    if (rebuilt.length > rules.maxBatchBytes) throw tooLarge(rebuilt.length, rules.maxBatchBytes);
    return { ...validated, records: rebuilt };
  }
  if (!walk.isSequential && targetCodec !== CODEC_NONE) {
    // Kafka would recompress here and stumbles over records that it only skimmed: hence its code.
    // Uncompressed batches it takes with such offsets, and so do we.
    throw new RecordsError(
      errorCodes.UNKNOWN_SERVER_ERROR,
      "Cannot append batch: the offsets in it are not 0, 1, 2 and so on",
    );
  }
  batch.setLastOffset(lastOffset);
  batch.setPartitionLeaderEpoch(leaderEpoch);
  batch.setMaxTimestamp(timestampType, maxTimestampMs);
  return { ...validated, records: records.subarray(0, outline.sizeBytes) };
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

/**
 * Reads every record of the current batch, checks it, and hands it to the builder if there is one.
 * Gives the problems when there are any.
 */
function walkRecords(
  walk: Walk,
  rules: AppendRules,
  builder: BatchBuilder | null,
): Problems | null {
  const { nowMs, startOffset, compacted, timestampBeforeMaxMs, timestampAfterMaxMs } = rules;
  const isCreateTime = rules.timestampType === "CreateTime";
  const isStampedByProducer = batch.isLogAppendTime;
  const magic = batch.magic;
  const isSetInside = magic < 2 && batch.isCompressed;
  let problems: Problems | null = null;
  let { recordCount, maxTimestampMs, isSequential } = walk;
  let index = -1;
  record.reset(batch, rules.decompressedBytesMax);
  while (record.next()) {
    index++;
    const { timestampMs } = record;
    if (record.magic !== magic) {
      (problems ??= new Problems()).add(
        index,
        `its magic is ${record.magic} in a message of magic ${magic}`,
      );
      continue;
    }
    if (isSetInside && !record.crcValid()) {
      throw new RecordsError(
        errorCodes.CORRUPT_MESSAGE,
        `Cannot append message set: the checksum of message ${index} is wrong`,
      );
    }
    if (compacted && record.keySize < 0) {
      (problems ??= new Problems()).add(
        index,
        "it has no key, and the topic is compacted by key",
      );
      continue;
    }
    if (isCreateTime && timestampMs !== -1) {
      const ageMs = nowMs - timestampMs;
      // An age beyond int64 comes out negative in Kafka, and so too far in the future.
      if (ageMs > timestampBeforeMaxMs || -ageMs > timestampAfterMaxMs || ageMs >= INT64_MAX) {
        (problems ??= new Problems()).addTimestamp(
          index,
          `its timestamp ${timestampMs} is outside ` +
            `[${nowMs - timestampBeforeMaxMs}, ${nowMs + timestampAfterMaxMs}]`,
        );
        continue;
      }
    } else if (isStampedByProducer) {
      (problems ??= new Problems()).addTimestamp(
        index,
        "only the broker may set the timestamp type LogAppendTime",
      );
      continue;
    }
    if (record.offset !== recordCount) isSequential = false;
    if (timestampMs > maxTimestampMs) maxTimestampMs = timestampMs;
    if (timestampMs < -1) walk.hasNegativeTimestamp = true;
    else if (builder !== null && problems === null) {
      builder.appendCopy(startOffset + recordCount, record);
    }
    recordCount++;
  }
  walk.recordCount = recordCount;
  walk.maxTimestampMs = maxTimestampMs;
  walk.isSequential = isSequential;
  return problems;
}

/** Kafka's builder asks more than its validator, and answers so when it doesn't get it. */
function rebuild(builder: BatchBuilder, walk: Walk): Uint8Array {
  if (walk.hasNegativeTimestamp) {
    throw new RecordsError(
      errorCodes.UNKNOWN_SERVER_ERROR,
      "Cannot rebuild batch: a record has a negative timestamp",
    );
  }
  return builder.build();
}

/** The records of one batch that are refused. */
class Problems {
  readonly list: RecordProblem[] = [];
  count = 0;
  hasTimestamp = false;

  add(index: number, what: string): void {
    this.count++;
    if (this.list.length < RECORD_PROBLEMS_MAX) {
      this.list.push({ index, message: `Record ${index} is refused: ${what}` });
    }
  }

  addTimestamp(index: number, what: string): void {
    this.hasTimestamp = true;
    this.add(index, what);
  }
}

function refuseRecords(problems: Problems): RefusedRecords {
  const first = problems.list[0]!.message;
  const message = problems.count === 1
    ? `The batch is refused for one record. ${first}`
    : `The batch is refused for ${problems.count} records. ${first}`;
  return {
    ok: false,
    errorCode: problems.hasTimestamp ? errorCodes.INVALID_TIMESTAMP : errorCodes.INVALID_RECORD,
    message,
    errorMessage: message,
    recordErrors: problems.list,
  };
}

function refusedBatch(what: string): RecordsError {
  return new RecordsError(errorCodes.INVALID_RECORD, `Cannot append batch: ${what}`);
}

function tooLarge(sizeBytes: number, maxBytes: number): RecordsError {
  return new RecordsError(
    errorCodes.MESSAGE_TOO_LARGE,
    `Cannot append batch: it has ${sizeBytes} bytes, the topic takes ${maxBytes}`,
  );
}
