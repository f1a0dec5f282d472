import { DiskError } from "../base/mod.ts";
import { FileFormatError, type LogManager, type PartitionLog } from "../log/mod.ts";
import type { MetadataDelta, MetadataImage, PartitionImage, TopicImage } from "../metadata/mod.ts";
import { Partition } from "./partition_driver.ts";

/** What {@linkcode ReplicaManager} needs. */
export interface ReplicaManagerOptions {
  readonly localId: number;
  readonly logs: LogManager;
  /** Something changed that a request may wait for: an append, a high watermark, a role. */
  readonly onChange: (partition: Partition) => void;
  /** Why a replica can't be served, for the log. */
  readonly onError: (message: string) => void;
}

/** Roles that changed on this node with a metadata change. */
export interface RoleChanges {
  readonly elected: readonly Partition[];
  /** Partitions that this node led and leads no more, deleted ones included. */
  readonly resigned: readonly Partition[];
}

/** The same while it is being gathered. */
interface GatheredChanges {
  readonly elected: Partition[];
  readonly resigned: Partition[];
}

/** A replica as DescribeLogDirs tells it. */
export interface ReplicaSize {
  readonly topic: string;
  readonly partition: number;
  readonly sizeBytes: number;
  /** How far the log's end is behind the high watermark: nothing, unless it is a future replica. */
  readonly offsetLag: number;
  readonly isFuture: boolean;
}

/**
 * The replicas on this node: makes and deletes logs and hands out roles as the metadata says. Lookups
 * cost two maps; a metadata change costs what it changes, however many partitions there are.
 */
export class ReplicaManager {
  readonly #options: ReplicaManagerOptions;
  /** Partitions, by topic id, whose logs the disk did not take: it may when it is asked again. */
  readonly #unopened = new Map<string, Set<number>>();
  readonly #partitions = new Map<string, Map<number, Partition>>();

  constructor(options: ReplicaManagerOptions) {
    this.#options = options;
  }

  /** Null when this node has no replica of it. */
  get(topic: string, partition: number): Partition | null {
    return this.#partitions.get(topic)?.get(partition) ?? null;
  }

  /**
   * Acts on a metadata change whose outcome is `image`. A generator, for thousands of partitions keep
   * the disk busy for seconds: it may be left where it yields, but other changes wait for its end.
   */
  *apply(delta: MetadataDelta, image: MetadataImage): Generator<void, RoleChanges> {
    const changes: GatheredChanges = { elected: [], resigned: [] };
    for (const topic of delta.topics.deleted.values()) {
      this.#unopened.delete(topic.id);
      for (const partition of topic.partitions.keys()) {
        this.#drop(topic.name, partition, topic.id, changes);
        yield;
      }
    }
    for (const [id, { partitions }] of delta.topics.changed) {
      const topic = image.topics.byId(id);
      if (topic === undefined) continue;
      for (const [index, assignment] of partitions.changes) {
        yield;
        this.#assign(topic, index, assignment, changes);
      }
    }
    return changes;
  }

  /** Whether there are replicas whose logs could not be made, for a reason that may pass. */
  get hasUnopened(): boolean {
    return this.#unopened.size > 0;
  }

  /** Tries again to make those logs, as `image` assigns them now. A generator, as `apply()` is. */
  *retry(image: MetadataImage): Generator<void, RoleChanges> {
    const changes: GatheredChanges = { elected: [], resigned: [] };
    const unopened = [...this.#unopened];
    this.#unopened.clear();
    for (const [id, indexes] of unopened) {
      const topic = image.topics.byId(id);
      if (topic === undefined) continue;
      for (const index of indexes) {
        yield;
        this.#assign(topic, index, topic.partitions.get(index) ?? null, changes);
      }
    }
    return changes;
  }

  /** Replicas by the path of their log directory. */
  sizes(): ReadonlyMap<string, readonly ReplicaSize[]> {
    const byDirectory = new Map<string, ReplicaSize[]>();
    for (const { path } of this.#options.logs.directories) byDirectory.set(path, []);
    for (const log of this.#options.logs.logs()) {
      const path = log.directory.slice(0, log.directory.lastIndexOf("/"));
      byDirectory.get(path)?.push({
        topic: log.topic,
        partition: log.partition,
        sizeBytes: log.sizeBytes,
        offsetLag: Math.max(0, log.highWatermark - log.logEndOffset),
        isFuture: false,
      });
    }
    return byDirectory;
  }

  #assign(
    { name, id }: TopicImage,
    index: number,
    assignment: PartitionImage | null,
    changes: GatheredChanges,
  ): void {
    if (assignment === null || !assignment.replicas.includes(this.#options.localId)) {
      this.#drop(name, index, id, changes);
      return;
    }
    const partition = this.#open(name, index, id, assignment);
    if (partition === null) return;
    const led = partition.leads;
    const epoch = partition.leaderEpoch;
    partition.assign(assignment);
    const isElected = partition.leads && (!led || partition.leaderEpoch > epoch);
    if (isElected) changes.elected.push(partition);
    if (led && !partition.leads) changes.resigned.push(partition);
  }

  /** The replica, made if it is missing; null when its log can't be used. */
  #open(
    topic: string,
    index: number,
    topicId: string,
    assignment: PartitionImage,
  ): Partition | null {
    const known = this.get(topic, index);
    if (known !== null && known.topicId === topicId) return known;
    const log = this.#openLog(topic, index, topicId, assignment);
    if (log === null) return null;
    const { localId, onChange } = this.#options;
    const partition = new Partition({ localId, topicId, log, onChange });
    const row = this.#partitions.get(topic);
    if (row === undefined) this.#partitions.set(topic, new Map([[index, partition]]));
    else row.set(index, partition);
    return partition;
  }

  #openLog(
    topic: string,
    index: number,
    topicId: string,
    assignment: PartitionImage,
  ): PartitionLog | null {
    const { logs, localId, onError } = this.#options;
    const directoryId = assignment.directories[assignment.replicas.indexOf(localId)] ?? null;
    const known = logs.directories.some((directory) => directory.directoryId === directoryId);
    try {
      return logs.create(topic, index, topicId, known ? directoryId : null);
    } catch (error) {
      if (!(error instanceof DiskError) && !(error instanceof FileFormatError)) throw error;
      onError(`Cannot serve ${topic}-${index}: ${error.message}`);
      // What lies on the disk in a form that can't be used stays so; room may come back.
      if (error instanceof DiskError) {
        const indexes = this.#unopened.get(topicId);
        if (indexes === undefined) this.#unopened.set(topicId, new Set([index]));
        else indexes.add(index);
      }
      return null;
    }
  }

  #drop(topic: string, index: number, topicId: string, changes: GatheredChanges): void {
    const partition = this.get(topic, index);
    if (partition === null || partition.topicId !== topicId) return;
    if (partition.leads) changes.resigned.push(partition);
    const row = this.#partitions.get(topic)!;
    row.delete(index);
    if (row.size === 0) this.#partitions.delete(topic);
    partition.takeOffline();
    try {
      this.#options.logs.delete(topic, index);
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.#options.onError(`Cannot delete the log of ${topic}-${index}: ${error.message}`);
    }
  }
}
