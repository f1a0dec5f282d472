import { errorCodes, errorMessage } from "../../../broker/protocol/mod.ts";
import { pause } from "../backoff.ts";
import type { KafkaClient } from "../kafka_client.ts";
import { asKafkaError, KafkaError } from "../kafka_error.ts";
import { decodeRecords, type FetchedRecord, type Isolation } from "../reads/decode_records.ts";
import { type FetchedPartition, fetchPartitions, LEADER_CODES } from "../reads/fetch_partitions.ts";
import { listOffsets, type OffsetAt } from "../reads/list_offsets.ts";
import {
  type AssignedPartition,
  AssignedPartitions,
  flattened,
  moveTo,
} from "./assigned_partitions.ts";
import { type Assignor, rangeAssignor, roundRobinAssignor } from "./assignors.ts";
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from "./consumer_protocol.ts";
import { ConsumerStateError } from "./consumer_state_error.ts";
import { type GroupMember, GroupMembership } from "./group_membership.ts";
import {
  commitOffsets,
  type CommittedOffset,
  committedOffsets,
  type Committer,
  type OffsetToCommit,
  type TopicPartition,
} from "./group_offsets.ts";
import { countPartitions, type TopicChoice, TopicSubscription } from "./topic_subscription.ts";

/** A record with the place that it stands in. */
export interface ConsumedRecord extends FetchedRecord, TopicPartition {}

/** How a consumer behaves; Kafka's defaults where it has them. */
export interface GroupConsumerOptions {
  readonly groupId: string;
  /** Where to begin where nothing is committed; `none` makes that an error. Default latest. */
  readonly autoOffsetReset?: "earliest" | "latest" | "none";
  /** Commit positions every `autoCommitIntervalMs`, on rebalances and on closing; default true. */
  readonly autoCommit?: boolean;
  /** Default 5 s. */
  readonly autoCommitIntervalMs?: number;
  readonly isolation?: Isolation;
  /** In order of preference; default range, then roundrobin. */
  readonly assignors?: readonly Assignor[];
  readonly sessionTimeoutMs?: number;
  readonly heartbeatIntervalMs?: number;
  readonly rebalanceTimeoutMs?: number;
  readonly groupInstanceId?: string;
  /** Fetched ahead from one broker at most; default 4 MiB. */
  readonly fetchMaxBytes?: number;
  /** Fetched ahead of one partition at most; default 1 MiB. */
  readonly partitionMaxBytes?: number;
  /** Let the broker create topics that are subscribed, if it is configured so; default true. */
  readonly allowAutoTopicCreation?: boolean;
  /** How often topics are looked at for new partitions and matches; default 30 s. */
  readonly topicRefreshMs?: number;
  /** Hears of what fails in the background; default: nobody. */
  readonly onProblem?: (error: KafkaError) => void;
}

/** What a poll takes. */
export interface PollOptions {
  /** How long to wait for the first record. */
  readonly maxWaitMs: number;
  /** Default 500. */
  readonly maxRecords?: number;
  /** False leaves this record and those behind it for a later poll. Default: takes all. */
  readonly accept?: (record: ConsumedRecord) => boolean;
}

const FETCH_WAIT_MS = 500;
const LEADER_BACKOFF_MS = 100;
const MAX_RECORDS = 500;
/** A rebalance or a close waits no longer for a commit. */
const COMMIT_TIMEOUT_MS = 5000;

/**
 * A consumer of a group by the classic protocol, or of partitions assigned by hand. It joins in the
 * background as soon as it is subscribed; records are fetched by {@linkcode poll}, one answer ahead at
 * most. One call at a time: whoever shares it makes them wait for each other.
 *
 * A record counts as delivered when poll gives it out, and the position moves over it then.
 */
export class GroupConsumer {
  readonly #client: KafkaClient;
  readonly #options: GroupConsumerOptions;
  readonly #assignors: readonly Assignor[];
  readonly #assigned = new AssignedPartitions();
  readonly #fetchingBrokers = new Set<number>();
  #subscription: TopicSubscription | null = null;
  #isManual = false;
  #membership: GroupMembership | null = null;
  /** What the leader counted when it last assigned. */
  #counts: Map<string, number> | null = null;
  #refreshTimer: ReturnType<typeof setTimeout> | null = null;
  #committedAtMs = performance.now();
  /** What the next poll throws. */
  #problem: KafkaError | null = null;
  /** The next partition to give out, so that none starves. */
  #turn = 0;
  #wake: () => void = () => {};
  #isFindingLeaders = false;
  #isClosed = false;

