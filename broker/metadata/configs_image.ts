import { type MetadataRecord, metadataRecord } from "./records.ts";
import { PersistentMap } from "./persistent_map.ts";

/** Kafka's numbers for what can be configured. */
export const RESOURCE_TOPIC = 2;
/** A broker; the empty name stands for the default of all brokers. */
export const RESOURCE_BROKER = 4;
/** Log levels of a broker's classes; never stored. */
export const RESOURCE_BROKER_LOGGER = 8;
/** A subscription to client metrics (KIP-714). */
export const RESOURCE_CLIENT_METRICS = 16;
/** A group (KIP-1043). */
export const RESOURCE_GROUP = 32;

/** The values set on one resource; never without any. */
export interface ResourceConfig {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly values: PersistentMap<string, string>;
}

const NO_VALUES: ReadonlyMap<string, string> = PersistentMap.empty<string, string>();

/** Every dynamic configuration of the cluster. */
export class ConfigsImage {
  static readonly EMPTY: ConfigsImage = new ConfigsImage(PersistentMap.empty());

  readonly #resources: PersistentMap<string, ResourceConfig>;

  private constructor(resources: PersistentMap<string, ResourceConfig>) {
    this.#resources = resources;
  }

  /** The values set on a resource, which may be none. */
  get(resourceType: number, resourceName: string): ReadonlyMap<string, string> {
    return this.#resources.get(keyOf(resourceType, resourceName))?.values ?? NO_VALUES;
  }

  /** Resources that have values. */
  resources(): Generator<ResourceConfig, undefined> {
    return this.#resources.values();
  }

  /** These configurations with all values of the given resources replaced. */
  changed(resources: Iterable<ResourceConfig>): ConfigsImage {
    const next = this.#resources.mutate((draft) => {
      for (const resource of resources) {
        const key = keyOf(resource.resourceType, resource.resourceName);
        resource.values.size > 0 ? draft.set(key, resource) : draft.delete(key);
      }
    });
    return next === this.#resources ? this : new ConfigsImage(next);
  }
}

/** The ConfigRecords that set all values of a resource. */
export function configToRecords(resource: ResourceConfig): MetadataRecord[] {
  const { resourceType, resourceName, values } = resource;
  return Array.from(
    values,
    ([name, value]) =>
      metadataRecord("ConfigRecord", 0, { resourceType, resourceName, name, value }),
  );
}

function keyOf(resourceType: number, resourceName: string): string {
  return `${resourceType}:${resourceName}`;
}
