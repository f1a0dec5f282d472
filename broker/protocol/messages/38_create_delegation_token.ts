import {
  api,
  array,
  bytes,
  int16,
  int32,
  int64,
  type RequestOf,
  type ResponseOf,
  string,
} from "../schema.ts";

/** CreateDelegationToken */
export const createDelegationToken = api({
  key: 38,
  name: "CreateDelegationToken",
  versions: "1-3",
  flexible: "2+",
  listeners: ["broker", "controller"],
}, {
  request: {
    ownerPrincipalType: string({ versions: "3+", nullable: "3+" }),
    ownerPrincipalName: string({ versions: "3+", nullable: "3+" }),
    renewers: array({
      principalType: string(),
      principalName: string(),
    }),
    maxLifetimeMs: int64(),
  },
  response: {
    errorCode: int16(),
    principalType: string(),
    principalName: string(),
    tokenRequesterPrincipalType: string({ versions: "3+" }),
    tokenRequesterPrincipalName: string({ versions: "3+" }),
    issueTimestampMs: int64(),
    expiryTimestampMs: int64(),
    maxTimestampMs: int64(),
    tokenId: string(),
    hmac: bytes(),
    throttleTimeMs: int32(),
  },
});

/** What a client sends. */
export type CreateDelegationTokenRequest = RequestOf<typeof createDelegationToken>;
/** What it is answered. */
export type CreateDelegationTokenResponse = ResponseOf<typeof createDelegationToken>;
