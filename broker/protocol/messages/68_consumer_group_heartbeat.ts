import {
  api,
  array,
  int16,
  int32,
  type RequestOf,
  type ResponseOf,
  string,
  struct,
  uuid,
} from "../schema.ts";

const topicPartitions = {
  topicId: uuid(),
  partitions: array(int32()),
};

/**
 * All that a member of a consumer group says: joining, leaving, its subscription, what it owns; and
 * the assignment it gets (KIP-848).
 */
export const consumerGroupHeartbeat = api({
  key: 68,
  name: "ConsumerGroupHeartbeat",
  versions: "0-1",
  flexible: "0+",
  listeners: ["broker"],
}, {
  request: {
    groupId: string(),
    // From version 1 chosen by the member (KIP-1082).
    memberId: string(),
    // 0 joins, -1 leaves, -2 leaves for a static member to come back.
    memberEpoch: int32(),
    // From here on null, and -1 for the timeout, mean unchanged.
    instanceId: string({ nullable: "0+", default: null }),
    rackId: string({ nullable: "0+", default: null }),
    rebalanceTimeoutMs: int32({ default: -1 }),
    subscribedTopicNames: array(string(), { nullable: "0+", default: null }),
    subscribedTopicRegex: string({ versions: "1+", nullable: "1+", default: null }),
    serverAssignor: string({ nullable: "0+", default: null }),
    topicPartitions: array({
      topicId: uuid(),
      partitions: array(int32()),
    }, { nullable: "0+", default: null }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+", default: null }),
    memberId: string({ nullable: "0+", default: null }),
    memberEpoch: int32(),
    heartbeatIntervalMs: int32(),
    // Null: unchanged.
    assignment: struct({
      topicPartitions: array(topicPartitions),
    }, { nullable: "0+", default: null }),
  },
});

/** What a client sends. */
export type ConsumerGroupHeartbeatRequest = RequestOf<typeof consumerGroupHeartbeat>;
/** What it is answered. */
export type ConsumerGroupHeartbeatResponse = ResponseOf<typeof consumerGroupHeartbeat>;
