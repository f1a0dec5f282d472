import { int32, int64, type MessageOf, record, string } from "../schema.ts";

/** ShareGroupMetadataKey */
export const shareGroupMetadataKey = record({
  name: "ShareGroupMetadataKey",
  type: 11,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
});

/** See {@linkcode shareGroupMetadataKey}. */
export type ShareGroupMetadataKey = MessageOf<typeof shareGroupMetadataKey>;

/** ShareGroupMetadataValue */
export const shareGroupMetadataValue = record({
  name: "ShareGroupMetadataValue",
  type: 11,
  versions: "0",
  flexible: "0+",
}, {
  epoch: int32(),
  metadataHash: int64(),
});

/** See {@linkcode shareGroupMetadataValue}. */
export type ShareGroupMetadataValue = MessageOf<typeof shareGroupMetadataValue>;
