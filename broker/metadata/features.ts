/** A `metadata.version`: what the metadata log of a cluster may contain (KIP-778). */
export interface MetadataVersion {
  readonly level: number;
  /** Kafka's name, such as `3.7-IV4`. */
  readonly name: string;
  /** Going below this version may lose metadata, so Kafka refuses to. */
  readonly changesMetadata: boolean;
}

function version(level: number, name: string, changesMetadata: boolean): MetadataVersion {
  return { level, name, changesMetadata };
}

/** All versions that this software can replay, ascending. */
export const METADATA_VERSIONS: readonly MetadataVersion[] = [
  version(7, "3.3-IV3", true),
  version(8, "3.4-IV0", true),
  version(9, "3.5-IV0", false),
  version(10, "3.5-IV1", false),
  version(11, "3.5-IV2", true), // SCRAM credentials (KIP-900)
  version(12, "3.6-IV0", false), // no leader epoch bump when the ISR shrinks (KAFKA-15021)
  version(13, "3.6-IV1", true), // metadata transactions (KIP-868)
  version(14, "3.6-IV2", true), // delegation tokens (KIP-900)
  version(15, "3.7-IV0", true), // controller registration (KIP-919)
  version(16, "3.7-IV1", false),
  version(17, "3.7-IV2", true), // log directory assignment (KIP-858)
  version(18, "3.7-IV3", false),
  version(19, "3.7-IV4", false),
  version(20, "3.8-IV0", false),
  version(21, "3.9-IV0", false), // dynamic quorum (KIP-853)
  version(22, "4.0-IV0", false), // consumer groups (KIP-848)
  version(23, "4.0-IV1", true), // eligible leader replicas (KIP-966)
  version(24, "4.0-IV2", false), // transactions version 2 (KIP-890)
  version(25, "4.0-IV3", false),
  version(26, "4.1-IV0", false),
  version(27, "4.1-IV1", false),
  version(28, "4.2-IV0", false), // share groups (KIP-932)
  version(29, "4.2-IV1", false), // streams groups (KIP-1071)
  version(30, "4.3-IV0", true), // cordoned log directories (KIP-1066)
  version(31, "4.4-IV0", false),
  version(32, "4.4-IV1", true),
  version(33, "4.4-IV2", true), // controller unregistration
  version(34, "4.5-IV0", false),
];

/** The name under which `metadata.version` is finalized. */
export const METADATA_VERSION = "metadata.version";
/** The name under which the quorum's protocol is finalized; it lives in control records (KIP-853). */
export const KRAFT_VERSION = "kraft.version";
/** The feature that keeps leaders eligible outside the ISR (KIP-966). */
export const ELIGIBLE_LEADER_REPLICAS_VERSION = "eligible.leader.replicas.version";

/** The oldest `metadata.version` that can be replayed. */
export const METADATA_VERSION_MIN = 7;
/** The newest `metadata.version` that a cluster may use. */
export const METADATA_VERSION_LATEST = 33;

/** True when logs at `level` hold PartitionRecords and registrations with directories (KIP-858). */
export function directoriesSupported(level: number): boolean {
  return level >= 17;
}

/** True when logs at `level` may hold metadata transactions (KIP-868). */
export function transactionsSupported(level: number): boolean {
  return level >= 13;
}

/** True when controllers register themselves at `level` (KIP-919). */
export function controllerRegistrationSupported(level: number): boolean {
  return level >= 15;
}

/** True when controllers can be taken out of the registry at `level`. */
export function controllerUnregistrationSupported(level: number): boolean {
  return level >= 33;
}

/** True when brokers report cordoned log directories at `level` (KIP-1066). */
export function cordonedDirectoriesSupported(level: number): boolean {
  return level >= 30;
}

/** True when a shrinking ISR must raise the leader epoch at `level` (KAFKA-15021). */
export function leaderEpochBumpsOnIsrShrink(level: number): boolean {
  return level < 12;
}

