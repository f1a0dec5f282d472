import { int32, int64, type MessageOf, record, string } from "../schema.ts";

/** ConsumerGroupTargetAssignmentMetadataKey */
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

/** ConsumerGroupTargetAssignmentMetadataValue */
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
