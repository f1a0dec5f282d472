import { array, int32, type MessageOf, record, string } from "../schema.ts";

/** StreamsGroupTargetAssignmentMemberKey */
export const streamsGroupTargetAssignmentMemberKey = record({
  name: "StreamsGroupTargetAssignmentMemberKey",
  type: 21,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
  memberId: string(),
});

/** See {@linkcode streamsGroupTargetAssignmentMemberKey}. */
export type StreamsGroupTargetAssignmentMemberKey = MessageOf<
  typeof streamsGroupTargetAssignmentMemberKey
>;

const taskIds = {
  subtopologyId: string(),
  partitions: array(int32()),
};

/** StreamsGroupTargetAssignmentMemberValue */
export const streamsGroupTargetAssignmentMemberValue = record({
  name: "StreamsGroupTargetAssignmentMemberValue",
  type: 21,
  versions: "0",
  flexible: "0+",
}, {
  activeTasks: array(taskIds),
  standbyTasks: array(taskIds),
  warmupTasks: array(taskIds),
});

/** See {@linkcode streamsGroupTargetAssignmentMemberValue}. */
export type StreamsGroupTargetAssignmentMemberValue = MessageOf<
  typeof streamsGroupTargetAssignmentMemberValue
>;
