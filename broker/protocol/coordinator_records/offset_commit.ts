import { int32, int64, type MessageOf, record, string, uuid } from "../schema.ts";

/** OffsetCommitKey */
export const offsetCommitKey = record({
  name: "OffsetCommitKey",
  type: 1,
  versions: "0",
  flexible: "none",
}, {
  group: string(),
  topic: string(),
  partition: int32(),
});

/** See {@linkcode offsetCommitKey}. */
export type OffsetCommitKey = MessageOf<typeof offsetCommitKey>;

/** OffsetCommitValue */
export const offsetCommitValue = record({
  name: "OffsetCommitValue",
  type: 1,
  versions: "0-4",
  flexible: "4+",
}, {
  offset: int64(),
  leaderEpoch: int32({ versions: "3+", default: -1 }),
  metadata: string(),
  commitTimestamp: int64(),
  expireTimestamp: int64({ versions: "1", default: -1 }),
  topicId: uuid({ versions: "4+", tag: 0 }),
});

/** See {@linkcode offsetCommitValue}. */
export type OffsetCommitValue = MessageOf<typeof offsetCommitValue>;
