import { errorCodes, fetch, INT64_MAX, make, ZERO_UUID } from "../../../broker/protocol/mod.ts";
import { type KafkaClient, KafkaError } from "../../kafka/mod.ts";
import type { Wake } from "./wake.ts";

/** Topics are named, not given by id, up to this version. */
const FETCH_VERSION_MAX = 12;
/** How long a broker holds a poll back. */
const POLL_MS = 5000;
const BACKOFF_MS = 100;
const BACKOFF_MAX_MS = 1000;

/** The partitions of a topic as a poll names them to their leader. */
type PolledPartitions = readonly { readonly partition: number; readonly offset: number }[];

/**
 * Knows where the partitions of one topic end, for all who read it. While anybody waits for more, one long poll per
 * broker asks about all partitions that are read, from their ends on: two hundred readers that wait at the end of a
 * topic of a hundred partitions cost each broker one request. What the poll brings is not used (the least that a
 * broker gives is a batch); readers fetch what they need from where they stand.
 */
export class TopicWatch {
  readonly topic: string;
  readonly #client: KafkaClient;
  /** By partition; none: it is not known, and whoever wants to know has to fetch. */
  readonly #ends = new Map<number, number>();
  /** How many read a partition. */
  readonly #readers = new Map<number, number>();
  readonly #waiting = new Set<Wake>();
  /** The poll under way of each broker; another one in its place makes it the last of its kind. */
  readonly #polls = new Map<number, symbol>();
  #isStarting = false;

  constructor(client: KafkaClient, topic: string) {
    this.#client = client;
    this.topic = topic;
  }

  /** Whether nobody reads any partition. */
  get isIdle(): boolean {
    return this.#readers.size === 0;
  }

  /** Where the partition ends, as far as is known; Infinity: nothing is. */
  endOf(partition: number): number {
    return this.#ends.get(partition) ?? Infinity;
  }

  /** Someone saw where a partition ends. */
  observe(partition: number, end: number): void {
    const before = this.#ends.get(partition);
    if (before === end) return;
    this.#ends.set(partition, end);
    if (before !== undefined) this.#wakeAll();
  }

  /** Someone begins to read partitions. */
  add(partitions: Iterable<number>): void {
    let isNew = false;
    for (const partition of partitions) {
      const readers = this.#readers.get(partition) ?? 0;
      this.#readers.set(partition, readers + 1);
      isNew ||= readers === 0;
    }
    // Polls under way don't ask about it: the next waiter starts others.
    if (isNew) this.#polls.clear();
  }

  /** Someone ends to read partitions. */
  remove(partitions: Iterable<number>): void {
    for (const partition of partitions) {
      const readers = this.#readers.get(partition)! - 1;
      if (readers > 0) this.#readers.set(partition, readers);
      else {
        this.#readers.delete(partition);
        this.#ends.delete(partition);
      }
    }
  }

  /** Resolves when an end has changed, when `wake` is woken, or when the time is over. */
  async wait(wake: Wake, timeoutMs: number): Promise<void> {
    this.#waiting.add(wake);
    void this.#startPolls();
    await wake.wait(timeoutMs);
    this.#waiting.delete(wake);
  }

  #wakeAll(): void {
    for (const wake of [...this.#waiting]) wake.wake();
  }

  /** Sees that each leader is polled. Never rejects. */
  async #startPolls(): Promise<void> {
    if (this.#isStarting) return;
    this.#isStarting = true;
    try {
      for (const leader of await this.#leaders()) {
        if (!this.#polls.has(leader)) void this.#poll(leader);
      }
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      await this.#onProblem(error.code, BACKOFF_MS);
    } finally {
      this.#isStarting = false;
    }
  }

  async #leaders(): Promise<Set<number>> {
    const { partitions } = await this.#client.topic(this.topic);
    const leaders = new Set<number>();
    for (const { partition, leader } of partitions) {
      if (leader >= 0 && this.#readers.has(partition)) leaders.add(leader);
    }
    return leaders;
  }

  /** Polls a leader for as long as anybody waits and no other poll takes this one's place. Never rejects. */
  async #poll(leader: number): Promise<void> {
    const self = Symbol();
    this.#polls.set(leader, self);
    let backoffMs = BACKOFF_MS;
    while (this.#polls.get(leader) === self && this.#waiting.size > 0) {
      try {
        const partitions = await this.#ledBy(leader);
        if (partitions.length === 0) break;
        const problem = await this.#pollOnce(leader, partitions);
        if (problem === errorCodes.NONE) {
          backoffMs = BACKOFF_MS;
          continue;
        }
        await this.#onProblem(problem, backoffMs);
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        if (this.#client.closed.aborted) break;
        await this.#onProblem(error.code, backoffMs);
      }
      backoffMs = Math.min(BACKOFF_MAX_MS, 2 * backoffMs);
      // What it led may be led by others now.
      void this.#startPolls();
    }
    if (this.#polls.get(leader) === self) this.#polls.delete(leader);
  }

  async #ledBy(broker: number): Promise<PolledPartitions> {
    const { partitions } = await this.#client.topic(this.topic);
    return partitions.flatMap(({ partition, leader }) => {
      const offset = this.#ends.get(partition);
      const isPolled = leader === broker && offset !== undefined && this.#readers.has(partition);
      return isPolled ? [{ partition, offset }] : [];
    });
  }

  /** Takes what a broker tells of the ends; gives the code of a partition that it didn't tell of. */
  async #pollOnce(broker: number, partitions: PolledPartitions): Promise<number> {
    const body = make(fetch.request, {
      replicaId: -1,
      maxWaitMs: POLL_MS,
      minBytes: 1,
      maxBytes: 1,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [{
        topic: this.topic,
        topicId: ZERO_UUID,
        partitions: partitions.map(({ partition, offset }) => ({
          partition,
          currentLeaderEpoch: -1,
          fetchOffset: offset,
          lastFetchedEpoch: -1,
          logStartOffset: -1,
          partitionMaxBytes: 1,
          replicaDirectoryId: ZERO_UUID,
          highWatermark: INT64_MAX,
        })),
      }],
    });
    const timeoutMs = POLL_MS + this.#client.requestTimeoutMs;
    const { errorCode, responses } = await this.#client.call(fetch, body, {
      to: { broker },
      versionMax: FETCH_VERSION_MAX,
      requestTimeoutMs: timeoutMs,
      timeoutMs,
      parks: true,
      retry: false,
    });
    let problem = errorCode;
    for (const { partitions } of responses) {
      for (const { partitionIndex, errorCode, highWatermark } of partitions) {
        if (errorCode !== errorCodes.NONE) problem = errorCode;
        else if (this.#readers.has(partitionIndex)) this.observe(partitionIndex, highWatermark);
      }
    }
    return problem;
  }

  /**
   * Readers are to find out for themselves, where it is nothing that passes: a partition that was cut short, a topic
   * that is gone.
   */
  async #onProblem(code: number, backoffMs: number): Promise<void> {
    this.#client.forgetTopic(this.topic);
    const isReaders = code === errorCodes.OFFSET_OUT_OF_RANGE ||
      code === errorCodes.UNKNOWN_TOPIC_OR_PARTITION || !new KafkaError(code).retriable;
    await new Promise((resolve) => setTimeout(resolve, backoffMs));
    if (!isReaders) return;
    this.#ends.clear();
    this.#wakeAll();
  }
}
