import {
  api,
  array,
  int16,
  int32,
  int64,
  records,
  type RequestOf,
  type ResponseOf,
  string,
  struct,
  uuid,
} from "../schema.ts";

/**
 * Producers append record batches to partitions. Version 9 is flexible, 13 names topics by id
 * (KIP-516); versions 0-2 are advertised, never served (KAFKA-18659).
 */
export const produce = api({
  key: 0,
  name: "Produce",
  versions: "3-13",
  flexible: "9+",
  listeners: ["broker"],
}, {
  request: {
    transactionalId: string({ nullable: "3+", default: null }),
    // -1: all in-sync replicas, 1: the leader, 0: no answer at all.
    acks: int16(),
    timeoutMs: int32(),
    topicData: array({
      name: string({ versions: "0-12" }),
      topicId: uuid({ versions: "13+" }),
      partitionData: array({
        index: int32(),
        records: records({ nullable: "0+" }),
      }),
    }),
  },
  response: {
    responses: array({
      name: string({ versions: "0-12" }),
      topicId: uuid({ versions: "13+" }),
      partitionResponses: array({
        index: int32(),
        errorCode: int16(),
        baseOffset: int64(),
        // -1 where the topic keeps the producer's timestamps.
        logAppendTimeMs: int64({ default: -1 }),
        logStartOffset: int64({ versions: "5+", default: -1 }),
        // KIP-467: the records because of which the whole batch was refused.
        recordErrors: array({
          batchIndex: int32(),
          batchIndexErrorMessage: string({ nullable: "8+", default: null }),
        }, { versions: "8+" }),
        errorMessage: string({ versions: "8+", nullable: "8+", default: null }),
        // KIP-951: the client need not ask for metadata first.
        currentLeader: struct({
          leaderId: int32({ default: -1 }),
          leaderEpoch: int32({ default: -1 }),
        }, { versions: "10+", tag: 0 }),
      }),
    }),
    throttleTimeMs: int32(),
    // KIP-951: where the current leaders listen.
    nodeEndpoints: array({
      nodeId: int32(),
      host: string(),
      port: int32(),
      rack: string({ nullable: "10+", default: null }),
    }, { versions: "10+", tag: 0 }),
  },
});

/** What a client sends. */
export type ProduceRequest = RequestOf<typeof produce>;
/** What it is answered. */
export type ProduceResponse = ResponseOf<typeof produce>;
