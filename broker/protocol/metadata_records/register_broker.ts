import {
  array,
  bool,
  int16,
  int32,
  int64,
  type MessageOf,
  record,
  string,
  uint16,
  uuid,
} from "../schema.ts";

/** RegisterBrokerRecord */
export const registerBrokerRecord = record({
  name: "RegisterBrokerRecord",
  type: 0,
  versions: "0-4",
  flexible: "0+",
}, {
  brokerId: int32(),
  isMigratingZkBroker: bool({ versions: "2+" }),
  incarnationId: uuid(),
  brokerEpoch: int64(),
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
  rack: string({ nullable: "0+" }),
  fenced: bool({ default: true }),
  inControlledShutdown: bool({ versions: "1+" }),
  logDirs: array(uuid(), { versions: "3+", tag: 0 }),
  cordonedLogDirs: array(uuid(), { versions: "4+", tag: 1, nullable: "4+", default: null }),
});

/** See {@linkcode registerBrokerRecord}. */
export type RegisterBrokerRecord = MessageOf<typeof registerBrokerRecord>;
