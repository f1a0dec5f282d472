import {
  array,
  bytes,
  int32,
  int64,
  int8,
  type MessageOf,
  record,
  string,
  struct,
  uuid,
} from "../schema.ts";

/** Key of a consumer group (KIP-848). */
export const consumerGroupMetadataKey = record({
  name: "ConsumerGroupMetadataKey",
  type: 3,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
});

/** See {@linkcode consumerGroupMetadataKey}. */
export type ConsumerGroupMetadataKey = MessageOf<typeof consumerGroupMetadataKey>;

/** The epoch of a consumer group. */
export const consumerGroupMetadataValue = record({
  name: "ConsumerGroupMetadataValue",
  type: 3,
  versions: "0",
  flexible: "0+",
}, {
  epoch: int32(),
  // KIP-1101: changes with the partitions and racks of the topics subscribed to.
  metadataHash: int64({ tag: 0 }),
});

/** See {@linkcode consumerGroupMetadataValue}. */
export type ConsumerGroupMetadataValue = MessageOf<typeof consumerGroupMetadataValue>;

/** Key of the partitions that a consumer group reads; written before 4.1 only (KIP-1101). */
export const consumerGroupPartitionMetadataKey = record({
  name: "ConsumerGroupPartitionMetadataKey",
  type: 4,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
});

/** See {@linkcode consumerGroupPartitionMetadataKey}. */
export type ConsumerGroupPartitionMetadataKey = MessageOf<typeof consumerGroupPartitionMetadataKey>;

/** The partitions that a consumer group reads; written before 4.1 only (KIP-1101). */
export const consumerGroupPartitionMetadataValue = record({
  name: "ConsumerGroupPartitionMetadataValue",
  type: 4,
  versions: "0",
  flexible: "0+",
}, {
  topics: array({
    topicId: uuid(),
    topicName: string(),
    numPartitions: int32(),
    partitionMetadata: array({
      partition: int32(),
      racks: array(string()),
    }),
  }),
});

/** See {@linkcode consumerGroupPartitionMetadataValue}. */
export type ConsumerGroupPartitionMetadataValue = MessageOf<
  typeof consumerGroupPartitionMetadataValue
>;

/** Key of a member of a consumer group. */
export const consumerGroupMemberMetadataKey = record({
  name: "ConsumerGroupMemberMetadataKey",
  type: 5,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
  memberId: string(),
});

/** See {@linkcode consumerGroupMemberMetadataKey}. */
export type ConsumerGroupMemberMetadataKey = MessageOf<typeof consumerGroupMemberMetadataKey>;

/** What a member of a consumer group said about itself. */
export const consumerGroupMemberMetadataValue = record({
  name: "ConsumerGroupMemberMetadataValue",
  type: 5,
  versions: "0",
  flexible: "0+",
}, {
  instanceId: string({ nullable: "0+" }),
  rackId: string({ nullable: "0+" }),
  clientId: string(),
  clientHost: string(),
  subscribedTopicNames: array(string()),
  subscribedTopicRegex: string({ nullable: "0+" }),
  rebalanceTimeoutMs: int32({ default: -1 }),
  serverAssignor: string({ nullable: "0+" }),
  // Null for a member that speaks the consumer protocol.
  classicMemberMetadata: struct({
    sessionTimeoutMs: int32(),
    supportedProtocols: array({
      name: string(),
      metadata: bytes(),
    }),
  }, { tag: 0, nullable: "0+" }),
});

/** See {@linkcode consumerGroupMemberMetadataValue}. */
export type ConsumerGroupMemberMetadataValue = MessageOf<typeof consumerGroupMemberMetadataValue>;

/** Key of the epoch of a consumer group's target assignment. */
export const consumerGroupTargetAssignmentMetadataKey = record({
  name: "ConsumerGroupTargetAssignmentMetadataKey",
  type: 6,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
});

/** See {@linkcode consumerGroupTargetAssignmentMetadataKey}. */
export type ConsumerGroupTargetAssignmentMetadataKey = MessageOf<
  typeof consumerGroupTargetAssignmentMetadataKey
