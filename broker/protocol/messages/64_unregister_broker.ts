import { api, int16, int32, type RequestOf, type ResponseOf, string } from "../schema.ts";

/** Removes the registration of a broker that is gone (KIP-631). */
export const unregisterBroker = api({
  key: 64,
  name: "UnregisterBroker",
  versions: "0",
  flexible: "0+",
  listeners: ["broker", "controller"],
}, {
  request: {
    brokerId: int32(),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+" }),
  },
});

/** What a client sends. */
export type UnregisterBrokerRequest = RequestOf<typeof unregisterBroker>;
/** What it is answered. */
export type UnregisterBrokerResponse = ResponseOf<typeof unregisterBroker>;
