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

/**
 * Where a leader epoch ended, so that followers and consumers find where their log diverges
 * (KIP-101, KIP-320).
 */
export const offsetForLeaderEpoch = api({
  key: 23,
  name: "OffsetForLeaderEpoch",
  versions: "2-4",
  flexible: "4+",
  listeners: ["broker"],
}, {
  request: {
    // -1 for a consumer, -2 for a debugging one.
    replicaId: int32({ versions: "3+", default: -2 }),
    topics: array({
      topic: string(),
      partitions: array({
        partition: int32(),
        // KIP-320: fences clients with old metadata.
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
        // The largest epoch up to the one asked for; -1: none.
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
