/**
 * What `__cluster_metadata` and its snapshots hold: one record type per change of the cluster.
 */
export {
  type ClientQuotaRecord,
  clientQuotaRecord,
  type ConfigRecord,
  configRecord,
  type FeatureLevelRecord,
  featureLevelRecord,
  type ProducerIdsRecord,
  producerIdsRecord,
  type ZkMigrationStateRecord,
  zkMigrationStateRecord,
} from "./cluster_records.ts";
export {
  type AbortTransactionRecord,
  abortTransactionRecord,
  type BeginTransactionRecord,
  beginTransactionRecord,
  type EndTransactionRecord,
  endTransactionRecord,
  type NoOpRecord,
  noOpRecord,
} from "./log_records.ts";
export {
  type BrokerRegistrationChangeRecord,
  brokerRegistrationChangeRecord,
  type FenceBrokerRecord,
  fenceBrokerRecord,
  type RegisterBrokerRecord,
  registerBrokerRecord,
  type RegisterControllerRecord,
  registerControllerRecord,
  type UnfenceBrokerRecord,
  unfenceBrokerRecord,
  type UnregisterBrokerRecord,
  unregisterBrokerRecord,
  type UnregisterControllerRecord,
  unregisterControllerRecord,
} from "./node_records.ts";
export {
  type AccessControlEntryRecord,
  accessControlEntryRecord,
  type DelegationTokenRecord,
  delegationTokenRecord,
  type RemoveAccessControlEntryRecord,
  removeAccessControlEntryRecord,
  type RemoveDelegationTokenRecord,
  removeDelegationTokenRecord,
  type RemoveUserScramCredentialRecord,
  removeUserScramCredentialRecord,
  type UserScramCredentialRecord,
  userScramCredentialRecord,
} from "./security_records.ts";
export {
  type ClearElrRecord,
  clearElrRecord,
  type PartitionChangeRecord,
  partitionChangeRecord,
  type PartitionRecord,
  partitionRecord,
  type RemoveTopicRecord,
  removeTopicRecord,
  type TopicRecord,
  topicRecord,
} from "./topic_records.ts";
export {
  decodeMetadataRecord,
  encodeMetadataRecord,
  type MetadataRecord,
  metadataRecords,
} from "./metadata_record.ts";
