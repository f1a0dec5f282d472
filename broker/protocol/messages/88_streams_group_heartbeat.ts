import {
  api,
  array,
  bool,
  int16,
  int32,
  int64,
  int8,
  type RequestOf,
  type ResponseOf,
  string,
  struct,
  uint16,
} from "../schema.ts";

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

const status = {
  statusCode: int8(),
  statusDetail: string(),
};

const topicPartition = {
  topic: string(),
  partitions: array(int32()),
};

/**
 * All that a member of a Streams group says: topology, tasks, offsets; and the tasks it gets
 * (KIP-1071).
 */
export const streamsGroupHeartbeat = api({
  key: 88,
  name: "StreamsGroupHeartbeat",
  versions: "0-1",
  flexible: "0+",
  listeners: ["broker"],
}, {
  request: {
    groupId: string(),
    memberId: string(),
    // 0 joins, -1 leaves, -2 leaves for a static member to come back.
    memberEpoch: int32(),
    endpointInformationEpoch: int32(),
    // From here on null, and -1 for the timeout, mean unchanged.
    instanceId: string({ nullable: "0+", default: null }),
    rackId: string({ nullable: "0+", default: null }),
    rebalanceTimeoutMs: int32({ default: -1 }),
    // When joining only.
    topology: struct({
      epoch: int32(),
      subtopologies: array({
        subtopologyId: string(),
        sourceTopics: array(string()),
        sourceTopicRegex: array(string()),
        stateChangelogTopics: array(topicInfo),
        repartitionSinkTopics: array(string()),
        repartitionSourceTopics: array(topicInfo),
        copartitionGroups: array({
          // Indexes into the topics of the subtopology, as are the others.
          sourceTopics: array(int16()),
          sourceTopicRegex: array(int16()),
          repartitionSourceTopics: array(int16()),
        }),
      }),
    }, { nullable: "0+", default: null }),
    activeTasks: array(taskIds, { nullable: "0+", default: null }),
    standbyTasks: array(taskIds, { nullable: "0+", default: null }),
    warmupTasks: array(taskIds, { nullable: "0+", default: null }),
    processId: string({ nullable: "0+", default: null }),
    // Where interactive queries are answered.
    userEndpoint: struct(endpoint, { nullable: "0+", default: null }),
    clientTags: array(keyValue, { nullable: "0+", default: null }),
    // How far each task's changelog is restored.
    taskOffsets: array(taskOffset, { nullable: "0+", default: null }),
    taskEndOffsets: array(taskOffset, { nullable: "0+", default: null }),
    shutdownApplication: bool(),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+", default: null }),
    memberId: string(),
    memberEpoch: int32(),
    heartbeatIntervalMs: int32(),
    acceptableRecoveryLagLegacy: int32({ versions: "0" }),
    taskOffsetIntervalMs: int32(),
    acceptableRecoveryLag: int64({ versions: "1+", default: -1 }),
    status: array(status, { nullable: "0+" }),
    // Null, here and below: unchanged.
    activeTasks: array(taskIds, { nullable: "0+", default: null }),
    standbyTasks: array(taskIds, { nullable: "0+", default: null }),
    warmupTasks: array(taskIds, { nullable: "0+", default: null }),
    // KIP-1331: the client shall send StreamsGroupTopologyDescriptionUpdate.
    topologyDescriptionRequired: bool({ versions: "1+" }),
    endpointInformationEpoch: int32(),
    // An entry per member: an endpoint may come more than once.
    partitionsByUserEndpoint: array({
      userEndpoint: struct(endpoint),
      activePartitions: array(topicPartition),
      standbyPartitions: array(topicPartition),
    }, { nullable: "0+", default: null }),
  },
});

/** What a client sends. */
export type StreamsGroupHeartbeatRequest = RequestOf<typeof streamsGroupHeartbeat>;
/** What it is answered. */
export type StreamsGroupHeartbeatResponse = ResponseOf<typeof streamsGroupHeartbeat>;
