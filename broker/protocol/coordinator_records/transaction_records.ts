import { array, int16, int32, int64, int8, type MessageOf, record, string } from "../schema.ts";

/** Key of a transactional id. */
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

/**
 * The state of a transactional id. Version 1 is flexible; it is written when `transaction.version`
 * is 1 or higher.
 */
export const transactionLogValue = record({
  name: "TransactionLogValue",
  type: 0,
  versions: "0-1",
  flexible: "1+",
}, {
  producerId: int64(),
  // KIP-890: a client may retry with what it had before.
  previousProducerId: int64({ versions: "1+", tag: 0, default: -1 }),
  // KIP-890: decided while the markers are still being written.
  nextProducerId: int64({ versions: "1+", tag: 1, default: -1 }),
  producerEpoch: int16(),
  nextProducerEpoch: int16({ versions: "1+", tag: 3, default: -1 }),
  transactionTimeoutMs: int32(),
  // 0: empty, 1: ongoing, 2: prepare commit, 3: prepare abort, 4: complete commit, 5:
  // complete abort, 6: dead, 7: prepare epoch fence.
  transactionStatus: int8(),
  // Null in a transaction without partitions.
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
