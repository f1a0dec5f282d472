import { errorCodes, errorMessage } from "../../../broker/protocol/errors.ts";
import { pause } from "../backoff.ts";
import type { KafkaClient } from "../kafka_client.ts";
import { asKafkaError, KafkaError } from "../kafka_error.ts";
import { decodeRecords, type FetchedRecord, type Isolation } from "../reads/decode_records.ts";
import { type FetchedPartition, fetchPartitions, LEADER_CODES } from "../reads/fetch_partitions.ts";
import { listOffsets, type OffsetAt } from "../reads/list_offsets.ts";
import { type AssignedPartition, AssignedPartitions, moveTo } from "./assigned_partitions.ts";
import { committedOffsets, type TopicPartition } from "./group_offsets.ts";

/** A record with the place that it stands in. */
export interface ConsumedRecord extends FetchedRecord, TopicPartition {}

/** How records are fetched for a consumer. */
export interface SupplyOptions {
  readonly groupId: string;
  /** Where to begin where nothing is committed; `none` makes that an error. Default latest. */
  readonly autoOffsetReset?: "earliest" | "latest" | "none";
  readonly isolation?: Isolation;
  /** Fetched ahead from one broker at most; default 4 MiB. */
  readonly fetchMaxBytes?: number;
  /** Fetched ahead of one partition at most; default 1 MiB. */
  readonly partitionMaxBytes?: number;
  /** Hears of what fails in the background; default: nobody. */
  readonly onProblem?: (error: KafkaError) => void;
}

const LEADER_BACKOFF_MS = 100;

/**
 * The records that a consumer's partitions have to give: looks up where to begin, fetches when it is
 * told to, one answer per broker ahead at most, and gives out in turn what has come.
 */
export class RecordSupply {
  readonly assigned = new AssignedPartitions();
  readonly #client: KafkaClient;
  readonly #options: SupplyOptions;
  readonly #fetchingBrokers = new Set<number>();
  /** What the next taker shall hear. */
  #problem: KafkaError | null = null;
  /** The next partition to give out, so that none starves. */
  #turn = 0;
  #wake: () => void = () => {};
  #isFindingLeaders = false;

  constructor(client: KafkaClient, options: SupplyOptions) {
    this.#client = client;
    this.#options = options;
  }

  /** Resolves when something has come or gone wrong, or {@linkcode wake} is called. */
  changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Lets whoever waits look again. */
  wake(): void {
    this.#wake();
  }

  /** Remembers what the next {@linkcode throwProblem} throws. */
  fail(error: KafkaError): void {
    this.#problem = error;
    this.#wake();
  }

  /** Throws, once, what has gone wrong for good. */
  throwProblem(): void {
    const problem = this.#problem;
    this.#problem = null;
    if (problem !== null) throw problem;
  }

