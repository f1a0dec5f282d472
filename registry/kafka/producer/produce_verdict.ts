import { errorCodes, isRetriable } from "../../../broker/protocol/errors.ts";

/** What the answer for a partition means for the batch that was sent there. */
export type ProduceVerdict =
  /** It stands in the log. */
  | "done"
  /** It doesn't, or not surely; the same bytes may be sent again. */
  | "again"
  /** It is too large as a whole: smaller batches may pass. */
  | "split"
  /** Some of its records are at fault, none was written. */
  | "refused"
  /** The broker lost track of our sequence numbers: it takes a new producer id to go on. */
  | "renew"
  /** It was not written and won't be. */
  | "failed";

const VERDICTS: ReadonlyMap<number, ProduceVerdict> = new Map<number, ProduceVerdict>([
  [errorCodes.NONE, "done"],
  [errorCodes.DUPLICATE_SEQUENCE_NUMBER, "done"],
  [errorCodes.MESSAGE_TOO_LARGE, "split"],
  [errorCodes.RECORD_LIST_TOO_LARGE, "split"],
  [errorCodes.INVALID_RECORD, "refused"],
  [errorCodes.INVALID_TIMESTAMP, "refused"],
  [errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER, "renew"],
  [errorCodes.UNKNOWN_PRODUCER_ID, "renew"],
  [errorCodes.INVALID_PRODUCER_EPOCH, "renew"],
  [errorCodes.INVALID_PRODUCER_ID_MAPPING, "renew"],
  [errorCodes.PRODUCER_FENCED, "renew"],
]);

/** What a partition's error code means. */
export function verdictOn(code: number): ProduceVerdict {
  return VERDICTS.get(code) ?? (isRetriable(code) ? "again" : "failed");
}

/** Codes with which the broker says that it wrote nothing. */
const NOT_WRITTEN: ReadonlySet<number> = new Set([
  ...[...VERDICTS.keys()].filter((code) => VERDICTS.get(code) !== "done"),
  errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
  errorCodes.LEADER_NOT_AVAILABLE,
  errorCodes.NOT_LEADER_OR_FOLLOWER,
  errorCodes.NOT_ENOUGH_REPLICAS,
  errorCodes.CORRUPT_MESSAGE,
  errorCodes.INVALID_TOPIC_EXCEPTION,
  errorCodes.INVALID_REQUIRED_ACKS,
  errorCodes.TOPIC_AUTHORIZATION_FAILED,
  errorCodes.CLUSTER_AUTHORIZATION_FAILED,
  errorCodes.UNSUPPORTED_VERSION,
  errorCodes.UNSUPPORTED_COMPRESSION_TYPE,
  errorCodes.UNSUPPORTED_FOR_MESSAGE_FORMAT,
  errorCodes.POLICY_VIOLATION,
  errorCodes.THROTTLING_QUOTA_EXCEEDED,
]);

/**
 * Whether a batch that got this code may stand in the log nevertheless, as after a timeout of the
 * replication (KIP-679 calls it "after append").
 */
export function mayBeWritten(code: number): boolean {
  return !NOT_WRITTEN.has(code);
}

/** Codes after which the leader that was asked is not the leader to ask next. */
export const STALE_LEADER_CODES: ReadonlySet<number> = new Set([
  errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
  errorCodes.LEADER_NOT_AVAILABLE,
  errorCodes.NOT_LEADER_OR_FOLLOWER,
  errorCodes.FENCED_LEADER_EPOCH,
  errorCodes.UNKNOWN_LEADER_EPOCH,
  errorCodes.REPLICA_NOT_AVAILABLE,
  errorCodes.KAFKA_STORAGE_ERROR,
  errorCodes.NETWORK_EXCEPTION,
  errorCodes.BROKER_NOT_AVAILABLE,
  errorCodes.REQUEST_TIMED_OUT,
]);
