import { api, array, int16, type RequestOf, type ResponseOf, string } from "../schema.ts";

/** Chooses the SASL mechanism; version 1 goes on in SaslAuthenticate (KIP-152). */
export const saslHandshake = api({
  key: 17,
  name: "SaslHandshake",
  versions: "0-1",
  flexible: "none",
  listeners: ["broker", "controller"],
}, {
  request: {
    mechanism: string(),
  },
  response: {
    errorCode: int16(),
    mechanisms: array(string()),
  },
});

/** What a client sends. */
export type SaslHandshakeRequest = RequestOf<typeof saslHandshake>;
/** What it is answered. */
export type SaslHandshakeResponse = ResponseOf<typeof saslHandshake>;
