import { array, int32, type MessageOf, record, string, uuid } from "../schema.ts";

/** ConsumerGroupTargetAssignmentMemberKey */
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

/** ConsumerGroupTargetAssignmentMemberValue */
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
