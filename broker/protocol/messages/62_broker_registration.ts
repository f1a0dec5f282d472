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

/** BrokerRegistration */
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
    isMigratingZkBroker: bool({ versions: "1+" }),
    logDirs: array(uuid(), { versions: "2+" }),
    previousBrokerEpoch: int64({ versions: "3+", default: -1 }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    brokerEpoch: int64({ default: -1 }),
  },
});

/** What a client sends. */
export type BrokerRegistrationRequest = RequestOf<typeof brokerRegistration>;
/** What it is answered. */
export type BrokerRegistrationResponse = ResponseOf<typeof brokerRegistration>;
