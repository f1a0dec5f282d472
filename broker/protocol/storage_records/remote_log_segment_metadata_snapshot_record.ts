import { array, bool, bytes, int32, int64, int8, type MessageOf, record, uuid } from "../schema.ts";

/** RemoteLogSegmentMetadataSnapshotRecord */
export const remoteLogSegmentMetadataSnapshotRecord = record({
  name: "RemoteLogSegmentMetadataSnapshotRecord",
  type: 3,
  versions: "0",
  flexible: "0+",
}, {
  segmentId: uuid(),
  startOffset: int64(),
  endOffset: int64(),
  brokerId: int32(),
  maxTimestampMs: int64(),
  eventTimestampMs: int64(),
  segmentLeaderEpochs: array({
    leaderEpoch: int32(),
    offset: int64(),
  }),
  segmentSizeInBytes: int32(),
  customMetadata: bytes({ nullable: "0+", default: null }),
  remoteLogSegmentState: int8(),
  txnIndexEmpty: bool({ tag: 0 }),
});

/** See {@linkcode remoteLogSegmentMetadataSnapshotRecord}. */
export type RemoteLogSegmentMetadataSnapshotRecord = MessageOf<
  typeof remoteLogSegmentMetadataSnapshotRecord
>;
