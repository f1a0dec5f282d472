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

/** Tells from where share groups read (KIP-932). */
export const describeShareGroupOffsets = api({
  key: 90,
  name: "DescribeShareGroupOffsets",
  versions: "0-1",
  flexible: "0+",
  listeners: ["broker"],
}, {
  request: {
    groups: array({
      groupId: string(),
      // Null means all.
      topics: array({
        topicName: string(),
        partitions: array(int32()),
      }, { nullable: "0+" }),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    groups: array({
      groupId: string(),
      topics: array({
        topicName: string(),
        topicId: uuid(),
        partitions: array({
          partitionIndex: int32(),
          startOffset: int64(),
          leaderEpoch: int32(),
          // KIP-1226; -1: unknown.
          lag: int64({ versions: "1+", default: -1 }),
          errorCode: int16(),
          errorMessage: string({ nullable: "0+", default: null }),
        }),
      }),
      errorCode: int16(),
      errorMessage: string({ nullable: "0+", default: null }),
    }),
  },
});

/** What a client sends. */
export type DescribeShareGroupOffsetsRequest = RequestOf<typeof describeShareGroupOffsets>;
/** What it is answered. */
export type DescribeShareGroupOffsetsResponse = ResponseOf<typeof describeShareGroupOffsets>;
