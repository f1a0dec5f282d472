import { array, type MessageOf, record, string } from "../schema.ts";

/** ShareGroupMemberMetadataKey */
export const shareGroupMemberMetadataKey = record({
  name: "ShareGroupMemberMetadataKey",
  type: 10,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
  memberId: string(),
});

/** See {@linkcode shareGroupMemberMetadataKey}. */
export type ShareGroupMemberMetadataKey = MessageOf<typeof shareGroupMemberMetadataKey>;

/** ShareGroupMemberMetadataValue */
export const shareGroupMemberMetadataValue = record({
  name: "ShareGroupMemberMetadataValue",
  type: 10,
  versions: "0",
  flexible: "0+",
}, {
  rackId: string({ nullable: "0+" }),
  clientId: string(),
  clientHost: string(),
  subscribedTopicNames: array(string()),
});

/** See {@linkcode shareGroupMemberMetadataValue}. */
export type ShareGroupMemberMetadataValue = MessageOf<typeof shareGroupMemberMetadataValue>;
