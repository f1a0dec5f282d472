/**
 * Every API of the protocol, a file per API key. Keys 4 to 7 went with ZooKeeper in Kafka 4.0.
 */
import type { AnyApi } from "../schema.ts";
import { produce } from "./00_produce.ts";
import { fetch } from "./01_fetch.ts";
import { listOffsets } from "./02_list_offsets.ts";
import { metadata } from "./03_metadata.ts";
import { offsetCommit } from "./08_offset_commit.ts";
import { offsetFetch } from "./09_offset_fetch.ts";
import { findCoordinator } from "./10_find_coordinator.ts";
import { joinGroup } from "./11_join_group.ts";
import { heartbeat } from "./12_heartbeat.ts";
import { leaveGroup } from "./13_leave_group.ts";
import { syncGroup } from "./14_sync_group.ts";
import { describeGroups } from "./15_describe_groups.ts";
import { listGroups } from "./16_list_groups.ts";
import { saslHandshake } from "./17_sasl_handshake.ts";
import { apiVersions } from "./18_api_versions.ts";
import { createTopics } from "./19_create_topics.ts";
import { deleteTopics } from "./20_delete_topics.ts";
import { deleteRecords } from "./21_delete_records.ts";
import { initProducerId } from "./22_init_producer_id.ts";
import { offsetForLeaderEpoch } from "./23_offset_for_leader_epoch.ts";
import { addPartitionsToTxn } from "./24_add_partitions_to_txn.ts";
import { addOffsetsToTxn } from "./25_add_offsets_to_txn.ts";
import { endTxn } from "./26_end_txn.ts";
import { writeTxnMarkers } from "./27_write_txn_markers.ts";
import { txnOffsetCommit } from "./28_txn_offset_commit.ts";
import { describeAcls } from "./29_describe_acls.ts";
import { createAcls } from "./30_create_acls.ts";
import { deleteAcls } from "./31_delete_acls.ts";
import { describeConfigs } from "./32_describe_configs.ts";
import { alterConfigs } from "./33_alter_configs.ts";
import { alterReplicaLogDirs } from "./34_alter_replica_log_dirs.ts";
import { describeLogDirs } from "./35_describe_log_dirs.ts";
import { saslAuthenticate } from "./36_sasl_authenticate.ts";
import { createPartitions } from "./37_create_partitions.ts";
import { createDelegationToken } from "./38_create_delegation_token.ts";
import { renewDelegationToken } from "./39_renew_delegation_token.ts";
import { expireDelegationToken } from "./40_expire_delegation_token.ts";
import { describeDelegationToken } from "./41_describe_delegation_token.ts";
import { deleteGroups } from "./42_delete_groups.ts";
import { electLeaders } from "./43_elect_leaders.ts";
import { incrementalAlterConfigs } from "./44_incremental_alter_configs.ts";
import { alterPartitionReassignments } from "./45_alter_partition_reassignments.ts";
import { listPartitionReassignments } from "./46_list_partition_reassignments.ts";
import { offsetDelete } from "./47_offset_delete.ts";
import { describeClientQuotas } from "./48_describe_client_quotas.ts";
import { alterClientQuotas } from "./49_alter_client_quotas.ts";
import { describeUserScramCredentials } from "./50_describe_user_scram_credentials.ts";
import { alterUserScramCredentials } from "./51_alter_user_scram_credentials.ts";
import { vote } from "./52_vote.ts";
import { beginQuorumEpoch } from "./53_begin_quorum_epoch.ts";
import { endQuorumEpoch } from "./54_end_quorum_epoch.ts";
import { describeQuorum } from "./55_describe_quorum.ts";
import { alterPartition } from "./56_alter_partition.ts";
import { updateFeatures } from "./57_update_features.ts";
import { envelope } from "./58_envelope.ts";
import { fetchSnapshot } from "./59_fetch_snapshot.ts";
import { describeCluster } from "./60_describe_cluster.ts";
import { describeProducers } from "./61_describe_producers.ts";
import { brokerRegistration } from "./62_broker_registration.ts";
import { brokerHeartbeat } from "./63_broker_heartbeat.ts";
import { unregisterBroker } from "./64_unregister_broker.ts";
import { describeTransactions } from "./65_describe_transactions.ts";
import { listTransactions } from "./66_list_transactions.ts";
import { allocateProducerIds } from "./67_allocate_producer_ids.ts";
import { consumerGroupHeartbeat } from "./68_consumer_group_heartbeat.ts";
import { consumerGroupDescribe } from "./69_consumer_group_describe.ts";
import { controllerRegistration } from "./70_controller_registration.ts";
import { getTelemetrySubscriptions } from "./71_get_telemetry_subscriptions.ts";
import { pushTelemetry } from "./72_push_telemetry.ts";
import { assignReplicasToDirs } from "./73_assign_replicas_to_dirs.ts";
import { listConfigResources } from "./74_list_config_resources.ts";
import { describeTopicPartitions } from "./75_describe_topic_partitions.ts";
import { shareGroupHeartbeat } from "./76_share_group_heartbeat.ts";
import { shareGroupDescribe } from "./77_share_group_describe.ts";
import { shareFetch } from "./78_share_fetch.ts";
import { shareAcknowledge } from "./79_share_acknowledge.ts";
import { addRaftVoter } from "./80_add_raft_voter.ts";
import { removeRaftVoter } from "./81_remove_raft_voter.ts";
import { updateRaftVoter } from "./82_update_raft_voter.ts";
import { initializeShareGroupState } from "./83_initialize_share_group_state.ts";
import { readShareGroupState } from "./84_read_share_group_state.ts";
import { writeShareGroupState } from "./85_write_share_group_state.ts";
import { deleteShareGroupState } from "./86_delete_share_group_state.ts";
import { readShareGroupStateSummary } from "./87_read_share_group_state_summary.ts";
import { streamsGroupHeartbeat } from "./88_streams_group_heartbeat.ts";
import { streamsGroupDescribe } from "./89_streams_group_describe.ts";
import { describeShareGroupOffsets } from "./90_describe_share_group_offsets.ts";
import { alterShareGroupOffsets } from "./91_alter_share_group_offsets.ts";
import { deleteShareGroupOffsets } from "./92_delete_share_group_offsets.ts";
import { streamsGroupTopologyDescriptionUpdate } from "./93_streams_group_topology_description_update.ts";
import { unregisterController } from "./94_unregister_controller.ts";

