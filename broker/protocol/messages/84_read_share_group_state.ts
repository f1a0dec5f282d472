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

/** A share-partition leader reads its state (KIP-932). */
export const readShareGroupState = api({
  key: 84,
  name: "ReadShareGroupState",
  versions: "0",
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
        // -1: unknown yet.
        startOffset: int64(),
        stateBatches: array({
          firstOffset: int64(),
          lastOffset: int64(),
          deliveryState: int8(),
          deliveryCount: int16(),
        }),
      }),
    }),
  },
});

/** What a client sends. */
export type ReadShareGroupStateRequest = RequestOf<typeof readShareGroupState>;
/** What it is answered. */
export type ReadShareGroupStateResponse = ResponseOf<typeof readShareGroupState>;
