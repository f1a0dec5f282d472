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

/** ShareSnapshotKey */
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

/** ShareSnapshotValue */
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
