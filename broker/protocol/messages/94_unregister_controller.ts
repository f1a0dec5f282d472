import { api, int16, int32, type RequestOf, type ResponseOf, string } from "../schema.ts";

/** Removes the registration of a controller that is gone. */
export const unregisterController = api({
  key: 94,
  name: "UnregisterController",
  versions: "0",
  flexible: "0+",
  listeners: ["broker", "controller"],
}, {
  request: {
    controllerId: int32(),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+" }),
  },
});

/** What a client sends. */
export type UnregisterControllerRequest = RequestOf<typeof unregisterController>;
/** What it is answered. */
export type UnregisterControllerResponse = ResponseOf<typeof unregisterController>;
