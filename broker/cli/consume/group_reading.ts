import { errorCodes, isInternalTopic } from "../../protocol/mod.ts";
import {
  type AdminConnection,
  ApiError,
  type ServerAddress,
  type TopicPartition,
} from "../admin/mod.ts";
import { CommandError } from "../command_error.ts";
import { commitOffsets, committedOffsets } from "../groups/committed_offsets.ts";
import type { ReadSettings } from "./consume_settings.ts";
import { type GroupAssignment, GroupMembership } from "./group_membership.ts";
import type { PartitionFetcher, Position } from "./partition_fetcher.ts";
import { keyOf, type Reading, startPositions } from "./reading.ts";
import type { ChosenTopics } from "./topic_choice.ts";

/** Answers to a commit that came too late: the group has moved on. */
const TOO_LATE: ReadonlySet<number> = new Set([
  errorCodes.ILLEGAL_GENERATION,
  errorCodes.UNKNOWN_MEMBER_ID,
  errorCodes.REBALANCE_IN_PROGRESS,
]);

/**
 * Reads what a group assigns. While the group shares out anew nothing is read: where this member has
 * been is committed first, so that whoever gets a partition goes on right behind the last record that
 * was printed. A partition that stays is read on, others from what the group has committed.
 */
export class GroupReading implements Reading {
  readonly #admin: AdminConnection;
  readonly #fetcher: PartitionFetcher;
  readonly #settings: ReadSettings & { readonly group: string };
  readonly #bootstrap: readonly ServerAddress[];
  readonly #warn: (message: string) => void;
  #membership: GroupMembership | null = null;
  /** The generation that is being read. */
  #current: GroupAssignment | null = null;
  /** A generation that came and is not read yet. */
  #next: GroupAssignment | null = null;
  /** Lets the member join the next generation; null while none is coming. */
  #letJoin: (() => void) | null = null;
  /** Where partitions were when the group began to share out anew. */
  #held: readonly Position[] = [];
  #lost: CommandError | null = null;

  constructor(
    admin: AdminConnection,
    fetcher: PartitionFetcher,
    settings: ReadSettings & { readonly group: string },
    bootstrap: readonly ServerAddress[],
    warn: (message: string) => void,
  ) {
    this.#admin = admin;
    this.#fetcher = fetcher;
    this.#settings = settings;
    this.#bootstrap = bootstrap;
    this.#warn = warn;
  }

  async useTopics(topics: ChosenTopics): Promise<void> {
    const internal = [...topics.keys()].find(isInternalTopic);
    if (internal !== undefined) {
      throw new CommandError(`Cannot read ${internal} in a group: leave --group out`);
    }
    this.#membership ??= await this.#createMembership();
    await this.#release();
    await this.#membership.join([...topics.keys()]);
  }

  async settle(): Promise<void> {
    if (this.#lost !== null) throw this.#lost;
    if (this.#letJoin !== null) await this.#release();
    const next = this.#next;
    if (next === null) return;
    this.#next = null;
    const held = isNextGeneration(this.#current, next) ? this.#held : [];
    this.#current = next;
    this.#held = [];
    const positions = new Map(held.map((each) => [keyOf(each), each]));
    const kept = next.partitions.flatMap((key) => positions.get(keyOf(key)) ?? []);
    const added = next.partitions.filter((key) => !positions.has(keyOf(key)));
    this.#fetcher.assign([...kept, ...await this.#committedPositions(added)]);
  }

  async commit(): Promise<void> {
    const positions = this.#fetcher.positions();
    const { group, isAutoCommit } = this.#settings;
    if (!isAutoCommit || this.#current === null || positions.length === 0) return;
    const outcome = await commitOffsets(this.#admin, group, positions, this.#current);
    if (outcome.ok) return;
    if (!TOO_LATE.has(outcome.code)) {
      throw new ApiError(`Cannot commit offsets of group ${group}`, outcome);
    }
    this.#warn(
      `Group ${group} moved on before this member could commit: ` +
        `its last records may be read again`,
    );
  }

  async stop(): Promise<void> {
    const membership = this.#membership;
    this.#membership = null;
    this.#letJoin?.();
    await membership?.leave();
  }

  #createMembership(): Promise<GroupMembership> {
    return GroupMembership.create({ ...this.#settings, bootstrap: this.#bootstrap }, {
      beforeJoin: () => this.#beforeJoin(),
      onAssigned: (assignment) => {
        this.#next = assignment;
      },
      onLost: (error) => {
        this.#lost = error;
      },
    });
  }

  /** Resolves when nothing is being read any more: {@linkcode settle} sees to that. */
  #beforeJoin(): Promise<void> {
    if (this.#fetcher.positions().length === 0) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const letBefore = this.#letJoin;
    this.#letJoin = () => {
      letBefore?.();
      resolve();
    };
    return promise;
  }

  /** Commits, stops reading until the next generation comes, and lets it come. */
  async #release(): Promise<void> {
    if (this.#fetcher.positions().length > 0) {
      await this.commit();
      this.#held = this.#fetcher.positions();
      this.#fetcher.assign([]);
    }
    this.#letJoin?.();
    this.#letJoin = null;
  }

  async #committedPositions(partitions: readonly TopicPartition[]): Promise<Position[]> {
    if (partitions.length === 0) return [];
    const { group, isolation, reset } = this.#settings;
    const outcomes = await committedOffsets(this.#admin, [group], {
      isStable: isolation === "read_committed",
    });
    const outcome = outcomes.get(group)!;
    if (!outcome.ok) throw new ApiError(`Cannot read the offsets of group ${group}`, outcome);
    const committed = new Map(outcome.value.map((each) => [keyOf(each), each]));
    const known = partitions.flatMap((key) => {
      const found = committed.get(keyOf(key));
      return found === undefined
        ? []
        : [{ ...key, offset: found.offset, leaderEpoch: found.leaderEpoch ?? -1 }];
    });
    const unknown = partitions.filter((key) => !committed.has(keyOf(key)));
    return [...known, ...await startPositions(this.#admin, unknown, reset)];
  }
}

/** Whether no generation lies between, in which another member may have read our partitions. */
function isNextGeneration(last: GroupAssignment | null, next: GroupAssignment): boolean {
  return last !== null && last.memberId === next.memberId &&
    next.generationId === last.generationId + 1;
}
