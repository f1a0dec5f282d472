import { errorCodes } from "../../../broker/protocol/errors.ts";
import { pause } from "../backoff.ts";
import type { KafkaClient } from "../kafka_client.ts";
import { asKafkaError, KafkaError } from "../kafka_error.ts";
import type { OffsetAt } from "../reads/list_offsets.ts";
import { flattened, moveTo } from "./assigned_partitions.ts";
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
import { type ConsumedRecord, RecordSupply, type SupplyOptions } from "./record_supply.ts";
import { countPartitions, type TopicChoice, TopicSubscription } from "./topic_subscription.ts";

/** How a consumer behaves; Kafka's defaults where it has them. */
export interface GroupConsumerOptions extends SupplyOptions {
  /** Commit positions every `autoCommitIntervalMs`, on rebalances and on closing; default true. */
  readonly autoCommit?: boolean;
  /** Default 5 s. */
  readonly autoCommitIntervalMs?: number;
  /** In order of preference; default range, then roundrobin. */
  readonly assignors?: readonly Assignor[];
  readonly sessionTimeoutMs?: number;
  readonly heartbeatIntervalMs?: number;
  readonly rebalanceTimeoutMs?: number;
  readonly groupInstanceId?: string;
  /** Let the broker create topics that are subscribed, if it is configured so; default true. */
  readonly allowAutoTopicCreation?: boolean;
  /** How often topics are looked at for new partitions and matches; default 30 s. */
  readonly topicRefreshMs?: number;
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
  readonly #supply: RecordSupply;
  #subscription: TopicSubscription | null = null;
  #isManual = false;
  #membership: GroupMembership | null = null;
  /** What the leader counted when it last assigned. */
  #counts: Map<string, number> | null = null;
  #refreshTimer: ReturnType<typeof setTimeout> | null = null;
  #committedAtMs = performance.now();
  #isClosed = false;

  constructor(client: KafkaClient, options: GroupConsumerOptions) {
    this.#client = client;
    this.#options = options;
    this.#supply = new RecordSupply(client, options);
    this.#assignors = options.assignors ?? [rangeAssignor, roundRobinAssignor];
  }

  /**
   * Joins the group for these topics; replaces an earlier subscription. Rejects with
   * {@linkcode ConsumerStateError} when partitions were assigned by hand, with
   * {@linkcode KafkaError} when a topic can't be read or no broker is reached.
   */
  async subscribe(choice: TopicChoice): Promise<void> {
    this.#checkOpen();
    if (this.#isManual) {
      throw new ConsumerStateError(
        "The consumer has partitions assigned by hand, so it can't subscribe",
      );
    }
    const { allowAutoTopicCreation = true } = this.#options;
    const subscription = new TopicSubscription(this.#client, choice, allowAutoTopicCreation);
    await subscription.refresh();
    this.#subscription = subscription;
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
    this.#supply.assigned.replace([]);
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
    this.#supply.assigned.replace(partitions);
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
    return this.#supply.assigned.all.map(({ topic, partition }) => ({ topic, partition }));
  }

  /** Whether the group has given it its share, or partitions were assigned by hand. */
  get isAssigned(): boolean {
    return this.#isManual || this.#membership?.assignment != null;
  }

  /** The next offset to be given out; null while it isn't known. */
  position(partition: TopicPartition): number | null {
    return this.#supply.assigned.get(partition).position;
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
    const { maxRecords = MAX_RECORDS, accept = () => true } = options;
    const deadlineMs = performance.now() + options.maxWaitMs;
    for (;;) {
      this.#supply.throwProblem();
      const { records, isRefused } = this.#supply.take(maxRecords, accept);
      if (records.length > 0 || isRefused) {
        this.#supply.fetchAhead(0);
        return records;
      }
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) {
        this.#supply.fetchAhead(0);
        return records;
      }
      const changed = this.#supply.changed();
      this.#supply.fetchAhead(Math.min(leftMs, FETCH_WAIT_MS));
      const end = new AbortController();
      await Promise.race([changed, pause(Math.min(leftMs, FETCH_WAIT_MS), end.signal)]);
      end.abort();
      if (this.#isClosed) return [];
    }
  }

  /** Goes on at an offset. Throws {@linkcode ConsumerStateError} when it doesn't have the partition. */
  seek(partition: TopicPartition, offset: number): void {
    moveTo(this.#supply.assigned.get(partition), offset);
  }

  /**
   * Goes on at the first offset, at the end, or at the first record from a time on (the end when there
   * is none). Rejects as {@linkcode seek} does, and with {@linkcode KafkaError}.
   */
  async seekTo(partitions: readonly TopicPartition[], at: OffsetAt): Promise<void> {
    const assigned = partitions.map((partition) => this.#supply.assigned.get(partition));
    const offsets = await this.#supply.offsetsAt(assigned, at);
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
    this.#supply.wake();
    if (this.#refreshTimer !== null) clearTimeout(this.#refreshTimer);
    // A membership commits when it gives up its partitions.
    if (this.#isManual) await this.#commitQuietly();
    await this.#membership?.leave();
    this.#membership = null;
    this.#supply.assigned.replace([]);
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new ConsumerStateError("The consumer is closed");
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
        this.#supply.assigned.replace(flattened(decodeAssignment(assignment)));
        this.#supply.wake();
      },
      onRevoked: async (reason) => {
        if (reason !== "lost") await this.#commitQuietly();
        // Who comes after it may have read on.
        for (const assigned of this.#supply.assigned.all) moveTo(assigned, null);
        this.#supply.assigned.replace([]);
      },
      onFatal: (error) => {
        if (this.#membership === membership) this.#membership = null;
        this.#supply.fail(error);
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

  #positions(): OffsetToCommit[] {
    return this.#supply.assigned.all.flatMap(({ topic, partition, position }) =>
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

const NOBODY: Committer = { generationId: -1, memberId: "", groupInstanceId: null };
