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

/** Describes transactions by transactional id (KIP-664). */
export const describeTransactions = api({
  key: 65,
  name: "DescribeTransactions",
  versions: "0",
  flexible: "0+",
  listeners: ["broker"],
}, {
  request: {
    transactionalIds: array(string()),
  },
  response: {
    throttleTimeMs: int32(),
    transactionStates: array({
      errorCode: int16(),
      transactionalId: string(),
      transactionState: string(),
      transactionTimeoutMs: int32(),
      transactionStartTimeMs: int64(),
      producerId: int64(),
      producerEpoch: int16(),
      // While committing or aborting, those still without a marker.
      topics: array({
        topic: string(),
        partitions: array(int32()),
      }),
    }),
  },
});

/** What a client sends. */
export type DescribeTransactionsRequest = RequestOf<typeof describeTransactions>;
/** What it is answered. */
export type DescribeTransactionsResponse = ResponseOf<typeof describeTransactions>;
