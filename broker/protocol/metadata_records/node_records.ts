import {
  array,
  bool,
  int16,
  int32,
  int64,
  int8,
  type MessageOf,
  record,
  string,
  uint16,
  uuid,
} from "../schema.ts";

/** A broker has registered (KIP-631). */
export const registerBrokerRecord = record({
  name: "RegisterBrokerRecord",
  type: 0,
  versions: "0-4",
  flexible: "0+",
}, {
  brokerId: int32(),
  // KIP-866.
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
  // KIP-858.
  logDirs: array(uuid(), { versions: "3+", tag: 0 }),
  // KIP-1066; null until the broker has told them.
  cordonedLogDirs: array(uuid(), { versions: "4+", tag: 1, nullable: "4+", default: null }),
});

/** See {@linkcode registerBrokerRecord}. */
export type RegisterBrokerRecord = MessageOf<typeof registerBrokerRecord>;

/** The registration of a broker was removed. */
export const unregisterBrokerRecord = record({
  name: "UnregisterBrokerRecord",
  type: 1,
  versions: "0",
  flexible: "0+",
}, {
  brokerId: int32(),
  brokerEpoch: int64(),
});

/** See {@linkcode unregisterBrokerRecord}. */
export type UnregisterBrokerRecord = MessageOf<typeof unregisterBrokerRecord>;

/** A broker was fenced; newer controllers write BrokerRegistrationChangeRecord. */
export const fenceBrokerRecord = record({
  name: "FenceBrokerRecord",
  type: 7,
  versions: "0",
  flexible: "0+",
}, {
  id: int32(),
  epoch: int64(),
});

/** See {@linkcode fenceBrokerRecord}. */
export type FenceBrokerRecord = MessageOf<typeof fenceBrokerRecord>;

/** A broker was unfenced; newer controllers write BrokerRegistrationChangeRecord. */
export const unfenceBrokerRecord = record({
  name: "UnfenceBrokerRecord",
  type: 8,
  versions: "0",
  flexible: "0+",
}, {
  id: int32(),
  epoch: int64(),
});

/** See {@linkcode unfenceBrokerRecord}. */
export type UnfenceBrokerRecord = MessageOf<typeof unfenceBrokerRecord>;

/** Fencing, shutdown or log directories of a broker changed. */
export const brokerRegistrationChangeRecord = record({
  name: "BrokerRegistrationChangeRecord",
  type: 17,
  versions: "0-3",
  flexible: "0+",
}, {
  brokerId: int32(),
  brokerEpoch: int64(),
  // -1: unfenced, 0: unchanged, 1: fenced.
  fenced: int8({ tag: 0 }),
  // 0: unchanged, 1: shutting down.
  inControlledShutdown: int8({ versions: "1+", tag: 1 }),
  logDirs: array(uuid(), { versions: "2+", tag: 2 }),
  // KIP-1066; null: unchanged.
  cordonedLogDirs: array(uuid(), { versions: "3+", tag: 3, nullable: "3+", default: null }),
});

/** See {@linkcode brokerRegistrationChangeRecord}. */
export type BrokerRegistrationChangeRecord = MessageOf<typeof brokerRegistrationChangeRecord>;

/** A controller has registered (KIP-919). */
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

/** The registration of a controller was removed. */
export const unregisterControllerRecord = record({
  name: "UnregisterControllerRecord",
  type: 29,
  versions: "0",
  flexible: "0+",
}, {
  controllerId: int32(),
});

/** See {@linkcode unregisterControllerRecord}. */
export type UnregisterControllerRecord = MessageOf<typeof unregisterControllerRecord>;