>;

/** The epoch of a consumer group's target assignment. */
export const consumerGroupTargetAssignmentMetadataValue = record({
  name: "ConsumerGroupTargetAssignmentMetadataValue",
  type: 6,
  versions: "0",
  flexible: "0+",
}, {
  assignmentEpoch: int32(),
  assignmentTimestamp: int64({ tag: 0 }),
});

/** See {@linkcode consumerGroupTargetAssignmentMetadataValue}. */
export type ConsumerGroupTargetAssignmentMetadataValue = MessageOf<
  typeof consumerGroupTargetAssignmentMetadataValue
>;

/** Key of what a member of a consumer group shall own. */
export const consumerGroupTargetAssignmentMemberKey = record({
  name: "ConsumerGroupTargetAssignmentMemberKey",
  type: 7,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
  memberId: string(),
});

/** See {@linkcode consumerGroupTargetAssignmentMemberKey}. */
export type ConsumerGroupTargetAssignmentMemberKey = MessageOf<
  typeof consumerGroupTargetAssignmentMemberKey
>;

/** What a member of a consumer group shall own. */
export const consumerGroupTargetAssignmentMemberValue = record({
  name: "ConsumerGroupTargetAssignmentMemberValue",
  type: 7,
  versions: "0",
  flexible: "0+",
}, {
  topicPartitions: array({
    topicId: uuid(),
    partitions: array(int32()),
  }),
});

/** See {@linkcode consumerGroupTargetAssignmentMemberValue}. */
export type ConsumerGroupTargetAssignmentMemberValue = MessageOf<
  typeof consumerGroupTargetAssignmentMemberValue
>;

/** Key of what a member of a consumer group owns now. */
export const consumerGroupCurrentMemberAssignmentKey = record({
  name: "ConsumerGroupCurrentMemberAssignmentKey",
  type: 8,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
  memberId: string(),
});

/** See {@linkcode consumerGroupCurrentMemberAssignmentKey}. */
export type ConsumerGroupCurrentMemberAssignmentKey = MessageOf<
  typeof consumerGroupCurrentMemberAssignmentKey
>;

const topicPartitions = {
  topicId: uuid(),
  partitions: array(int32()),
  assignmentEpochs: array(int32(), { tag: 0, nullable: "0+" }),
};

/** What a member of a consumer group owns now, on its way to the target. */
export const consumerGroupCurrentMemberAssignmentValue = record({
  name: "ConsumerGroupCurrentMemberAssignmentValue",
  type: 8,
  versions: "0",
  flexible: "0+",
}, {
  memberEpoch: int32(),
  // Still accepted from a member that missed the last change.
  previousMemberEpoch: int32(),
  state: int8(),
  assignedPartitions: array(topicPartitions),
  partitionsPendingRevocation: array(topicPartitions),
});

/** See {@linkcode consumerGroupCurrentMemberAssignmentValue}. */
export type ConsumerGroupCurrentMemberAssignmentValue = MessageOf<
  typeof consumerGroupCurrentMemberAssignmentValue
>;

/** Key of a regular expression that members of a consumer group subscribe to. */
export const consumerGroupRegularExpressionKey = record({
  name: "ConsumerGroupRegularExpressionKey",
  type: 16,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
  regularExpression: string(),
});

/** See {@linkcode consumerGroupRegularExpressionKey}. */
export type ConsumerGroupRegularExpressionKey = MessageOf<typeof consumerGroupRegularExpressionKey>;

/** The topics that a regular expression resolved to. */
export const consumerGroupRegularExpressionValue = record({
  name: "ConsumerGroupRegularExpressionValue",
  type: 16,
  versions: "0",
  flexible: "0+",
}, {
  topics: array(string()),
  version: int64(),
  timestamp: int64(),
});

/** See {@linkcode consumerGroupRegularExpressionValue}. */
export type ConsumerGroupRegularExpressionValue = MessageOf<
  typeof consumerGroupRegularExpressionValue
>;
