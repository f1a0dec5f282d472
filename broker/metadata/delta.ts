import type {
  AccessControlEntryRecord,
  BrokerRegistrationChangeRecord,
  ClientQuotaRecord,
  DelegationTokenRecord,
  FeatureLevelRecord,
  UserScramCredentialRecord,
} from "../protocol/mod.ts";
import {
  brokerFromRecord,
  type BrokerImage,
  controllerFromRecord,
  type ControllerImage,
} from "./cluster_image.ts";
import { ConfigsDelta } from "./configs_delta.ts";
import {
  KRAFT_VERSION,
  METADATA_VERSION,
  METADATA_VERSION_MIN,
  METADATA_VERSIONS,
} from "./features.ts";
import { type MetadataImage, type Provenance, scramKey } from "./image.ts";
import { MapDelta } from "./map_delta.ts";
import { PersistentMap } from "./persistent_map.ts";
import { changeQuota, quotaEntityKey, type QuotaImage } from "./quotas_image.ts";
import type { MetadataRecord } from "./records.ts";
import { ReplayError } from "./replay_error.ts";
import { TopicsDelta } from "./topics_delta.ts";
import { compareUuids } from "./uuids.ts";

/**
 * What records change in an image. Records are replayed into the delta one by one; `apply()` makes
 * the next image and may be called more than once. Listeners read from it what to do: a delta tells
 * what changed, its image what is.
 */
export class MetadataDelta {
  readonly before: MetadataImage;
  readonly topics: TopicsDelta;
  readonly configs: ConfigsDelta;
  readonly brokers: MapDelta<number, BrokerImage>;
  readonly controllers: MapDelta<number, ControllerImage>;
  /** Levels of changed features, 0 where one was switched off; `metadata.version` among them. */
  readonly features: Map<string, number> = new Map();
  readonly quotas: MapDelta<string, QuotaImage>;
  readonly acls: MapDelta<string, AccessControlEntryRecord>;
  readonly scram: MapDelta<string, UserScramCredentialRecord>;
  readonly delegationTokens: MapDelta<string, DelegationTokenRecord>;
  readonly #fromSnapshot: boolean;
  #nextProducerId: number | null = null;

  /** `fromSnapshot`: the records describe the whole cluster; end them with `finishSnapshot()`. */
  constructor(before: MetadataImage, { fromSnapshot = false } = {}) {
    this.before = before;
    this.#fromSnapshot = fromSnapshot;
    this.topics = new TopicsDelta(before.topics, fromSnapshot);
    this.configs = new ConfigsDelta(before.configs);
    this.brokers = new MapDelta(before.brokers);
    this.controllers = new MapDelta(before.controllers);
    this.quotas = new MapDelta(before.quotas);
    this.acls = new MapDelta(before.acls);
    this.scram = new MapDelta(before.scram);
    this.delegationTokens = new MapDelta(before.delegationTokens);
  }

  /** True when nothing but the offset differs, as after a NoOpRecord. */
  get isEmpty(): boolean {
    return this.topics.isEmpty && this.configs.isEmpty && this.brokers.isEmpty &&
      this.controllers.isEmpty && this.features.size === 0 && this.quotas.isEmpty &&
      this.acls.isEmpty && this.scram.isEmpty && this.delegationTokens.isEmpty &&
      this.#nextProducerId === null;
  }

  /** The first producer id that is free from now on; null when no block was handed out. */
  get nextProducerId(): number | null {
    return this.#nextProducerId;
  }

  /** Takes in a record; throws {@linkcode ReplayError} when it does not fit what came before it. */
  replay(record: MetadataRecord): void {
    switch (record.name) {
      case "TopicRecord":
        return this.topics.addTopic(record.value);
      case "PartitionRecord":
        return this.topics.setPartition(record.value);
      case "PartitionChangeRecord":
        return this.topics.changePartition(record.value);
      case "RemoveTopicRecord":
        return this.configs.removeTopic(this.topics.removeTopic(record.value));
      case "ClearElrRecord":
        return this.topics.clearElr(record.value);
      case "ConfigRecord":
        return this.configs.set(record.value);
      case "RegisterBrokerRecord":
        return this.brokers.set(record.value.brokerId, brokerFromRecord(record.value));
      case "UnregisterBrokerRecord": {
        const { brokerId, brokerEpoch } = record.value;
        this.#broker(brokerId, brokerEpoch);
        return this.brokers.remove(brokerId);
      }
      case "FenceBrokerRecord":
        return this.#setFenced(record.value.id, record.value.epoch, true);
      case "UnfenceBrokerRecord":
        return this.#setFenced(record.value.id, record.value.epoch, false);
      case "BrokerRegistrationChangeRecord":
        return this.#changeBroker(record.value);
      case "RegisterControllerRecord":
        return this.controllers.set(record.value.controllerId, controllerFromRecord(record.value));
      case "UnregisterControllerRecord":
        return this.controllers.remove(record.value.controllerId);
      case "FeatureLevelRecord":
        return this.#setFeature(record.value);
      case "ProducerIdsRecord":
        this.#nextProducerId = record.value.nextProducerId;
        return;
      case "ClientQuotaRecord":
        return this.#changeQuota(record.value);
      case "AccessControlEntryRecord":
        return this.acls.set(record.value.id, record.value);
      case "RemoveAccessControlEntryRecord":
        if (this.acls.get(record.value.id) === undefined) {
          throw new ReplayError(`Cannot remove ACL with id ${record.value.id}: there is none`);
        }
        return this.acls.remove(record.value.id);
      case "UserScramCredentialRecord": {
        const { name, mechanism } = record.value;
        return this.scram.set(scramKey(name, mechanism), ownedCredential(record.value));
      }
      case "RemoveUserScramCredentialRecord":
        return this.scram.remove(scramKey(record.value.name, record.value.mechanism));
      case "DelegationTokenRecord":
        return this.delegationTokens.set(record.value.tokenId, record.value);
      case "RemoveDelegationTokenRecord":
        return this.delegationTokens.remove(record.value.tokenId);
      case "ZkMigrationStateRecord": // a cluster that came from ZooKeeper says so; it means nothing now
      case "NoOpRecord":
        return;
      case "BeginTransactionRecord":
      case "EndTransactionRecord":
      case "AbortTransactionRecord":
        throw new ReplayError(
          `Cannot replay ${record.name}: transactions are not part of an image`,
        );
    }
  }

