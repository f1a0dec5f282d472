import { array, int32, int64, type MessageOf, record, string } from "../schema.ts";

/** StreamsGroupMetadataKey */
export const streamsGroupMetadataKey = record({
  name: "StreamsGroupMetadataKey",
  type: 17,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
});

/** See {@linkcode streamsGroupMetadataKey}. */
export type StreamsGroupMetadataKey = MessageOf<typeof streamsGroupMetadataKey>;

const lastAssignmentConfig = {
  key: string(),
  value: string(),
};

/** StreamsGroupMetadataValue */
export const streamsGroupMetadataValue = record({
  name: "StreamsGroupMetadataValue",
  type: 17,
  versions: "0",
  flexible: "0+",
}, {
  epoch: int32(),
  metadataHash: int64(),
  validatedTopologyEpoch: int32({ tag: 0, default: -1 }),
  lastAssignmentConfigs: array(lastAssignmentConfig, { tag: 1, nullable: "0+" }),
  storedDescriptionTopologyEpoch: int32({ tag: 2, default: -1 }),
  failedDescriptionTopologyEpoch: int32({ tag: 3, default: -1 }),
});

/** See {@linkcode streamsGroupMetadataValue}. */
export type StreamsGroupMetadataValue = MessageOf<typeof streamsGroupMetadataValue>;
