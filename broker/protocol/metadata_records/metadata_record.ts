/** How the values of `__cluster_metadata` records are framed. */
import type { Fields, Infer, StoredMessage, StoredOf } from "../schema.ts";
import { decodeTyped, encodeTyped } from "../stored.ts";
import { registerBrokerRecord } from "./register_broker.ts";
import { unregisterBrokerRecord } from "./unregister_broker.ts";
import { topicRecord } from "./topic.ts";
import { partitionRecord } from "./partition.ts";
import { configRecord } from "./config.ts";
import { partitionChangeRecord } from "./partition_change.ts";
import { fenceBrokerRecord } from "./fence_broker.ts";
import { unfenceBrokerRecord } from "./unfence_broker.ts";
import { removeTopicRecord } from "./remove_topic.ts";
import { delegationTokenRecord } from "./delegation_token.ts";
import { userScramCredentialRecord } from "./user_scram_credential.ts";
import { featureLevelRecord } from "./feature_level.ts";
import { clientQuotaRecord } from "./client_quota.ts";
import { producerIdsRecord } from "./producer_ids.ts";
import { brokerRegistrationChangeRecord } from "./broker_registration_change.ts";
import { accessControlEntryRecord } from "./access_control_entry.ts";
import { removeAccessControlEntryRecord } from "./remove_access_control_entry.ts";
import { noOpRecord } from "./no_op.ts";
import { zkMigrationStateRecord } from "./zk_migration_state.ts";
import { removeUserScramCredentialRecord } from "./remove_user_scram_credential.ts";
import { beginTransactionRecord } from "./begin_transaction.ts";
import { endTransactionRecord } from "./end_transaction.ts";
import { abortTransactionRecord } from "./abort_transaction.ts";
import { removeDelegationTokenRecord } from "./remove_delegation_token.ts";
import { registerControllerRecord } from "./register_controller.ts";
import { clearElrRecord } from "./clear_elr.ts";
import { unregisterControllerRecord } from "./unregister_controller.ts";

/** Every metadata record type, in the order of its number. */
export const metadataRecords = [
  registerBrokerRecord,
  unregisterBrokerRecord,
  topicRecord,
  partitionRecord,
  configRecord,
  partitionChangeRecord,
  fenceBrokerRecord,
  unfenceBrokerRecord,
  removeTopicRecord,
  delegationTokenRecord,
  userScramCredentialRecord,
  featureLevelRecord,
  clientQuotaRecord,
  producerIdsRecord,
  brokerRegistrationChangeRecord,
  accessControlEntryRecord,
  removeAccessControlEntryRecord,
  noOpRecord,
  zkMigrationStateRecord,
  removeUserScramCredentialRecord,
  beginTransactionRecord,
  endTransactionRecord,
  abortTransactionRecord,
  removeDelegationTokenRecord,
  registerControllerRecord,
  clearElrRecord,
  unregisterControllerRecord,
] as const;

/** A metadata record that was read; `name` tells which. */
export type MetadataRecord = StoredOf<(typeof metadataRecords)[number]>;

/** The value of a record of the metadata log. Throws ProtocolError when `version` cannot carry it. */
export function encodeMetadataRecord<F extends Fields>(
  message: StoredMessage<F>,
  version: number,
  value: Infer<F>,
): Uint8Array {
  return encodeTyped(message, version, value);
}

/**
 * Reads the value of a record of the metadata log; byte fields are views into `bytes`. Throws
 * ProtocolError on an unknown type or version and on malformed bytes: a node must not go on without it.
 */
export function decodeMetadataRecord(bytes: Uint8Array): MetadataRecord {
  return decodeTyped(metadataRecords, bytes);
}
