import {
  array,
  int16,
  int32,
  int64,
  int8,
  type MessageOf,
  record,
  string,
  uuid,
} from "../schema.ts";

/** ShareUpdateKey */
export const shareUpdateKey = record({
  name: "ShareUpdateKey",
  type: 1,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
  topicId: uuid(),
  partition: int32(),
});

/** See {@linkcode shareUpdateKey}. */
export type ShareUpdateKey = MessageOf<typeof shareUpdateKey>;

/** ShareUpdateValue */
export const shareUpdateValue = record({
  name: "ShareUpdateValue",
  type: 1,
  versions: "0",
  flexible: "0+",
}, {
  snapshotEpoch: int32(),
  leaderEpoch: int32(),
  startOffset: int64(),
  deliveryCompleteCount: int32({ tag: 0, default: -1 }),
  stateBatches: array({
    firstOffset: int64(),
    lastOffset: int64(),
    deliveryState: int8(),
    deliveryCount: int16(),
  }),
});

/** See {@linkcode shareUpdateValue}. */
export type ShareUpdateValue = MessageOf<typeof shareUpdateValue>;
