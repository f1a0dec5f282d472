/**
 * Records that Kafka itself writes between those of clients, and the entry of a transaction index.
 */
export {
  type KraftVersionRecord,
  kraftVersionRecord,
  type LeaderChangeMessage,
  leaderChangeMessage,
  type SnapshotFooterRecord,
  snapshotFooterRecord,
  type SnapshotHeaderRecord,
  snapshotHeaderRecord,
  type VotersRecord,
  votersRecord,
} from "./quorum_records.ts";
export {
  type AbortedTxn,
  abortedTxn,
  type ControlRecordTypeSchema,
  controlRecordTypeSchema,
  type EndTxnMarker,
  endTxnMarker,
} from "./transaction_records.ts";
