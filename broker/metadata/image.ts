import type {
  AccessControlEntryRecord,
  DelegationTokenRecord,
  UserScramCredentialRecord,
} from "../protocol/mod.ts";
import type { BrokerImage, ControllerImage } from "./cluster_image.ts";
import { ConfigsImage } from "./configs_image.ts";
import { METADATA_VERSION, METADATA_VERSION_MIN } from "./features.ts";
import { PersistentMap } from "./persistent_map.ts";
import type { QuotaImage } from "./quotas_image.ts";
import { TopicsImage } from "./topics_image.ts";

/** How much of the metadata log an image holds. */
export interface Provenance {
  /** Offset of the last record in it; -1 for none. */
  readonly offset: number;
  /** Epoch in which that record was written; -1 for none. */
  readonly epoch: number;
  /** When that record's batch was appended. */
  readonly timestampMs: number;
  /** False when the record is not the last of its batch: such an image can't become a snapshot. */
  readonly isBatchAligned: boolean;
}

/** The provenance of an image without records. */
export const NO_PROVENANCE: Provenance = {
  offset: -1,
  epoch: -1,
  timestampMs: -1,
  isBatchAligned: true,
};

/** Levels of the features that are finalized for the cluster. */
export interface FeaturesImage {
  /** Null before the first record that sets it. */
  readonly metadataVersion: number | null;
  /** By name, without `metadata.version` and `kraft.version`, and without those of level 0. */
  readonly levels: PersistentMap<string, number>;
}

/**
 * All that the cluster has agreed on up to some offset of the metadata log. An image never changes:
 * {@linkcode MetadataDelta} makes the next one, which shares with it what stayed.
 */
export interface MetadataImage {
  readonly provenance: Provenance;
  readonly features: FeaturesImage;
  readonly brokers: PersistentMap<number, BrokerImage>;
  readonly controllers: PersistentMap<number, ControllerImage>;
  readonly topics: TopicsImage;
  readonly configs: ConfigsImage;
  /** By {@linkcode quotaEntityKey}. */
  readonly quotas: PersistentMap<string, QuotaImage>;
  /** The first producer id of the block after the last that was handed out; -1 for none. */
  readonly nextProducerId: number;
  /** By the id of the entry. */
  readonly acls: PersistentMap<string, AccessControlEntryRecord>;
  /** By {@linkcode scramKey}. */
  readonly scram: PersistentMap<string, UserScramCredentialRecord>;
  /** By token id. */
  readonly delegationTokens: PersistentMap<string, DelegationTokenRecord>;
}

/** The image of an empty log. */
export const EMPTY_IMAGE: MetadataImage = {
  provenance: NO_PROVENANCE,
  features: { metadataVersion: null, levels: PersistentMap.empty() },
  brokers: PersistentMap.empty(),
  controllers: PersistentMap.empty(),
  topics: TopicsImage.EMPTY,
  configs: ConfigsImage.EMPTY,
  quotas: PersistentMap.empty(),
  nextProducerId: -1,
  acls: PersistentMap.empty(),
  scram: PersistentMap.empty(),
  delegationTokens: PersistentMap.empty(),
};

/** The cluster's `metadata.version`: the oldest when no record has set one yet. */
export function metadataVersionOf(image: MetadataImage): number {
  return image.features.metadataVersion ?? METADATA_VERSION_MIN;
}

/** The finalized level of a feature, 0 when it is off. */
export function featureLevel(image: MetadataImage, name: string): number {
  if (name === METADATA_VERSION) return image.features.metadataVersion ?? 0;
  return image.features.levels.get(name) ?? 0;
}

/** The key of a user's credential for a mechanism (1 SCRAM-SHA-256, 2 SCRAM-SHA-512). */
export function scramKey(name: string, mechanism: number): string {
  return `${mechanism}:${name}`;
}
