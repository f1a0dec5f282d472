import { api, int16, int32, int64, type RequestOf, type ResponseOf, string } from "../schema.ts";

/** Announces that a transaction will commit offsets of a group (KIP-98). */
export const addOffsetsToTxn = api({
  key: 25,
  name: "AddOffsetsToTxn",
  versions: "0-4",
  flexible: "3+",
  listeners: ["broker"],
}, {
  request: {
    transactionalId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    groupId: string(),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
  },
});

/** What a client sends. */
export type AddOffsetsToTxnRequest = RequestOf<typeof addOffsetsToTxn>;
/** What it is answered. */
export type AddOffsetsToTxnResponse = ResponseOf<typeof addOffsetsToTxn>;
