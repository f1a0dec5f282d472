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
  uuid,
} from "../schema.ts";

/** A share-partition leader writes changes of its state (KIP-932). */
export const writeShareGroupState = api({
  key: 85,
  name: "WriteShareGroupState",
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
        stateEpoch: int32(),
        leaderEpoch: int32(),
        // -1: unchanged.
        startOffset: int64(),
        // KIP-1226.
        deliveryCompleteCount: int32({ versions: "1+", default: -1 }),
        stateBatches: array({
          firstOffset: int64(),
          lastOffset: int64(),
          deliveryState: int8(),
          deliveryCount: int16(),
        }),
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
      }),
    }),
  },
});

/** What a client sends. */
export type WriteShareGroupStateRequest = RequestOf<typeof writeShareGroupState>;
/** What it is answered. */
export type WriteShareGroupStateResponse = ResponseOf<typeof writeShareGroupState>;
