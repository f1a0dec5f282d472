import { errorCodes, type FetchRequest, type FetchResponse } from "../protocol/mod.ts";

/** What a client wants of one partition. */
export type WantedPartition = FetchRequest["topics"][number]["partitions"][number];

/** What a client is told of one partition. */
export type FetchedPartition = FetchResponse["responses"][number]["partitions"][number];

/** Size of the record data that an answer has for a partition. */
export function recordsBytes({ records }: FetchedPartition): number {
  if (records === null) return 0;
  return records instanceof Uint8Array ? records.length : records.sizeBytes;
}

/** One partition of a fetch, in a session or for one request. */
export class CachedPartition {
  /** Null while the topic id is not known. */
  topic: string | null;
  /** Null where topics are named by name. */
  readonly topicId: string | null;
  readonly partition: number;
  maxBytes: number;
  fetchOffset: number;
  currentLeaderEpoch: number;
  lastFetchedEpoch: number;
  /** Log start offset of the follower that fetches. */
  logStartOffset: number;
  /** What the client was told last; -1 when it must be told anew. */
  #toldHighWatermark = -1;
  #toldLogStartOffset = -1;
  /** Neighbours in its list. */
  previous: CachedPartition | null = null;
  next: CachedPartition | null = null;

  /** A topic has a name or an id. */
  constructor(topic: { name: string } | { id: string }, wanted: WantedPartition) {
    this.topic = "name" in topic ? topic.name : null;
    this.topicId = "id" in topic ? topic.id : null;
    this.partition = wanted.partition;
    this.maxBytes = wanted.partitionMaxBytes;
    this.fetchOffset = wanted.fetchOffset;
    this.currentLeaderEpoch = wanted.currentLeaderEpoch;
    this.lastFetchedEpoch = wanted.lastFetchedEpoch;
    this.logStartOffset = wanted.logStartOffset;
  }

  /** What its list knows it by: the topic's id, its name where ids are not in use. */
  get topicKey(): string {
    return this.topicId ?? this.topic!;
  }

  /** Takes over what a later request wants. */
  want(wanted: WantedPartition): void {
    this.maxBytes = wanted.partitionMaxBytes;
    this.fetchOffset = wanted.fetchOffset;
    this.currentLeaderEpoch = wanted.currentLeaderEpoch;
    this.lastFetchedEpoch = wanted.lastFetchedEpoch;
    this.logStartOffset = wanted.logStartOffset;
  }

  /** Notes what the answer that makes the session tells. */
  noteFirst(result: FetchedPartition): void {
    this.#toldHighWatermark = result.highWatermark;
    this.#toldLogStartOffset = result.logStartOffset;
  }

  /** Whether an incremental answer must name this partition; notes what it tells then. */
  noteTold(result: FetchedPartition): boolean {
    const isNews = recordsBytes(result) > 0 ||
      result.errorCode !== errorCodes.NONE ||
      result.preferredReadReplica >= 0 ||
      result.divergingEpoch.epoch >= 0 ||
      this.#toldHighWatermark !== result.highWatermark ||
      this.#toldLogStartOffset !== result.logStartOffset;
    // After an error the partition is told again as soon as it is well.
    this.#toldHighWatermark = result.errorCode === errorCodes.NONE ? result.highWatermark : -1;
    this.#toldLogStartOffset = result.logStartOffset;
    return isNews;
  }
}

/** Partitions in an order that changes, found by topic key and number. */
export class PartitionList {
  readonly #byTopic = new Map<string, Map<number, CachedPartition>>();
  #first: CachedPartition | null = null;
  #last: CachedPartition | null = null;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  find(topicKey: string, partition: number): CachedPartition | null {
    return this.#byTopic.get(topicKey)?.get(partition) ?? null;
  }

  /** Appends a partition that the list does not hold yet. */
  add(partition: CachedPartition): void {
    const key = partition.topicKey;
    let ofTopic = this.#byTopic.get(key);
    if (ofTopic === undefined) this.#byTopic.set(key, ofTopic = new Map());
    ofTopic.set(partition.partition, partition);
    this.#size++;
    this.#append(partition);
  }

  remove(topicKey: string, partition: number): void {
    const ofTopic = this.#byTopic.get(topicKey);
    const found = ofTopic?.get(partition);
    if (ofTopic === undefined || found === undefined) return;
    ofTopic.delete(partition);
    if (ofTopic.size === 0) this.#byTopic.delete(topicKey);
    this.#size--;
    this.#unlink(found);
  }

  /** Moves a partition behind all others; does nothing when it is not in the list any more. */
  moveToEnd(partition: CachedPartition): void {
    if (this.find(partition.topicKey, partition.partition) !== partition) return;
    this.#unlink(partition);
    this.#append(partition);
  }

  *[Symbol.iterator](): Generator<CachedPartition> {
    for (let at = this.#first; at !== null; at = at.next) yield at;
  }

  #append(partition: CachedPartition): void {
    partition.previous = this.#last;
    partition.next = null;
    if (this.#last === null) this.#first = partition;
    else this.#last.next = partition;
    this.#last = partition;
  }

  #unlink(partition: CachedPartition): void {
    if (partition.previous === null) this.#first = partition.next;
    else partition.previous.next = partition.next;
    if (partition.next === null) this.#last = partition.previous;
    else partition.next.previous = partition.previous;
  }
}
