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

/** Forgets where a share group was in topics (KIP-932). */
export const deleteShareGroupOffsets = api({
  key: 92,
  name: "DeleteShareGroupOffsets",
  versions: "0",
  flexible: "0+",
  listeners: ["broker"],
}, {
  request: {
    groupId: string(),
    topics: array({
      topicName: string(),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+", default: null }),
    responses: array({
      topicName: string(),
      topicId: uuid(),
      errorCode: int16(),
      errorMessage: string({ nullable: "0+", default: null }),
    }),
  },
});

/** What a client sends. */
export type DeleteShareGroupOffsetsRequest = RequestOf<typeof deleteShareGroupOffsets>;
/** What it is answered. */
export type DeleteShareGroupOffsetsResponse = ResponseOf<typeof deleteShareGroupOffsets>;
