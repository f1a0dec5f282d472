import { int16, int64, type MessageOf, record } from "../schema.ts";

/** SnapshotHeaderRecord */
export const snapshotHeaderRecord = record({
  name: "SnapshotHeaderRecord",
  versions: "0",
  flexible: "0+",
}, {
  version: int16(),
  lastContainedLogTimestamp: int64(),
});

/** See {@linkcode snapshotHeaderRecord}. */
export type SnapshotHeaderRecord = MessageOf<typeof snapshotHeaderRecord>;
