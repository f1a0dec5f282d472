import {
  api,
  array,
  int16,
  int32,
  type RequestOf,
  type ResponseOf,
  string,
  uuid,
} from "../schema.ts";

/** The group coordinator deletes the state of share partitions (KIP-932). */
export const deleteShareGroupState = api({
  key: 86,
  name: "DeleteShareGroupState",
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
export type DeleteShareGroupStateRequest = RequestOf<typeof deleteShareGroupState>;
/** What it is answered. */
export type DeleteShareGroupStateResponse = ResponseOf<typeof deleteShareGroupState>;
