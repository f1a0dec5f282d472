import type {
  ClearElrRecord,
  PartitionChangeRecord,
  PartitionRecord,
  RemoveTopicRecord,
  TopicRecord,
} from "../protocol/mod.ts";
import { MapDelta } from "./map_delta.ts";
import { ReplayError } from "./replay_error.ts";
import {
  changePartition,
  clearElr,
  partitionFromRecord,
  type PartitionImage,
} from "./partition_image.ts";
import { PersistentMap } from "./persistent_map.ts";
import type { TopicImage, TopicsImage } from "./topics_image.ts";

/** Changes to one topic that is there afterwards. */
export interface TopicDelta {
  /** The topic before; one without partitions when it is new. */
  readonly before: TopicImage;
  readonly partitions: MapDelta<number, PartitionImage>;
}

/** Changes to topics. */
export class TopicsDelta {
  readonly before: TopicsImage;
  /** Created or changed topics by id. */
  readonly changed: Map<string, TopicDelta> = new Map();
  /** Topics of the image before that are gone. One made and removed within the delta leaves no trace. */
  readonly deleted: Map<string, TopicImage> = new Map();
  /** Ids of created topics, by name. */
  readonly created: Map<string, string> = new Map();

  readonly #fromSnapshot: boolean;

  /** `fromSnapshot`: the records describe everything anew, so topics that exist may come again. */
  constructor(before: TopicsImage, fromSnapshot: boolean) {
    this.before = before;
    this.#fromSnapshot = fromSnapshot;
  }

  get isEmpty(): boolean {
    return this.changed.size === 0 && this.deleted.size === 0;
  }

  /** The partition with the changes so far. */
  partition(topicId: string, partitionId: number): PartitionImage | undefined {
    if (this.deleted.has(topicId)) return undefined;
    const delta = this.changed.get(topicId);
    if (delta !== undefined) return delta.partitions.get(partitionId);
    return this.before.partition(topicId, partitionId);
  }

  addTopic({ name, topicId: id }: TopicRecord): void {
    const known = this.#fromSnapshot ? this.before.byId(id) : undefined;
    if (known !== undefined) {
      this.changed.set(id, { before: known, partitions: new MapDelta(known.partitions) });
      return;
    }
    const existing = this.created.get(name) ??
      (this.#fromSnapshot ? undefined : this.#idBefore(name));
    if (existing !== undefined) {
      throw new ReplayError(
        `Cannot add topic ${name} with id ${id}: it exists with id ${existing}`,
      );
    }
    const before: TopicImage = { name, id, partitions: PersistentMap.empty() };
    this.changed.set(id, { before, partitions: new MapDelta(before.partitions) });
    this.created.set(name, id);
  }

  setPartition(record: PartitionRecord): void {
    const { partitions } = this.#topic(record.topicId);
    partitions.set(record.partitionId, partitionFromRecord(record));
  }

  changePartition(record: PartitionChangeRecord): void {
    const { before, partitions } = this.#topic(record.topicId);
    const partition = partitions.get(record.partitionId);
    if (partition === undefined) {
      throw new ReplayError(
        `Cannot change partition ${before.name}-${record.partitionId}: there is none`,
      );
    }
    partitions.set(record.partitionId, changePartition(partition, record));
  }

  /** Removes a topic and gives its name. */
  removeTopic({ topicId }: RemoveTopicRecord): string {
    const topic = this.changed.get(topicId)?.before ?? this.before.byId(topicId);
    if (topic === undefined || this.deleted.has(topicId)) {
      throw new ReplayError(`Cannot remove topic with id ${topicId}: there is none`);
    }
    this.changed.delete(topicId);
    if (this.created.get(topic.name) === topicId) this.created.delete(topic.name);
    else this.deleted.set(topicId, topic);
    return topic.name;
  }

  /** Clears what KIP-966 keeps on the partitions of a topic, or of all topics for the empty name. */
  clearElr({ topicName }: ClearElrRecord): void {
    if (topicName !== "") {
      const id = this.created.get(topicName) ?? this.#idBefore(topicName);
      if (id === undefined) {
        throw new ReplayError(`Cannot clear the ELR of topic ${topicName}: there is none`);
      }
      this.#clearElr(id);
      return;
    }
    for (const { id } of this.before) if (!this.deleted.has(id)) this.#clearElr(id);
    for (const id of this.created.values()) this.#clearElr(id);
  }

  /** Removes the topics and partitions that a snapshot did not name. */
  removeUnchanged(): void {
    for (const topic of this.before) {
      const delta = this.changed.get(topic.id);
      if (delta === undefined) this.deleted.set(topic.id, topic);
      else delta.partitions.removeUnchanged();
    }
  }

  apply(): TopicsImage {
    if (this.isEmpty) return this.before;
    const changed = Array.from(this.changed.values(), ({ before, partitions }): TopicImage => ({
      name: before.name,
      id: before.id,
      partitions: partitions.apply(),
    }));
    return this.before.changed(this.deleted.values(), changed);
  }

  #clearElr(topicId: string): void {
    const partitions = this.changed.get(topicId)?.partitions;
    const before = this.before.byId(topicId)?.partitions ?? PersistentMap.empty();
    const present = partitions === undefined
      ? before
      : new Map([...before, ...partitions.changes].filter(([, partition]) => partition !== null));
    for (const [partitionId, partition] of present) {
      const cleared = clearElr(partition!);
      if (cleared !== partition) this.#topic(topicId).partitions.set(partitionId, cleared);
    }
  }

  #topic(id: string): TopicDelta {
    let delta = this.changed.get(id);
    if (delta === undefined) {
      const before = this.before.byId(id);
      if (before === undefined || this.deleted.has(id)) {
        throw new ReplayError(`Cannot change the topic with id ${id}: there is none`);
      }
      delta = { before, partitions: new MapDelta(before.partitions) };
      this.changed.set(id, delta);
    }
    return delta;
  }

  /** The id of a topic that was there before and is still. */
  #idBefore(name: string): string | undefined {
    const topic = this.before.byName(name);
    return topic === undefined || this.deleted.has(topic.id) ? undefined : topic.id;
  }
}
