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

/** Sets from where a share group reads (KIP-932). */
export const alterShareGroupOffsets = api({
  key: 91,
  name: "AlterShareGroupOffsets",
  versions: "0",
  flexible: "0+",
  listeners: ["broker"],
}, {
  request: {
    groupId: string(),
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        startOffset: int64(),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+", default: null }),
    responses: array({
      topicName: string(),
      topicId: uuid(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: "0+", default: null }),
      }),
    }),
  },
});

/** What a client sends. */
export type AlterShareGroupOffsetsRequest = RequestOf<typeof alterShareGroupOffsets>;
/** What it is answered. */
export type AlterShareGroupOffsetsResponse = ResponseOf<typeof alterShareGroupOffsets>;