/** The version of RegisterBrokerRecord that logs at `level` hold. */
export function registerBrokerRecordVersion(level: number): number {
  if (cordonedDirectoriesSupported(level)) return 4;
  if (directoriesSupported(level)) return 3;
  return level >= 8 ? 2 : 1;
}

/** The version of PartitionRecord and PartitionChangeRecord that logs at `level` hold. */
export function partitionRecordVersion(level: number): number {
  if (level >= 23) return 2;
  return directoriesSupported(level) ? 1 : 0;
}

/** True when going from `from` down to `to` could lose metadata. */
export function downgradeLosesMetadata(from: number, to: number): boolean {
  return METADATA_VERSIONS.some(({ level, changesMetadata }) =>
    level > to && level <= from && changesMetadata
  );
}

/** A feature that is finalized for the whole cluster. */
export interface Feature {
  readonly name: string;
  /** For each level from 0 on: the `metadata.version` from which a new cluster has it. */
  readonly bootstrapVersions: readonly number[];
  /** Level of {@linkcode METADATA_VERSION} that levels above 0 need beyond the oldest one. */
  readonly metadataVersionNeeded: number;
}

/** The features of Kafka 4.4 besides `metadata.version`. */
export const FEATURES: readonly Feature[] = [
  { name: KRAFT_VERSION, bootstrapVersions: [7, 21], metadataVersionNeeded: 7 },
  { name: "transaction.version", bootstrapVersions: [7, 24, 24], metadataVersionNeeded: 7 },
  { name: "group.version", bootstrapVersions: [7, 22], metadataVersionNeeded: 7 },
  {
    name: ELIGIBLE_LEADER_REPLICAS_VERSION,
    bootstrapVersions: [7, 26],
    metadataVersionNeeded: 23,
  },
  { name: "share.version", bootstrapVersions: [7, 28, 31], metadataVersionNeeded: 7 },
  { name: "streams.version", bootstrapVersions: [7, 29], metadataVersionNeeded: 7 },
];

/** The levels of a feature that a node can work with, both ends included. */
export interface FeatureRange {
  readonly name: string;
  readonly minSupportedVersion: number;
  readonly maxSupportedVersion: number;
}

/** What this software supports, as brokers and controllers say when they register. */
export const SUPPORTED_FEATURES: readonly FeatureRange[] = [
  {
    name: METADATA_VERSION,
    minSupportedVersion: METADATA_VERSION_MIN,
    maxSupportedVersion: METADATA_VERSION_LATEST,
  },
  ...FEATURES.map(({ name, bootstrapVersions }) => ({
    name,
    minSupportedVersion: 0,
    maxSupportedVersion: bootstrapVersions.length - 1,
  })),
];

/** The levels that a cluster formatted at `metadataVersion` starts with, those of level 0 left out. */
export function bootstrapFeatureLevels(metadataVersion: number): Map<string, number> {
  const levels = new Map<string, number>();
  for (const { name, bootstrapVersions } of FEATURES) {
    if (name === KRAFT_VERSION) continue;
    const level = bootstrapVersions.findLastIndex((needed) => needed <= metadataVersion);
    if (level > 0) levels.set(name, level);
  }
  return levels;
}

/** Why `feature` can't be set to `level` beside `metadataVersion`; null when it can. */
export function dependencyMissing(
  feature: string,
  level: number,
  metadataVersion: number,
): string | null {
  const needed = FEATURES.find(({ name }) => name === feature)?.metadataVersionNeeded ?? 0;
  if (level === 0 || metadataVersion >= needed) return null;
  return `Level ${level} of ${feature} needs ${METADATA_VERSION} ${needed} or higher.`;
}

/** Kafka's name of a `metadata.version`, or its number when it has none. */
export function metadataVersionName(level: number): string {
  return METADATA_VERSIONS.find((known) => known.level === level)?.name ?? `${level}`;
}
