import {
  array,
  bytes,
  int32,
  int64,
  int8,
  type MessageOf,
  record,
  string,
  uuid,
} from "../schema.ts";

/** An access rule was added (KIP-801). */
export const accessControlEntryRecord = record({
  name: "AccessControlEntryRecord",
  type: 18,
  versions: "0",
  flexible: "0+",
}, {
  id: uuid(),
  resourceType: int8(),
  resourceName: string(),
  patternType: int8(),
  principal: string(),
  host: string(),
  operation: int8(),
  permissionType: int8(),
});

/** See {@linkcode accessControlEntryRecord}. */
export type AccessControlEntryRecord = MessageOf<typeof accessControlEntryRecord>;

/** An access rule was removed (KIP-801). */
export const removeAccessControlEntryRecord = record({
  name: "RemoveAccessControlEntryRecord",
  type: 19,
  versions: "0",
  flexible: "0+",
}, {
  id: uuid(),
});

/** See {@linkcode removeAccessControlEntryRecord}. */
export type RemoveAccessControlEntryRecord = MessageOf<typeof removeAccessControlEntryRecord>;

/** A SCRAM credential was set (KIP-554). */
export const userScramCredentialRecord = record({
  name: "UserScramCredentialRecord",
  type: 11,
  versions: "0",
  flexible: "0+",
}, {
  name: string(),
  // 1: SCRAM-SHA-256, 2: SCRAM-SHA-512.
  mechanism: int8(),
  salt: bytes(),
  storedKey: bytes(),
  serverKey: bytes(),
  iterations: int32(),
});

/** See {@linkcode userScramCredentialRecord}. */
export type UserScramCredentialRecord = MessageOf<typeof userScramCredentialRecord>;

/** A SCRAM credential was removed (KIP-554). */
export const removeUserScramCredentialRecord = record({
  name: "RemoveUserScramCredentialRecord",
  type: 22,
  versions: "0",
  flexible: "0+",
}, {
  name: string(),
  mechanism: int8(),
});

/** See {@linkcode removeUserScramCredentialRecord}. */
export type RemoveUserScramCredentialRecord = MessageOf<typeof removeUserScramCredentialRecord>;

/** A delegation token was created or renewed (KIP-48, KIP-900). */
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

/** A delegation token was removed (KIP-900). */
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
