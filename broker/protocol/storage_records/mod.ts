/**
 * What lies in files beside the log, and in `__remote_log_metadata`.
 */
export { type ProducerSnapshot, producerSnapshot } from "./producer_snapshot.ts";
export { type QuorumStateData, quorumStateData } from "./quorum_state_data.ts";
export {
  type RemoteLogSegmentMetadataRecord,
  remoteLogSegmentMetadataRecord,
} from "./remote_log_segment_metadata_record.ts";
export {
  type RemoteLogSegmentMetadataSnapshotRecord,
  remoteLogSegmentMetadataSnapshotRecord,
} from "./remote_log_segment_metadata_snapshot_record.ts";
export {
  type RemoteLogSegmentMetadataUpdateRecord,
  remoteLogSegmentMetadataUpdateRecord,
} from "./remote_log_segment_metadata_update_record.ts";
export {
  type RemotePartitionDeleteMetadataRecord,
  remotePartitionDeleteMetadataRecord,
} from "./remote_partition_delete_metadata_record.ts";
