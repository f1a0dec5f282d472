import { errorCodes } from "../protocol/errors.ts";
import type { RecordProblem, RefusedRecords, ValidatedRecords } from "../protocol/records/mod.ts";
import type { BatchMetadata } from "./producer_entry.ts";

/** What became of an append. */
export interface AppendResult {
  readonly errorCode: number;
  /** For an answer's error message; null where Kafka's has none. */
  readonly errorMessage: string | null;
  readonly recordErrors: readonly RecordProblem[];
  /** Offset of the first record; -1 when nothing was appended. */
  readonly baseOffset: number;
  readonly lastOffset: number;
  /** -1 unless the log stamps records itself; of a duplicate, its largest timestamp, as in Kafka. */
  readonly logAppendTimeMs: number;
  /** -1 where Kafka's answer has none. */
  readonly logStartOffset: number;
  /** The batch was there already: the offsets are those of its first arrival. */
  readonly duplicate: boolean;
  /** What is wrong, for logs and people; empty without an error. */
  readonly detail: string;
  /** Set when `flush.messages` asks for a sync before the records count as written: await it. */
  readonly durable: Promise<void> | null;
}

const NO_PROBLEMS: readonly RecordProblem[] = [];

/** The records are in the log. */
export function appended(
  validated: ValidatedRecords,
  logStartOffset: number,
  durable: Promise<void> | null,
): AppendResult {
  return {
    errorCode: errorCodes.NONE,
    errorMessage: null,
    recordErrors: NO_PROBLEMS,
    baseOffset: validated.firstOffset,
    lastOffset: validated.lastOffset,
    logAppendTimeMs: validated.logAppendTimeMs,
    logStartOffset,
    duplicate: false,
    detail: "",
    durable,
  };
}

/** The batch came before: its producer hears what it was told then. */
export function repeated(known: BatchMetadata, logStartOffset: number): AppendResult {
  return {
    errorCode: errorCodes.NONE,
    errorMessage: null,
    recordErrors: NO_PROBLEMS,
    baseOffset: known.lastOffset - known.offsetDelta,
    lastOffset: known.lastOffset,
    logAppendTimeMs: known.timestampMs,
    logStartOffset,
    duplicate: true,
    detail: "",
    durable: null,
  };
}

/** The batches are not what the topic takes. */
export function refused(problem: RefusedRecords, logStartOffset: number): AppendResult {
  return {
    ...failed(problem.errorCode, problem.message),
    errorMessage: problem.errorMessage,
    recordErrors: problem.recordErrors,
    logStartOffset: problem.recordErrors.length > 0 ? logStartOffset : -1,
  };
}

/** Nothing was appended. */
export function failed(errorCode: number, detail: string): AppendResult {
  return {
    errorCode,
    errorMessage: null,
    recordErrors: NO_PROBLEMS,
    baseOffset: -1,
    lastOffset: -1,
    logAppendTimeMs: -1,
    logStartOffset: -1,
    duplicate: false,
    detail,
    durable: null,
  };
}
