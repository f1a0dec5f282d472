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

/** Commits offsets as part of a transaction (KIP-98, KIP-447); version 6 by topic id (KIP-1319). */
export const txnOffsetCommit = api({
  key: 28,
  name: "TxnOffsetCommit",
  versions: "0-6",
  flexible: "3+",
  listeners: ["broker"],
}, {
  request: {
    transactionalId: string(),
    groupId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    // KIP-447: fences members of an old generation.
    generationIdOrMemberEpoch: int32({ versions: "3+", default: -1 }),
    memberId: string({ versions: "3+" }),
    groupInstanceId: string({ versions: "3+", nullable: "3+", default: null }),
    topics: array({
      name: string({ versions: "0-5" }),
      topicId: uuid({ versions: "6+" }),
      partitions: array({
        partitionIndex: int32(),
        committedOffset: int64(),
        committedLeaderEpoch: int32({ versions: "2+", default: -1 }),
        committedMetadata: string({ nullable: "0+" }),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    topics: array({
      name: string({ versions: "0-5" }),
      topicId: uuid({ versions: "6+" }),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
      }),
    }),
  },
});

/** What a client sends. */
export type TxnOffsetCommitRequest = RequestOf<typeof txnOffsetCommit>;
/** What it is answered. */
export type TxnOffsetCommitResponse = ResponseOf<typeof txnOffsetCommit>;