export { produce, type ProduceRequest, type ProduceResponse } from "./00_produce.ts";
export { fetch, type FetchRequest, type FetchResponse } from "./01_fetch.ts";
export {
  listOffsets,
  type ListOffsetsRequest,
  type ListOffsetsResponse,
} from "./02_list_offsets.ts";
export { metadata, type MetadataRequest, type MetadataResponse } from "./03_metadata.ts";
export {
  offsetCommit,
  type OffsetCommitRequest,
  type OffsetCommitResponse,
} from "./08_offset_commit.ts";
export {
  offsetFetch,
  type OffsetFetchRequest,
  type OffsetFetchResponse,
} from "./09_offset_fetch.ts";
export {
  findCoordinator,
  type FindCoordinatorRequest,
  type FindCoordinatorResponse,
} from "./10_find_coordinator.ts";
export { joinGroup, type JoinGroupRequest, type JoinGroupResponse } from "./11_join_group.ts";
export { heartbeat, type HeartbeatRequest, type HeartbeatResponse } from "./12_heartbeat.ts";
export { leaveGroup, type LeaveGroupRequest, type LeaveGroupResponse } from "./13_leave_group.ts";
export { syncGroup, type SyncGroupRequest, type SyncGroupResponse } from "./14_sync_group.ts";
export {
  describeGroups,
  type DescribeGroupsRequest,
  type DescribeGroupsResponse,
} from "./15_describe_groups.ts";
export { listGroups, type ListGroupsRequest, type ListGroupsResponse } from "./16_list_groups.ts";
export {
  saslHandshake,
  type SaslHandshakeRequest,
  type SaslHandshakeResponse,
} from "./17_sasl_handshake.ts";
export {
  apiVersions,
  type ApiVersionsRequest,
  type ApiVersionsResponse,
} from "./18_api_versions.ts";
export {
  createTopics,
  type CreateTopicsRequest,
  type CreateTopicsResponse,
} from "./19_create_topics.ts";
export {
  deleteTopics,
  type DeleteTopicsRequest,
  type DeleteTopicsResponse,
} from "./20_delete_topics.ts";
export {
  deleteRecords,
  type DeleteRecordsRequest,
  type DeleteRecordsResponse,
} from "./21_delete_records.ts";
export {
  initProducerId,
  type InitProducerIdRequest,
  type InitProducerIdResponse,
} from "./22_init_producer_id.ts";
export {
  offsetForLeaderEpoch,
  type OffsetForLeaderEpochRequest,
  type OffsetForLeaderEpochResponse,
} from "./23_offset_for_leader_epoch.ts";
export {
  addPartitionsToTxn,
  type AddPartitionsToTxnRequest,
  type AddPartitionsToTxnResponse,
} from "./24_add_partitions_to_txn.ts";
export {
  addOffsetsToTxn,
  type AddOffsetsToTxnRequest,
  type AddOffsetsToTxnResponse,
} from "./25_add_offsets_to_txn.ts";
export { endTxn, type EndTxnRequest, type EndTxnResponse } from "./26_end_txn.ts";
export {
  writeTxnMarkers,
  type WriteTxnMarkersRequest,
  type WriteTxnMarkersResponse,
} from "./27_write_txn_markers.ts";
export {
  txnOffsetCommit,
  type TxnOffsetCommitRequest,
  type TxnOffsetCommitResponse,
} from "./28_txn_offset_commit.ts";
export {
  describeAcls,
  type DescribeAclsRequest,
  type DescribeAclsResponse,
} from "./29_describe_acls.ts";
export { createAcls, type CreateAclsRequest, type CreateAclsResponse } from "./30_create_acls.ts";
export { deleteAcls, type DeleteAclsRequest, type DeleteAclsResponse } from "./31_delete_acls.ts";
export {
  describeConfigs,
  type DescribeConfigsRequest,
  type DescribeConfigsResponse,
} from "./32_describe_configs.ts";
export {
  alterConfigs,
  type AlterConfigsRequest,
  type AlterConfigsResponse,
} from "./33_alter_configs.ts";
export {
  alterReplicaLogDirs,
  type AlterReplicaLogDirsRequest,
  type AlterReplicaLogDirsResponse,
} from "./34_alter_replica_log_dirs.ts";
export {
  describeLogDirs,
  type DescribeLogDirsRequest,
  type DescribeLogDirsResponse,
} from "./35_describe_log_dirs.ts";
export {
  saslAuthenticate,
  type SaslAuthenticateRequest,
  type SaslAuthenticateResponse,
} from "./36_sasl_authenticate.ts";
export {
  createPartitions,
  type CreatePartitionsRequest,
  type CreatePartitionsResponse,
} from "./37_create_partitions.ts";
export {
  createDelegationToken,
  type CreateDelegationTokenRequest,
  type CreateDelegationTokenResponse,
} from "./38_create_delegation_token.ts";
export {
  renewDelegationToken,
  type RenewDelegationTokenRequest,
  type RenewDelegationTokenResponse,
} from "./39_renew_delegation_token.ts";
export {
  expireDelegationToken,
  type ExpireDelegationTokenRequest,
  type ExpireDelegationTokenResponse,
} from "./40_expire_delegation_token.ts";
export {
  describeDelegationToken,
  type DescribeDelegationTokenRequest,
  type DescribeDelegationTokenResponse,
} from "./41_describe_delegation_token.ts";
export {
  deleteGroups,
  type DeleteGroupsRequest,
  type DeleteGroupsResponse,
} from "./42_delete_groups.ts";
export {
  electLeaders,
  type ElectLeadersRequest,
  type ElectLeadersResponse,
} from "./43_elect_leaders.ts";
export {
  incrementalAlterConfigs,
  type IncrementalAlterConfigsRequest,
  type IncrementalAlterConfigsResponse,
} from "./44_incremental_alter_configs.ts";
export {
  alterPartitionReassignments,
  type AlterPartitionReassignmentsRequest,
  type AlterPartitionReassignmentsResponse,
} from "./45_alter_partition_reassignments.ts";
export {
  listPartitionReassignments,
  type ListPartitionReassignmentsRequest,
  type ListPartitionReassignmentsResponse,
} from "./46_list_partition_reassignments.ts";
export {
  offsetDelete,
  type OffsetDeleteRequest,
  type OffsetDeleteResponse,
} from "./47_offset_delete.ts";
export {
  describeClientQuotas,
  type DescribeClientQuotasRequest,
  type DescribeClientQuotasResponse,
} from "./48_describe_client_quotas.ts";
export {
  alterClientQuotas,
  type AlterClientQuotasRequest,
  type AlterClientQuotasResponse,
} from "./49_alter_client_quotas.ts";
export {
  describeUserScramCredentials,
  type DescribeUserScramCredentialsRequest,
  type DescribeUserScramCredentialsResponse,
} from "./50_describe_user_scram_credentials.ts";
export {
  alterUserScramCredentials,
  type AlterUserScramCredentialsRequest,
  type AlterUserScramCredentialsResponse,
} from "./51_alter_user_scram_credentials.ts";
export { vote, type VoteRequest, type VoteResponse } from "./52_vote.ts";
export {
  beginQuorumEpoch,
  type BeginQuorumEpochRequest,
  type BeginQuorumEpochResponse,
} from "./53_begin_quorum_epoch.ts";
export {
  endQuorumEpoch,
  type EndQuorumEpochRequest,
  type EndQuorumEpochResponse,
} from "./54_end_quorum_epoch.ts";
export {
  describeQuorum,
  type DescribeQuorumRequest,
  type DescribeQuorumResponse,
} from "./55_describe_quorum.ts";
export {
  alterPartition,
  type AlterPartitionRequest,
  type AlterPartitionResponse,
} from "./56_alter_partition.ts";
export {
  updateFeatures,
  type UpdateFeaturesRequest,
  type UpdateFeaturesResponse,
} from "./57_update_features.ts";
export { envelope, type EnvelopeRequest, type EnvelopeResponse } from "./58_envelope.ts";
export {
  fetchSnapshot,
  type FetchSnapshotRequest,
  type FetchSnapshotResponse,
} from "./59_fetch_snapshot.ts";
export {
  describeCluster,
  type DescribeClusterRequest,
  type DescribeClusterResponse,
} from "./60_describe_cluster.ts";
export {
  describeProducers,
  type DescribeProducersRequest,
  type DescribeProducersResponse,
} from "./61_describe_producers.ts";
export {
  brokerRegistration,
  type BrokerRegistrationRequest,
  type BrokerRegistrationResponse,
} from "./62_broker_registration.ts";
export {
  brokerHeartbeat,
  type BrokerHeartbeatRequest,
  type BrokerHeartbeatResponse,
} from "./63_broker_heartbeat.ts";
export {
  unregisterBroker,
  type UnregisterBrokerRequest,
  type UnregisterBrokerResponse,
} from "./64_unregister_broker.ts";
export {
  describeTransactions,
  type DescribeTransactionsRequest,
  type DescribeTransactionsResponse,
} from "./65_describe_transactions.ts";
export {
  listTransactions,
  type ListTransactionsRequest,
  type ListTransactionsResponse,
} from "./66_list_transactions.ts";
export {
  allocateProducerIds,
  type AllocateProducerIdsRequest,
  type AllocateProducerIdsResponse,
} from "./67_allocate_producer_ids.ts";
export {
  consumerGroupHeartbeat,
  type ConsumerGroupHeartbeatRequest,
  type ConsumerGroupHeartbeatResponse,
} from "./68_consumer_group_heartbeat.ts";
export {
  consumerGroupDescribe,
  type ConsumerGroupDescribeRequest,
  type ConsumerGroupDescribeResponse,
} from "./69_consumer_group_describe.ts";
export {
  controllerRegistration,
  type ControllerRegistrationRequest,
  type ControllerRegistrationResponse,
} from "./70_controller_registration.ts";
export {
  getTelemetrySubscriptions,
  type GetTelemetrySubscriptionsRequest,
  type GetTelemetrySubscriptionsResponse,
} from "./71_get_telemetry_subscriptions.ts";
export {
  pushTelemetry,
  type PushTelemetryRequest,
  type PushTelemetryResponse,
} from "./72_push_telemetry.ts";
export {
  assignReplicasToDirs,
  type AssignReplicasToDirsRequest,
  type AssignReplicasToDirsResponse,
} from "./73_assign_replicas_to_dirs.ts";
export {
  listConfigResources,
  type ListConfigResourcesRequest,
  type ListConfigResourcesResponse,
} from "./74_list_config_resources.ts";
export {
  describeTopicPartitions,
  type DescribeTopicPartitionsRequest,
  type DescribeTopicPartitionsResponse,
} from "./75_describe_topic_partitions.ts";
export {
  shareGroupHeartbeat,
  type ShareGroupHeartbeatRequest,
  type ShareGroupHeartbeatResponse,
} from "./76_share_group_heartbeat.ts";
export {
  shareGroupDescribe,
  type ShareGroupDescribeRequest,
  type ShareGroupDescribeResponse,
} from "./77_share_group_describe.ts";
export { shareFetch, type ShareFetchRequest, type ShareFetchResponse } from "./78_share_fetch.ts";
export {
  shareAcknowledge,
  type ShareAcknowledgeRequest,
  type ShareAcknowledgeResponse,
} from "./79_share_acknowledge.ts";
export {
  addRaftVoter,
  type AddRaftVoterRequest,
  type AddRaftVoterResponse,
} from "./80_add_raft_voter.ts";
export {
  removeRaftVoter,
  type RemoveRaftVoterRequest,
  type RemoveRaftVoterResponse,
} from "./81_remove_raft_voter.ts";
export {
  updateRaftVoter,
  type UpdateRaftVoterRequest,
  type UpdateRaftVoterResponse,
} from "./82_update_raft_voter.ts";
export {
  initializeShareGroupState,
  type InitializeShareGroupStateRequest,
  type InitializeShareGroupStateResponse,
} from "./83_initialize_share_group_state.ts";
export {
  readShareGroupState,
  type ReadShareGroupStateRequest,
  type ReadShareGroupStateResponse,
} from "./84_read_share_group_state.ts";
export {
  writeShareGroupState,
  type WriteShareGroupStateRequest,
  type WriteShareGroupStateResponse,
} from "./85_write_share_group_state.ts";
export {
  deleteShareGroupState,
  type DeleteShareGroupStateRequest,
  type DeleteShareGroupStateResponse,
} from "./86_delete_share_group_state.ts";
export {
  readShareGroupStateSummary,
  type ReadShareGroupStateSummaryRequest,
  type ReadShareGroupStateSummaryResponse,
} from "./87_read_share_group_state_summary.ts";
export {
  streamsGroupHeartbeat,
  type StreamsGroupHeartbeatRequest,
  type StreamsGroupHeartbeatResponse,
} from "./88_streams_group_heartbeat.ts";
export {
  streamsGroupDescribe,
  type StreamsGroupDescribeRequest,
  type StreamsGroupDescribeResponse,
} from "./89_streams_group_describe.ts";
export {
  describeShareGroupOffsets,
  type DescribeShareGroupOffsetsRequest,
  type DescribeShareGroupOffsetsResponse,
} from "./90_describe_share_group_offsets.ts";
export {
  alterShareGroupOffsets,
  type AlterShareGroupOffsetsRequest,
  type AlterShareGroupOffsetsResponse,
} from "./91_alter_share_group_offsets.ts";
export {
  deleteShareGroupOffsets,
  type DeleteShareGroupOffsetsRequest,
  type DeleteShareGroupOffsetsResponse,
} from "./92_delete_share_group_offsets.ts";
export {
  streamsGroupTopologyDescriptionUpdate,
  type StreamsGroupTopologyDescriptionUpdateRequest,
  type StreamsGroupTopologyDescriptionUpdateResponse,
} from "./93_streams_group_topology_description_update.ts";
export {
  unregisterController,
  type UnregisterControllerRequest,
  type UnregisterControllerResponse,
} from "./94_unregister_controller.ts";

