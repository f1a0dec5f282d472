import { type Decoded, errorCodes, fetch, type FetchResponse, make } from "../../protocol/mod.ts";
import {
  type AdminConnection,
  ApiError,
  ConnectionError,
  failed,
  ISOLATION,
  type IsolationLevel,
  isWorthRetrying,
  OFFSET_TIMES,
  offsetsAt,
  pause,
  type TopicPartition,
} from "../admin/mod.ts";
import { CommandError } from "../command_error.ts";
import type { FetchedRecords } from "./batch_reader.ts";

/** How partitions are fetched. */
export interface FetchSettings {
  readonly isolation: IsolationLevel;
  /** What happens to a partition whose offset its log does not have. */
  readonly reset: "earliest" | "latest" | "none";
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly partitionMaxBytes: number;
}

/** A partition and the offset that is read next. */
export interface Position extends TopicPartition {
  readonly offset: number;
  /** Of the last record before the offset; -1 when none was read (KIP-320). */
  readonly leaderEpoch: number;
}

/** The last version that names topics by name; ids would only guard against a topic's rebirth. */
const NAMED_TOPICS_MAX = 12;
const NO_SESSION_EPOCH = -1;
const RETRY_PAUSE_MS = 500;
const NO_LEADER = -1;

/** What passes when leaders are looked up again. */
const MOVED: ReadonlySet<number> = new Set([
  errorCodes.NOT_LEADER_OR_FOLLOWER,
  errorCodes.FENCED_LEADER_EPOCH,
  errorCodes.UNKNOWN_LEADER_EPOCH,
  errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
]);

type PartitionAnswer = Decoded<FetchResponse>["responses"][number]["partitions"][number];

interface Tracked {
  readonly topic: string;
  readonly partition: number;
  offset: number;
  leaderEpoch: number;
  leaderId: number;
}

/**
 * Reads partitions from their leaders, all leaders at once, one waiting fetch per leader. Follows
 * leaders that move, and brokers that come back; `onTrouble` is told what is being waited for.
 */
export class PartitionFetcher {
  readonly #admin: AdminConnection;
  readonly #settings: FetchSettings;
  readonly #onTrouble: (message: string) => void;
  #tracked = new Map<string, Tracked>();
  readonly #fetches = new Map<number, Promise<FetchedRecords[]>>();
  #isClosed = false;

  constructor(
    admin: AdminConnection,
    settings: FetchSettings,
    onTrouble: (message: string) => void,
  ) {
    this.#admin = admin;
    this.#settings = settings;
    this.#onTrouble = onTrouble;
  }

