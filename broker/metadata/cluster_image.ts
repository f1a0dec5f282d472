import type { RegisterBrokerRecord, RegisterControllerRecord } from "../protocol/mod.ts";
import type { FeatureRange } from "./features.ts";
import { DIRECTORY_LOST, DIRECTORY_MIGRATING, DIRECTORY_UNASSIGNED } from "./partition_image.ts";
import { registerBrokerRecordVersion } from "./features.ts";
import { type MetadataRecord, metadataRecord } from "./records.ts";
import { compareUuids } from "./uuids.ts";

/** Where a node can be reached under a listener's name. */
export interface Endpoint {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Kafka's number: 0 PLAINTEXT, 1 SSL, 2 SASL_PLAINTEXT, 3 SASL_SSL. */
  readonly securityProtocol: number;
}

/** What the cluster knows of a broker. */
export interface BrokerImage {
  readonly id: number;
  /** Offset at which this incarnation registered; -1 never stands here. */
  readonly epoch: number;
  readonly incarnationId: string;
  readonly endpoints: readonly Endpoint[];
  readonly features: readonly FeatureRange[];
  readonly rack: string | null;
  /** A fenced broker serves no partition. */
  readonly fenced: boolean;
  readonly inControlledShutdown: boolean;
  readonly isMigratingZkBroker: boolean;
  /** Directory ids that are online, in Kafka's order; empty when the broker does not say. */
  readonly directories: readonly string[];
  /** Directories that take no new replicas (KIP-1066); null until the broker has said which. */
  readonly cordonedDirectories: readonly string[] | null;
}

/** What the cluster knows of a controller. */
export interface ControllerImage {
  readonly id: number;
  readonly incarnationId: string;
  readonly zkMigrationReady: boolean;
  readonly endpoints: readonly Endpoint[];
  readonly features: readonly FeatureRange[];
}

/** The registration that a RegisterBrokerRecord holds. */
export function brokerFromRecord(record: RegisterBrokerRecord): BrokerImage {
  return {
    id: record.brokerId,
    epoch: record.brokerEpoch,
    incarnationId: record.incarnationId,
    endpoints: record.endPoints,
    features: record.features,
    rack: record.rack,
    fenced: record.fenced,
    inControlledShutdown: record.inControlledShutdown,
    isMigratingZkBroker: record.isMigratingZkBroker,
    directories: [...record.logDirs].sort(compareUuids),
    cordonedDirectories: record.cordonedLogDirs,
  };
}

/** The RegisterBrokerRecord of a registration in logs at `metadataVersion`. */
export function brokerToRecord(broker: BrokerImage, metadataVersion: number): MetadataRecord {
  const version = registerBrokerRecordVersion(metadataVersion);
  return metadataRecord("RegisterBrokerRecord", version, {
    brokerId: broker.id,
    isMigratingZkBroker: version >= 2 && broker.isMigratingZkBroker,
    incarnationId: broker.incarnationId,
    brokerEpoch: broker.epoch,
    endPoints: broker.endpoints.map((endpoint) => ({ ...endpoint })),
    features: broker.features.map((feature) => ({ ...feature })),
    rack: broker.rack,
    fenced: broker.fenced,
    inControlledShutdown: broker.inControlledShutdown,
    logDirs: version >= 3 ? [...broker.directories] : [],
    cordonedLogDirs: version >= 4 && broker.cordonedDirectories !== null
      ? [...broker.cordonedDirectories]
      : null,
  });
}

/** The registration that a RegisterControllerRecord holds. */
export function controllerFromRecord(record: RegisterControllerRecord): ControllerImage {
  return {
    id: record.controllerId,
    incarnationId: record.incarnationId,
    zkMigrationReady: record.zkMigrationReady,
    endpoints: record.endPoints,
    features: record.features,
  };
}

/** The RegisterControllerRecord of a registration. */
export function controllerToRecord(controller: ControllerImage): MetadataRecord {
  return metadataRecord("RegisterControllerRecord", 0, {
    controllerId: controller.id,
    incarnationId: controller.incarnationId,
    zkMigrationReady: controller.zkMigrationReady,
    endPoints: controller.endpoints.map((endpoint) => ({ ...endpoint })),
    features: controller.features.map((feature) => ({ ...feature })),
  });
}

/** True when the broker may lead partitions and stand in an ISR. */
export function isActive(broker: BrokerImage | undefined): boolean {
  return broker !== undefined && !broker.fenced && !broker.inControlledShutdown;
}

/** True unless the directory is known to have failed on the broker (KIP-858). */
export function isDirectoryOnline(broker: BrokerImage | undefined, directory: string): boolean {
  if (broker === undefined || directory === DIRECTORY_LOST) return false;
  if (directory === DIRECTORY_UNASSIGNED || directory === DIRECTORY_MIGRATING) return true;
  return broker.directories.length === 0 || broker.directories.includes(directory);
}

/** The directory of a new replica on the broker: its only one, or to be chosen by it. */
export function defaultDirectory(broker: BrokerImage | undefined): string {
  if (broker === undefined) return DIRECTORY_UNASSIGNED;
  if (broker.directories.length === 0) return DIRECTORY_MIGRATING;
  return broker.directories.length === 1 ? broker.directories[0]! : DIRECTORY_UNASSIGNED;
}

/** True when the broker has a directory that takes new replicas. */
export function takesNewReplicas(broker: BrokerImage): boolean {
  const cordoned = broker.cordonedDirectories;
  if (cordoned === null || broker.directories.length === 0) return true;
  return broker.directories.some((directory) => !cordoned.includes(directory));
}
