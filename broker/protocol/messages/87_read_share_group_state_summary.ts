import {
  api,
  array,
  int16,
  int32,
  int64,
  type RequestOf,
  type ResponseOf,
  string,
  uuid,
} from "../schema.ts";

/** Reads state of share partitions without its batches (KIP-932). */
export const readShareGroupStateSummary = api({
  key: 87,
  name: "ReadShareGroupStateSummary",
  versions: "0-1",
  flexible: "0+",
  listeners: ["broker"],
}, {
  request: {
    groupId: string(),
    topics: array({
      topicId: uuid(),
      partitions: array({
        partition: int32(),
        leaderEpoch: int32(),
      }),
    }),
  },
  response: {
    results: array({
      topicId: uuid(),
      partitions: array({
        partition: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: "0+", default: null }),
        stateEpoch: int32(),
        leaderEpoch: int32(),
        startOffset: int64(),
        // KIP-1226.
        deliveryCompleteCount: int32({ versions: "1+", default: -1 }),
      }),
    }),
  },
});

/** What a client sends. */
export type ReadShareGroupStateSummaryRequest = RequestOf<typeof readShareGroupStateSummary>;
/** What it is answered. */
export type ReadShareGroupStateSummaryResponse = ResponseOf<typeof readShareGroupStateSummary>;
