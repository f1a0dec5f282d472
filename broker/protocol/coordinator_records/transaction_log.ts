import { array, int16, int32, int64, int8, type MessageOf, record, string } from "../schema.ts";

/** TransactionLogKey */
export const transactionLogKey = record({
  name: "TransactionLogKey",
  type: 0,
  versions: "0",
  flexible: "none",
}, {
  transactionalId: string(),
});

/** See {@linkcode transactionLogKey}. */
export type TransactionLogKey = MessageOf<typeof transactionLogKey>;

/** TransactionLogValue */
export const transactionLogValue = record({
  name: "TransactionLogValue",
  type: 0,
  versions: "0-1",
  flexible: "1+",
}, {
  producerId: int64(),
  previousProducerId: int64({ versions: "1+", tag: 0, default: -1 }),
  nextProducerId: int64({ versions: "1+", tag: 1, default: -1 }),
  producerEpoch: int16(),
  nextProducerEpoch: int16({ versions: "1+", tag: 3, default: -1 }),
  transactionTimeoutMs: int32(),
  transactionStatus: int8(),
  transactionPartitions: array({
    topic: string(),
    partitionIds: array(int32()),
  }, { nullable: "0+" }),
  transactionLastUpdateTimestampMs: int64(),
  transactionStartTimestampMs: int64(),
  clientTransactionVersion: int16({ versions: "1+", tag: 2 }),
});

/** See {@linkcode transactionLogValue}. */
export type TransactionLogValue = MessageOf<typeof transactionLogValue>;
