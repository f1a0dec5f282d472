import {
  array,
  int16,
  int32,
  int64,
  int8,
  type MessageOf,
  record,
  string,
  struct,
  uint16,
} from "../schema.ts";

/** Key of a Streams group (KIP-1071). */
export const streamsGroupMetadataKey = record({
  name: "StreamsGroupMetadataKey",
  type: 17,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
});

/** See {@linkcode streamsGroupMetadataKey}. */
export type StreamsGroupMetadataKey = MessageOf<typeof streamsGroupMetadataKey>;

const lastAssignmentConfig = {
  key: string(),
  value: string(),
};

/** The epochs of a Streams group. */
export const streamsGroupMetadataValue = record({
  name: "StreamsGroupMetadataValue",
  type: 17,
  versions: "0",
  flexible: "0+",
}, {
  epoch: int32(),
  metadataHash: int64(),
  validatedTopologyEpoch: int32({ tag: 0, default: -1 }),
  lastAssignmentConfigs: array(lastAssignmentConfig, { tag: 1, nullable: "0+" }),
  storedDescriptionTopologyEpoch: int32({ tag: 2, default: -1 }),
  failedDescriptionTopologyEpoch: int32({ tag: 3, default: -1 }),
});

/** See {@linkcode streamsGroupMetadataValue}. */
export type StreamsGroupMetadataValue = MessageOf<typeof streamsGroupMetadataValue>;

/** Key of a member of a Streams group. */
export const streamsGroupMemberMetadataKey = record({
  name: "StreamsGroupMemberMetadataKey",
  type: 19,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
  memberId: string(),
});

/** See {@linkcode streamsGroupMemberMetadataKey}. */
export type StreamsGroupMemberMetadataKey = MessageOf<typeof streamsGroupMemberMetadataKey>;

const endpoint = {
  host: string(),
  port: uint16(),
};

const keyValue = {
  key: string(),
  value: string(),
};

/** What a member of a Streams group said about itself. */
export const streamsGroupMemberMetadataValue = record({
  name: "StreamsGroupMemberMetadataValue",
  type: 19,
  versions: "0",
  flexible: "0+",
}, {
  instanceId: string({ nullable: "0+" }),
  rackId: string({ nullable: "0+" }),
  clientId: string(),
  clientHost: string(),
  rebalanceTimeoutMs: int32({ default: -1 }),
  topologyEpoch: int32(),
  processId: string(),
  userEndpoint: struct(endpoint, { nullable: "0+", default: null }),
  clientTags: array(keyValue),
});

/** See {@linkcode streamsGroupMemberMetadataValue}. */
export type StreamsGroupMemberMetadataValue = MessageOf<typeof streamsGroupMemberMetadataValue>;

/** Key of the epoch of a Streams group's target assignment. */
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

/** The epoch of a Streams group's target assignment. */
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

/** Key of the tasks that a member of a Streams group shall run. */
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

/** The tasks that a member of a Streams group shall run. */
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

/** Key of the tasks that a member of a Streams group runs now. */
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

const streamsGroupCurrentMemberAssignmentValueTaskIds = {
  subtopologyId: string(),
  partitions: array(int32()),
  assignmentEpochs: array(int32(), { tag: 0, nullable: "0+" }),
};

/** The tasks that a member of a Streams group runs now. */
export const streamsGroupCurrentMemberAssignmentValue = record({
  name: "StreamsGroupCurrentMemberAssignmentValue",
  type: 22,
  versions: "0",
  flexible: "0+",
}, {
  memberEpoch: int32(),
  // Still accepted from a member that missed the last change.
  previousMemberEpoch: int32(),
  state: int8(),
  activeTasks: array(streamsGroupCurrentMemberAssignmentValueTaskIds),
  standbyTasks: array(streamsGroupCurrentMemberAssignmentValueTaskIds),
  warmupTasks: array(streamsGroupCurrentMemberAssignmentValueTaskIds),
  activeTasksPendingRevocation: array(streamsGroupCurrentMemberAssignmentValueTaskIds),
  standbyTasksPendingRevocation: array(streamsGroupCurrentMemberAssignmentValueTaskIds),
  warmupTasksPendingRevocation: array(streamsGroupCurrentMemberAssignmentValueTaskIds),
});

/** See {@linkcode streamsGroupCurrentMemberAssignmentValue}. */
export type StreamsGroupCurrentMemberAssignmentValue = MessageOf<
  typeof streamsGroupCurrentMemberAssignmentValue
>;

/** Key of the topology of a Streams group. */
export const streamsGroupTopologyKey = record({
  name: "StreamsGroupTopologyKey",
  type: 23,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
});

/** See {@linkcode streamsGroupTopologyKey}. */
export type StreamsGroupTopologyKey = MessageOf<typeof streamsGroupTopologyKey>;

const topicConfig = {
  key: string(),
  value: string(),
};

const topicInfo = {
  name: string(),
  partitions: int32(),
  replicationFactor: int16(),
  topicConfigs: array(topicConfig),
};

/** The topology of a Streams group. */
export const streamsGroupTopologyValue = record({
  name: "StreamsGroupTopologyValue",
  type: 23,
  versions: "0",
  flexible: "0+",
}, {
  epoch: int32(),
  subtopologies: array({
    subtopologyId: string(),
    sourceTopics: array(string()),
    sourceTopicRegex: array(string()),
    stateChangelogTopics: array(topicInfo),
    repartitionSinkTopics: array(string()),
    repartitionSourceTopics: array(topicInfo),
    copartitionGroups: array({
      sourceTopics: array(int16()),
      sourceTopicRegex: array(int16()),
      repartitionSourceTopics: array(int16()),
    }),
  }),
});

/** See {@linkcode streamsGroupTopologyValue}. */
export type StreamsGroupTopologyValue = MessageOf<typeof streamsGroupTopologyValue>;
