import { int32, int64, int8, type MessageOf, record, string, struct, uuid } from "../schema.ts";

/** RemotePartitionDeleteMetadataRecord */
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
