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
  struct,
  uuid,
} from "../schema.ts";

/** Describes topics page by page (KIP-966). */
export const describeTopicPartitions = api({
  key: 75,
  name: "DescribeTopicPartitions",
  versions: "0",
  flexible: "0+",
  listeners: ["broker"],
}, {
  request: {
    topics: array({
      name: string(),
    }),
    responsePartitionLimit: int32({ default: 2000 }),
    // Where the last answer ended; null to begin.
    cursor: struct({
      topicName: string(),
      partitionIndex: int32(),
    }, { nullable: "0+", default: null }),
  },
  response: {
    throttleTimeMs: int32(),
    topics: array({
      errorCode: int16(),
      name: string({ nullable: "0+" }),
      topicId: uuid(),
      isInternal: bool(),
      partitions: array({
        errorCode: int16(),
        partitionIndex: int32(),
        leaderId: int32(),
        leaderEpoch: int32({ default: -1 }),
        replicaNodes: array(int32()),
        isrNodes: array(int32()),
        eligibleLeaderReplicas: array(int32(), { nullable: "0+", default: null }),
        lastKnownElr: array(int32(), { nullable: "0+", default: null }),
        offlineReplicas: array(int32()),
      }),
      // KIP-430: a bit per operation, INT32_MIN when not asked for.
      topicAuthorizedOperations: int32({ default: INT32_MIN }),
    }),
    // Null at the end.
    nextCursor: struct({
      topicName: string(),
      partitionIndex: int32(),
    }, { nullable: "0+", default: null }),
  },
});

/** What a client sends. */
export type DescribeTopicPartitionsRequest = RequestOf<typeof describeTopicPartitions>;
/** What it is answered. */
export type DescribeTopicPartitionsResponse = ResponseOf<typeof describeTopicPartitions>;
