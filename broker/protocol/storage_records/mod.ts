/**
 * What lies in files beside the log, and in `__remote_log_metadata`.
 */
export { type ProducerSnapshot, producerSnapshot } from "./producer_snapshot.ts";
export { type QuorumStateData, quorumStateData } from "./quorum_state.ts";
export {
  type RemoteLogSegmentMetadataRecord,
  remoteLogSegmentMetadataRecord,
  type RemoteLogSegmentMetadataSnapshotRecord,
  remoteLogSegmentMetadataSnapshotRecord,
  type RemoteLogSegmentMetadataUpdateRecord,
  remoteLogSegmentMetadataUpdateRecord,
  type RemotePartitionDeleteMetadataRecord,
  remotePartitionDeleteMetadataRecord,
} from "./remote_log_records.ts";
