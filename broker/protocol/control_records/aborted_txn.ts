import { int64, type MessageOf, record } from "../schema.ts";

/** AbortedTxn */
export const abortedTxn = record({ name: "AbortedTxn", versions: "0", flexible: "none" }, {
  producerId: int64(),
  firstOffset: int64(),
  lastOffset: int64(),
  lastStableOffset: int64(),
});

/** See {@linkcode abortedTxn}. */
export type AbortedTxn = MessageOf<typeof abortedTxn>;
