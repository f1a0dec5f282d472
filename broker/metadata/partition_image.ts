import type { PartitionChangeRecord, PartitionRecord } from "../protocol/mod.ts";
import { partitionRecordVersion } from "./features.ts";
import { type MetadataRecord, metadataRecord } from "./records.ts";

/** Stands where a partition has no leader, or a request names no broker. */
export const NO_LEADER = -1;
/** Stands in a PartitionChangeRecord that keeps the leader and its epoch. */
export const NO_LEADER_CHANGE = -2;

/** The log of the leader holds all that was committed. */
export const RECOVERED = 0;
/** The leader was elected from outside the ISR and has not yet answered for what it lacks. */
export const RECOVERING = 1;

/** Directory id of a replica that no directory has been chosen for (KIP-858). */
export const DIRECTORY_UNASSIGNED = "AAAAAAAAAAAAAAAAAAAAAA";
/** Directory id of a replica in a directory that failed. */
export const DIRECTORY_LOST = "AAAAAAAAAAAAAAAAAAAAAQ";
/** Directory id of a replica that was placed before directories were recorded. */
export const DIRECTORY_MIGRATING = "AAAAAAAAAAAAAAAAAAAAAg";
/** Kafka keeps the ids whose first 15 bytes are zero and whose last is below 100 for itself. */
export function isReservedDirectory(id: string): boolean {
  if (!id.startsWith("AAAAAAAAAAAAAAAAAAAA")) return false;
  return RESERVED_ENDINGS.has(id.slice(20));
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** The last byte stands in the last but one letter and the upper bits of the last. */
const RESERVED_ENDINGS = new Set(
  Array.from({ length: 100 }, (_, byte) => LETTERS[byte >> 2]! + LETTERS[(byte & 3) << 4]!),
);

/** What the cluster knows of a partition. */
export interface PartitionImage {
  /** Broker ids, the preferred leader first. */
  readonly replicas: readonly number[];
  /** The log directory of each replica, in the order of `replicas`. */
  readonly directories: readonly string[];
  readonly isr: readonly number[];
  readonly removingReplicas: readonly number[];
  readonly addingReplicas: readonly number[];
  /** Replicas outside the ISR that have all that was committed (KIP-966). */
  readonly elr: readonly number[];
  /** The last leader of a partition that has none. */
  readonly lastKnownElr: readonly number[];
  /** {@linkcode NO_LEADER} when there is none. */
  readonly leader: number;
  readonly leaderEpoch: number;
  /** Rises with every change of the partition. */
  readonly partitionEpoch: number;
  /** {@linkcode RECOVERED} or {@linkcode RECOVERING}. */
  readonly leaderRecoveryState: number;
}

/** The partition that a PartitionRecord describes. */
export function partitionFromRecord(record: PartitionRecord): PartitionImage {
  return {
    replicas: record.replicas,
    directories: record.directories.length > 0
      ? record.directories
      : migratingDirectories(record.replicas.length),
    isr: record.isr,
    removingReplicas: record.removingReplicas,
    addingReplicas: record.addingReplicas,
    elr: record.eligibleLeaderReplicas ?? [],
    lastKnownElr: record.lastKnownElr ?? [],
    leader: record.leader,
    leaderEpoch: record.leaderEpoch,
    partitionEpoch: record.partitionEpoch,
    leaderRecoveryState: record.leaderRecoveryState,
  };
}

/** The partition after a change: null fields of the record keep what was. */
export function changePartition(
  partition: PartitionImage,
  change: PartitionChangeRecord,
): PartitionImage {
  const replicas = change.replicas ?? partition.replicas;
  const directories = change.directories ?? partition.directories;
  const keepsLeader = change.leader === NO_LEADER_CHANGE;
  return {
    replicas,
    directories: directories.length > 0 ? directories : migratingDirectories(replicas.length),
    isr: change.isr ?? partition.isr,
    removingReplicas: change.removingReplicas ?? partition.removingReplicas,
    addingReplicas: change.addingReplicas ?? partition.addingReplicas,
    elr: change.eligibleLeaderReplicas ?? partition.elr,
    lastKnownElr: change.lastKnownElr ?? partition.lastKnownElr,
    leader: keepsLeader ? partition.leader : change.leader,
    // Even a record that names the present leader begins a new epoch.
    leaderEpoch: keepsLeader ? partition.leaderEpoch : partition.leaderEpoch + 1,
    partitionEpoch: partition.partitionEpoch + 1,
    leaderRecoveryState: change.leaderRecoveryState < 0
      ? partition.leaderRecoveryState
      : change.leaderRecoveryState,
  };
}

/** The partition without eligible leaders outside the ISR; the same when it has none. */
export function clearElr(partition: PartitionImage): PartitionImage {
  if (partition.elr.length === 0 && partition.lastKnownElr.length === 0) return partition;
  const partitionEpoch = partition.partitionEpoch + 1;
  return { ...partition, elr: [], lastKnownElr: [], partitionEpoch };
}

/** The PartitionRecord that describes a partition in logs at `metadataVersion`. */
export function partitionToRecord(
  topicId: string,
  partitionId: number,
  partition: PartitionImage,
  metadataVersion: number,
): MetadataRecord {
  const version = partitionRecordVersion(metadataVersion);
  return metadataRecord("PartitionRecord", version, {
    partitionId,
    topicId,
    replicas: [...partition.replicas],
    isr: [...partition.isr],
    removingReplicas: [...partition.removingReplicas],
    addingReplicas: [...partition.addingReplicas],
    leader: partition.leader,
    leaderRecoveryState: partition.leaderRecoveryState,
    leaderEpoch: partition.leaderEpoch,
    partitionEpoch: partition.partitionEpoch,
    directories: version >= 1 ? [...partition.directories] : [],
    eligibleLeaderReplicas: version >= 2 && partition.elr.length > 0 ? [...partition.elr] : null,
    lastKnownElr: version >= 2 && partition.lastKnownElr.length > 0
      ? [...partition.lastKnownElr]
      : null,
  });
}

/** The directory that holds the partition on `brokerId`, which must be one of its replicas. */
export function directoryOf(partition: PartitionImage, brokerId: number): string {
  return partition.directories[partition.replicas.indexOf(brokerId)] ?? DIRECTORY_UNASSIGNED;
}

/** True while replicas are being added to or taken from the partition. */
export function isReassigning(partition: PartitionImage): boolean {
  return partition.addingReplicas.length > 0 || partition.removingReplicas.length > 0;
}

function migratingDirectories(count: number): string[] {
  return new Array(count).fill(DIRECTORY_MIGRATING);
}
