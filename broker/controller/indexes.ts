import {
  isReassigning,
  isReservedDirectory,
  type MetadataDelta,
  type MetadataImage,
  type PartitionImage,
} from "../metadata/mod.ts";
import { collisionKey, hasCollisionCharacters } from "../protocol/mod.ts";
import { PartitionSet, PartitionSets } from "./partition_sets.ts";

/**
 * Ways into the image that the controller needs on every request, so that none scans all partitions.
 * They follow from the image alone: `update()` keeps them up with what is replayed, and after a failed
 * append they are built anew.
 */
export class Indexes {
  /** Partitions by each broker in their ISR. */
  readonly isr: PartitionSets<number> = new PartitionSets();
  /** Partitions by each broker among their eligible leaders outside the ISR. */
  readonly elr: PartitionSets<number> = new PartitionSets();
  /** Partitions by their leader; `NO_LEADER` leads those that have none. */
  readonly leaders: PartitionSets<number> = new PartitionSets();
  /** Partitions by each log directory that holds them. */
  readonly directories: PartitionSets<string> = new PartitionSets();
  readonly reassigning: PartitionSet = new PartitionSet();
  /** Partitions that another than their preferred replica leads. */
  readonly imbalanced: PartitionSet = new PartitionSet();
  /** Names that differ in `.` and `_` alone, by what they have in common. */
  readonly #colliding = new Map<string, Set<string>>();

  constructor(image: MetadataImage) {
    for (const topic of image.topics) {
      this.#addName(topic.name);
      for (const [partitionId, partition] of topic.partitions) {
        this.#add(topic.id, partitionId, partition);
      }
    }
  }

  /** The name of an existing topic that a new one called `name` would collide with. */
  collidingTopic(name: string): string | undefined {
    const names = this.#colliding.get(collisionKey(name));
    return names === undefined ? undefined : [...names][0];
  }

  /** Takes in the changes of a delta. */
  update(delta: MetadataDelta): void {
    const { deleted, changed, created } = delta.topics;
    for (const topic of deleted.values()) {
      this.#removeName(topic.name);
      for (const [partitionId, partition] of topic.partitions) {
        this.#remove(topic.id, partitionId, partition);
      }
    }
    for (const name of created.keys()) this.#addName(name);
    for (const [topicId, { partitions }] of changed) {
      for (const [partitionId, after] of partitions.changes) {
        const before = partitions.before.get(partitionId);
        if (before !== undefined) this.#remove(topicId, partitionId, before);
        if (after !== null) this.#add(topicId, partitionId, after);
      }
    }
  }

  #add(topicId: string, partitionId: number, partition: PartitionImage): void {
    for (const broker of partition.isr) this.isr.add(broker, topicId, partitionId);
    for (const broker of partition.elr) this.elr.add(broker, topicId, partitionId);
    this.leaders.add(partition.leader, topicId, partitionId);
    for (const directory of partition.directories) {
      if (!isReservedDirectory(directory)) this.directories.add(directory, topicId, partitionId);
    }
    if (isReassigning(partition)) this.reassigning.add(topicId, partitionId);
    if (partition.leader !== partition.replicas[0]) this.imbalanced.add(topicId, partitionId);
  }

  #remove(topicId: string, partitionId: number, partition: PartitionImage): void {
    for (const broker of partition.isr) this.isr.delete(broker, topicId, partitionId);
    for (const broker of partition.elr) this.elr.delete(broker, topicId, partitionId);
    this.leaders.delete(partition.leader, topicId, partitionId);
    for (const directory of partition.directories) {
      if (!isReservedDirectory(directory)) this.directories.delete(directory, topicId, partitionId);
    }
    this.reassigning.delete(topicId, partitionId);
    this.imbalanced.delete(topicId, partitionId);
  }

  #addName(name: string): void {
    if (!hasCollisionCharacters(name)) return;
    const key = collisionKey(name);
    const names = this.#colliding.get(key);
    if (names === undefined) this.#colliding.set(key, new Set([name]));
    else names.add(name);
  }

  #removeName(name: string): void {
    const key = collisionKey(name);
    const names = this.#colliding.get(key);
    if (names?.delete(name) && names.size === 0) this.#colliding.delete(key);
  }
}
