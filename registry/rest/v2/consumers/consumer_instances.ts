import { HttpError, type ServiceLogger } from "../../../http/mod.ts";
import { restCodes } from "../../errors.ts";
import { type ConsumerInstance, instanceNotFound } from "./consumer_instance.ts";

/** How many instances there may be, and for how long they may be idle. */
export interface InstancesOptions {
  readonly instancesMax: number;
  readonly idleMsMax: number;
  readonly logger: ServiceLogger;
}

/** The consumer instances of a proxy, by group and name. */
export class ConsumerInstances {
  readonly #options: InstancesOptions;
  readonly #groups = new Map<string, Map<string, ConsumerInstance>>();
  #count = 0;

  constructor(options: InstancesOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#count;
  }

  /** Adds what `make` makes. Throws 40902 when the group has one of that name, 429 when there are too many. */
  add(group: string, name: string, make: () => ConsumerInstance): void {
    if (this.#groups.get(group)?.has(name)) {
      throw new HttpError(
        409,
        restCodes.CONSUMER_INSTANCE_EXISTS,
        `Group ${JSON.stringify(group)} has a consumer instance ${JSON.stringify(name)} already`,
      );
    }
    const { instancesMax } = this.#options;
    if (this.#count >= instancesMax) {
      throw new HttpError(
        429,
        429,
        `There are ${this.#count} consumer instances; allowed: ${instancesMax} (consumer.instances.max)`,
        { "Retry-After": "10" },
      );
    }
    const instances = this.#groups.get(group) ?? new Map<string, ConsumerInstance>();
    instances.set(name, make());
    this.#groups.set(group, instances);
    this.#count++;
  }

  /** Throws 40403. */
  get(group: string, name: string): ConsumerInstance {
    const instance = this.#groups.get(group)?.get(name);
    if (instance === undefined) throw instanceNotFound(group, name);
    return instance;
  }

  /** Forgets an instance at once and resolves when it has left its group. Rejects with 40403. */
  async remove(group: string, name: string): Promise<void> {
    await this.#end(this.get(group, name));
  }

  /** Removes those that nobody used for too long. */
  async expire(): Promise<void> {
    const { idleMsMax, logger } = this.#options;
    const idle = this.#all().filter((instance) => instance.idleMs > idleMsMax);
    await Promise.all(idle.map((instance) => {
      logger.info(
        `Consumer instance ${instance.name} of group ${instance.group} was idle too long`,
      );
      return this.#end(instance);
    }));
  }

  /** Removes all. */
  async close(): Promise<void> {
    await Promise.all(this.#all().map((instance) => this.#end(instance)));
  }

  #all(): ConsumerInstance[] {
    return [...this.#groups.values()].flatMap((instances) => [...instances.values()]);
  }

  async #end(instance: ConsumerInstance): Promise<void> {
    const { group, name } = instance;
    const instances = this.#groups.get(group);
    if (instances?.get(name) === instance) {
      instances.delete(name);
      this.#count--;
      if (instances.size === 0) this.#groups.delete(group);
    }
    try {
      await instance.remove();
    } catch (error) {
      const reason = (error as Error).message;
      this.#options.logger.warn(
        `Consumer instance ${name} of group ${group} ends badly: ${reason}`,
      );
    }
  }
}
