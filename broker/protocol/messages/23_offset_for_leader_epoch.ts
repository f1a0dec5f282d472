import {
  api,
  array,
  int16,
  int32,
  int64,
  type RequestOf,
  type ResponseOf,
  string,
} from "../schema.ts";

/** OffsetForLeaderEpoch */
export const offsetForLeaderEpoch = api({
  key: 23,
  name: "OffsetForLeaderEpoch",
  versions: "2-4",
  flexible: "4+",
  listeners: ["broker"],
}, {
  request: {
    replicaId: int32({ versions: "3+", default: -2 }),
    topics: array({
      topic: string(),
      partitions: array({
        partition: int32(),
        currentLeaderEpoch: int32({ default: -1 }),
        leaderEpoch: int32(),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    topics: array({
      topic: string(),
      partitions: array({
        errorCode: int16(),
        partition: int32(),
        leaderEpoch: int32({ default: -1 }),
        endOffset: int64({ default: -1 }),
      }),
    }),
  },
});

/** What a client sends. */
export type OffsetForLeaderEpochRequest = RequestOf<typeof offsetForLeaderEpoch>;
/** What it is answered. */
export type OffsetForLeaderEpochResponse = ResponseOf<typeof offsetForLeaderEpoch>;
