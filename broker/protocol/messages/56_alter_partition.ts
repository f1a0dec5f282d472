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

/** A leader changes the in-sync replicas of its partitions (KIP-497, KIP-903). */
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
        // KIP-903: with broker epochs, so that a restarted broker is not taken for
        // itself.
        newIsrWithEpochs: array({
          brokerId: int32(),
          // -1: not checked.
          brokerEpoch: int64({ default: -1 }),
        }, { versions: "3+" }),
        // KIP-704: 1 while the leader recovers from an unclean election.
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
        // KIP-704: 1 while the leader recovers from an unclean election.
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
