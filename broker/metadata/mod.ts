/**
 * What the cluster has agreed on, pure: the records of the metadata log, the immutable image that they
 * add up to, the delta that tells what changed, features and their levels, the files that snapshots
 * are kept in, and the broker's side of its life in the cluster. Records change an image by replay
 * alone, alike on leader, follower and restart.
 */
export { bootstrapRecords, LEGACY_BOOTSTRAP_FILE } from "./bootstrap.ts";
export {
  type BrokerIdentity,
  BrokerLifecycle,
  type BrokerState,
  type LifecycleEvent,
  type LifecycleRequest,
  type LifecycleSettings,
} from "./broker_lifecycle.ts";
export {
  BrokerLifecycleDriver,
  type BrokerLifecycleDriverOptions,
  type ControllerChannel,
} from "./broker_lifecycle_driver.ts";
export {
  type BrokerImage,
  type ControllerImage,
  defaultDirectory,
  type Endpoint,
  isActive,
  isDirectoryOnline,
  takesNewReplicas,
} from "./cluster_image.ts";
export { ConfigsDelta, type ResourceConfigDelta } from "./configs_delta.ts";
export {
  ConfigsImage,
  RESOURCE_BROKER,
  RESOURCE_BROKER_LOGGER,
  RESOURCE_CLIENT_METRICS,
  RESOURCE_GROUP,
  RESOURCE_TOPIC,
  type ResourceConfig,
} from "./configs_image.ts";
export { MetadataDelta } from "./delta.ts";
export * from "./features.ts";
export {
  EMPTY_IMAGE,
  featureLevel,
  type FeaturesImage,
  type MetadataImage,
  metadataVersionOf,
  NO_PROVENANCE,
  type Provenance,
  scramKey,
} from "./image.ts";
export { MapDelta } from "./map_delta.ts";
export { type MetadataBatch, MetadataState, type Publication } from "./metadata_state.ts";
export {
  changePartition,
  DIRECTORY_LOST,
  DIRECTORY_MIGRATING,
  DIRECTORY_UNASSIGNED,
  directoryOf,
  isReassigning,
  isReservedDirectory,
  NO_LEADER,
  NO_LEADER_CHANGE,
  type PartitionImage,
  partitionToRecord,
  RECOVERED,
  RECOVERING,
} from "./partition_image.ts";
export { type MapKey, PersistentMap } from "./persistent_map.ts";
export { quotaEntityKey, type QuotaEntityPart, type QuotaImage } from "./quotas_image.ts";
export {
  type ControlRecord,
  decodeBatches,
  decodeControlBatches,
  encodeBatch,
  type LogBatch,
  MetadataLogError,
} from "./record_batch.ts";
export {
  decodeMetadataRecord,
  encodeRecord,
  type MetadataRecord,
  metadataRecord,
  type MetadataRecordName,
  type MetadataRecordValue,
} from "./records.ts";
export { ReplayError } from "./replay_error.ts";
export {
  BOOTSTRAP_SNAPSHOT_ID,
  compareSnapshotIds,
  decodeSnapshot,
  encodeControls,
  encodeSnapshot,
  parseSnapshotName,
  quorumControls,
  readQuorumControls,
  type Snapshot,
  SnapshotError,
  type SnapshotHeader,
  type SnapshotId,
  snapshotName,
} from "./snapshot_file.ts";
export { featureRecord, imageToRecords } from "./snapshot_records.ts";
export { type TopicDelta, TopicsDelta } from "./topics_delta.ts";
export { type TopicImage, TopicsImage } from "./topics_image.ts";
export { compareUuids } from "./uuids.ts";
