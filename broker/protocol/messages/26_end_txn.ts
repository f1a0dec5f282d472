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

/** Commits or aborts a transaction; version 5 answers with a new producer epoch (KIP-890). */
export const endTxn = api({
  key: 26,
  name: "EndTxn",
  versions: "0-5",
  flexible: "3+",
  listeners: ["broker"],
}, {
  request: {
    transactionalId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    committed: bool(),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    producerId: int64({ versions: "5+", default: -1 }),
    producerEpoch: int16({ versions: "5+", default: -1 }),
  },
});

/** What a client sends. */
export type EndTxnRequest = RequestOf<typeof endTxn>;
/** What it is answered. */
export type EndTxnResponse = ResponseOf<typeof endTxn>;
