import {
  api,
  array,
  bool,
  int16,
  int32,
  int64,
  type RequestOf,
  type ResponseOf,
  string,
  uint16,
  uuid,
} from "../schema.ts";

/** A broker registers with the controller and gets its epoch (KIP-631). */
export const brokerRegistration = api({
  key: 62,
  name: "BrokerRegistration",
  versions: "0-4",
  flexible: "0+",
  listeners: ["controller"],
}, {
  request: {
    brokerId: int32(),
    clusterId: string(),
    // New each time the process starts.
    incarnationId: uuid(),
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
    rack: string({ nullable: "0+" }),
    // KIP-866.
    isMigratingZkBroker: bool({ versions: "1+" }),
    // KIP-858.
    logDirs: array(uuid(), { versions: "2+" }),
    // KIP-966; -1 unless the last shutdown was clean.
    previousBrokerEpoch: int64({ versions: "3+", default: -1 }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    // -1: none was given.
    brokerEpoch: int64({ default: -1 }),
  },
});

/** What a client sends. */
export type BrokerRegistrationRequest = RequestOf<typeof brokerRegistration>;
/** What it is answered. */
export type BrokerRegistrationResponse = ResponseOf<typeof brokerRegistration>;
