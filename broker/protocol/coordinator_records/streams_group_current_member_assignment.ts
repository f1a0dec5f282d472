import { array, int32, int8, type MessageOf, record, string } from "../schema.ts";

/** StreamsGroupCurrentMemberAssignmentKey */
export const streamsGroupCurrentMemberAssignmentKey = record({
  name: "StreamsGroupCurrentMemberAssignmentKey",
  type: 22,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
  memberId: string(),
});

/** See {@linkcode streamsGroupCurrentMemberAssignmentKey}. */
export type StreamsGroupCurrentMemberAssignmentKey = MessageOf<
  typeof streamsGroupCurrentMemberAssignmentKey
>;

const taskIds = {
  subtopologyId: string(),
  partitions: array(int32()),
  assignmentEpochs: array(int32(), { tag: 0, nullable: "0+" }),
};

/** StreamsGroupCurrentMemberAssignmentValue */
export const streamsGroupCurrentMemberAssignmentValue = record({
  name: "StreamsGroupCurrentMemberAssignmentValue",
  type: 22,
  versions: "0",
  flexible: "0+",
}, {
  memberEpoch: int32(),
  previousMemberEpoch: int32(),
  state: int8(),
  activeTasks: array(taskIds),
  standbyTasks: array(taskIds),
  warmupTasks: array(taskIds),
  activeTasksPendingRevocation: array(taskIds),
  standbyTasksPendingRevocation: array(taskIds),
  warmupTasksPendingRevocation: array(taskIds),
});

/** See {@linkcode streamsGroupCurrentMemberAssignmentValue}. */
export type StreamsGroupCurrentMemberAssignmentValue = MessageOf<
  typeof streamsGroupCurrentMemberAssignmentValue
>;
