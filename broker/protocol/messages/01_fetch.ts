import {
  api,
  array,
  int16,
  int32,
  INT32_MAX,
  int64,
  INT64_MAX,
  int8,
  recordsToSend,
  type RequestOf,
  type ResponseOf,
  string,
  struct,
  uuid,
} from "../schema.ts";

/**
 * Consumers and followers read record batches; also how KRaft replicates the metadata log
 * (KIP-595). From version 7 in sessions that send changes only (KIP-227), from 13 by topic id
 * (KIP-516).
 */
export const fetch = api({
  key: 1,
  name: "Fetch",
  versions: "4-18",
  flexible: "12+",
  listeners: ["broker", "controller"],
}, {
  request: {
    // KIP-595: guards the metadata quorum against foreign nodes.
    clusterId: string({ versions: "12+", tag: 0, nullable: "12+", default: null }),
    // -1 for a consumer.
    replicaId: int32({ versions: "0-14", default: -1 }),
    // KIP-903: a follower, with its broker epoch.
    replicaState: struct({
      replicaId: int32({ default: -1 }),
      replicaEpoch: int64({ default: -1 }),
    }, { versions: "15+", tag: 1 }),
    maxWaitMs: int32(),
    minBytes: int32(),
    // KIP-74: the first batch is sent even if it is larger.
    maxBytes: int32({ default: INT32_MAX }),
    // 0: read uncommitted, 1: read committed (KIP-98).
    isolationLevel: int8(),
    // KIP-227: 0 asks for a new session, with the epoch 0; epoch -1 closes it.
    sessionId: int32({ versions: "7+" }),
    sessionEpoch: int32({ versions: "7+", default: -1 }),
    topics: array({
      topic: string({ versions: "0-12" }),
      topicId: uuid({ versions: "13+" }),
      partitions: array({
        partition: int32(),
        // KIP-320: fences clients with old metadata.
        currentLeaderEpoch: int32({ versions: "9+", default: -1 }),
        fetchOffset: int64(),
        // KIP-595: the leader finds divergence, as with truncation in Raft.
        lastFetchedEpoch: int32({ versions: "12+", default: -1 }),
        // Of the follower; consumers leave it out.
        logStartOffset: int64({ versions: "5+", default: -1 }),
        partitionMaxBytes: int32(),
        // KIP-853.
        replicaDirectoryId: uuid({ versions: "17+", tag: 0 }),
        // KIP-1166: the leader answers at once when it knows a higher one. The default:
        // not supported.
        highWatermark: int64({ versions: "18+", tag: 1, default: INT64_MAX }),
      }),
    }),
    forgottenTopicsData: array({
      topic: string({ versions: "7-12" }),
      topicId: uuid({ versions: "13+" }),
      partitions: array(int32()),
    }, { versions: "7+" }),
    // KIP-392: lets a consumer read from the nearest replica.
    rackId: string({ versions: "11+" }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16({ versions: "7+" }),
    sessionId: int32({ versions: "7+" }),
    responses: array({
      topic: string({ versions: "0-12" }),
      topicId: uuid({ versions: "13+" }),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        highWatermark: int64(),
        lastStableOffset: int64({ default: -1 }),
        logStartOffset: int64({ versions: "5+", default: -1 }),
        // The largest epoch of the leader's log up to lastFetchedEpoch, where it differs
        // from the follower's.
        divergingEpoch: struct({
          epoch: int32({ default: -1 }),
          endOffset: int64({ default: -1 }),
        }, { versions: "12+", tag: 0 }),
        // KIP-951; KIP-595 in the metadata quorum.
        currentLeader: struct({
          leaderId: int32({ default: -1 }),
          leaderEpoch: int32({ default: -1 }),
        }, { versions: "12+", tag: 1 }),
        // KIP-630: the snapshot to fetch instead.
        snapshotId: struct({
          endOffset: int64({ default: -1 }),
          epoch: int32({ default: -1 }),
        }, { versions: "12+", tag: 2 }),
        // Null when the request reads uncommitted.
        abortedTransactions: array({
          producerId: int64(),
          firstOffset: int64(),
        }, { nullable: "4+" }),
        // KIP-392.
        preferredReadReplica: int32({ versions: "11+", default: -1 }),
        records: recordsToSend({ nullable: "0+" }),
      }),
    }),
    // KIP-951: where the current leaders listen.
    nodeEndpoints: array({
      nodeId: int32(),
      host: string(),
      port: int32(),
      rack: string({ nullable: "16+", default: null }),
    }, { versions: "16+", tag: 0 }),
  },
});

/** What a client sends. */
export type FetchRequest = RequestOf<typeof fetch>;
/** What it is answered. */
export type FetchResponse = ResponseOf<typeof fetch>;
