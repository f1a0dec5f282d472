import { type Timeline, TimelineMap } from "../timeline.ts";

/**
 * Values by group, topic and partition, in the two views of {@linkcode TimelineMap}. Nested maps
 * rather than composed keys: groups and topics are walked as often as single partitions are read.
 */
export class PartitionTable<V> {
  readonly #timeline: Timeline;
  readonly #groups = new Map<string, Map<string, TimelineMap<number, V>>>();

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  get(groupId: string, topic: string, partition: number): V | undefined {
    return this.#groups.get(groupId)?.get(topic)?.get(partition);
  }

  /** The value in committed state. */
  committed(groupId: string, topic: string, partition: number): V | undefined {
    return this.#groups.get(groupId)?.get(topic)?.committed(partition);
  }

  set(groupId: string, topic: string, partition: number, value: V): void {
    this.#partitionsFor(groupId, topic).set(partition, value);
  }

  /** Returns what was removed. */
  delete(groupId: string, topic: string, partition: number): V | undefined {
    return this.#groups.get(groupId)?.get(topic)?.delete(partition);
  }

  /** Whether the newest state has anything of the group. */
  hasGroup(groupId: string): boolean {
    for (const partitions of this.#groups.get(groupId)?.values() ?? []) {
      if (partitions.size > 0) return true;
    }
    return false;
  }

  /** Groups with values in either view. */
  groups(): IterableIterator<string> {
    return this.#groups.keys();
  }

  /** The group's topics with values in either view. */
  topics(groupId: string): Iterable<[string, TimelineMap<number, V>]> {
    return this.#groups.get(groupId) ?? [];
  }

  /** The partitions of a topic with values in either view. */
  partitions(groupId: string, topic: string): TimelineMap<number, V> | null {
    return this.#groups.get(groupId)?.get(topic) ?? null;
  }

  #partitionsFor(groupId: string, topic: string): TimelineMap<number, V> {
    let topics = this.#groups.get(groupId);
    if (topics === undefined) this.#groups.set(groupId, topics = new Map());
    let partitions = topics.get(topic);
    if (partitions === undefined) {
      partitions = new TimelineMap(this.#timeline, () => this.#remove(groupId, topic));
      topics.set(topic, partitions);
    }
    return partitions;
  }

  #remove(groupId: string, topic: string): void {
    const topics = this.#groups.get(groupId)!;
    topics.delete(topic);
    if (topics.size === 0) this.#groups.delete(groupId);
  }
}
