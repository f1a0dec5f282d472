import { api, bytes, int16, int32, int64, type RequestOf, type ResponseOf } from "../schema.ts";

/** Prolongs a delegation token (KIP-48). */
export const renewDelegationToken = api({
  key: 39,
  name: "RenewDelegationToken",
  versions: "1-2",
  flexible: "2+",
  listeners: ["broker", "controller"],
}, {
  request: {
    hmac: bytes(),
    renewPeriodMs: int64(),
  },
  response: {
    errorCode: int16(),
    expiryTimestampMs: int64(),
    throttleTimeMs: int32(),
  },
});

/** What a client sends. */
export type RenewDelegationTokenRequest = RequestOf<typeof renewDelegationToken>;
/** What it is answered. */
export type RenewDelegationTokenResponse = ResponseOf<typeof renewDelegationToken>;
