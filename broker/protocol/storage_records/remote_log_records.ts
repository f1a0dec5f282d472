import {
  array,
  bool,
  bytes,
  int32,
  int64,
  int8,
  type MessageOf,
  record,
  string,
  struct,
  uuid,
} from "../schema.ts";

/** A segment is being copied to remote storage (KIP-405). */
export const remoteLogSegmentMetadataRecord = record({
  name: "RemoteLogSegmentMetadataRecord",
  type: 0,
  versions: "0",
  flexible: "0+",
}, {
  remoteLogSegmentId: struct({
    topicIdPartition: struct({
      name: string(),
      id: uuid(),
      partition: int32(),
    }),
    id: uuid(),
  }),
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

/** See {@linkcode remoteLogSegmentMetadataRecord}. */
export type RemoteLogSegmentMetadataRecord = MessageOf<typeof remoteLogSegmentMetadataRecord>;

/** The state of a segment in remote storage changed (KIP-405). */
export const remoteLogSegmentMetadataUpdateRecord = record({
  name: "RemoteLogSegmentMetadataUpdateRecord",
  type: 1,
  versions: "0",
  flexible: "0+",
}, {
  remoteLogSegmentId: struct({
    topicIdPartition: struct({
      name: string(),
      id: uuid(),
      partition: int32(),
    }),
    id: uuid(),
  }),
  brokerId: int32(),
  eventTimestampMs: int64(),
  customMetadata: bytes({ nullable: "0+", default: null }),
  remoteLogSegmentState: int8(),
});

/** See {@linkcode remoteLogSegmentMetadataUpdateRecord}. */
export type RemoteLogSegmentMetadataUpdateRecord = MessageOf<
  typeof remoteLogSegmentMetadataUpdateRecord
>;

/** The state of a partition's deletion in remote storage changed (KIP-405). */
export const remotePartitionDeleteMetadataRecord = record({
  name: "RemotePartitionDeleteMetadataRecord",
  type: 2,
  versions: "0",
  flexible: "0+",
}, {
  topicIdPartition: struct({
    name: string(),
    id: uuid(),
    partition: int32(),
  }),
  brokerId: int32(),
  eventTimestampMs: int64(),
  remotePartitionDeleteState: int8(),
});

/** See {@linkcode remotePartitionDeleteMetadataRecord}. */
export type RemotePartitionDeleteMetadataRecord = MessageOf<
  typeof remotePartitionDeleteMetadataRecord
>;

/** All about a segment in remote storage, in a snapshot of them (KIP-405). */
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
