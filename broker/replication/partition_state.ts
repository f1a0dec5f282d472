import { assert } from "../base/mod.ts";
import { errorCodes } from "../protocol/mod.ts";

/** What this node is for a partition. */
export type ReplicaRole = "leader" | "follower" | "offline";

/** What the metadata says of a partition, as far as replication acts on it. */
export interface PartitionAssignment {
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
}

/** Where a follower stands, as far as its fetches have told. */
interface FollowerProgress {
  logEndOffset: number;
  lastFetchMs: number;
}

/**
 * The replication state of one partition on one node: its role, its leader epoch, and, while it
 * leads, how far the in-sync replicas have come. It decides the high watermark (the lowest log end
 * offset among the in-sync replicas, never going back) and who may read or write under which epoch
 * (KIP-101, KIP-320).
 *
 * ```text
 * offline --assign, leader = me--> leader --assign, leader != me--> follower --assign--> leader
 *    any state --assign, no leader or log directory lost--> offline
 * ```
 */
export class PartitionState {
  readonly #localId: number;
  #role: ReplicaRole = "offline";
  #replicas: readonly number[] = [];
  #isr: readonly number[] = [];
  #leader = -1;
  #leaderEpoch = -1;
  #partitionEpoch = -1;
  #leaderEpochStartOffset = -1;
  readonly #followers = new Map<number, FollowerProgress>();

  /** `localId` is the id of the broker that this state lives on. */
  constructor(localId: number) {
    this.#localId = localId;
  }

  get role(): ReplicaRole {
    return this.#role;
  }
  /** Broker id of the leader; -1 when there is none. */
  get leader(): number {
    return this.#leader;
  }
  get leaderEpoch(): number {
    return this.#leaderEpoch;
  }
  get partitionEpoch(): number {
    return this.#partitionEpoch;
  }
  get replicas(): readonly number[] {
    return this.#replicas;
  }
  get isr(): readonly number[] {
    return this.#isr;
  }
  /** The log end offset at which this node began to lead in the current epoch; -1 on a follower. */
  get leaderEpochStartOffset(): number {
    return this.#leaderEpochStartOffset;
  }

  /**
   * Takes over what the metadata says. Returns true when this node begins to lead in a new epoch: the
   * caller then notes the epoch's start in the log's epoch cache. An assignment with an older epoch
   * than the known one is a bug of the metadata log's order.
   */
  assign(assignment: PartitionAssignment, logEndOffset: number): boolean {
    assert(
      assignment.leaderEpoch >= this.#leaderEpoch,
      `Leader epoch ${assignment.leaderEpoch} is older than ${this.#leaderEpoch}`,
    );
    const newEpoch = assignment.leaderEpoch > this.#leaderEpoch;
    const leads = assignment.leader === this.#localId;
    const begins = leads && (newEpoch || this.#role !== "leader");
    this.#replicas = assignment.replicas;
    this.#isr = assignment.isr;
    this.#leader = assignment.leader;
    this.#leaderEpoch = assignment.leaderEpoch;
    this.#partitionEpoch = assignment.partitionEpoch;
    this.#role = leads ? "leader" : assignment.leader < 0 ? "offline" : "follower";
    if (begins) {
      this.#leaderEpochStartOffset = logEndOffset;
      this.#followers.clear();
    } else if (!leads) {
      this.#leaderEpochStartOffset = -1;
      this.#followers.clear();
    }
    return begins;
  }

  /** The log can't be used (its directory failed): the partition serves nobody from here. */
  takeOffline(): void {
    this.#role = "offline";
    this.#followers.clear();
  }

  /** Whether a broker other than this one is among the replicas. */
  hasFollower(replicaId: number): boolean {
    return replicaId !== this.#localId && this.#replicas.includes(replicaId);
  }

  /** Notes that a follower has everything before `fetchOffset`. Others are not noted. */
  onFollowerFetch(replicaId: number, fetchOffset: number, nowMs: number): void {
    if (this.#role !== "leader" || !this.hasFollower(replicaId)) return;
    const progress = this.#followers.get(replicaId);
    if (progress === undefined) {
      this.#followers.set(replicaId, { logEndOffset: fetchOffset, lastFetchMs: nowMs });
    } else {
      progress.logEndOffset = fetchOffset;
      progress.lastFetchMs = nowMs;
    }
  }

  /**
   * The high watermark that the in-sync replicas allow when the leader's log ends at `logEndOffset`;
   * `current` when a replica in the ISR has not been heard of, or when this node does not lead.
   */
  highWatermark(current: number, logEndOffset: number): number {
    if (this.#role !== "leader") return current;
    let lowest = logEndOffset;
    for (const id of this.#isr) {
      if (id === this.#localId) continue;
      lowest = Math.min(lowest, this.#followers.get(id)?.logEndOffset ?? -1);
    }
    return Math.max(current, lowest);
  }

  /** Whether enough replicas are in sync to promise what acks=all promises. */
  hasMinInSync(minInSyncReplicas: number): boolean {
    return this.#isr.length >= Math.min(minInSyncReplicas, this.#replicas.length);
  }

  /**
   * Whether a request that names `leaderEpoch` as the current one (-1: it names none) may be served
   * by this node; `leaderOnly` requests are not served by followers. Returns an error code.
   */
  check(leaderEpoch: number, leaderOnly: boolean): number {
    if (leaderEpoch >= 0 && leaderEpoch < this.#leaderEpoch) return errorCodes.FENCED_LEADER_EPOCH;
    if (leaderEpoch > this.#leaderEpoch) return errorCodes.UNKNOWN_LEADER_EPOCH;
    if (this.#role === "offline") return errorCodes.NOT_LEADER_OR_FOLLOWER;
    if (leaderOnly && this.#role !== "leader") return errorCodes.NOT_LEADER_OR_FOLLOWER;
    return errorCodes.NONE;
  }
}
