import {
  api,
  array,
  bool,
  int16,
  int32,
  INT32_MIN,
  int64,
  int8,
  type RequestOf,
  type ResponseOf,
  string,
  struct,
  uint16,
} from "../schema.ts";

const endpoint = {
  host: string(),
  port: uint16(),
};

const taskOffset = {
  subtopologyId: string(),
  partition: int32(),
  offset: int64(),
};

const taskIds = {
  subtopologyId: string(),
  partitions: array(int32()),
};

const assignment = {
  activeTasks: array(taskIds),
  standbyTasks: array(taskIds),
  warmupTasks: array(taskIds),
};

const keyValue = {
  key: string(),
  value: string(),
};

const topicInfo = {
  name: string(),
  partitions: int32(),
  replicationFactor: int16(),
  topicConfigs: array(keyValue),
};

const topologyDescriptionNode = {
  name: string({ versions: "1+" }),
  nodeType: int8({ versions: "1+" }),
  sourceTopics: array(string(), { versions: "1+" }),
  sinkTopic: string({ versions: "1+", nullable: "1+", default: null }),
  stores: array(string(), { versions: "1+" }),
  successors: array(string(), { versions: "1+" }),
};

const topologyDescriptionSubtopology = {
  subtopologyId: string({ versions: "1+" }),
  nodes: array(topologyDescriptionNode, { versions: "1+" }),
};

const topologyDescriptionGlobalStore = {
  source: struct(topologyDescriptionNode, { versions: "1+" }),
  processor: struct(topologyDescriptionNode, { versions: "1+" }),
};

const topologyDescription = {
  subtopologies: array(topologyDescriptionSubtopology, { versions: "1+" }),
  globalStores: array(topologyDescriptionGlobalStore, { versions: "1+" }),
};

/** Describes Streams groups (KIP-1071), from version 1 with their topology (KIP-1331). */
export const streamsGroupDescribe = api({
  key: 89,
  name: "StreamsGroupDescribe",
  versions: "0-1",
  flexible: "0+",
  listeners: ["broker"],
}, {
  request: {
    groupIds: array(string()),
    includeAuthorizedOperations: bool(),
    // KIP-1331.
    includeTopologyDescription: bool({ versions: "1+" }),
  },
  response: {
    throttleTimeMs: int32(),
    groups: array({
      errorCode: int16(),
      errorMessage: string({ nullable: "0+", default: null }),
      groupId: string(),
      groupState: string(),
      groupEpoch: int32(),
      assignmentEpoch: int32(),
      topology: struct({
        epoch: int32(),
        subtopologies: array({
          subtopologyId: string(),
          sourceTopics: array(string()),
          repartitionSinkTopics: array(string()),
          stateChangelogTopics: array(topicInfo),
          repartitionSourceTopics: array(topicInfo),
        }, { nullable: "0+", default: null }),
      }, { nullable: "0+", default: null }),
      members: array({
        memberId: string(),
        memberEpoch: int32(),
        instanceId: string({ nullable: "0+", default: null }),
        rackId: string({ nullable: "0+", default: null }),
        clientId: string(),
        clientHost: string(),
        topologyEpoch: int32(),
        processId: string(),
        userEndpoint: struct(endpoint, { nullable: "0+", default: null }),
        clientTags: array(keyValue),
        taskOffsets: array(taskOffset),
        taskEndOffsets: array(taskOffset),
        assignment: struct(assignment),
        targetAssignment: struct(assignment),
        isClassic: bool(),
      }),
      // KIP-430: a bit per operation, INT32_MIN when not asked for.
      authorizedOperations: int32({ default: INT32_MIN }),
      topologyDescription: struct(topologyDescription, {
        versions: "1+",
        nullable: "1+",
        default: null,
      }),
      // 0: not asked for, 1: none stored, 2: could not be read, 3: here it is.
      topologyDescriptionStatus: int8({ versions: "1+" }),
      assignorName: string({ versions: "1+", nullable: "1+", default: null }),
    }),
  },
});

/** What a client sends. */
export type StreamsGroupDescribeRequest = RequestOf<typeof streamsGroupDescribe>;
/** What it is answered. */
export type StreamsGroupDescribeResponse = ResponseOf<typeof streamsGroupDescribe>;
