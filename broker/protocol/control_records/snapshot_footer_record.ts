import { int16, type MessageOf, record } from "../schema.ts";

/** SnapshotFooterRecord */
export const snapshotFooterRecord = record({
  name: "SnapshotFooterRecord",
  versions: "0",
  flexible: "0+",
}, {
  version: int16(),
});

/** See {@linkcode snapshotFooterRecord}. */
export type SnapshotFooterRecord = MessageOf<typeof snapshotFooterRecord>;
