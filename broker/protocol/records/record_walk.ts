import { errorCodes } from "../errors.ts";
import type { AppendRules, RecordProblem, RefusedRecords } from "./append_rules.ts";
import { RECORD_PROBLEMS_MAX } from "./append_rules.ts";
import type { BatchCursor } from "./batch.ts";
import type { BatchBuilder } from "./builder.ts";
import { UNPACKED_BYTES_MAX } from "./compression/mod.ts";
import { INT64_MAX } from "./int64.ts";
import type { RecordCursor } from "./record.ts";
import { RecordsError } from "./records_error.ts";

/** What {@linkcode walkRecords} has found out about the records so far. */
export interface Walk {
  recordCount: number;
  maxTimestampMs: number;
  /** The records' offsets are 0, 1, 2, ... */
  isSequential: boolean;
  hasNegativeTimestamp: boolean;
}

/**
 * Reads every record of the current batch, checks it, and hands it to the builder if there is one.
 * Gives the problems when there are any.
 */
export function walkRecords(
  batch: BatchCursor,
  record: RecordCursor,
  walk: Walk,
  rules: AppendRules,
  builder: BatchBuilder | null,
): Problems | null {
  const { nowMs, startOffset, compacted, timestampBeforeMaxMs, timestampAfterMaxMs } = rules;
  const isCreateTime = rules.timestampType === "CreateTime";
  const isStampedByProducer = batch.isLogAppendTime;
  const magic = batch.magic;
  const isSetInside = magic < 2 && batch.isCompressed;
  const bodySizeMax = batch.isCompressed ? rules.decompressedBytesMax ?? Infinity : Infinity;
  let problems: Problems | null = null;
  let { recordCount, maxTimestampMs, isSequential } = walk;
  let index = -1;
  record.reset(
    batch,
    rules.unpackedBytesMax ?? Math.max(UNPACKED_BYTES_MAX, rules.maxBatchBytes),
  );
  while (record.next()) {
    index++;
    const { timestampMs } = record;
    if (record.bodySize > bodySizeMax) {
      throw new RecordsError(
        errorCodes.INVALID_RECORD,
        `Cannot append batch: record ${index} has ${record.bodySize} bytes unpacked, ` +
          `the topic takes ${bodySizeMax}`,
      );
    }
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

/** The records of one batch that are refused. */
export class Problems {
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

/** The answer to a batch with such records: as Kafka's, its code is the timestamps' if there is one. */
export function refuseRecords(problems: Problems): RefusedRecords {
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
