import { array, int32, int8, type MessageOf, record, string, uuid } from "../schema.ts";

/** ShareGroupCurrentMemberAssignmentKey */
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

/** ShareGroupCurrentMemberAssignmentValue */
export const shareGroupCurrentMemberAssignmentValue = record({
  name: "ShareGroupCurrentMemberAssignmentValue",
  type: 14,
  versions: "0",
  flexible: "0+",
}, {
  memberEpoch: int32(),
  previousMemberEpoch: int32(),
  state: int8(),
  assignedPartitions: array(topicPartitions),
});

/** See {@linkcode shareGroupCurrentMemberAssignmentValue}. */
export type ShareGroupCurrentMemberAssignmentValue = MessageOf<
  typeof shareGroupCurrentMemberAssignmentValue
>;
