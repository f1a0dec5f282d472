import { int32, int64, type MessageOf, record, string } from "../schema.ts";

/** ConsumerGroupMetadataKey */
export const consumerGroupMetadataKey = record({
  name: "ConsumerGroupMetadataKey",
  type: 3,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
});

/** See {@linkcode consumerGroupMetadataKey}. */
export type ConsumerGroupMetadataKey = MessageOf<typeof consumerGroupMetadataKey>;

/** ConsumerGroupMetadataValue */
export const consumerGroupMetadataValue = record({
  name: "ConsumerGroupMetadataValue",
  type: 3,
  versions: "0",
  flexible: "0+",
}, {
  epoch: int32(),
  metadataHash: int64({ tag: 0 }),
});

/** See {@linkcode consumerGroupMetadataValue}. */
export type ConsumerGroupMetadataValue = MessageOf<typeof consumerGroupMetadataValue>;
