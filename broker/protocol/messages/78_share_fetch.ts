import {
  api,
  array,
  bool,
  int16,
  int32,
  INT32_MAX,
  int64,
  int8,
  recordsToSend,
  type RequestOf,
  type ResponseOf,
  string,
  struct,
  uuid,
} from "../schema.ts";

/**
 * Acquires records for a share group, and acknowledges earlier ones along the way (KIP-932).
 * Version 2 renews locks and chooses how to acquire (KIP-1206, KIP-1222).
 */
export const shareFetch = api({
  key: 78,
  name: "ShareFetch",
  versions: "1-2",
  flexible: "0+",
  listeners: ["broker"],
}, {
  request: {
    groupId: string({ nullable: "0+", default: null }),
    memberId: string({ nullable: "0+" }),
    // 0 opens a session, -1 closes it.
    shareSessionEpoch: int32(),
    maxWaitMs: int32(),
    minBytes: int32(),
    maxBytes: int32({ default: INT32_MAX }),
    maxRecords: int32(),
    batchSize: int32(),
    // KIP-1206: 0: whole batches, 1: not more than maxRecords.
    shareAcquireMode: int8({ versions: "2+" }),
    // KIP-1222.
    isRenewAck: bool({ versions: "2+" }),
    topics: array({
      topicId: uuid(),
      partitions: array({
        partitionIndex: int32(),
        partitionMaxBytes: int32({ versions: "0" }),
        acknowledgementBatches: array({
          firstOffset: int64(),
          lastOffset: int64(),
          // One for all, or one per offset: 0: gap, 1: accept, 2: release, 3: reject, 4:
          // renew.
          acknowledgeTypes: array(int8()),
        }),
      }),
    }),
    forgottenTopicsData: array({
      topicId: uuid(),
      partitions: array(int32()),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+", default: null }),
    // How long acquired records are locked.
    acquisitionLockTimeoutMs: int32(),
    responses: array({
      topicId: uuid(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: "0+", default: null }),
        acknowledgeErrorCode: int16(),
        acknowledgeErrorMessage: string({ nullable: "0+", default: null }),
        currentLeader: struct({
          leaderId: int32(),
          leaderEpoch: int32(),
        }),
        records: recordsToSend({ nullable: "0" }),
        acquiredRecords: array({
          firstOffset: int64(),
          lastOffset: int64(),
          deliveryCount: int16(),
        }),
      }),
    }),
    nodeEndpoints: array({
      nodeId: int32(),
      host: string(),
      port: int32(),
      rack: string({ nullable: "0+", default: null }),
    }),
  },
});

/** What a client sends. */
export type ShareFetchRequest = RequestOf<typeof shareFetch>;
/** What it is answered. */
export type ShareFetchResponse = ResponseOf<typeof shareFetch>;
