import {
  api,
  array,
  int16,
  int32,
  int64,
  int8,
  type RequestOf,
  type ResponseOf,
  uuid,
} from "../schema.ts";

/** AlterPartition */
export const alterPartition = api({
  key: 56,
  name: "AlterPartition",
  versions: "2-3",
  flexible: "0+",
  listeners: ["controller"],
}, {
  request: {
    brokerId: int32(),
    brokerEpoch: int64({ default: -1 }),
    topics: array({
      topicId: uuid(),
      partitions: array({
        partitionIndex: int32(),
        leaderEpoch: int32(),
        newIsr: array(int32(), { versions: "0-2" }),
        newIsrWithEpochs: array({
          brokerId: int32(),
          brokerEpoch: int64({ default: -1 }),
        }, { versions: "3+" }),
        leaderRecoveryState: int8(),
        partitionEpoch: int32(),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    topics: array({
      topicId: uuid(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        leaderId: int32(),
        leaderEpoch: int32(),
        isr: array(int32()),
        leaderRecoveryState: int8(),
        partitionEpoch: int32(),
      }),
    }),
  },
});

/** What a client sends. */
export type AlterPartitionRequest = RequestOf<typeof alterPartition>;
/** What it is answered. */
export type AlterPartitionResponse = ResponseOf<typeof alterPartition>;
