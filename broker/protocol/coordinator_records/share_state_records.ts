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

/** Key of the whole state of a share partition (KIP-932). */
export const shareSnapshotKey = record({
  name: "ShareSnapshotKey",
  type: 0,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
  topicId: uuid(),
  partition: int32(),
});

/** See {@linkcode shareSnapshotKey}. */
export type ShareSnapshotKey = MessageOf<typeof shareSnapshotKey>;

/** The whole state of a share partition; updates follow it. */
export const shareSnapshotValue = record({
  name: "ShareSnapshotValue",
  type: 0,
  versions: "0",
  flexible: "0+",
}, {
  snapshotEpoch: int32(),
  stateEpoch: int32(),
  leaderEpoch: int32(),
  startOffset: int64(),
  // KIP-1226.
  deliveryCompleteCount: int32({ tag: 0, default: -1 }),
  createTimestamp: int64(),
  writeTimestamp: int64(),
  stateBatches: array({
    firstOffset: int64(),
    lastOffset: int64(),
    deliveryState: int8(),
    deliveryCount: int16(),
  }),
});

/** See {@linkcode shareSnapshotValue}. */
export type ShareSnapshotValue = MessageOf<typeof shareSnapshotValue>;

/** Key of a change to the state of a share partition (KIP-932). */
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

/** A change to the state of a share partition since its last snapshot. */
export const shareUpdateValue = record({
  name: "ShareUpdateValue",
  type: 1,
  versions: "0",
  flexible: "0+",
}, {
  snapshotEpoch: int32(),
  leaderEpoch: int32(),
  // -1: unchanged.
  startOffset: int64(),
  // KIP-1226.
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
