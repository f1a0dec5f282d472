import {
  api,
  array,
  bool,
  int16,
  int32,
  int64,
  int8,
  type RequestOf,
  type ResponseOf,
  string,
  struct,
  uuid,
} from "../schema.ts";

/** Acknowledges records of a share group (KIP-932). */
export const shareAcknowledge = api({
  key: 79,
  name: "ShareAcknowledge",
  versions: "1-2",
  flexible: "0+",
  listeners: ["broker"],
}, {
  request: {
    groupId: string({ nullable: "0+", default: null }),
    memberId: string({ nullable: "0+" }),
    // -1 closes the session.
    shareSessionEpoch: int32(),
    // KIP-1222.
    isRenewAck: bool({ versions: "2+" }),
    topics: array({
      topicId: uuid(),
      partitions: array({
        partitionIndex: int32(),
        acknowledgementBatches: array({
          firstOffset: int64(),
          lastOffset: int64(),
          // One for all, or one per offset: 0: gap, 1: accept, 2: release, 3: reject, 4:
          // renew.
          acknowledgeTypes: array(int8()),
        }),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+", default: null }),
    acquisitionLockTimeoutMs: int32({ versions: "2+" }),
    responses: array({
      topicId: uuid(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: "0+", default: null }),
        currentLeader: struct({
          leaderId: int32(),
          leaderEpoch: int32(),
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
export type ShareAcknowledgeRequest = RequestOf<typeof shareAcknowledge>;
/** What it is answered. */
export type ShareAcknowledgeResponse = ResponseOf<typeof shareAcknowledge>;
