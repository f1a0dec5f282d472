import { api, bytes, int16, int32, int64, type RequestOf, type ResponseOf } from "../schema.ts";

/** ExpireDelegationToken */
export const expireDelegationToken = api({
  key: 40,
  name: "ExpireDelegationToken",
  versions: "1-2",
  flexible: "2+",
  listeners: ["broker", "controller"],
}, {
  request: {
    hmac: bytes(),
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
