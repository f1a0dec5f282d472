import { int16, type MessageOf, record } from "../schema.ts";

/** KRaftVersionRecord */
export const kraftVersionRecord = record({
  name: "KRaftVersionRecord",
  versions: "0",
  flexible: "0+",
}, {
  version: int16(),
  kRaftVersion: int16(),
});

/** See {@linkcode kraftVersionRecord}. */
export type KraftVersionRecord = MessageOf<typeof kraftVersionRecord>;
