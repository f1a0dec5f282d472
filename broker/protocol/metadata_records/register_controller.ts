import {
  array,
  bool,
  int16,
  int32,
  type MessageOf,
  record,
  string,
  uint16,
  uuid,
} from "../schema.ts";

/** RegisterControllerRecord */
export const registerControllerRecord = record({
  name: "RegisterControllerRecord",
  type: 27,
  versions: "0",
  flexible: "0+",
}, {
  controllerId: int32(),
  incarnationId: uuid(),
  zkMigrationReady: bool(),
  endPoints: array({
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
});

/** See {@linkcode registerControllerRecord}. */
export type RegisterControllerRecord = MessageOf<typeof registerControllerRecord>;
