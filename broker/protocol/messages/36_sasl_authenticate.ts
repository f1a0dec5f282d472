import { api, bytes, int16, int64, type RequestOf, type ResponseOf, string } from "../schema.ts";

/** Carries the messages of a SASL mechanism (KIP-152) and re-authentication (KIP-368). */
export const saslAuthenticate = api({
  key: 36,
  name: "SaslAuthenticate",
  versions: "0-2",
  flexible: "2+",
  listeners: ["broker", "controller"],
}, {
  request: {
    authBytes: bytes(),
  },
  response: {
    errorCode: int16(),
    errorMessage: string({ nullable: "0+" }),
    authBytes: bytes(),
    // KIP-368: the client must authenticate again before it is over; 0: never.
    sessionLifetimeMs: int64({ versions: "1+" }),
  },
});

/** What a client sends. */
export type SaslAuthenticateRequest = RequestOf<typeof saslAuthenticate>;
/** What it is answered. */
export type SaslAuthenticateResponse = ResponseOf<typeof saslAuthenticate>;
