import type { Consumer, GroupPartitionsAssigner } from "@platformatic/kafka";
import { Buffer } from "node:buffer";
import { formatServerAddress, type ServerAddress, type TopicPartition } from "../admin/mod.ts";
import { describeClientError } from "../client_error.ts";
import { CommandError } from "../command_error.ts";
import type { CommittingMember } from "../groups/committed_offsets.ts";
import { assignRanges } from "./range_assignor.ts";

/** How a group is joined. */
export interface MembershipOptions {
  readonly group: string;
  readonly clientId: string;
  /** For a static member (KIP-345). */
  readonly instanceId: string | null;
  readonly bootstrap: readonly ServerAddress[];
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  readonly requestTimeoutMs: number;
}

const RETRIES = 10;
const RETRY_PAUSE_MS = 200;

/** What the group gave a member in one generation. */
export interface GroupAssignment extends CommittingMember {
  readonly partitions: readonly TopicPartition[];
}

/** What a member is told while it lives. */
export interface MembershipEvents {
  /**
   * The group shares its partitions out anew. The member joins in when this resolves; until then its
   * generation is the group's and what it has read can be committed.
   */
  beforeJoin(): Promise<void>;
  /** These are the member's partitions now. */
  onAssigned(assignment: GroupAssignment): void;
  /** The membership is over. */
  onLost(error: CommandError): void;
}

/**
 * A member of a classic group, through the client library: it joins, sends heartbeats, and shares
 * partitions out when it leads. It fetches and commits nothing; that is the reader's.
 */
export class GroupMembership {
  readonly #consumer: Consumer;
  readonly #options: MembershipOptions;

  private constructor(consumer: Consumer, options: MembershipOptions) {
    this.#consumer = consumer;
    this.#options = options;
  }

  /** A member that has not joined yet. */
  static async create(
    options: MembershipOptions,
    events: MembershipEvents,
  ): Promise<GroupMembership> {
    // Loaded here, since reading without a group should not wait for it.
    const { Consumer } = await import("@platformatic/kafka");
    const consumer = new Consumer({
      clientId: options.clientId,
      bootstrapBrokers: options.bootstrap.map(formatServerAddress),
      groupId: options.group,
      ...(options.instanceId === null ? {} : { groupInstanceId: options.instanceId }),
      sessionTimeout: options.sessionTimeoutMs,
      rebalanceTimeout: Math.max(options.rebalanceTimeoutMs, options.sessionTimeoutMs),
      heartbeatInterval: Math.min(options.heartbeatIntervalMs, options.sessionTimeoutMs),
      timeout: options.requestTimeoutMs,
      connectTimeout: options.requestTimeoutMs,
      // A join is answered when all members have come, which takes as long as they may.
      requestTimeout: options.requestTimeoutMs + options.rebalanceTimeoutMs,
      retries: RETRIES,
      retryDelay: RETRY_PAUSE_MS,
      // Names that other clients have too: a group needs one that all its members know.
      protocols: [{ name: "range", version: 1 }, { name: "roundrobin", version: 1 }],
      partitionAssigner: assignPartitions,
      // The one place where the library waits for us before it joins; there is no user data.
      protocolsMetadata: async () => {
        await events.beforeJoin();
        return Buffer.alloc(0);
      },
    });
    const membership = new GroupMembership(consumer, options);
    consumer.on("consumer:group:join", ({ memberId, generationId = -1, assignments = [] }) => {
      events.onAssigned({
        memberId,
        generationId,
        instanceId: options.instanceId,
        partitions: assignments.flatMap(({ topic, partitions }) =>
          partitions.map((partition) => ({ topic, partition }))
        ),
      });
    });
    consumer.on("error", (error: Error) => events.onLost(membership.#explained("stay in", error)));
    return membership;
  }

  /**
   * Joins the group as a reader of these topics, or anew when it is in already, so that the group
   * shares partitions out again. The assignment may come before this resolves. Rejects with
   * CommandError.
   */
  async join(topics: readonly string[]): Promise<void> {
    for (const topic of this.#consumer.topics.current) {
      if (!topics.includes(topic)) this.#consumer.topics.untrack(topic);
    }
    const current = this.#consumer.topics.current;
    for (const topic of topics) if (!current.includes(topic)) this.#consumer.topics.track(topic);
    try {
      await this.#consumer.joinGroup({});
    } catch (error) {
      throw this.#explained("join", error);
    }
  }

  /** Leaves the group and closes the connections. */
  async leave(): Promise<void> {
    try {
      await this.#consumer.close(true);
    } catch (error) {
      throw this.#explained("leave", error);
    }
  }

  #explained(what: string, cause: unknown): CommandError {
    return new CommandError(
      `Cannot ${what} group ${this.#options.group}: ${describeClientError(cause)}`,
      { cause },
    );
  }
}

/** {@linkcode assignRanges} in the library's terms. */
function assignPartitions(
  ...[, members, , { topics }]: Parameters<GroupPartitionsAssigner>
): ReturnType<GroupPartitionsAssigner> {
  const subscribers = [...members.values()].map((member) => ({
    memberId: member.memberId,
    topics: member.topics ?? [],
  }));
  const counts = new Map(
    [...topics].map(([topic, { partitionsCount }]) => [topic, partitionsCount]),
  );
  return [...assignRanges(subscribers, counts)].map(([memberId, byTopic]) => ({
    memberId,
    assignments: new Map(
      [...byTopic].map(([topic, partitions]) => [topic, { topic, partitions }]),
    ),
  }));
}
