import {
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

/** RemoteLogSegmentMetadataUpdateRecord */
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