  constructor(client: KafkaClient, options: GroupConsumerOptions) {
    this.#client = client;
    this.#options = options;
    this.#assignors = options.assignors ?? [rangeAssignor, roundRobinAssignor];
  }

  /**
   * Joins the group for these topics; replaces an earlier subscription. Throws
   * {@linkcode ConsumerStateError} when partitions were assigned by hand.
   */
  async subscribe(choice: TopicChoice): Promise<void> {
    this.#checkOpen();
    if (this.#isManual) {
      throw new ConsumerStateError(
        "The consumer has partitions assigned by hand, so it can't subscribe",
      );
    }
    const { allowAutoTopicCreation = true } = this.#options;
    this.#subscription = new TopicSubscription(this.#client, choice, allowAutoTopicCreation);
    await this.#subscription.refresh();
    this.#counts = null;
    this.#watchTopics();
    if (this.#membership === null) this.#join();
    else this.#membership.rejoin();
  }

  /** Leaves the group, or lets go of what was assigned by hand. */
  async unsubscribe(): Promise<void> {
    this.#subscription = null;
    this.#isManual = false;
    const membership = this.#membership;
    this.#membership = null;
    await membership?.leave();
    this.#assigned.replace([]);
  }

  /** Takes these partitions, without a group sharing them out; replaces earlier ones. */
  assign(partitions: readonly TopicPartition[]): void {
    this.#checkOpen();
    if (this.#subscription !== null) {
      throw new ConsumerStateError(
        "The consumer is subscribed, so nothing can be assigned by hand",
      );
    }
    this.#isManual = partitions.length > 0;
    this.#assigned.replace(partitions);
  }

  /** The topics that are subscribed; of a pattern those that match now. */
  get subscription(): readonly string[] {
    return this.#subscription?.names ?? [];
  }

  /** Whether there is anything to read from: a subscription or an assignment by hand. */
  get isReading(): boolean {
    return this.#subscription !== null || this.#isManual;
  }

  /** The partitions that it has now; none while it joins. */
  get assignment(): readonly TopicPartition[] {
    return this.#assigned.all.map(({ topic, partition }) => ({ topic, partition }));
  }

  /** Whether the group has given it its share, or partitions were assigned by hand. */
  get isAssigned(): boolean {
    return this.#isManual || this.#membership?.assignment != null;
  }

  /** The next offset to be given out; null while it isn't known. */
  position(partition: TopicPartition): number | null {
    return this.#assigned.get(partition).position;
  }

  /**
   * Gives out records, waiting for the first up to `maxWaitMs`; none when none came. Throws
   * {@linkcode ConsumerStateError} when nothing is subscribed or assigned, {@linkcode KafkaError} when
   * the group or a topic refuses the consumer for good.
   */
  async poll(options: PollOptions): Promise<ConsumedRecord[]> {
    this.#checkOpen();
    if (!this.isReading) {
      throw new ConsumerStateError("The consumer has neither a subscription nor an assignment");
    }
    this.#autoCommit();
    const deadlineMs = performance.now() + options.maxWaitMs;
    for (;;) {
      this.#throwProblem();
      const { records, isRefused } = this.#take(options);
      if (records.length > 0 || isRefused) {
        this.#fetchAhead(0);
        return records;
      }
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) {
        this.#fetchAhead(0);
        return records;
      }
      const changed = this.#changed();
      this.#fetchAhead(Math.min(leftMs, FETCH_WAIT_MS));
      const end = new AbortController();
      await Promise.race([changed, pause(Math.min(leftMs, FETCH_WAIT_MS), end.signal)]);
      end.abort();
      if (this.#isClosed) return [];
    }
  }

  /** Goes on at an offset. Throws {@linkcode ConsumerStateError} when it doesn't have the partition. */
  seek(partition: TopicPartition, offset: number): void {
    moveTo(this.#assigned.get(partition), offset);
  }

  /**
   * Goes on at the first offset, at the end, or at the first record from a time on (the end when there
   * is none). Rejects as {@linkcode seek} does, and with {@linkcode KafkaError}.
   */
  async seekTo(partitions: readonly TopicPartition[], at: OffsetAt): Promise<void> {
    const assigned = partitions.map((partition) => this.#assigned.get(partition));
    const offsets = await this.#offsetsAt(assigned, at);
    assigned.forEach((partition, n) => moveTo(partition, offsets[n]!));
  }

  /**
   * Commits these offsets (each the next one to read), or the positions of all partitions that it has.
   * Rejects as {@linkcode commitOffsets} does.
   */
  commit(
    offsets: readonly OffsetToCommit[] = this.#positions(),
    timeoutMs: number = this.#client.requestTimeoutMs,
  ): Promise<void> {
    this.#committedAtMs = performance.now();
    const { groupId } = this.#options;
    return commitOffsets(this.#client, groupId, offsets, this.#committer(), { timeoutMs });
  }

  /** What the group has committed; partitions without a committed offset are left out. */
  committed(partitions: readonly TopicPartition[]): Promise<CommittedOffset[]> {
    const requireStable = this.#options.isolation === "read_committed";
    return committedOffsets(this.#client, this.#options.groupId, partitions, { requireStable });
  }

  /** Commits if that is automatic, and leaves the group. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#wake();
    if (this.#refreshTimer !== null) clearTimeout(this.#refreshTimer);
    // A membership commits when it gives up its partitions.
    if (this.#isManual) await this.#commitQuietly();
    await this.#membership?.leave();
    this.#membership = null;
    this.#assigned.replace([]);
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new ConsumerStateError("The consumer is closed");
  }

  #throwProblem(): void {
    const problem = this.#problem;
    this.#problem = null;
    if (problem !== null) throw problem;
  }

  #fail(error: KafkaError): void {
    this.#problem = error;
    this.#wake();
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #join(): void {
    const { groupId, groupInstanceId, sessionTimeoutMs, heartbeatIntervalMs } = this.#options;
    const { rebalanceTimeoutMs } = this.#options;
    const membership = new GroupMembership(this.#client, {
      groupId,
      protocolType: "consumer",
      ...(groupInstanceId === undefined ? {} : { groupInstanceId }),
      ...(sessionTimeoutMs === undefined ? {} : { sessionTimeoutMs }),
      ...(heartbeatIntervalMs === undefined ? {} : { heartbeatIntervalMs }),
      ...(rebalanceTimeoutMs === undefined ? {} : { rebalanceTimeoutMs }),
      protocols: () => {
        const metadata = encodeSubscription(this.#subscription?.names ?? []);
        return this.#assignors.map(({ name }) => ({ name, metadata }));
      },
      assign: (protocol, members) => this.#assignAll(protocol, members),
      onAssigned: ({ assignment }) => {
        this.#assigned.replace(flattened(decodeAssignment(assignment)));
        this.#wake();
      },
      onRevoked: async (reason) => {
        if (reason !== "lost") await this.#commitQuietly();
        // Who comes after it may have read on.
        for (const assigned of this.#assigned.all) moveTo(assigned, null);
        this.#assigned.replace([]);
      },
      onFatal: (error) => {
        if (this.#membership === membership) this.#membership = null;
        this.#fail(error);
      },
    });
    this.#membership = membership;
    membership.start();
  }

  async #assignAll(
    protocol: string,
    members: readonly GroupMember[],
  ): Promise<Map<string, Uint8Array>> {
    const assignor = this.#assignors.find(({ name }) => name === protocol);
    if (assignor === undefined) {
      throw new KafkaError(
        errorCodes.INCONSISTENT_GROUP_PROTOCOL,
        `Group "${this.#options.groupId}" chose the assignor "${protocol}", which isn't known here`,
      );
    }
    const subscribers = members.map(decodeSubscription);
    const topics = [...new Set(subscribers.flatMap(({ topics }) => topics))];
    this.#counts = await countPartitions(this.#client, topics, 1000);
    const shares = assignor.assign(subscribers, this.#counts);
    return new Map([...shares].map(([memberId, share]) => [memberId, encodeAssignment(share)]));
  }

  /** Looks at the topics again and again: a pattern may match others, a topic may have grown. */
  #watchTopics(): void {
    if (this.#refreshTimer !== null) clearTimeout(this.#refreshTimer);
    const delayMs = this.#options.topicRefreshMs ?? 30_000;
    this.#refreshTimer = setTimeout(async () => {
      try {
        await this.#refreshTopics();
      } catch (error) {
        this.#options.onProblem?.(asKafkaError(error));
      }
      if (!this.#isClosed && this.#subscription !== null) this.#watchTopics();
    }, delayMs);
  }

  async #refreshTopics(): Promise<void> {
    const subscription = this.#subscription;
    if (subscription === null || this.#membership === null) return;
    const isChanged = await subscription.refresh();
    const counts = this.#counts;
    const isOutdated = this.#membership?.isLeader && counts !== null &&
      await this.#isOutdated(counts, subscription.names);
    if (isChanged || isOutdated) this.#membership?.rejoin();
  }

  async #isOutdated(
    counts: ReadonlyMap<string, number>,
    names: readonly string[],
  ): Promise<boolean> {
    const topics = [...new Set([...counts.keys(), ...names])];
    const now = await countPartitions(this.#client, topics, 1000);
    return now.size !== counts.size ||
      [...now].some(([topic, count]) => counts.get(topic) !== count);
  }

  /** Gives out what is buffered. */
  #take({ maxRecords = MAX_RECORDS, accept = () => true }: PollOptions): {
    records: ConsumedRecord[];
    isRefused: boolean;
  } {
    const records: ConsumedRecord[] = [];
    const { all } = this.#assigned;
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
  #fetchAhead(waitMs: number): void {
    const lost: AssignedPartition[] = [];
    const byLeader = new Map<number, AssignedPartition[]>();
    for (const assigned of this.#assigned.all) {
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
      const topics = new Set(this.#assigned.all.map(({ topic }) => topic));
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
      } else this.#fail(error);
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
        this.#fail(asKafkaError(error));
      }
    } else if (code === errorCodes.OFFSET_OUT_OF_RANGE) {
      void this.#reset([assigned]);
    } else if (LEADER_CODES.has(code)) this.#client.forgetTopic(topic);
    else {
      const message = `Cannot read partition ${partition} of "${topic}": ${errorMessage(code)}`;
      this.#fail(new KafkaError(code, message));
    }
  }

  /** Goes on where the group has committed, or where `autoOffsetReset` says. */
  async #findPositions(partitions: readonly AssignedPartition[]): Promise<void> {
    for (const assigned of partitions) assigned.isFetching = true;
    try {
      const epochs = partitions.map(({ epoch }) => epoch);
      const committed = await this.committed(partitions);
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
      else this.#fail(error);
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
      return this.#fail(
        new KafkaError(
          errorCodes.OFFSET_OUT_OF_RANGE,
          `Group "${groupId}" has no usable offset for partition ${partition} of "${topic}", ` +
            "and auto.offset.reset is none",
        ),
      );
    }
    const epochs = partitions.map(({ epoch }) => epoch);
    try {
      const offsets = await this.#offsetsAt(partitions, autoOffsetReset);
      partitions.forEach((assigned, n) => {
        if (assigned.epoch === epochs[n]) moveTo(assigned, offsets[n]!);
      });
    } catch (thrown) {
      const error = asKafkaError(thrown);
      // It is looked up again at the next poll.
      if (error.retriable) this.#options.onProblem?.(error);
      else this.#fail(error);
    }
    this.#wake();
  }

