import type { PartitionImage } from "./partition_image.ts";
import { PersistentMap } from "./persistent_map.ts";

/** What the cluster knows of a topic. */
export interface TopicImage {
  readonly name: string;
  readonly id: string;
  /** By partition number; a topic has all numbers from 0 to its count. */
  readonly partitions: PersistentMap<number, PartitionImage>;
}

/** All topics, by name and by id. */
export class TopicsImage {
  static readonly EMPTY: TopicsImage = new TopicsImage(
    PersistentMap.empty(),
    PersistentMap.empty(),
  );

  readonly #byId: PersistentMap<string, TopicImage>;
  readonly #byName: PersistentMap<string, TopicImage>;

  private constructor(
    byId: PersistentMap<string, TopicImage>,
    byName: PersistentMap<string, TopicImage>,
  ) {
    this.#byId = byId;
    this.#byName = byName;
  }

  get size(): number {
    return this.#byId.size;
  }

  byName(name: string): TopicImage | undefined {
    return this.#byName.get(name);
  }

  byId(id: string): TopicImage | undefined {
    return this.#byId.get(id);
  }

  partition(topicId: string, partitionId: number): PartitionImage | undefined {
    return this.#byId.get(topicId)?.partitions.get(partitionId);
  }

  /** Topics in an order that depends on their ids alone. */
  [Symbol.iterator](): Generator<TopicImage, undefined> {
    return this.#byId.values();
  }

  /** These topics without `removed` and with `changed`, which may be new ones. */
  changed(removed: Iterable<TopicImage>, changed: Iterable<TopicImage>): TopicsImage {
    // A topic may be made anew under the name of a removed one, so removals come first.
    const gone = [...removed];
    const present = [...changed];
    const byId = this.#byId.mutate((draft) => {
      for (const topic of gone) draft.delete(topic.id);
      for (const topic of present) draft.set(topic.id, topic);
    });
    const byName = this.#byName.mutate((draft) => {
      for (const topic of gone) draft.delete(topic.name);
      for (const topic of present) draft.set(topic.name, topic);
    });
    return new TopicsImage(byId, byName);
  }
}
