import {
  api,
  array,
  bool,
  int16,
  int32,
  int64,
  type RequestOf,
  type ResponseOf,
  string,
} from "../schema.ts";

const addPartitionsToTxnTopic = {
  name: string(),
  partitions: array(int32()),
};

const addPartitionsToTxnPartitionResult = {
  partitionIndex: int32(),
  partitionErrorCode: int16(),
};

const addPartitionsToTxnTopicResult = {
  name: string(),
  resultsByPartition: array(addPartitionsToTxnPartitionResult),
};

/**
 * Adds partitions to a transaction: up to version 3 by producers, from 4 by brokers for many
 * transactions, or to verify (KIP-890).
 */
export const addPartitionsToTxn = api({
  key: 24,
  name: "AddPartitionsToTxn",
  versions: "0-5",
  flexible: "3+",
  listeners: ["broker"],
}, {
  request: {
    transactions: array({
      transactionalId: string(),
      producerId: int64(),
      producerEpoch: int16(),
      // KIP-890: asks whether the partitions are in the transaction, adds none.
      verifyOnly: bool(),
      topics: array(addPartitionsToTxnTopic),
    }, { versions: "4+" }),
    v3AndBelowTransactionalId: string({ versions: "0-3" }),
    v3AndBelowProducerId: int64({ versions: "0-3" }),
    v3AndBelowProducerEpoch: int16({ versions: "0-3" }),
    v3AndBelowTopics: array(addPartitionsToTxnTopic, { versions: "0-3" }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16({ versions: "4+" }),
    resultsByTransaction: array({
      transactionalId: string(),
      topicResults: array(addPartitionsToTxnTopicResult),
    }, { versions: "4+" }),
    resultsByTopicV3AndBelow: array(addPartitionsToTxnTopicResult, { versions: "0-3" }),
  },
});

/** What a client sends. */
export type AddPartitionsToTxnRequest = RequestOf<typeof addPartitionsToTxn>;
/** What it is answered. */
export type AddPartitionsToTxnResponse = ResponseOf<typeof addPartitionsToTxn>;