  /** Gives out what is buffered. */
  take(maxRecords: number, accept: (record: ConsumedRecord) => boolean): {
    records: ConsumedRecord[];
    isRefused: boolean;
  } {
    const records: ConsumedRecord[] = [];
    const { all } = this.assigned;
    for (let n = 0; n < all.length; n++) {
      const assigned = all[(this.#turn + n) % all.length]!;
      const { topic, partition } = assigned;
      while (assigned.taken < assigned.buffer.length) {
        const { offset, timestampMs, key, value, headers } = assigned.buffer[assigned.taken]!;
        const record = { topic, partition, offset, timestampMs, key, value, headers };
        if (records.length >= maxRecords || !accept(record)) {
          this.#turn = (this.#turn + n) % all.length;
          return { records, isRefused: true };
        }
        records.push(record);
        assigned.taken++;
        assigned.position = offset + 1;
      }
      // Behind the last record lie perhaps markers and gaps.
      if (assigned.position !== null) assigned.position = assigned.fetchOffset;
      if (assigned.buffer.length > 0) {
        assigned.buffer = [];
        assigned.taken = 0;
      }
    }
    this.#turn++;
    return { records, isRefused: false };
  }

  /** Asks for more wherever nothing is buffered and nothing is under way. */
  fetchAhead(waitMs: number): void {
    const lost: AssignedPartition[] = [];
    const byLeader = new Map<number, AssignedPartition[]>();
    for (const assigned of this.assigned.all) {
      if (assigned.isFetching || assigned.taken < assigned.buffer.length) continue;
      if (assigned.position === null) {
        lost.push(assigned);
        continue;
      }
      const topic = this.#client.cachedTopic(assigned.topic);
      const leader = topic?.partitions[assigned.partition]?.leader ?? -1;
      if (leader < 0) void this.#findLeaders();
      else if (!this.#fetchingBrokers.has(leader)) {
        const others = byLeader.get(leader);
        if (others === undefined) byLeader.set(leader, [assigned]);
        else others.push(assigned);
      }
    }
    if (lost.length > 0) void this.#findPositions(lost);
    for (const [leader, partitions] of byLeader) {
      void this.#fetch(leader, partitions, Math.round(waitMs));
    }
  }

  /** Asks for the topics that have no leader to fetch from, one time after the other. */
  async #findLeaders(): Promise<void> {
    if (this.#isFindingLeaders) return;
    this.#isFindingLeaders = true;
    try {
      const topics = new Set(this.assigned.all.map(({ topic }) => topic));
      await this.#client.metadata([...topics], { maxAgeMs: LEADER_BACKOFF_MS });
    } catch (error) {
      this.#options.onProblem?.(asKafkaError(error));
    }
    await pause(LEADER_BACKOFF_MS, this.#client.closed);
    this.#isFindingLeaders = false;
    this.#wake();
  }

  async #fetch(
    leader: number,
    partitions: readonly AssignedPartition[],
    waitMs: number,
  ): Promise<void> {
    const { fetchMaxBytes = 4 * 1024 * 1024, partitionMaxBytes = 1024 * 1024 } = this.#options;
    const { isolation = "read_uncommitted" } = this.#options;
    this.#fetchingBrokers.add(leader);
    const epochs = partitions.map(({ epoch }) => epoch);
    const wanted = partitions.map((assigned) => {
      assigned.isFetching = true;
      const { topic, partition, fetchOffset: offset } = assigned;
      return { topic, partition, offset };
    });
    const limits = { maxBytes: fetchMaxBytes, partitionMaxBytes, waitMs, isolation };
    try {
      await fetchPartitions(this.#client, leader, wanted, limits, (topic, fetched) => {
        const index = partitions.findIndex((assigned) =>
          assigned.topic === topic && assigned.partition === fetched.partitionIndex
        );
        const assigned = partitions[index];
        if (assigned?.epoch === epochs[index]) this.#onFetched(assigned!, fetched);
      });
    } catch (thrown) {
      const error = asKafkaError(thrown);
      for (const { topic } of partitions) this.#client.forgetTopic(topic);
      if (error.retriable) {
        this.#options.onProblem?.(error);
        await pause(100, this.#client.closed);
      } else this.fail(error);
    } finally {
      this.#fetchingBrokers.delete(leader);
      for (const assigned of partitions) assigned.isFetching = false;
      this.#wake();
    }
  }

  #onFetched(assigned: AssignedPartition, fetched: FetchedPartition): void {
    const { topic, partition } = assigned;
    const { errorCode: code } = fetched;
    if (code === errorCodes.NONE) {
      try {
        const decoded = decodeRecords(fetched.records as Uint8Array ?? EMPTY, {
          fromOffset: assigned.fetchOffset,
          abortedTransactions: this.#options.isolation === "read_committed"
            ? fetched.abortedTransactions
            : null,
          bytesMax: Infinity,
          recordsMax: Infinity,
        });
        assigned.buffer = decoded.records;
        assigned.taken = 0;
        assigned.fetchOffset = decoded.nextOffset;
      } catch (error) {
        this.fail(asKafkaError(error));
      }
    } else if (code === errorCodes.OFFSET_OUT_OF_RANGE) {
      void this.#reset([assigned]);
    } else if (LEADER_CODES.has(code)) this.#client.forgetTopic(topic);
    else {
      const message = `Cannot read partition ${partition} of "${topic}": ${errorMessage(code)}`;
      this.fail(new KafkaError(code, message));
    }
  }

  /** Goes on where the group has committed, or where `autoOffsetReset` says. */
  async #findPositions(partitions: readonly AssignedPartition[]): Promise<void> {
    for (const assigned of partitions) assigned.isFetching = true;
    try {
      const epochs = partitions.map(({ epoch }) => epoch);
      const committed = await committedOffsets(this.#client, this.#options.groupId, partitions, {
        requireStable: this.#options.isolation === "read_committed",
      });
      const left = partitions.filter((assigned, n) => {
        if (assigned.epoch !== epochs[n]) return false;
        const found = committed.find(({ topic, partition }) =>
          topic === assigned.topic && partition === assigned.partition
        );
        if (found !== undefined) moveTo(assigned, found.offset);
        return found === undefined;
      });
      await this.#reset(left);
    } catch (thrown) {
      const error = asKafkaError(thrown);
      if (error.retriable) this.#options.onProblem?.(error);
      else this.fail(error);
    } finally {
      for (const assigned of partitions) assigned.isFetching = false;
      this.#wake();
    }
  }

  async #reset(partitions: readonly AssignedPartition[]): Promise<void> {
    if (partitions.length === 0) return;
    const { autoOffsetReset = "latest", groupId } = this.#options;
    if (autoOffsetReset === "none") {
      const [{ topic, partition }] = partitions as [AssignedPartition];
      return this.fail(
        new KafkaError(
          errorCodes.OFFSET_OUT_OF_RANGE,
          `Group "${groupId}" has no usable offset for partition ${partition} of "${topic}", ` +
            "and auto.offset.reset is none",
        ),
      );
    }
    const epochs = partitions.map(({ epoch }) => epoch);
    try {
      const offsets = await this.offsetsAt(partitions, autoOffsetReset);
      partitions.forEach((assigned, n) => {
        if (assigned.epoch === epochs[n]) moveTo(assigned, offsets[n]!);
      });
    } catch (thrown) {
      const error = asKafkaError(thrown);
      // It is looked up again at the next poll.
      if (error.retriable) this.#options.onProblem?.(error);
      else this.fail(error);
    }
    this.#wake();
  }

  async offsetsAt(partitions: readonly TopicPartition[], at: OffsetAt): Promise<number[]> {
    const { isolation = "read_uncommitted" } = this.#options;
    const listed = await listOffsets(
      this.#client,
      partitions.map(({ topic, partition }) => ({ topic, partition, at })),
      { isolation },
    );
    const beyond = listed.filter(({ offset, error }) => error === null && offset < 0);
    const ends = beyond.length === 0 ? [] : await this.offsetsAt(beyond, "latest");
    return listed.map((found) => {
      if (found.error !== null) throw found.error;
      return found.offset >= 0 ? found.offset : ends[beyond.indexOf(found)]!;
    });
  }
}

const EMPTY = new Uint8Array(0);
