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

/** Lists delegation tokens (KIP-48). */
export const describeDelegationToken = api({
  key: 41,
  name: "DescribeDelegationToken",
  versions: "1-3",
  flexible: "2+",
  listeners: ["broker", "controller"],
}, {
  request: {
    // Null means all.
    owners: array({
      principalType: string(),
      principalName: string(),
    }, { nullable: "0+" }),
  },
  response: {
    errorCode: int16(),
    tokens: array({
      principalType: string(),
      principalName: string(),
      tokenRequesterPrincipalType: string({ versions: "3+" }),
      tokenRequesterPrincipalName: string({ versions: "3+" }),
      issueTimestamp: int64(),
      expiryTimestamp: int64(),
      maxTimestamp: int64(),
      tokenId: string(),
      hmac: bytes(),
      renewers: array({
        principalType: string(),
        principalName: string(),
      }),
    }),
    throttleTimeMs: int32(),
  },
});

/** What a client sends. */
export type DescribeDelegationTokenRequest = RequestOf<typeof describeDelegationToken>;
/** What it is answered. */
export type DescribeDelegationTokenResponse = ResponseOf<typeof describeDelegationToken>;
