import { errorCodes } from "../../broker/protocol/errors.ts";
import { HttpError } from "../http/mod.ts";
import { ConsumerStateError, KafkaError } from "../kafka/mod.ts";
import { SchemaSourceError } from "./schemas/schema_source_error.ts";

/** The numbers that errors of the proxy have beside their HTTP status. */
export const restCodes = {
  /** With status 422: a constraint on a consumer's option. */
  CONSUMER_CONFIG_CONSTRAINT: 40001,
  KAFKA_REFUSES: 40002,
  AUTHENTICATION_FAILED: 40101,
  AUTHORIZATION_FAILED: 40301,
  TOPIC_NOT_FOUND: 40401,
  PARTITION_NOT_FOUND: 40402,
  CONSUMER_INSTANCE_NOT_FOUND: 40403,
  /** In v3: a topic or partition that Kafka doesn't know. */
  KAFKA_NOT_FOUND: 40403,
  LEADER_NOT_AVAILABLE: 40404,
  CONSUMER_FORMAT_MISMATCH: 40601,
  CONSUMER_ALREADY_SUBSCRIBED: 40901,
  CONSUMER_INSTANCE_EXISTS: 40902,
  ILLEGAL_STATE: 40903,
  KEY_SCHEMA_MISSING: 42201,
  VALUE_SCHEMA_MISSING: 42202,
  JSON_CONVERSION: 42203,
  BAD_CONSUMER_CONFIG: 42204,
  BAD_SCHEMA: 42205,
  BAD_PAYLOAD: 42206,
  SERIALIZATION: 42207,
  BAD_BATCH: 42208,
  QUOTA_EXCEEDED: 42901,
  KAFKA_ERROR: 50002,
  KAFKA_RETRIABLE_ERROR: 50003,
  BROKER_NOT_AVAILABLE: 50302,
} as const;

/** What an error answers with: HTTP status and error code. */
export type StatusAndCode = readonly [status: number, errorCode: number];

const AUTHENTICATION: ReadonlySet<number> = new Set([
  errorCodes.SASL_AUTHENTICATION_FAILED,
  errorCodes.ILLEGAL_SASL_STATE,
  errorCodes.UNSUPPORTED_SASL_MECHANISM,
]);

const AUTHORIZATION: ReadonlySet<number> = new Set([
  errorCodes.TOPIC_AUTHORIZATION_FAILED,
  errorCodes.GROUP_AUTHORIZATION_FAILED,
  errorCodes.CLUSTER_AUTHORIZATION_FAILED,
  errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
  errorCodes.DELEGATION_TOKEN_AUTHORIZATION_FAILED,
]);

/** No broker answers at all. */
const UNREACHABLE: ReadonlySet<number> = new Set([
  errorCodes.BROKER_NOT_AVAILABLE,
  errorCodes.NETWORK_EXCEPTION,
]);

/** The request asks for what the cluster will never do. */
const REFUSED: ReadonlySet<number> = new Set([
  errorCodes.TOPIC_ALREADY_EXISTS,
  errorCodes.INVALID_PARTITIONS,
  errorCodes.INVALID_REPLICATION_FACTOR,
  errorCodes.INVALID_REPLICA_ASSIGNMENT,
  errorCodes.INVALID_CONFIG,
  errorCodes.POLICY_VIOLATION,
  errorCodes.INVALID_REQUEST,
  errorCodes.UNSUPPORTED_VERSION,
  errorCodes.INVALID_TOPIC_EXCEPTION,
  errorCodes.SECURITY_DISABLED,
  errorCodes.TOPIC_DELETION_DISABLED,
  errorCodes.UNKNOWN_SERVER_ERROR,
]);

