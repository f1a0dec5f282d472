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

/** RemoteLogSegmentMetadataRecord */
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
