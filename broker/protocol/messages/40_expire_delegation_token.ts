import { api, bytes, int16, int32, int64, type RequestOf, type ResponseOf } from "../schema.ts";

/** Shortens the life of a delegation token, or ends it (KIP-48). */
export const expireDelegationToken = api({
  key: 40,
  name: "ExpireDelegationToken",
  versions: "1-2",
  flexible: "2+",
  listeners: ["broker", "controller"],
}, {
  request: {
    hmac: bytes(),
    // Negative: at once.
    expiryTimePeriodMs: int64(),
  },
  response: {
    errorCode: int16(),
    expiryTimestampMs: int64(),
    throttleTimeMs: int32(),
  },
});

/** What a client sends. */
export type ExpireDelegationTokenRequest = RequestOf<typeof expireDelegationToken>;
/** What it is answered. */
export type ExpireDelegationTokenResponse = ResponseOf<typeof expireDelegationToken>;
