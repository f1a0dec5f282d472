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

/** ListOffsets */
export const listOffsets = api({
  key: 2,
  name: "ListOffsets",
  versions: "1-11",
  flexible: "6+",
  listeners: ["broker"],
}, {
  request: {
    replicaId: int32(),
    isolationLevel: int8({ versions: "2+" }),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        currentLeaderEpoch: int32({ versions: "4+", default: -1 }),
        timestamp: int64(),
      }),
    }),
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
