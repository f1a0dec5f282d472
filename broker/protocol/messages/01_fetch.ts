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

/** Fetch */
export const fetch = api({
  key: 1,
  name: "Fetch",
  versions: "4-18",
  flexible: "12+",
  listeners: ["broker", "controller"],
}, {
  request: {
    clusterId: string({ versions: "12+", tag: 0, nullable: "12+", default: null }),
    replicaId: int32({ versions: "0-14", default: -1 }),
    replicaState: struct({
      replicaId: int32({ default: -1 }),
      replicaEpoch: int64({ default: -1 }),
    }, { versions: "15+", tag: 1 }),
    maxWaitMs: int32(),
    minBytes: int32(),
    maxBytes: int32({ default: INT32_MAX }),
    isolationLevel: int8(),
    sessionId: int32({ versions: "7+" }),
    sessionEpoch: int32({ versions: "7+", default: -1 }),
    topics: array({
      topic: string({ versions: "0-12" }),
      topicId: uuid({ versions: "13+" }),
      partitions: array({
        partition: int32(),
        currentLeaderEpoch: int32({ versions: "9+", default: -1 }),
        fetchOffset: int64(),
        lastFetchedEpoch: int32({ versions: "12+", default: -1 }),
        logStartOffset: int64({ versions: "5+", default: -1 }),
        partitionMaxBytes: int32(),
        replicaDirectoryId: uuid({ versions: "17+", tag: 0 }),
        highWatermark: int64({ versions: "18+", tag: 1, default: INT64_MAX }),
      }),
    }),
    forgottenTopicsData: array({
      topic: string({ versions: "7-12" }),
      topicId: uuid({ versions: "13+" }),
      partitions: array(int32()),
    }, { versions: "7+" }),
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
        divergingEpoch: struct({
          epoch: int32({ default: -1 }),
          endOffset: int64({ default: -1 }),
        }, { versions: "12+", tag: 0 }),
        currentLeader: struct({
          leaderId: int32({ default: -1 }),
          leaderEpoch: int32({ default: -1 }),
        }, { versions: "12+", tag: 1 }),
        snapshotId: struct({
          endOffset: int64({ default: -1 }),
          epoch: int32({ default: -1 }),
        }, { versions: "12+", tag: 2 }),
        abortedTransactions: array({
          producerId: int64(),
          firstOffset: int64(),
        }, { nullable: "4+" }),
        preferredReadReplica: int32({ versions: "11+", default: -1 }),
        records: recordsToSend({ nullable: "0+" }),
      }),
    }),
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
