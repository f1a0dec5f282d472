import {
  array,
  bool,
  float64,
  int16,
  int32,
  int64,
  int8,
  type MessageOf,
  record,
  string,
} from "../schema.ts";

/** A configuration of a resource was set or deleted. */
export const configRecord = record(
  { name: "ConfigRecord", type: 4, versions: "0", flexible: "0+" },
  {
    // 2: topic, 4: broker, 8: broker logger, 16: client metrics, 32: group.
    resourceType: int8(),
    // Empty: the default for all brokers.
    resourceName: string(),
    name: string(),
    // Null deletes it.
    value: string({ nullable: "0+" }),
  },
);

/** See {@linkcode configRecord}. */
export type ConfigRecord = MessageOf<typeof configRecord>;

/**
 * A feature has a new finalized level. The first record of every log and snapshot: the metadata
 * version needed to read it, hence version 0 for ever.
 */
export const featureLevelRecord = record({
  name: "FeatureLevelRecord",
  type: 12,
  versions: "0",
  flexible: "0+",
}, {
  name: string(),
  // 0: the feature is off.
  featureLevel: int16(),
});

/** See {@linkcode featureLevelRecord}. */
export type FeatureLevelRecord = MessageOf<typeof featureLevelRecord>;

/** A quota was set or removed (KIP-546). */
export const clientQuotaRecord = record({
  name: "ClientQuotaRecord",
  type: 14,
  versions: "0",
  flexible: "0+",
}, {
  entity: array({
    entityType: string(),
    // Null: the default.
    entityName: string({ nullable: "0+" }),
  }),
  key: string(),
  value: float64(),
  remove: bool(),
});

/** See {@linkcode clientQuotaRecord}. */
export type ClientQuotaRecord = MessageOf<typeof clientQuotaRecord>;

/** A broker got a block of producer ids (KIP-730). */
export const producerIdsRecord = record({
  name: "ProducerIdsRecord",
  type: 15,
  versions: "0",
  flexible: "0+",
}, {
  brokerId: int32(),
  brokerEpoch: int64({ default: -1 }),
  // The first that no block holds yet.
  nextProducerId: int64(),
});

/** See {@linkcode producerIdsRecord}. */
export type ProducerIdsRecord = MessageOf<typeof producerIdsRecord>;

/** How far a migration from ZooKeeper got (KIP-866). */
export const zkMigrationStateRecord = record({
  name: "ZkMigrationStateRecord",
  type: 21,
  versions: "0",
  flexible: "0+",
}, {
  // 0: none, 1: migrating, 2: about to, 3: done.
  zkMigrationState: int8(),
});

/** See {@linkcode zkMigrationStateRecord}. */
export type ZkMigrationStateRecord = MessageOf<typeof zkMigrationStateRecord>;
