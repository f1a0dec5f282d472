import type { TopicInfo } from "../metadata_cache.ts";
import { PartitionQueue } from "./partition_queue.ts";
import { Partitioner } from "./partitioner.ts";
import type { PendingRecord } from "./pending_record.ts";

/** The records of one topic: those whose partition isn't known yet, and a queue per partition. */
export class TopicRecords {
  readonly name: string;
  /** Someone is looking the topic up. */
  isResolving = false;
  readonly #partitioner = new Partitioner();
  readonly #queues: (PartitionQueue | undefined)[] = [];
  #unplaced: PendingRecord[] = [];

  constructor(name: string) {
    this.name = name;
  }

  get hasUnplaced(): boolean {
    return this.#unplaced.length > 0;
  }

  get isIdle(): boolean {
    return this.#unplaced.length === 0 && !this.isResolving &&
      this.queues().every((queue) => queue.isIdle);
  }

  /** When the first of the unplaced came. */
  get oldestUnplacedMs(): number {
    return this.#unplaced[0]?.enqueuedAtMs ?? Infinity;
  }

  queues(): PartitionQueue[] {
    return this.#queues.filter((queue) => queue !== undefined);
  }

  pushUnplaced(pending: PendingRecord): void {
    this.#unplaced.push(pending);
  }

  /** Takes the unplaced records that came before `beforeMs`; default: all. */
  takeUnplaced(beforeMs = Infinity): PendingRecord[] {
    let end = 0;
    while (end < this.#unplaced.length && this.#unplaced[end]!.enqueuedAtMs <= beforeMs) end++;
    return this.#unplaced.splice(0, end);
  }

  /** Puts a record in the queue of its partition; null when the topic has no such partition. */
  place(info: TopicInfo, pending: PendingRecord): PartitionQueue | null {
    const { partition: asked = null, key } = pending.record;
    if (info.partitions.length === 0) return null;
    const partition = asked ?? this.#partitioner.partitionFor(info, key, pending.sizeBytes);
    if (info.partitions[partition] === undefined) return null;
    const queue = this.#queues[partition] ??= new PartitionQueue(this.name, partition);
    queue.push(pending);
    return queue;
  }
}
