import { array, int64, type MessageOf, record, string } from "../schema.ts";

/** DelegationTokenRecord */
export const delegationTokenRecord = record({
  name: "DelegationTokenRecord",
  type: 10,
  versions: "0",
  flexible: "0+",
}, {
  owner: string(),
  requester: string(),
  renewers: array(string()),
  issueTimestamp: int64(),
  maxTimestamp: int64(),
  expirationTimestamp: int64(),
  tokenId: string(),
});

/** See {@linkcode delegationTokenRecord}. */
export type DelegationTokenRecord = MessageOf<typeof delegationTokenRecord>;
