import type { KafkaClient } from "../../kafka/mod.ts";
import { TopicWatch } from "./topic_watch.ts";

/** One watch for each topic that anybody reads. */
export class TopicWatches {
  readonly #client: KafkaClient;
  readonly #byTopic = new Map<string, TopicWatch>();

  constructor(client: KafkaClient) {
    this.#client = client;
  }

  /** Topics that are read. */
  get count(): number {
    return this.#byTopic.size;
  }

  /** Joins those who read partitions of a topic, until `release` is called. */
  join(
    topic: string,
    partitions: readonly number[],
  ): { readonly watch: TopicWatch; release(): void } {
    let watch = this.#byTopic.get(topic);
    if (watch === undefined) {
      watch = new TopicWatch(this.#client, topic);
      this.#byTopic.set(topic, watch);
    }
    watch.add(partitions);
    const release = () => {
      watch.remove(partitions);
      if (watch.isIdle) this.#byTopic.delete(topic);
    };
    return { watch, release };
  }
}
