/** A partition named by its topic's id. */
export interface TopicIdPartition {
  readonly topicId: string;
  readonly partitionId: number;
}

/** A set of partitions. */
export class PartitionSet {
  readonly #topics = new Map<string, Set<number>>();

  get isEmpty(): boolean {
    return this.#topics.size === 0;
  }

  has(topicId: string, partitionId: number): boolean {
    return this.#topics.get(topicId)?.has(partitionId) ?? false;
  }

  /** Numbers of the topic's partitions in the set, ascending. */
  ofTopic(topicId: string): number[] {
    return [...this.#topics.get(topicId) ?? []].sort((a, b) => a - b);
  }

  add(topicId: string, partitionId: number): void {
    let partitions = this.#topics.get(topicId);
    if (partitions === undefined) this.#topics.set(topicId, partitions = new Set());
    partitions.add(partitionId);
  }

  delete(topicId: string, partitionId: number): void {
    const partitions = this.#topics.get(topicId);
    if (partitions?.delete(partitionId) && partitions.size === 0) this.#topics.delete(topicId);
  }

  *[Symbol.iterator](): Generator<TopicIdPartition> {
    for (const [topicId, partitions] of this.#topics) {
      for (const partitionId of partitions) yield { topicId, partitionId };
    }
  }
}

/** Sets of partitions by a key, such as the broker that leads them; empty ones are not kept. */
export class PartitionSets<K> {
  readonly #sets = new Map<K, PartitionSet>();

  /** The set of `key`; reading it never adds to the sets. */
  of(key: K): PartitionSet {
    return this.#sets.get(key) ?? new PartitionSet();
  }

  add(key: K, topicId: string, partitionId: number): void {
    let set = this.#sets.get(key);
    if (set === undefined) this.#sets.set(key, set = new PartitionSet());
    set.add(topicId, partitionId);
  }

  delete(key: K, topicId: string, partitionId: number): void {
    const set = this.#sets.get(key);
    if (set === undefined) return;
    set.delete(topicId, partitionId);
    if (set.isEmpty) this.#sets.delete(key);
  }
}
