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
  uint16,
  uuid,
} from "../schema.ts";

/**
 * A candidate of the metadata quorum asks for votes (KIP-595); version 2 asks before it counts
 * (KIP-996).
 */
export const vote = api({
  key: 52,
  name: "Vote",
  versions: "0-2",
  flexible: "0+",
  listeners: ["controller"],
}, {
  request: {
    clusterId: string({ nullable: "0+", default: null }),
    // KIP-853: the voter whom this is meant for.
    voterId: int32({ versions: "1+", default: -1 }),
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        replicaEpoch: int32(),
        replicaId: int32(),
        replicaDirectoryId: uuid({ versions: "1+" }),
        voterDirectoryId: uuid({ versions: "1+" }),
        lastOffsetEpoch: int32(),
        lastOffset: int64(),
        // KIP-996: would you vote for me? Nobody's epoch changes.
        preVote: bool({ versions: "2+" }),
      }),
    }),
  },
  response: {
    errorCode: int16(),
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        leaderId: int32(),
        leaderEpoch: int32(),
        voteGranted: bool(),
      }),
    }),
    nodeEndpoints: array({
      nodeId: int32(),
      host: string(),
      port: uint16(),
    }, { versions: "1+", tag: 0 }),
  },
});

/** What a client sends. */
export type VoteRequest = RequestOf<typeof vote>;
/** What it is answered. */
export type VoteResponse = ResponseOf<typeof vote>;
