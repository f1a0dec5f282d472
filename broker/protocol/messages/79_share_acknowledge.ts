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

/** ShareAcknowledge */
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
    shareSessionEpoch: int32(),
    isRenewAck: bool({ versions: "2+" }),
    topics: array({
      topicId: uuid(),
      partitions: array({
        partitionIndex: int32(),
        acknowledgementBatches: array({
          firstOffset: int64(),
          lastOffset: int64(),
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
