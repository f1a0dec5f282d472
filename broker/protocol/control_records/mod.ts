/**
 * Records that Kafka itself writes between those of clients, and the entry of a transaction index.
 */
export { type AbortedTxn, abortedTxn } from "./aborted_txn.ts";
export {
  type ControlRecordTypeSchema,
  controlRecordTypeSchema,
} from "./control_record_type_schema.ts";
export { type EndTxnMarker, endTxnMarker } from "./end_txn_marker.ts";
export { type KraftVersionRecord, kraftVersionRecord } from "./kraft_version_record.ts";
export { type LeaderChangeMessage, leaderChangeMessage } from "./leader_change_message.ts";
export { type SnapshotFooterRecord, snapshotFooterRecord } from "./snapshot_footer_record.ts";
export { type SnapshotHeaderRecord, snapshotHeaderRecord } from "./snapshot_header_record.ts";
export { type VotersRecord, votersRecord } from "./voters_record.ts";