  /** Call after the last record of a snapshot: what it did not name is no longer there. */
  finishSnapshot(): void {
    this.topics.removeUnchanged();
    this.configs.removeUnchanged();
    this.brokers.removeUnchanged();
    this.controllers.removeUnchanged();
    for (const name of this.before.features.levels.keys()) {
      if (!this.features.has(name)) this.features.set(name, 0);
    }
    this.quotas.removeUnchanged();
    this.acls.removeUnchanged();
    this.scram.removeUnchanged();
    this.delegationTokens.removeUnchanged();
    this.#nextProducerId ??= -1;
  }

  /** The image after the changes. */
  apply(provenance: Provenance): MetadataImage {
    return {
      provenance,
      features: this.#applyFeatures(),
      brokers: this.brokers.apply(),
      controllers: this.controllers.apply(),
      topics: this.topics.apply(),
      configs: this.configs.apply(),
      quotas: this.quotas.apply(),
      nextProducerId: this.#nextProducerId ?? this.before.nextProducerId,
      acls: this.acls.apply(),
      scram: this.scram.apply(),
      delegationTokens: this.delegationTokens.apply(),
    };
  }

  #applyFeatures(): MetadataImage["features"] {
    if (this.features.size === 0) return this.before.features;
    const { metadataVersion, levels } = this.before.features;
    return {
      metadataVersion: this.features.get(METADATA_VERSION) ?? metadataVersion,
      levels: levels.mutate((draft) => {
        for (const [name, level] of this.features) {
          if (name === METADATA_VERSION) continue;
          level === 0 ? draft.delete(name) : draft.set(name, level);
        }
      }),
    };
  }

  #setFeature({ name, featureLevel }: FeatureLevelRecord): void {
    // The quorum's version stands in control records; here it is repeated for older readers.
    if (name === KRAFT_VERSION) return;
    if (name === METADATA_VERSION) {
      const newest = METADATA_VERSIONS.at(-1)!.level;
      if (featureLevel < METADATA_VERSION_MIN || featureLevel > newest) {
        throw new ReplayError(
          `Cannot read metadata at ${METADATA_VERSION} ${featureLevel}: ` +
            `this software reads ${METADATA_VERSION_MIN} to ${newest}`,
        );
      }
    }
    this.features.set(name, featureLevel);
  }

  #changeQuota(change: ClientQuotaRecord): void {
    const key = quotaEntityKey(change.entity);
    // A snapshot names all quotas of an entity: those from before are none of them.
    const known = this.#fromSnapshot ? this.quotas.changes.get(key) : this.quotas.get(key);
    const quota = changeQuota(known?.values ?? PersistentMap.empty(), change);
    quota.values.size > 0 ? this.quotas.set(key, quota) : this.quotas.remove(key);
  }

  #broker(id: number, epoch: number): BrokerImage {
    const broker = this.brokers.get(id);
    if (broker === undefined) throw new ReplayError(`Cannot change broker ${id}: there is none`);
    if (broker.epoch !== epoch) {
      throw new ReplayError(`Cannot change broker ${id}: epoch ${epoch}, expected ${broker.epoch}`);
    }
    return broker;
  }

  #setFenced(id: number, epoch: number, fenced: boolean): void {
    const broker = this.#broker(id, epoch);
    if (broker.fenced !== fenced) this.brokers.set(id, { ...broker, fenced });
  }

  #changeBroker(change: BrokerRegistrationChangeRecord): void {
    const broker = this.#broker(change.brokerId, change.brokerEpoch);
    this.brokers.set(broker.id, {
      ...broker,
      fenced: change.fenced === 0 ? broker.fenced : change.fenced > 0,
      inControlledShutdown: change.inControlledShutdown !== 0 || broker.inControlledShutdown,
      directories: change.logDirs.length === 0
        ? broker.directories
        : [...change.logDirs].sort(compareUuids),
      cordonedDirectories: change.cordonedLogDirs ?? broker.cordonedDirectories,
    });
  }
}

/** The bytes of a decoded record are views into its batch, which an image must not keep alive. */
function ownedCredential(record: UserScramCredentialRecord): UserScramCredentialRecord {
  const { salt, storedKey, serverKey } = record;
  return {
    ...record,
    salt: salt.slice(),
    storedKey: storedKey.slice(),
    serverKey: serverKey.slice(),
  };
}
