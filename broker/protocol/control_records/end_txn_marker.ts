import { int32, type MessageOf, record } from "../schema.ts";

/** EndTxnMarker */
export const endTxnMarker = record({ name: "EndTxnMarker", versions: "0", flexible: "none" }, {
  coordinatorEpoch: int32(),
});

/** See {@linkcode endTxnMarker}. */
export type EndTxnMarker = MessageOf<typeof endTxnMarker>;
