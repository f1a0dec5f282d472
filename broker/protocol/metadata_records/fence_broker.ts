import { int32, int64, type MessageOf, record } from "../schema.ts";

/** FenceBrokerRecord */
export const fenceBrokerRecord = record({
  name: "FenceBrokerRecord",
  type: 7,
  versions: "0",
  flexible: "0+",
}, {
  id: int32(),
  epoch: int64(),
});

/** See {@linkcode fenceBrokerRecord}. */
export type FenceBrokerRecord = MessageOf<typeof fenceBrokerRecord>;
