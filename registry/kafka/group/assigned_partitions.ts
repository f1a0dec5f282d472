import type { FetchedRecord } from "../reads/decode_records.ts";
import type { TopicPartitions } from "./assignors.ts";
import { ConsumerStateError } from "./consumer_state_error.ts";
import type { TopicPartition } from "./group_offsets.ts";

/** A partition that a consumer has: where it stands and what was fetched ahead of that. */
export interface AssignedPartition extends TopicPartition {
  /** The next offset to give out; null until it is looked up. */
  position: number | null;
  /** Where to fetch on: behind what is buffered. */
  fetchOffset: number;
  /** Changes when the position is set from outside: what is under way then comes to nothing. */
  epoch: number;
  buffer: readonly FetchedRecord[];
  /** Records of the buffer that were given out. */
  taken: number;
  isFetching: boolean;
}

/** The partitions that a consumer has at the moment. */
export class AssignedPartitions {
  readonly #topics = new Map<string, Map<number, AssignedPartition>>();
  #all: AssignedPartition[] = [];

  /** In the order of the assignment. */
  get all(): readonly AssignedPartition[] {
    return this.#all;
  }

  /** Takes over an assignment; what stays keeps its position. */
  replace(partitions: readonly TopicPartition[]): void {
    const before = new Map([...this.#topics].map(([topic, items]) => [topic, new Map(items)]));
    for (const partition of this.#all) partition.epoch++;
    this.#topics.clear();
    this.#all = [];
    for (const { topic, partition } of partitions) {
      const topics = this.#topics.get(topic) ?? new Map<number, AssignedPartition>();
      this.#topics.set(topic, topics);
      if (topics.has(partition)) continue;
      const kept = before.get(topic)?.get(partition);
      const assigned = kept ?? unplaced(topic, partition);
      assigned.isFetching = false;
      topics.set(partition, assigned);
      this.#all.push(assigned);
    }
  }

  find({ topic, partition }: TopicPartition): AssignedPartition | null {
    return this.#topics.get(topic)?.get(partition) ?? null;
  }

  /** Throws {@linkcode ConsumerStateError} when the consumer doesn't have the partition. */
  get(wanted: TopicPartition): AssignedPartition {
    const found = this.find(wanted);
    if (found !== null) return found;
    throw new ConsumerStateError(
      `The consumer doesn't have partition ${wanted.partition} of "${wanted.topic}"; ` +
        (this.#all.length === 0
          ? "it has none at the moment"
          : `it has ${this.#all.length} others`),
    );
  }
}

/** Makes a partition go on elsewhere; what was fetched ahead is dropped. */
export function moveTo(assigned: AssignedPartition, offset: number | null): void {
  assigned.position = offset;
  assigned.fetchOffset = offset ?? -1;
  assigned.epoch++;
  assigned.buffer = [];
  assigned.taken = 0;
}

/** One entry per partition. */
export function flattened(topics: readonly TopicPartitions[]): TopicPartition[] {
  return topics.flatMap(({ topic, partitions }) =>
    partitions.map((partition) => ({ topic, partition }))
  );
}

function unplaced(topic: string, partition: number): AssignedPartition {
  return {
    topic,
    partition,
    position: null,
    fetchOffset: -1,
    epoch: 0,
    buffer: [],
    taken: 0,
    isFetching: false,
  };
}