  async #offsetsAt(partitions: readonly TopicPartition[], at: OffsetAt): Promise<number[]> {
    const { isolation = "read_uncommitted" } = this.#options;
    const listed = await listOffsets(
      this.#client,
      partitions.map(({ topic, partition }) => ({ topic, partition, at })),
      { isolation },
    );
    const beyond = listed.filter(({ offset, error }) => error === null && offset < 0);
    const ends = beyond.length === 0 ? [] : await this.#offsetsAt(beyond, "latest");
    return listed.map((found) => {
      if (found.error !== null) throw found.error;
      return found.offset >= 0 ? found.offset : ends[beyond.indexOf(found)]!;
    });
  }

  #positions(): OffsetToCommit[] {
    return this.#assigned.all.flatMap(({ topic, partition, position }) =>
      position === null ? [] : [{ topic, partition, offset: position }]
    );
  }

  #committer(): Committer {
    const { groupInstanceId = null } = this.#options;
    const membership = this.#membership;
    return membership === null ? NOBODY : {
      generationId: membership.generationId,
      memberId: membership.memberId,
      groupInstanceId,
    };
  }

  /** As Kafka's consumer: when the interval is over, at the start of a poll, in the background. */
  #autoCommit(): void {
    const { autoCommit = true, autoCommitIntervalMs = 5000 } = this.#options;
    if (!autoCommit || performance.now() - this.#committedAtMs < autoCommitIntervalMs) return;
    void this.#commitQuietly();
  }

  async #commitQuietly(): Promise<void> {
    if (this.#options.autoCommit === false) return;
    try {
      await this.commit(this.#positions(), COMMIT_TIMEOUT_MS);
    } catch (error) {
      this.#options.onProblem?.(asKafkaError(error));
    }
  }
}

const EMPTY = new Uint8Array(0);
const NOBODY: Committer = { generationId: -1, memberId: "", groupInstanceId: null };
