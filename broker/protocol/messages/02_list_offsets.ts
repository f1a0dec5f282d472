import {
  api,
  array,
  int16,
  int32,
  int64,
  int8,
  type RequestOf,
  type ResponseOf,
  string,
} from "../schema.ts";

/**
 * Finds offsets by timestamp, or by the special timestamps earliest (-2), latest (-1), largest
 * timestamp (-3), earliest local (-4), latest tiered (-5) and earliest to be uploaded (-6).
 */
export const listOffsets = api({
  key: 2,
  name: "ListOffsets",
  versions: "1-11",
  flexible: "6+",
  listeners: ["broker"],
}, {
  request: {
    // -1 for a consumer, -2 for a debugging one that sees past the high watermark.
    replicaId: int32(),
    // 0: read uncommitted, 1: read committed (KIP-98).
    isolationLevel: int8({ versions: "2+" }),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        // KIP-320: fences clients with old metadata.
        currentLeaderEpoch: int32({ versions: "4+", default: -1 }),
        // Milliseconds, or one of the special values above.
        timestamp: int64(),
      }),
    }),
    // KIP-1075: how long to wait for remote storage.
    timeoutMs: int32({ versions: "10+" }),
  },
  response: {
    throttleTimeMs: int32({ versions: "2+" }),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        timestamp: int64({ default: -1 }),
        offset: int64({ default: -1 }),
        leaderEpoch: int32({ versions: "4+", default: -1 }),
      }),
    }),
  },
});

/** What a client sends. */
export type ListOffsetsRequest = RequestOf<typeof listOffsets>;
/** What it is answered. */
export type ListOffsetsResponse = ResponseOf<typeof listOffsets>;
