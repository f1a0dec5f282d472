import { array, int32, int8, type MessageOf, record, string, uuid } from "../schema.ts";

/** ConsumerGroupCurrentMemberAssignmentKey */
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

/** ConsumerGroupCurrentMemberAssignmentValue */
export const consumerGroupCurrentMemberAssignmentValue = record({
  name: "ConsumerGroupCurrentMemberAssignmentValue",
  type: 8,
  versions: "0",
  flexible: "0+",
}, {
  memberEpoch: int32(),
  previousMemberEpoch: int32(),
  state: int8(),
  assignedPartitions: array(topicPartitions),
  partitionsPendingRevocation: array(topicPartitions),
});

/** See {@linkcode consumerGroupCurrentMemberAssignmentValue}. */
export type ConsumerGroupCurrentMemberAssignmentValue = MessageOf<
  typeof consumerGroupCurrentMemberAssignmentValue
>;
