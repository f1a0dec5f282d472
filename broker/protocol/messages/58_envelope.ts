import { api, bytes, int16, type RequestOf, type ResponseOf } from "../schema.ts";

/** Envelope */
export const envelope = api({
  key: 58,
  name: "Envelope",
  versions: "0",
  flexible: "0+",
  listeners: ["controller"],
}, {
  request: {
    requestData: bytes(),
    requestPrincipal: bytes({ nullable: "0+" }),
    clientHostAddress: bytes(),
  },
  response: {
    responseData: bytes({ nullable: "0+", default: null }),
    errorCode: int16(),
  },
});

/** What a client sends. */
export type EnvelopeRequest = RequestOf<typeof envelope>;
/** What it is answered. */
export type EnvelopeResponse = ResponseOf<typeof envelope>;
