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

/** All that a member of a share group says, and the assignment it gets (KIP-932). */
export const shareGroupHeartbeat = api({
  key: 76,
  name: "ShareGroupHeartbeat",
  versions: "1",
  flexible: "0+",
  listeners: ["broker"],
}, {
  request: {
    groupId: string(),
    memberId: string(),
    // 0 joins, -1 leaves.
    memberEpoch: int32(),
    // From here on null means unchanged.
    rackId: string({ nullable: "0+", default: null }),
    subscribedTopicNames: array(string(), { nullable: "0+", default: null }),
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
export type ShareGroupHeartbeatRequest = RequestOf<typeof shareGroupHeartbeat>;
/** What it is answered. */
export type ShareGroupHeartbeatResponse = ResponseOf<typeof shareGroupHeartbeat>;
