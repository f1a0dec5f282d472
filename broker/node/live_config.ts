import { type BrokerConfig, describeProblem, type Logger, topicSettings } from "../config/mod.ts";
import type { LogSettings } from "../log/mod.ts";
import {
  type MetadataDelta,
  type MetadataImage,
  RESOURCE_BROKER,
  RESOURCE_TOPIC,
} from "../metadata/mod.ts";

/** The name under which options for all brokers are set. */
const ALL_BROKERS = "";

/**
 * The node's configuration over time: what it started with, and on top of that what is set while it
 * runs and lies in the metadata. Each change makes a new immutable {@linkcode BrokerConfig}.
 */
export class LiveConfig {
  readonly #logger: Logger;
  #config: BrokerConfig;
  #image: MetadataImage | null = null;

  constructor(config: BrokerConfig, logger: Logger) {
    this.#config = config;
    this.#logger = logger;
  }

  /** The configuration of now. */
  get now(): BrokerConfig {
    return this.#config;
  }

  /** Settings of a topic's logs: its own options over the broker's. */
  settingsFor(topic: string): LogSettings {
    return topicSettings(this.#config, this.#image?.configs.get(RESOURCE_TOPIC, topic));
  }

  /** Takes over all that the metadata says, before any log is opened with it. */
  adopt(image: MetadataImage): void {
    this.#image = image;
    this.#rebuild(image);
  }

  /**
   * Takes over a change of the metadata. Returns the topics whose settings changed; null stands for all
   * of them, since the broker's own options did. A dynamic value that this node can't live with was
   * refused when it was set; one that comes all the same is told and passed over.
   */
  apply(delta: MetadataDelta, image: MetadataImage): ReadonlySet<string> | null {
    this.#image = image;
    const topics = new Set<string>();
    let isBrokerChanged = false;
    for (const { resourceType, resourceName } of delta.configs.changes()) {
      if (resourceType === RESOURCE_TOPIC) topics.add(resourceName);
      if (resourceType !== RESOURCE_BROKER) continue;
      isBrokerChanged ||= resourceName === ALL_BROKERS ||
        resourceName === String(this.#config.nodeId);
    }
    return isBrokerChanged && this.#rebuild(image) ? null : topics;
  }

  /** Makes the configuration anew; returns whether it is another. */
  #rebuild(image: MetadataImage): boolean {
    const built = this.#config.withDynamic(
      image.configs.get(RESOURCE_BROKER, ALL_BROKERS),
      image.configs.get(RESOURCE_BROKER, String(this.#config.nodeId)),
    );
    if (!built.ok) {
      this.#logger.error(`Dynamic options are passed over: ${describeProblem(built.problem)}`);
      return false;
    }
    this.#config = built.config;
    return true;
  }
}
