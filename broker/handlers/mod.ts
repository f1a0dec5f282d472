/**
 * What each request means: a file per API key, numbered by it, that says on top which versions it
 * serves and what is missing. This list is what dispatch and ApiVersions derive from: what is not in
 * it is not served and not advertised.
 */
import { produceHandler } from "./00_produce.ts";
import { fetchHandler } from "./01_fetch.ts";
import { listOffsetsHandler } from "./02_list_offsets.ts";
import { metadataHandler } from "./03_metadata.ts";
import { offsetCommitHandler } from "./08_offset_commit.ts";
import { offsetFetchHandler } from "./09_offset_fetch.ts";
import { findCoordinatorHandler } from "./10_find_coordinator.ts";
import { joinGroupHandler } from "./11_join_group.ts";
import { heartbeatHandler } from "./12_heartbeat.ts";
import { leaveGroupHandler } from "./13_leave_group.ts";
import { syncGroupHandler } from "./14_sync_group.ts";
import { describeGroupsHandler } from "./15_describe_groups.ts";
import { listGroupsHandler } from "./16_list_groups.ts";
import { saslHandshakeHandler } from "./17_sasl_handshake.ts";
import { apiVersionsHandler } from "./18_api_versions.ts";
import { createTopicsHandler } from "./19_create_topics.ts";
import { deleteTopicsHandler } from "./20_delete_topics.ts";
import { deleteRecordsHandler } from "./21_delete_records.ts";
import { initProducerIdHandler } from "./22_init_producer_id.ts";
import { offsetForLeaderEpochHandler } from "./23_offset_for_leader_epoch.ts";
import { describeConfigsHandler } from "./32_describe_configs.ts";
import { alterConfigsHandler } from "./33_alter_configs.ts";
import { describeLogDirsHandler } from "./35_describe_log_dirs.ts";
import { createPartitionsHandler } from "./37_create_partitions.ts";
import { deleteGroupsHandler } from "./42_delete_groups.ts";
import { electLeadersHandler } from "./43_elect_leaders.ts";
import { incrementalAlterConfigsHandler } from "./44_incremental_alter_configs.ts";
import { alterPartitionReassignmentsHandler } from "./45_alter_partition_reassignments.ts";
import { listPartitionReassignmentsHandler } from "./46_list_partition_reassignments.ts";
import { offsetDeleteHandler } from "./47_offset_delete.ts";
import { describeQuorumHandler } from "./55_describe_quorum.ts";
import { alterPartitionHandler } from "./56_alter_partition.ts";
import { updateFeaturesHandler } from "./57_update_features.ts";
import { describeClusterHandler } from "./60_describe_cluster.ts";
import { describeProducersHandler } from "./61_describe_producers.ts";
import { brokerRegistrationHandler } from "./62_broker_registration.ts";
import { brokerHeartbeatHandler } from "./63_broker_heartbeat.ts";
import { unregisterBrokerHandler } from "./64_unregister_broker.ts";
import { allocateProducerIdsHandler } from "./67_allocate_producer_ids.ts";
import { controllerRegistrationHandler } from "./70_controller_registration.ts";
import { assignReplicasToDirsHandler } from "./73_assign_replicas_to_dirs.ts";
import { listConfigResourcesHandler } from "./74_list_config_resources.ts";
import { describeTopicPartitionsHandler } from "./75_describe_topic_partitions.ts";
import { unregisterControllerHandler } from "./94_unregister_controller.ts";
import type { AnyHandler } from "./handler.ts";

export {
  type ControllerRequestContext,
  type ControllerRoom,
  type HandlerContext,
  type HandlerLog,
  type LoggersRoom,
  type NodeRooms,
  type ParkingRoom,
  type ProducerIdsRoom,
  type RequestConnection,
  RequestError,
} from "./context.ts";
export { FetchSessionCache, type FetchSessionOptions, sessionsOfSlots } from "./fetch_session.ts";
export type { GroupsRoom } from "./groups_room.ts";
export { type AnyHandler, type Handler, handler, type ServedApi } from "./handler.ts";
export type { MetadataRoom } from "./metadata_room.ts";
export type {
  AppendOutcome,
  FollowerFetch,
  LogDirectory,
  ReplicaPartition,
  ReplicasRoom,
  TimestampedOffset,
} from "./replicas_room.ts";
export { TopicCreation } from "./topic_creation.ts";

/** Every handler, by API key. */
export const handlers: readonly AnyHandler[] = [
  produceHandler,
  fetchHandler,
  listOffsetsHandler,
  metadataHandler,
  offsetCommitHandler,
  offsetFetchHandler,
  findCoordinatorHandler,
  joinGroupHandler,
  heartbeatHandler,
  leaveGroupHandler,
  syncGroupHandler,
  describeGroupsHandler,
  listGroupsHandler,
  saslHandshakeHandler,
  apiVersionsHandler,
  createTopicsHandler,
  deleteTopicsHandler,
  deleteRecordsHandler,
  initProducerIdHandler,
  offsetForLeaderEpochHandler,
  describeConfigsHandler,
  alterConfigsHandler,
  describeLogDirsHandler,
  createPartitionsHandler,
  deleteGroupsHandler,
  electLeadersHandler,
  incrementalAlterConfigsHandler,
  alterPartitionReassignmentsHandler,
  listPartitionReassignmentsHandler,
  offsetDeleteHandler,
  describeQuorumHandler,
  alterPartitionHandler,
  updateFeaturesHandler,
  describeClusterHandler,
  describeProducersHandler,
  brokerRegistrationHandler,
  brokerHeartbeatHandler,
  unregisterBrokerHandler,
  allocateProducerIdsHandler,
  controllerRegistrationHandler,
  assignReplicasToDirsHandler,
  listConfigResourcesHandler,
  describeTopicPartitionsHandler,
  unregisterControllerHandler,
];
