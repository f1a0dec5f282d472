import { int16, int32, int64, type MessageOf, record } from "../schema.ts";

/** The key of a control record, behind an int16 version. */
export const controlRecordTypeSchema = record({
  name: "ControlRecordTypeSchema",
  versions: "0",
  flexible: "none",
}, {
  // 0: abort, 1: commit, 2: leader change, 3: snapshot header, 4: snapshot footer, 5:
  // KRaft version, 6: voters.
  type: int16(),
});

/** See {@linkcode controlRecordTypeSchema}. */
export type ControlRecordTypeSchema = MessageOf<typeof controlRecordTypeSchema>;

/** The value of a transaction's commit or abort marker, behind an int16 version (KIP-98). */
export const endTxnMarker = record({ name: "EndTxnMarker", versions: "0", flexible: "none" }, {
  coordinatorEpoch: int32(),
});

/** See {@linkcode endTxnMarker}. */
export type EndTxnMarker = MessageOf<typeof endTxnMarker>;

/** An entry of a transaction index, behind an int16 version: an aborted transaction. */
export const abortedTxn = record({ name: "AbortedTxn", versions: "0", flexible: "none" }, {
  producerId: int64(),
  firstOffset: int64(),
  lastOffset: int64(),
  lastStableOffset: int64(),
});

/** See {@linkcode abortedTxn}. */
export type AbortedTxn = MessageOf<typeof abortedTxn>;
