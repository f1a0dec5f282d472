import {
  api,
  array,
  int16,
  int32,
  int64,
  type RequestOf,
  type ResponseOf,
  string,
} from "../schema.ts";

/** Tells the producers that are active in partitions (KIP-664). */
export const describeProducers = api({
  key: 61,
  name: "DescribeProducers",
  versions: "0",
  flexible: "0+",
  listeners: ["broker"],
}, {
  request: {
    topics: array({
      name: string(),
      partitionIndexes: array(int32()),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: "0+", default: null }),
        activeProducers: array({
          producerId: int64(),
          producerEpoch: int32(),
          lastSequence: int32({ default: -1 }),
          lastTimestamp: int64({ default: -1 }),
          coordinatorEpoch: int32(),
          currentTxnStartOffset: int64({ default: -1 }),
        }),
      }),
    }),
  },
});

/** What a client sends. */
export type DescribeProducersRequest = RequestOf<typeof describeProducers>;
/** What it is answered. */
export type DescribeProducersResponse = ResponseOf<typeof describeProducers>;
