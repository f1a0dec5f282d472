import { array, int32, type MessageOf, record, string, uuid } from "../schema.ts";

/** ShareGroupTargetAssignmentMemberKey */
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

/** ShareGroupTargetAssignmentMemberValue */
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
