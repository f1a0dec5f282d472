import { int32, int64, type MessageOf, record, string } from "../schema.ts";

/** ShareGroupTargetAssignmentMetadataKey */
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

/** ShareGroupTargetAssignmentMetadataValue */
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
