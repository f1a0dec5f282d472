import { array, int32, type MessageOf, record, string, struct, uint16 } from "../schema.ts";

/** StreamsGroupMemberMetadataKey */
export const streamsGroupMemberMetadataKey = record({
  name: "StreamsGroupMemberMetadataKey",
  type: 19,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
  memberId: string(),
});

/** See {@linkcode streamsGroupMemberMetadataKey}. */
export type StreamsGroupMemberMetadataKey = MessageOf<typeof streamsGroupMemberMetadataKey>;

const endpoint = {
  host: string(),
  port: uint16(),
};

const keyValue = {
  key: string(),
  value: string(),
};

/** StreamsGroupMemberMetadataValue */
export const streamsGroupMemberMetadataValue = record({
  name: "StreamsGroupMemberMetadataValue",
  type: 19,
  versions: "0",
  flexible: "0+",
}, {
  instanceId: string({ nullable: "0+" }),
  rackId: string({ nullable: "0+" }),
  clientId: string(),
  clientHost: string(),
  rebalanceTimeoutMs: int32({ default: -1 }),
  topologyEpoch: int32(),
  processId: string(),
  userEndpoint: struct(endpoint, { nullable: "0+", default: null }),
  clientTags: array(keyValue),
});

/** See {@linkcode streamsGroupMemberMetadataValue}. */
export type StreamsGroupMemberMetadataValue = MessageOf<typeof streamsGroupMemberMetadataValue>;
