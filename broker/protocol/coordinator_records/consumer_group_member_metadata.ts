import { array, bytes, int32, type MessageOf, record, string, struct } from "../schema.ts";

/** ConsumerGroupMemberMetadataKey */
export const consumerGroupMemberMetadataKey = record({
  name: "ConsumerGroupMemberMetadataKey",
  type: 5,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
  memberId: string(),
});

/** See {@linkcode consumerGroupMemberMetadataKey}. */
export type ConsumerGroupMemberMetadataKey = MessageOf<typeof consumerGroupMemberMetadataKey>;

/** ConsumerGroupMemberMetadataValue */
export const consumerGroupMemberMetadataValue = record({
  name: "ConsumerGroupMemberMetadataValue",
  type: 5,
  versions: "0",
  flexible: "0+",
}, {
  instanceId: string({ nullable: "0+" }),
  rackId: string({ nullable: "0+" }),
  clientId: string(),
  clientHost: string(),
  subscribedTopicNames: array(string()),
  subscribedTopicRegex: string({ nullable: "0+" }),
  rebalanceTimeoutMs: int32({ default: -1 }),
  serverAssignor: string({ nullable: "0+" }),
  classicMemberMetadata: struct({
    sessionTimeoutMs: int32(),
    supportedProtocols: array({
      name: string(),
      metadata: bytes(),
    }),
  }, { tag: 0, nullable: "0+" }),
});

/** See {@linkcode consumerGroupMemberMetadataValue}. */
export type ConsumerGroupMemberMetadataValue = MessageOf<typeof consumerGroupMemberMetadataValue>;