/** What Kafka's errors are in both versions of the API, null where the versions differ. */
function commonAnswer(error: KafkaError): StatusAndCode | null {
  if (AUTHENTICATION.has(error.code)) return [401, restCodes.AUTHENTICATION_FAILED];
  if (AUTHORIZATION.has(error.code)) return [403, restCodes.AUTHORIZATION_FAILED];
  if (UNREACHABLE.has(error.code)) return [503, restCodes.BROKER_NOT_AVAILABLE];
  if (error.code === errorCodes.THROTTLING_QUOTA_EXCEEDED) return [429, restCodes.QUOTA_EXCEEDED];
  return null;
}

function otherAnswer({ retriable }: KafkaError): StatusAndCode {
  return retriable ? [500, restCodes.KAFKA_RETRIABLE_ERROR] : [500, restCodes.KAFKA_ERROR];
}

/** What v3 answers to an error of Kafka's. */
export function v3Answer(error: KafkaError): StatusAndCode {
  const common = commonAnswer(error);
  if (common !== null) return common;
  if (error.code === errorCodes.UNKNOWN_TOPIC_OR_PARTITION) return [404, restCodes.KAFKA_NOT_FOUND];
  if (error.code === errorCodes.UNKNOWN_TOPIC_ID) return [404, restCodes.KAFKA_NOT_FOUND];
  if (isTooLarge(error)) return [413, 413];
  if (REFUSED.has(error.code)) return [400, restCodes.KAFKA_REFUSES];
  return otherAnswer(error);
}

/** What v2 answers to an error of Kafka's that fails the whole request. */
export function v2Answer(error: KafkaError): StatusAndCode {
  const common = commonAnswer(error);
  if (common !== null) return common;
  switch (error.code) {
    case errorCodes.UNKNOWN_TOPIC_OR_PARTITION:
    case errorCodes.INVALID_TOPIC_EXCEPTION:
      return [404, restCodes.TOPIC_NOT_FOUND];
    case errorCodes.LEADER_NOT_AVAILABLE:
      return [404, restCodes.LEADER_NOT_AVAILABLE];
    case errorCodes.INVALID_GROUP_ID:
    case errorCodes.INVALID_SESSION_TIMEOUT:
    case errorCodes.OFFSET_METADATA_TOO_LARGE:
      return [422, restCodes.BAD_CONSUMER_CONFIG];
    case errorCodes.UNKNOWN_MEMBER_ID:
    case errorCodes.ILLEGAL_GENERATION:
    case errorCodes.REBALANCE_IN_PROGRESS:
    case errorCodes.FENCED_INSTANCE_ID:
    case errorCodes.INCONSISTENT_GROUP_PROTOCOL:
      return [409, restCodes.ILLEGAL_STATE];
  }
  return otherAnswer(error);
}

/** The code of one record of a v2 produce that failed; the request is answered 200 but for two of them. */
export function v2RecordCode(error: KafkaError): number {
  if (AUTHENTICATION.has(error.code)) return restCodes.AUTHENTICATION_FAILED;
  if (AUTHORIZATION.has(error.code)) return restCodes.AUTHORIZATION_FAILED;
  return error.retriable ? restCodes.KAFKA_RETRIABLE_ERROR : restCodes.KAFKA_ERROR;
}

function isTooLarge({ code }: KafkaError): boolean {
  return code === errorCodes.MESSAGE_TOO_LARGE || code === errorCodes.RECORD_LIST_TOO_LARGE;
}

/** An error of a room below as the HTTP error that it is; null: it is a bug. */
export function toHttpError(
  error: unknown,
  answer: (error: KafkaError) => StatusAndCode = v3Answer,
): HttpError | null {
  if (error instanceof HttpError) return error;
  if (error instanceof KafkaError) {
    const [status, code] = answer(error);
    return new HttpError(status, code, error.message);
  }
  if (error instanceof SchemaSourceError) {
    return error.reason === "unreachable"
      ? new HttpError(503, restCodes.BROKER_NOT_AVAILABLE, error.message)
      : new HttpError(422, restCodes.BAD_SCHEMA, error.message);
  }
  if (error instanceof ConsumerStateError) {
    return new HttpError(409, restCodes.ILLEGAL_STATE, error.message);
  }
  return null;
}
