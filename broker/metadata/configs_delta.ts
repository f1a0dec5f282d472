import type { ConfigRecord } from "../protocol/mod.ts";
import { type ConfigsImage, RESOURCE_TOPIC, type ResourceConfig } from "./configs_image.ts";
import { MapDelta } from "./map_delta.ts";
import { PersistentMap } from "./persistent_map.ts";

/** Changes to the values of one resource. */
export interface ResourceConfigDelta {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly values: MapDelta<string, string>;
}

/** Changes to configurations. */
export class ConfigsDelta {
  readonly before: ConfigsImage;
  readonly #changes = new Map<number, Map<string, ResourceConfigDelta>>();

  constructor(before: ConfigsImage) {
    this.before = before;
  }

  get isEmpty(): boolean {
    return this.#changes.size === 0;
  }

  /** Every resource with a changed value. */
  *changes(): Generator<ResourceConfigDelta> {
    for (const ofType of this.#changes.values()) yield* ofType.values();
  }

  /** The changes to one resource, if any. */
  get(resourceType: number, resourceName: string): ResourceConfigDelta | undefined {
    return this.#changes.get(resourceType)?.get(resourceName);
  }

  set({ resourceType, resourceName, name, value }: ConfigRecord): void {
    const { values } = this.#resource(resourceType, resourceName);
    value === null ? values.remove(name) : values.set(name, value);
  }

  /** A removed topic takes its configuration along. */
  removeTopic(name: string): void {
    if (this.before.get(RESOURCE_TOPIC, name).size === 0 && !this.get(RESOURCE_TOPIC, name)) return;
    const { values } = this.#resource(RESOURCE_TOPIC, name);
    values.changes.clear();
    values.removeUnchanged();
  }

  /** Removes the values that a snapshot did not name. */
  removeUnchanged(): void {
    for (const { resourceType, resourceName } of this.before.resources()) {
      this.#resource(resourceType, resourceName).values.removeUnchanged();
    }
  }

  apply(): ConfigsImage {
    if (this.isEmpty) return this.before;
    return this.before.changed(
      Array.from(this.changes(), ({ resourceType, resourceName, values }): ResourceConfig => ({
        resourceType,
        resourceName,
        values: values.apply(),
      })),
    );
  }

  #resource(resourceType: number, resourceName: string): ResourceConfigDelta {
    let ofType = this.#changes.get(resourceType);
    if (ofType === undefined) this.#changes.set(resourceType, ofType = new Map());
    let delta = ofType.get(resourceName);
    if (delta === undefined) {
      const before = this.before.get(resourceType, resourceName) as PersistentMap<string, string>;
      delta = { resourceType, resourceName, values: new MapDelta(before) };
      ofType.set(resourceName, delta);
    }
    return delta;
  }
}
