import { type MessageOf, record, string } from "../schema.ts";

/** RemoveDelegationTokenRecord */
export const removeDelegationTokenRecord = record({
  name: "RemoveDelegationTokenRecord",
  type: 26,
  versions: "0",
  flexible: "0+",
}, {
  tokenId: string(),
});

/** See {@linkcode removeDelegationTokenRecord}. */
export type RemoveDelegationTokenRecord = MessageOf<typeof removeDelegationTokenRecord>;