  /** Reads these partitions from now on and no others. */
  assign(positions: readonly Position[]): void {
    this.#tracked = new Map(
      positions.map((each) => [keyOf(each), { ...each, leaderId: NO_LEADER }]),
    );
  }

  /** Where each assigned partition is. */
  positions(): Position[] {
    return [...this.#tracked.values()].map(({ leaderId: _, ...position }) => position);
  }

  /** Says that a partition has been read up to a position; it is fetched from there next. */
  advance(position: Position): void {
    const tracked = this.#tracked.get(keyOf(position));
    if (tracked === undefined) return;
    tracked.offset = position.offset;
    tracked.leaderEpoch = position.leaderEpoch;
  }

  /** Whether fetched batches are still wanted: not when partitions were assigned anew meanwhile. */
  isCurrent({ topic, partition, fetchOffset }: FetchedRecords): boolean {
    return this.#tracked.get(keyOf({ topic, partition }))?.offset === fetchOffset;
  }

  /**
   * Batches of the partitions whose leader answered first; none when there was nothing for a while.
   * What is given must be read and `advance`d before the next call, or it comes again. Rejects with
   * ApiError on errors that do not pass.
   */
  async next(): Promise<FetchedRecords[]> {
    await this.#findLeaders();
    for (const [leaderId, partitions] of this.#idlePartitions()) {
      this.#fetches.set(leaderId, this.#fetchFrom(leaderId, partitions));
    }
    if (this.#fetches.size === 0) {
      await pause(this.#admin.clock, RETRY_PAUSE_MS);
      return [];
    }
    const answered = [...this.#fetches].map(async ([leaderId, fetching]) => {
      const records = await fetching;
      return { leaderId, records };
    });
    const { leaderId, records } = await Promise.race(answered);
    this.#fetches.delete(leaderId);
    return records;
  }

  /** Ends when fetches under way have ended; close the connection first. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#fetches.values());
  }

  #idlePartitions(): Map<number, Tracked[]> {
    const byLeader = Map.groupBy(this.#tracked.values(), (each) => each.leaderId);
    byLeader.delete(NO_LEADER);
    for (const leaderId of this.#fetches.keys()) byLeader.delete(leaderId);
    return byLeader;
  }

  async #findLeaders(): Promise<void> {
    const lost = [...this.#tracked.values()].filter(({ leaderId }) => leaderId === NO_LEADER);
    if (lost.length === 0) return;
    const names = [...new Set(lost.map(({ topic }) => topic))];
    try {
      for (const { name, partitions } of await this.#admin.topics(names)) {
        for (const { partitionIndex, leaderId } of partitions) {
          const tracked = this.#tracked.get(keyOf({ topic: name!, partition: partitionIndex }));
          if (tracked !== undefined) tracked.leaderId = leaderId;
        }
      }
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      this.#onTrouble(error.message);
    }
  }

  async #fetchFrom(leaderId: number, partitions: readonly Tracked[]): Promise<FetchedRecords[]> {
    const offsets = new Map(partitions.map((each) => [keyOf(each), each.offset]));
    let response: Decoded<FetchResponse>;
    try {
      response = await this.#admin.sendToNode(leaderId, fetch, this.#request(partitions), {
        versionMax: NAMED_TOPICS_MAX,
        timeoutMs: this.#admin.timeoutMs + this.#settings.maxWaitMs,
      });
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      return await this.#lose(partitions, error.message);
    }
    if (response.errorCode !== errorCodes.NONE) {
      throw new ApiError("Cannot fetch", failed(response.errorCode));
    }
    const fetched: FetchedRecords[] = [];
    const moved: Tracked[] = [];
    for (const { topic, partitions: answers } of response.responses) {
      for (const answer of answers) {
        const key = keyOf({ topic, partition: answer.partitionIndex });
        const fetchOffset = offsets.get(key);
        const tracked = this.#tracked.get(key);
        if (fetchOffset === undefined || tracked?.offset !== fetchOffset) continue;
        if (answer.errorCode !== errorCodes.NONE) {
          if (await this.#hasMoved(tracked, answer)) moved.push(tracked);
        } else if (answer.records !== null && answer.records.length > 0) {
          fetched.push({
            topic,
            partition: answer.partitionIndex,
            fetchOffset,
            records: answer.records,
            aborted: this.#settings.isolation === "read_committed"
              ? answer.abortedTransactions ?? []
              : null,
          });
        }
      }
    }
    if (moved.length > 0) await this.#lose(moved, null);
    return fetched;
  }

  #request(partitions: readonly Tracked[]) {
    const { isolation, maxWaitMs, minBytes, maxBytes, partitionMaxBytes } = this.#settings;
    const byTopic = Map.groupBy(partitions, (each) => each.topic);
    return make(fetch.request, {
      maxWaitMs,
      minBytes,
      maxBytes,
      isolationLevel: ISOLATION[isolation],
      sessionEpoch: NO_SESSION_EPOCH,
      topics: [...byTopic].map(([topic, own]) => ({
        topic,
        partitions: own.map(({ partition, offset }) => ({
          partition,
          fetchOffset: offset,
          partitionMaxBytes,
        })),
      })),
    });
  }

  /** Whether the partition's leader must be looked up again; throws on errors that do not pass. */
  async #hasMoved(tracked: Tracked, { errorCode, logStartOffset }: PartitionAnswer) {
    if (errorCode === errorCodes.OFFSET_OUT_OF_RANGE) {
      await this.#resetOffset(tracked, logStartOffset);
      return false;
    }
    if (MOVED.has(errorCode) || isWorthRetrying(errorCode)) return true;
    throw new ApiError(`Cannot fetch ${nameOf(tracked)}`, failed(errorCode));
  }

  async #resetOffset(tracked: Tracked, logStartOffset: number): Promise<void> {
    const { reset } = this.#settings;
    if (reset === "none") {
      throw new CommandError(
        `Cannot fetch ${nameOf(tracked)}: its log does not have offset ${tracked.offset} ` +
          `(it starts at ${logStartOffset}), and auto.offset.reset=none`,
      );
    }
    const outcomes = await offsetsAt(this.#admin, [tracked], OFFSET_TIMES[reset]);
    const outcome = outcomes.get(tracked)!;
    if (!outcome.ok) throw new ApiError(`Cannot tell the offsets of ${nameOf(tracked)}`, outcome);
    this.#onTrouble(
      `${
        nameOf(tracked)
      } does not have offset ${tracked.offset}: going on at ${outcome.value.offset}`,
    );
    tracked.offset = outcome.value.offset;
  }

  /** Looks for these partitions' leaders again, after a moment. */
  async #lose(partitions: readonly Tracked[], why: string | null): Promise<FetchedRecords[]> {
    if (this.#isClosed) return [];
    if (why !== null) this.#onTrouble(why);
    for (const { topic, partition } of partitions) {
      const tracked = this.#tracked.get(keyOf({ topic, partition }));
      if (tracked !== undefined) tracked.leaderId = NO_LEADER;
    }
    await pause(this.#admin.clock, RETRY_PAUSE_MS);
    return [];
  }
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}:${partition}`;
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}