/** Every API in the order of its key. */
export const apis: readonly AnyApi[] = [
  produce,
  fetch,
  listOffsets,
  metadata,
  offsetCommit,
  offsetFetch,
  findCoordinator,
  joinGroup,
  heartbeat,
  leaveGroup,
  syncGroup,
  describeGroups,
  listGroups,
  saslHandshake,
  apiVersions,
  createTopics,
  deleteTopics,
  deleteRecords,
  initProducerId,
  offsetForLeaderEpoch,
  addPartitionsToTxn,
  addOffsetsToTxn,
  endTxn,
  writeTxnMarkers,
  txnOffsetCommit,
  describeAcls,
  createAcls,
  deleteAcls,
  describeConfigs,
  alterConfigs,
  alterReplicaLogDirs,
  describeLogDirs,
  saslAuthenticate,
  createPartitions,
  createDelegationToken,
  renewDelegationToken,
  expireDelegationToken,
  describeDelegationToken,
  deleteGroups,
  electLeaders,
  incrementalAlterConfigs,
  alterPartitionReassignments,
  listPartitionReassignments,
  offsetDelete,
  describeClientQuotas,
  alterClientQuotas,
  describeUserScramCredentials,
  alterUserScramCredentials,
  vote,
  beginQuorumEpoch,
  endQuorumEpoch,
  describeQuorum,
  alterPartition,
  updateFeatures,
  envelope,
  fetchSnapshot,
  describeCluster,
  describeProducers,
  brokerRegistration,
  brokerHeartbeat,
  unregisterBroker,
  describeTransactions,
  listTransactions,
  allocateProducerIds,
  consumerGroupHeartbeat,
  consumerGroupDescribe,
  controllerRegistration,
  getTelemetrySubscriptions,
  pushTelemetry,
  assignReplicasToDirs,
  listConfigResources,
  describeTopicPartitions,
  shareGroupHeartbeat,
  shareGroupDescribe,
  shareFetch,
  shareAcknowledge,
  addRaftVoter,
  removeRaftVoter,
  updateRaftVoter,
  initializeShareGroupState,
  readShareGroupState,
  writeShareGroupState,
  deleteShareGroupState,
  readShareGroupStateSummary,
  streamsGroupHeartbeat,
  streamsGroupDescribe,
  describeShareGroupOffsets,
  alterShareGroupOffsets,
  deleteShareGroupOffsets,
  streamsGroupTopologyDescriptionUpdate,
  unregisterController,
];

const byKey: readonly (AnyApi | undefined)[] = indexByKey();

function indexByKey(): (AnyApi | undefined)[] {
  const index: (AnyApi | undefined)[] = [];
  for (const api of apis) index[api.key] = api;
  return index;
}

/** The API of that key; undefined when there is none. */
export function apiByKey(key: number): AnyApi | undefined {
  return byKey[key];
}
