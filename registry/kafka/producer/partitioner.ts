import { partitionOfKey } from "../../../broker/protocol/mod.ts";
import type { TopicInfo } from "../metadata_cache.ts";

/** Bytes that go to one partition before another takes its turn: Kafka's batch.size. */
const STICKY_BYTES = 16 * 1024;

/**
 * Kafka's default partitioner for one topic. A key decides by its hash; records without one stay with
 * a partition for some 16 KB and then go on to another by chance, so that they share batches and yet
 * spread evenly (KIP-480, KIP-794). A partition without a leader is passed over where there are
 * others.
 */
export class Partitioner {
  readonly #random: () => number;
  #sticky = -1;
  #stickyBytes = 0;

  /** `random` gives numbers in `[0, 1)`. */
  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** The partition for a record of this key; `topic` has at least one partition. */
  partitionFor(topic: TopicInfo, key: Uint8Array | null, sizeBytes: number): number {
    const count = topic.partitions.length;
    if (key !== null) return partitionOfKey(key, count);
    if (this.#sticky < 0 || this.#sticky >= count || this.#stickyBytes >= STICKY_BYTES) {
      this.#sticky = this.#another(topic);
      this.#stickyBytes = 0;
    }
    this.#stickyBytes += sizeBytes;
    return this.#sticky;
  }

  #another({ partitions }: TopicInfo): number {
    const led = partitions.filter(({ leader }) => leader >= 0);
    const candidates = led.length > 0 ? led : partitions;
    if (candidates.length === 1) return candidates[0]!.partition;
    const start = Math.floor(this.#random() * candidates.length);
    const chosen = candidates[start]!.partition;
    // Staying where it is would not be another; the next one is as good as chance.
    return chosen === this.#sticky
      ? candidates[(start + 1) % candidates.length]!.partition
      : chosen;
  }
}
