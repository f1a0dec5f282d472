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

/** The group coordinator creates the state of share partitions (KIP-932). */
export const initializeShareGroupState = api({
  key: 83,
  name: "InitializeShareGroupState",
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
        stateEpoch: int32(),
        // -1: unknown yet.
        startOffset: int64(),
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
export type InitializeShareGroupStateRequest = RequestOf<typeof initializeShareGroupState>;
/** What it is answered. */
export type InitializeShareGroupStateResponse = ResponseOf<typeof initializeShareGroupState>;
