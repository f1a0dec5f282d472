import { int32, int64, type MessageOf, record } from "../schema.ts";

/** UnfenceBrokerRecord */
export const unfenceBrokerRecord = record({
  name: "UnfenceBrokerRecord",
  type: 8,
  versions: "0",
  flexible: "0+",
}, {
  id: int32(),
  epoch: int64(),
});

/** See {@linkcode unfenceBrokerRecord}. */
export type UnfenceBrokerRecord = MessageOf<typeof unfenceBrokerRecord>;
