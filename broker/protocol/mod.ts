/**
 * Bytes to messages and back, pure: the schema language, every message of Kafka 4.4 declared in it,
 * the codec that is generated from it, error codes, and the small rules (topic names, key hashing)
 * that clients and brokers must agree on.
 */
export * from "./schema.ts";
export { type Codec, codec, losslessCodec, make, type Partially } from "./codec.ts";
export * from "./errors.ts";
export * from "./frame.ts";
export {
  type RequestEnvelope,
  type RequestHeader,
  requestHeader,
  requestHeaderVersion,
  responseHeader,
  responseHeaderVersion,
} from "./header.ts";
export { fromJson, type JsonValue, toJson } from "./json.ts";
export { type LosslessValue, UNKNOWN_TAGS, type UnknownTag } from "./lossless.ts";
export {
  coordinatorPartition,
  javaStringHash,
  murmur2,
  partitionOfKey,
  shareCoordinatorKey,
} from "./partitioning.ts";
export { ProtocolError } from "./protocol_error.ts";
export { Reader } from "./reader.ts";
export {
  decodeBody,
  decodeTyped,
  decodeVersioned,
  encodeBody,
  encodeTyped,
  encodeVersioned,
} from "./stored.ts";
export {
  collisionKey,
  hasCollisionCharacters,
  isInternalTopic,
  TOPIC_NAME_LENGTH_MAX,
  topicNameProblem,
  topicNamesCollide,
} from "./topic_name.ts";
export { uuidFromBytes, uuidToBytes, ZERO_UUID } from "./uuid.ts";
export { inVersions, versionBounds, type VersionRange } from "./versions.ts";
export { type EncodedMessage, Writer } from "./writer.ts";
export * from "./messages/mod.ts";
export * from "./metadata_records/mod.ts";
export * from "./coordinator_records/mod.ts";
export * from "./control_records/mod.ts";
export * from "./storage_records/mod.ts";
export * from "./client_records/mod.ts";
