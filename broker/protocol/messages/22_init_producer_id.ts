import {
  api,
  bool,
  int16,
  int32,
  int64,
  type RequestOf,
  type ResponseOf,
  string,
} from "../schema.ts";

/**
 * Gives a producer its id and epoch, and ends what an earlier producer of its transactional id left
 * open (KIP-98). Version 6 is for two-phase commit (KIP-939).
 */
export const initProducerId = api({
  key: 22,
  name: "InitProducerId",
  versions: "0-6",
  flexible: "2+",
  listeners: ["broker"],
  latestVersionUnstable: true,
}, {
  request: {
    transactionalId: string({ nullable: "0+" }),
    transactionTimeoutMs: int32(),
    // KIP-360: a producer that wants its epoch raised tells what it has.
    producerId: int64({ versions: "3+", default: -1 }),
    producerEpoch: int16({ versions: "3+", default: -1 }),
    // KIP-939.
    enable2Pc: bool({ versions: "6+" }),
    // KIP-939.
    keepPreparedTxn: bool({ versions: "6+" }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    producerId: int64({ default: -1 }),
    producerEpoch: int16(),
    ongoingTxnProducerId: int64({ versions: "6+", default: -1 }),
    ongoingTxnProducerEpoch: int16({ versions: "6+", default: -1 }),
  },
});

/** What a client sends. */
export type InitProducerIdRequest = RequestOf<typeof initProducerId>;
/** What it is answered. */
export type InitProducerIdResponse = ResponseOf<typeof initProducerId>;
