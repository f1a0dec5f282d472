import {
  api,
  array,
  bool,
  int16,
  int32,
  int64,
  type RequestOf,
  type ResponseOf,
  string,
  uuid,
} from "../schema.ts";

/**
 * Asks how far groups have read; from version 8 for several groups at once (KIP-709), from 10 by
 * topic id.
 */
export const offsetFetch = api({
  key: 9,
  name: "OffsetFetch",
  versions: "1-10",
  flexible: "6+",
  listeners: ["broker"],
}, {
  request: {
    groupId: string({ versions: "0-7" }),
    // Null means all topics.
    topics: array({
      name: string(),
      partitionIndexes: array(int32()),
    }, { versions: "0-7", nullable: "2-7" }),
    // KIP-709.
    groups: array({
      groupId: string(),
      memberId: string({ versions: "9+", nullable: "9+", default: null }),
      memberEpoch: int32({ versions: "9+", default: -1 }),
      // Null means all topics.
      topics: array({
        name: string({ versions: "8-9" }),
        topicId: uuid({ versions: "10+" }),
        partitionIndexes: array(int32()),
      }, { nullable: "8+" }),
    }, { versions: "8+" }),
    // KIP-447: fail where a transaction is still open.
    requireStable: bool({ versions: "7+" }),
  },
  response: {
    throttleTimeMs: int32({ versions: "3+" }),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        committedOffset: int64(),
        committedLeaderEpoch: int32({ versions: "5-7", default: -1 }),
        metadata: string({ nullable: "0-7" }),
        errorCode: int16(),
      }),
    }, { versions: "0-7" }),
    errorCode: int16({ versions: "2-7" }),
    groups: array({
      groupId: string(),
      topics: array({
        name: string({ versions: "8-9" }),
        topicId: uuid({ versions: "10+" }),
        partitions: array({
          partitionIndex: int32(),
          committedOffset: int64(),
          committedLeaderEpoch: int32({ default: -1 }),
          metadata: string({ nullable: "8+" }),
          errorCode: int16(),
        }),
      }),
      errorCode: int16(),
    }, { versions: "8+" }),
  },
});

/** What a client sends. */
export type OffsetFetchRequest = RequestOf<typeof offsetFetch>;
/** What it is answered. */
export type OffsetFetchResponse = ResponseOf<typeof offsetFetch>;
