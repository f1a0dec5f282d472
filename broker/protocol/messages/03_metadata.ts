import {
  api,
  array,
  bool,
  int16,
  int32,
  INT32_MIN,
  type RequestOf,
  type ResponseOf,
  string,
  uuid,
} from "../schema.ts";

/**
 * Tells clients the brokers, topics, partitions and leaders. Version 12 asks by topic id (KIP-516).
 */
export const metadata = api({
  key: 3,
  name: "Metadata",
  versions: "0-13",
  flexible: "9+",
  listeners: ["broker"],
}, {
  request: {
    // Null means all topics; in version 0 an empty array does.
    topics: array({
      topicId: uuid({ versions: "10+" }),
      name: string({ nullable: "10+" }),
    }, { nullable: "1+" }),
    allowAutoTopicCreation: bool({ versions: "4+", default: true }),
    includeClusterAuthorizedOperations: bool({ versions: "8-10" }),
    includeTopicAuthorizedOperations: bool({ versions: "8+" }),
  },
  response: {
    throttleTimeMs: int32({ versions: "3+" }),
    brokers: array({
      nodeId: int32(),
      host: string(),
      port: int32(),
      rack: string({ versions: "1+", nullable: "1+", default: null }),
    }),
    clusterId: string({ versions: "2+", nullable: "2+", default: null }),
    controllerId: int32({ versions: "1+", default: -1 }),
    topics: array({
      errorCode: int16(),
      // Null for an unknown topic that was asked for by id.
      name: string({ nullable: "12+" }),
      topicId: uuid({ versions: "10+" }),
      isInternal: bool({ versions: "1+" }),
      partitions: array({
        errorCode: int16(),
        partitionIndex: int32(),
        leaderId: int32(),
        leaderEpoch: int32({ versions: "7+", default: -1 }),
        replicaNodes: array(int32()),
        isrNodes: array(int32()),
        offlineReplicas: array(int32(), { versions: "5+" }),
      }),
      // KIP-430: a bit per operation, INT32_MIN when not asked for.
      topicAuthorizedOperations: int32({ versions: "8+", default: INT32_MIN }),
    }),
    // KIP-430; from version 11 on DescribeCluster tells it.
    clusterAuthorizedOperations: int32({ versions: "8-10", default: INT32_MIN }),
    errorCode: int16({ versions: "13+" }),
  },
});

/** What a client sends. */
export type MetadataRequest = RequestOf<typeof metadata>;
/** What it is answered. */
export type MetadataResponse = ResponseOf<typeof metadata>;
