import { int32, int64, type MessageOf, record, string } from "../schema.ts";

/** LegacyOffsetCommitKey */
export const legacyOffsetCommitKey = record({
  name: "LegacyOffsetCommitKey",
  type: 0,
  versions: "0",
  flexible: "none",
}, {
  group: string(),
  topic: string(),
  partition: int32(),
});

/** See {@linkcode legacyOffsetCommitKey}. */
export type LegacyOffsetCommitKey = MessageOf<typeof legacyOffsetCommitKey>;

/** LegacyOffsetCommitValue */
export const legacyOffsetCommitValue = record({
  name: "LegacyOffsetCommitValue",
  type: 0,
  versions: "0",
  flexible: "none",
}, {
  offset: int64(),
  metadata: string(),
  commitTimestamp: int64(),
});

/** See {@linkcode legacyOffsetCommitValue}. */
export type LegacyOffsetCommitValue = MessageOf<typeof legacyOffsetCommitValue>;
