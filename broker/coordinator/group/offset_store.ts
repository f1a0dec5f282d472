import { type Timeline, TimelineMap } from "../timeline.ts";
import type { CommittedOffset } from "./committed_offset.ts";
import { PartitionTable } from "./partition_table.ts";

/** An offset that waits for its transaction to end. */
export interface PendingOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: CommittedOffset;
}

/** Ids of producers with a pending offset for a partition. */
type Producers = readonly number[];

/**
 * All committed offsets of a shard, changed by replay alone. What a transaction commits (KIP-98)
 * waits beside them until the transaction's marker, and then counts only where nothing newer was
 * committed since.
 */
export class OffsetStore {
  readonly #timeline: Timeline;
  readonly #offsets: PartitionTable<CommittedOffset>;
  /** By producer id: offsets of the transaction that it has open. */
  readonly #pending: TimelineMap<number, PartitionTable<CommittedOffset>>;
  /** Which producers hold a pending offset of a partition. */
  readonly #producers: PartitionTable<Producers>;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
    this.#offsets = new PartitionTable(timeline);
    this.#pending = new TimelineMap(timeline);
    this.#producers = new PartitionTable(timeline);
  }

  /** Offsets that count, by group, topic and partition. */
  get offsets(): Pick<
    PartitionTable<CommittedOffset>,
    "get" | "committed" | "topics" | "partitions" | "hasGroup" | "groups"
  > {
    return this.#offsets;
  }

  /** Replays an offset; a producer id other than -1 makes it part of a transaction. */
  put(
    { group, topic, partition }: { group: string; topic: string; partition: number },
    offset: CommittedOffset,
    producerId: number,
  ): void {
    if (producerId === -1) return this.#offsets.set(group, topic, partition, offset);
    let pending = this.#pending.get(producerId);
    if (pending === undefined) {
      pending = new PartitionTable(this.#timeline);
      this.#pending.set(producerId, pending);
    }
    pending.set(group, topic, partition, offset);
    const producers = this.#producers.get(group, topic, partition) ?? [];
    if (!producers.includes(producerId)) {
      this.#producers.set(group, topic, partition, [...producers, producerId]);
    }
  }

  /** Replays a tombstone: what transactions hold for the partition goes too. */
  remove({ group, topic, partition }: { group: string; topic: string; partition: number }): void {
    this.#offsets.delete(group, topic, partition);
    for (const producerId of this.#producers.get(group, topic, partition) ?? []) {
      this.#pending.get(producerId)?.delete(group, topic, partition);
    }
    this.#producers.delete(group, topic, partition);
  }

  /** Replays a transaction marker. */
  endTransaction(producerId: number, isCommitted: boolean): void {
    const pending = this.#pending.delete(producerId);
    if (pending === undefined) return;
    for (const group of [...pending.groups()]) {
      for (const [topic, partitions] of pending.topics(group)) {
        for (const [partition, offset] of partitions.entries()) {
          this.#forgetProducer(group, topic, partition, producerId);
          if (isCommitted) this.#putIfNewer(group, topic, partition, offset);
        }
      }
    }
  }

  /** Whether a transaction that is open holds an offset for the partition. */
  hasPending(groupId: string, topic: string, partition: number): boolean {
    return this.#producers.get(groupId, topic, partition) !== undefined;
  }

  /** Whether a transaction that is open holds any offset of the group. */
  hasPendingOf(groupId: string): boolean {
    return this.#producers.hasGroup(groupId);
  }

  /** The group's offsets in open transactions, in the newest state. */
  *pendingOf(groupId: string): Generator<PendingOffset> {
    for (const [topic, partitions] of this.#producers.topics(groupId)) {
      for (const [partition, producers] of partitions.entries()) {
        for (const producerId of producers) {
          const offset = this.#pending.get(producerId)?.get(groupId, topic, partition);
          if (offset !== undefined) yield { topic, partition, offset };
        }
      }
    }
  }

  /** Groups that have offsets, pending ones included. */
  groupIds(): Set<string> {
    return new Set([...this.#offsets.groups(), ...this.#producers.groups()]);
  }

  #forgetProducer(group: string, topic: string, partition: number, producerId: number): void {
    const producers = this.#producers.get(group, topic, partition) ?? [];
    const others = producers.filter((id) => id !== producerId);
    if (others.length > 0) this.#producers.set(group, topic, partition, others);
    else this.#producers.delete(group, topic, partition);
  }

  /** Compaction can leave a commit record behind a newer plain one, so their offsets decide. */
  #putIfNewer(group: string, topic: string, partition: number, offset: CommittedOffset): void {
    const known = this.#offsets.get(group, topic, partition);
    if (known !== undefined && known.recordOffset >= offset.recordOffset) return;
    this.#offsets.set(group, topic, partition, offset);
  }
}
