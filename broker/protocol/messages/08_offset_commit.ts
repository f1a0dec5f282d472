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

/** Stores how far a group has read. From version 9 for KIP-848 groups too, from 10 by topic id. */
export const offsetCommit = api({
  key: 8,
  name: "OffsetCommit",
  versions: "2-10",
  flexible: "8+",
  listeners: ["broker"],
}, {
  request: {
    groupId: string(),
    // -1 for a consumer without a group protocol.
    generationIdOrMemberEpoch: int32({ default: -1 }),
    memberId: string(),
    // KIP-345: static membership.
    groupInstanceId: string({ versions: "7+", nullable: "7+", default: null }),
    // -1: as long as the broker keeps offsets.
    retentionTimeMs: int64({ versions: "2-4", default: -1 }),
    topics: array({
      name: string({ versions: "0-9" }),
      topicId: uuid({ versions: "10+" }),
      partitions: array({
        partitionIndex: int32(),
        committedOffset: int64(),
        // KIP-320.
        committedLeaderEpoch: int32({ versions: "6+", default: -1 }),
        committedMetadata: string({ nullable: "0+" }),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32({ versions: "3+" }),
    topics: array({
      name: string({ versions: "0-9" }),
      topicId: uuid({ versions: "10+" }),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
      }),
    }),
  },
});

/** What a client sends. */
export type OffsetCommitRequest = RequestOf<typeof offsetCommit>;
/** What it is answered. */
export type OffsetCommitResponse = ResponseOf<typeof offsetCommit>;
