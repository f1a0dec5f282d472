import {
  api,
  array,
  bool,
  int16,
  int32,
  type RequestOf,
  type ResponseOf,
  string,
  uint16,
  uuid,
} from "../schema.ts";

/** A controller registers with the active one (KIP-919). */
export const controllerRegistration = api({
  key: 70,
  name: "ControllerRegistration",
  versions: "0",
  flexible: "0+",
  listeners: ["controller"],
}, {
  request: {
    controllerId: int32(),
    incarnationId: uuid(),
    zkMigrationReady: bool(),
    listeners: array({
      name: string(),
      host: string(),
      port: uint16(),
      securityProtocol: int16(),
    }),
    features: array({
      name: string(),
      minSupportedVersion: int16(),
      maxSupportedVersion: int16(),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+" }),
  },
});

/** What a client sends. */
export type ControllerRegistrationRequest = RequestOf<typeof controllerRegistration>;
/** What it is answered. */
export type ControllerRegistrationResponse = ResponseOf<typeof controllerRegistration>;
