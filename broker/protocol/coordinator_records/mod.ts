/**
 * Keys and values of `__consumer_offsets`, `__transaction_state` and `__share_group_state`.
 */
export {
  type ConsumerGroupCurrentMemberAssignmentKey,
  consumerGroupCurrentMemberAssignmentKey,
  type ConsumerGroupCurrentMemberAssignmentValue,
  consumerGroupCurrentMemberAssignmentValue,
} from "./consumer_group_current_member_assignment.ts";
export {
  type ConsumerGroupMemberMetadataKey,
  consumerGroupMemberMetadataKey,
  type ConsumerGroupMemberMetadataValue,
  consumerGroupMemberMetadataValue,
} from "./consumer_group_member_metadata.ts";
export {
  type ConsumerGroupMetadataKey,
  consumerGroupMetadataKey,
  type ConsumerGroupMetadataValue,
  consumerGroupMetadataValue,
} from "./consumer_group_metadata.ts";
export {
  type ConsumerGroupPartitionMetadataKey,
  consumerGroupPartitionMetadataKey,
  type ConsumerGroupPartitionMetadataValue,
  consumerGroupPartitionMetadataValue,
} from "./consumer_group_partition_metadata.ts";
export {
  type ConsumerGroupRegularExpressionKey,
  consumerGroupRegularExpressionKey,
  type ConsumerGroupRegularExpressionValue,
  consumerGroupRegularExpressionValue,
} from "./consumer_group_regular_expression.ts";
export {
  type ConsumerGroupTargetAssignmentMemberKey,
  consumerGroupTargetAssignmentMemberKey,
  type ConsumerGroupTargetAssignmentMemberValue,
  consumerGroupTargetAssignmentMemberValue,
} from "./consumer_group_target_assignment_member.ts";
export {
  type ConsumerGroupTargetAssignmentMetadataKey,
  consumerGroupTargetAssignmentMetadataKey,
  type ConsumerGroupTargetAssignmentMetadataValue,
  consumerGroupTargetAssignmentMetadataValue,
} from "./consumer_group_target_assignment_metadata.ts";
export {
  type GroupMetadataKey,
  groupMetadataKey,
  type GroupMetadataValue,
  groupMetadataValue,
} from "./group_metadata.ts";
export {
  type LegacyOffsetCommitKey,
  legacyOffsetCommitKey,
  type LegacyOffsetCommitValue,
  legacyOffsetCommitValue,
} from "./legacy_offset_commit.ts";
export {
  type OffsetCommitKey,
  offsetCommitKey,
  type OffsetCommitValue,
  offsetCommitValue,
} from "./offset_commit.ts";
export {
  type ShareGroupCurrentMemberAssignmentKey,
  shareGroupCurrentMemberAssignmentKey,
  type ShareGroupCurrentMemberAssignmentValue,
  shareGroupCurrentMemberAssignmentValue,
} from "./share_group_current_member_assignment.ts";
export {
  type ShareGroupMemberMetadataKey,
  shareGroupMemberMetadataKey,
  type ShareGroupMemberMetadataValue,
  shareGroupMemberMetadataValue,
} from "./share_group_member_metadata.ts";
export {
  type ShareGroupMetadataKey,
  shareGroupMetadataKey,
  type ShareGroupMetadataValue,
  shareGroupMetadataValue,
} from "./share_group_metadata.ts";
export {
  type ShareGroupStatePartitionMetadataKey,
  shareGroupStatePartitionMetadataKey,
  type ShareGroupStatePartitionMetadataValue,
  shareGroupStatePartitionMetadataValue,
} from "./share_group_state_partition_metadata.ts";
export {
  type ShareGroupTargetAssignmentMemberKey,
  shareGroupTargetAssignmentMemberKey,
  type ShareGroupTargetAssignmentMemberValue,
  shareGroupTargetAssignmentMemberValue,
} from "./share_group_target_assignment_member.ts";
export {
  type ShareGroupTargetAssignmentMetadataKey,
  shareGroupTargetAssignmentMetadataKey,
  type ShareGroupTargetAssignmentMetadataValue,
  shareGroupTargetAssignmentMetadataValue,
} from "./share_group_target_assignment_metadata.ts";
export {
  type ShareSnapshotKey,
  shareSnapshotKey,
  type ShareSnapshotValue,
  shareSnapshotValue,
} from "./share_snapshot.ts";
export {
  type ShareUpdateKey,
  shareUpdateKey,
  type ShareUpdateValue,
  shareUpdateValue,
} from "./share_update.ts";
export {
  type StreamsGroupCurrentMemberAssignmentKey,
  streamsGroupCurrentMemberAssignmentKey,
  type StreamsGroupCurrentMemberAssignmentValue,
  streamsGroupCurrentMemberAssignmentValue,
} from "./streams_group_current_member_assignment.ts";
export {
  type StreamsGroupMemberMetadataKey,
  streamsGroupMemberMetadataKey,
  type StreamsGroupMemberMetadataValue,
  streamsGroupMemberMetadataValue,
} from "./streams_group_member_metadata.ts";
export {
  type StreamsGroupMetadataKey,
  streamsGroupMetadataKey,
  type StreamsGroupMetadataValue,
  streamsGroupMetadataValue,
} from "./streams_group_metadata.ts";
export {
  type StreamsGroupTargetAssignmentMemberKey,
  streamsGroupTargetAssignmentMemberKey,
  type StreamsGroupTargetAssignmentMemberValue,
  streamsGroupTargetAssignmentMemberValue,
} from "./streams_group_target_assignment_member.ts";
export {
  type StreamsGroupTargetAssignmentMetadataKey,
  streamsGroupTargetAssignmentMetadataKey,
  type StreamsGroupTargetAssignmentMetadataValue,
  streamsGroupTargetAssignmentMetadataValue,
} from "./streams_group_target_assignment_metadata.ts";
export {
  type StreamsGroupTopologyKey,
  streamsGroupTopologyKey,
  type StreamsGroupTopologyValue,
  streamsGroupTopologyValue,
} from "./streams_group_topology.ts";
export {
  type TransactionLogKey,
  transactionLogKey,
  type TransactionLogValue,
  transactionLogValue,
} from "./transaction_log.ts";
export {
  type CoordinatorRecord,
  type CoordinatorRecordKind,
  type CoordinatorRecordOf,
  decodeCoordinatorRecord,
  encodeCoordinatorKey,
  encodeCoordinatorValue,
  groupRecords,
  shareStateRecords,
  transactionRecords,
} from "./coordinator_record.ts";
