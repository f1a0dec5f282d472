/** How the values of `__cluster_metadata` records are framed. */
import type { Fields, Infer, StoredMessage, StoredOf } from "../schema.ts";
import { decodeTyped, encodeTyped } from "../stored.ts";
import * as cluster from "./cluster_records.ts";
import * as log from "./log_records.ts";
import * as node from "./node_records.ts";
import * as security from "./security_records.ts";
import * as topic from "./topic_records.ts";

/** Every metadata record type, in the order of its number. */
export const metadataRecords = [
  node.registerBrokerRecord,
  node.unregisterBrokerRecord,
  topic.topicRecord,
  topic.partitionRecord,
  cluster.configRecord,
  topic.partitionChangeRecord,
  node.fenceBrokerRecord,
  node.unfenceBrokerRecord,
  topic.removeTopicRecord,
  security.delegationTokenRecord,
  security.userScramCredentialRecord,
  cluster.featureLevelRecord,
  cluster.clientQuotaRecord,
  cluster.producerIdsRecord,
  node.brokerRegistrationChangeRecord,
  security.accessControlEntryRecord,
  security.removeAccessControlEntryRecord,
  log.noOpRecord,
  cluster.zkMigrationStateRecord,
  security.removeUserScramCredentialRecord,
  log.beginTransactionRecord,
  log.endTransactionRecord,
  log.abortTransactionRecord,
  security.removeDelegationTokenRecord,
  node.registerControllerRecord,
  topic.clearElrRecord,
  node.unregisterControllerRecord,
] as const;

/** A metadata record that was read; `name` tells which. */
export type MetadataRecord = StoredOf<(typeof metadataRecords)[number]>;

/** The value of a metadata record. Throws ProtocolError when `version` cannot carry it. */
export function encodeMetadataRecord<F extends Fields>(
  message: StoredMessage<F>,
  version: number,
  value: Infer<F>,
): Uint8Array {
  return encodeTyped(message, version, value);
}

/**
 * Reads the value of a metadata record; byte fields are views into `bytes`. Throws ProtocolError on an
 * unknown type or version and on malformed bytes: a node must not go on without it.
 */
export function decodeMetadataRecord(bytes: Uint8Array): MetadataRecord {
  return decodeTyped(metadataRecords, bytes);
}
