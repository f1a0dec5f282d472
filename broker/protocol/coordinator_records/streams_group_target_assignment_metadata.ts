import { int32, int64, type MessageOf, record, string } from "../schema.ts";

/** StreamsGroupTargetAssignmentMetadataKey */
export const streamsGroupTargetAssignmentMetadataKey = record({
  name: "StreamsGroupTargetAssignmentMetadataKey",
  type: 20,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
});

/** See {@linkcode streamsGroupTargetAssignmentMetadataKey}. */
export type StreamsGroupTargetAssignmentMetadataKey = MessageOf<
  typeof streamsGroupTargetAssignmentMetadataKey
>;

/** StreamsGroupTargetAssignmentMetadataValue */
export const streamsGroupTargetAssignmentMetadataValue = record({
  name: "StreamsGroupTargetAssignmentMetadataValue",
  type: 20,
  versions: "0",
  flexible: "0+",
}, {
  assignmentEpoch: int32(),
  assignmentTimestamp: int64({ tag: 0 }),
});

/** See {@linkcode streamsGroupTargetAssignmentMetadataValue}. */
export type StreamsGroupTargetAssignmentMetadataValue = MessageOf<
  typeof streamsGroupTargetAssignmentMetadataValue
>;
