import { array, int32, int64, int8, type MessageOf, record, string, uuid } from "../schema.ts";

/** Key of a member of a share group (KIP-932). */
export const shareGroupMemberMetadataKey = record({
  name: "ShareGroupMemberMetadataKey",
  type: 10,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
  memberId: string(),
});

/** See {@linkcode shareGroupMemberMetadataKey}. */
export type ShareGroupMemberMetadataKey = MessageOf<typeof shareGroupMemberMetadataKey>;

/** What a member of a share group said about itself. */
export const shareGroupMemberMetadataValue = record({
  name: "ShareGroupMemberMetadataValue",
  type: 10,
  versions: "0",
  flexible: "0+",
}, {
  rackId: string({ nullable: "0+" }),
  clientId: string(),
  clientHost: string(),
  subscribedTopicNames: array(string()),
});

/** See {@linkcode shareGroupMemberMetadataValue}. */
export type ShareGroupMemberMetadataValue = MessageOf<typeof shareGroupMemberMetadataValue>;

/** Key of a share group. */
export const shareGroupMetadataKey = record({
  name: "ShareGroupMetadataKey",
  type: 11,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
});

/** See {@linkcode shareGroupMetadataKey}. */
export type ShareGroupMetadataKey = MessageOf<typeof shareGroupMetadataKey>;

/** The epoch of a share group. */
export const shareGroupMetadataValue = record({
  name: "ShareGroupMetadataValue",
  type: 11,
  versions: "0",
  flexible: "0+",
}, {
  epoch: int32(),
  metadataHash: int64(),
});

/** See {@linkcode shareGroupMetadataValue}. */
export type ShareGroupMetadataValue = MessageOf<typeof shareGroupMetadataValue>;

/** Key of the epoch of a share group's target assignment. */
export const shareGroupTargetAssignmentMetadataKey = record({
  name: "ShareGroupTargetAssignmentMetadataKey",
  type: 12,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
});

/** See {@linkcode shareGroupTargetAssignmentMetadataKey}. */
export type ShareGroupTargetAssignmentMetadataKey = MessageOf<
  typeof shareGroupTargetAssignmentMetadataKey
>;

/** The epoch of a share group's target assignment. */
export const shareGroupTargetAssignmentMetadataValue = record({
  name: "ShareGroupTargetAssignmentMetadataValue",
  type: 12,
  versions: "0",
  flexible: "0+",
}, {
  assignmentEpoch: int32(),
  assignmentTimestamp: int64({ tag: 0 }),
});

/** See {@linkcode shareGroupTargetAssignmentMetadataValue}. */
export type ShareGroupTargetAssignmentMetadataValue = MessageOf<
  typeof shareGroupTargetAssignmentMetadataValue
>;

/** Key of what a member of a share group shall read. */
export const shareGroupTargetAssignmentMemberKey = record({
  name: "ShareGroupTargetAssignmentMemberKey",
  type: 13,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
  memberId: string(),
});

/** See {@linkcode shareGroupTargetAssignmentMemberKey}. */
export type ShareGroupTargetAssignmentMemberKey = MessageOf<
  typeof shareGroupTargetAssignmentMemberKey
>;

/** What a member of a share group shall read. */
export const shareGroupTargetAssignmentMemberValue = record({
  name: "ShareGroupTargetAssignmentMemberValue",
  type: 13,
  versions: "0",
  flexible: "0+",
}, {
  topicPartitions: array({
    topicId: uuid(),
    partitions: array(int32()),
  }),
});

/** See {@linkcode shareGroupTargetAssignmentMemberValue}. */
export type ShareGroupTargetAssignmentMemberValue = MessageOf<
  typeof shareGroupTargetAssignmentMemberValue
>;

/** Key of what a member of a share group reads now. */
export const shareGroupCurrentMemberAssignmentKey = record({
  name: "ShareGroupCurrentMemberAssignmentKey",
  type: 14,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
  memberId: string(),
});

/** See {@linkcode shareGroupCurrentMemberAssignmentKey}. */
export type ShareGroupCurrentMemberAssignmentKey = MessageOf<
  typeof shareGroupCurrentMemberAssignmentKey
>;

const topicPartitions = {
  topicId: uuid(),
  partitions: array(int32()),
};

/** What a member of a share group reads now. */
export const shareGroupCurrentMemberAssignmentValue = record({
  name: "ShareGroupCurrentMemberAssignmentValue",
  type: 14,
  versions: "0",
  flexible: "0+",
}, {
  memberEpoch: int32(),
  // Still accepted from a member that missed the last change.
  previousMemberEpoch: int32(),
  state: int8(),
  assignedPartitions: array(topicPartitions),
});

/** See {@linkcode shareGroupCurrentMemberAssignmentValue}. */
export type ShareGroupCurrentMemberAssignmentValue = MessageOf<
  typeof shareGroupCurrentMemberAssignmentValue
>;

/** Key of which share partitions of a group have state. */
export const shareGroupStatePartitionMetadataKey = record({
  name: "ShareGroupStatePartitionMetadataKey",
  type: 15,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
});

/** See {@linkcode shareGroupStatePartitionMetadataKey}. */
export type ShareGroupStatePartitionMetadataKey = MessageOf<
  typeof shareGroupStatePartitionMetadataKey
>;

const topicPartitionsInfo = {
  topicId: uuid(),
  topicName: string(),
  partitions: array(int32()),
};

const topicInfo = {
  topicId: uuid(),
  topicName: string(),
};

/** Which share partitions of a group have state, are getting it or losing it. */
export const shareGroupStatePartitionMetadataValue = record({
  name: "ShareGroupStatePartitionMetadataValue",
  type: 15,
  versions: "0",
  flexible: "0+",
}, {
  initializingTopics: array(topicPartitionsInfo),
  initializedTopics: array(topicPartitionsInfo),
  deletingTopics: array(topicInfo),
});

/** See {@linkcode shareGroupStatePartitionMetadataValue}. */
export type ShareGroupStatePartitionMetadataValue = MessageOf<
  typeof shareGroupStatePartitionMetadataValue
>;
