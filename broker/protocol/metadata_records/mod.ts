/**
 * What `__cluster_metadata` and its snapshots hold: one record type per change of the cluster.
 */
export { type AbortTransactionRecord, abortTransactionRecord } from "./abort_transaction.ts";
export { type AccessControlEntryRecord, accessControlEntryRecord } from "./access_control_entry.ts";
export { type BeginTransactionRecord, beginTransactionRecord } from "./begin_transaction.ts";
export {
  type BrokerRegistrationChangeRecord,
  brokerRegistrationChangeRecord,
} from "./broker_registration_change.ts";
export { type ClearElrRecord, clearElrRecord } from "./clear_elr.ts";
export { type ClientQuotaRecord, clientQuotaRecord } from "./client_quota.ts";
export { type ConfigRecord, configRecord } from "./config.ts";
export { type DelegationTokenRecord, delegationTokenRecord } from "./delegation_token.ts";
export { type EndTransactionRecord, endTransactionRecord } from "./end_transaction.ts";
export { type FeatureLevelRecord, featureLevelRecord } from "./feature_level.ts";
export { type FenceBrokerRecord, fenceBrokerRecord } from "./fence_broker.ts";
export { type NoOpRecord, noOpRecord } from "./no_op.ts";
export { type PartitionRecord, partitionRecord } from "./partition.ts";
export { type PartitionChangeRecord, partitionChangeRecord } from "./partition_change.ts";
export { type ProducerIdsRecord, producerIdsRecord } from "./producer_ids.ts";
export { type RegisterBrokerRecord, registerBrokerRecord } from "./register_broker.ts";
export { type RegisterControllerRecord, registerControllerRecord } from "./register_controller.ts";
export {
  type RemoveAccessControlEntryRecord,
  removeAccessControlEntryRecord,
} from "./remove_access_control_entry.ts";
export {
  type RemoveDelegationTokenRecord,
  removeDelegationTokenRecord,
} from "./remove_delegation_token.ts";
export { type RemoveTopicRecord, removeTopicRecord } from "./remove_topic.ts";
export {
  type RemoveUserScramCredentialRecord,
  removeUserScramCredentialRecord,
} from "./remove_user_scram_credential.ts";
export { type TopicRecord, topicRecord } from "./topic.ts";
export { type UnfenceBrokerRecord, unfenceBrokerRecord } from "./unfence_broker.ts";
export { type UnregisterBrokerRecord, unregisterBrokerRecord } from "./unregister_broker.ts";
export {
  type UnregisterControllerRecord,
  unregisterControllerRecord,
} from "./unregister_controller.ts";
export {
  type UserScramCredentialRecord,
  userScramCredentialRecord,
} from "./user_scram_credential.ts";
export { type ZkMigrationStateRecord, zkMigrationStateRecord } from "./zk_migration_state.ts";
export {
  decodeMetadataRecord,
  encodeMetadataRecord,
  type MetadataRecord,
  metadataRecords,
} from "./metadata_record.ts";
