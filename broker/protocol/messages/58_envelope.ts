import { api, bytes, int16, type RequestOf, type ResponseOf } from "../schema.ts";

/** A broker forwards a client's request to the controller, in its name (KIP-590). */
export const envelope = api({
  key: 58,
  name: "Envelope",
  versions: "0",
  flexible: "0+",
  listeners: ["controller"],
}, {
  request: {
    // The forwarded request, header and body.
    requestData: bytes(),
    // Null where the principal cannot be serialized.
    requestPrincipal: bytes({ nullable: "0+" }),
    clientHostAddress: bytes(),
  },
  response: {
    // The response, header and body.
    responseData: bytes({ nullable: "0+", default: null }),
    errorCode: int16(),
  },
});

/** What a client sends. */
export type EnvelopeRequest = RequestOf<typeof envelope>;
/** What it is answered. */
export type EnvelopeResponse = ResponseOf<typeof envelope>;
