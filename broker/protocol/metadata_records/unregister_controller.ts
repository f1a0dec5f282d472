import { int32, type MessageOf, record } from "../schema.ts";

/** UnregisterControllerRecord */
export const unregisterControllerRecord = record({
  name: "UnregisterControllerRecord",
  type: 29,
  versions: "0",
  flexible: "0+",
}, {
  controllerId: int32(),
});

/** See {@linkcode unregisterControllerRecord}. */
export type UnregisterControllerRecord = MessageOf<typeof unregisterControllerRecord>;
