import { assert, type Prng } from "../base/mod.ts";
import type { VotersRecord } from "../protocol/mod.ts";
import { Candidate } from "./candidate.ts";
import { type EpochStart, epochStartRecords } from "./control_batch.ts";
import { type ElectionState, NO_ELECTION } from "./election_state.ts";
import { Follower } from "./follower.ts";
import { Leader } from "./leader.ts";
import { Prospective } from "./prospective.ts";
import { Resigned } from "./resigned.ts";
import { electionDeadline, type Role, type RoleName, type Transition } from "./role.ts";
import { Unattached } from "./unattached.ts";
import type { ReplicaKey, VoterSet } from "./voter_set.ts";

/** Who a replica is and how patient. */
export interface RaftConfig {
  readonly self: ReplicaKey;
  readonly electionTimeoutMs: number;
  readonly fetchTimeoutMs: number;
  readonly prng: Prng;
}

/** What a replica finds on its disk when it starts. */
export interface RaftStart {
  readonly voters: VoterSet;
  /** Null when no election was ever recorded. */
  readonly election: ElectionState | null;
  /** Where the log ends; all of it is durable. */
  readonly logEndOffset: number;
  /** Epoch of the last record of the log, 0 when it is empty. */
  readonly logEndEpoch: number;
  /** Voters that the first leader of a formatted quorum must write into its log (KIP-853). */
  readonly votersToRecord: { readonly kraftVersion: number; readonly voters: VotersRecord } | null;
}

/** A batch that goes to the end of the log. */
export type PendingBatch =
  /** Encoded by whoever appended it. */
  | { readonly kind: "records"; readonly bytes: Uint8Array }
  /** The batch that begins an epoch, which the driver encodes, for it knows the time. */
  | { readonly kind: "epochStart"; readonly start: EpochStart };

/** What happens to a replica. Times are those of a clock that never goes back. */
export type RaftEvent =
  /** The last election state that was handed out is durable. */
  | { readonly kind: "electionPersisted" }
  /** The log is durable up to `endOffset`, exclusive. */
  | { readonly kind: "flushed"; readonly endOffset: number }
  /** The leader appends a batch that starts at `endOffset` of the core. */
  | {
    readonly kind: "append";
    readonly epoch: number;
    readonly batch: Uint8Array;
    readonly recordCount: number;
  }
  /** The leader of `epoch` can't go on; its log ends at `logEndOffset` now. */
  | { readonly kind: "resign"; readonly epoch: number; readonly logEndOffset: number };

/** A change of leadership as the controller sees it. */
export interface Leadership {
  readonly epoch: number;
  /** Null while nobody is known to lead. */
  readonly leaderId: number | null;
}

/**
 * What the driver has to do, in this order: write and sync the election, append the batches and sync
 * the log, then send. Completion comes back as events.
 */
export interface Ready {
  readonly persist: {
    readonly election: ElectionState | null;
    readonly batches: readonly PendingBatch[];
  };
  /** Messages to other replicas: none in a quorum of one. */
  readonly send: readonly never[];
  /** The log is committed up to this offset, exclusive; null when that has not changed. */
  readonly committed: number | null;
  readonly leadership: Leadership | null;
}

/** What DescribeQuorum tells. */
export interface QuorumDescription {
  readonly role: RoleName;
  readonly leaderId: number | null;
  readonly epoch: number;
  /** Null before the first commit of this process. */
  readonly highWatermark: number | null;
  readonly logEndOffset: number;
  readonly voters: VoterSet;
}

/**
 * One replica of the metadata quorum (KIP-595), without clock, disk or network: events and ticks in,
 * {@linkcode Ready} out. {@linkcode Transition} draws the states. What stands here is the whole of a
 * quorum of one; votes and fetches of other replicas come in as further kinds of events.
 */
export class RaftCore {
  readonly #config: RaftConfig;
  readonly #voters: VoterSet;
  #election: ElectionState;
  #role: Role;
  #endOffset: number;
  #highWatermark: number | null = null;
  #votersToRecord: RaftStart["votersToRecord"];

  #electionToPersist: ElectionState | null = null;
  #batches: PendingBatch[] = [];
  #committed: number | null = null;
  #leadership: Leadership | null = null;

  constructor(config: RaftConfig, start: RaftStart, nowMs: number) {
    this.#config = config;
    this.#voters = start.voters;
    this.#endOffset = start.logEndOffset;
    this.#votersToRecord = start.votersToRecord;
    const election = start.election ?? NO_ELECTION;
    // A log can only be ahead of the election when that file was lost: its epoch must not be reused.
    this.#election = election.epoch >= start.logEndEpoch
      ? election
      : { epoch: start.logEndEpoch, leaderId: null, votedKey: null };
    this.#role = this.#firstRole(nowMs);
    if (this.#voters.isOnly(config.self)) this.#become({ to: "prospective" }, nowMs);
    this.tick(nowMs);
  }

  get role(): RoleName {
    return this.#role.name;
  }

  get epoch(): number {
    return this.#election.epoch;
  }

  get leaderId(): number | null {
    return this.#role.leaderId;
  }

  /** Where the next batch goes, counting those that are not yet written. */
  get endOffset(): number {
    return this.#endOffset;
  }

  get highWatermark(): number | null {
    return this.#highWatermark;
  }

  /** When `tick()` must be called at the latest; Infinity for never. */
  get deadlineMs(): number {
    return this.#role.deadlineMs;
  }

  /** Ids of the voters, ascending; they stand in the quorum-state file while `kraft.version` is 0. */
  get voterIds(): number[] {
    return this.#voters.ids;
  }

  tick(nowMs: number): void {
    this.#follow(this.#role.tick(nowMs), nowMs);
  }

  step(event: RaftEvent, nowMs: number): void {
    switch (event.kind) {
      case "electionPersisted":
        return this.#follow(this.#role.onElectionPersisted(), nowMs);
      case "flushed":
        return this.#onFlushed(event.endOffset);
      case "append":
        assert(
          this.#role.name === "leader" && event.epoch === this.epoch,
          `Append in epoch ${event.epoch} by the ${this.#role.name} of epoch ${this.epoch}`,
        );
        this.#batches.push({ kind: "records", bytes: event.batch });
        this.#endOffset += event.recordCount;
        return;
      case "resign":
        if (this.#role.name !== "leader" || event.epoch !== this.epoch) return;
        this.#batches = [];
        this.#endOffset = event.logEndOffset;
        return this.#follow({ to: "resigned" }, nowMs);
    }
  }

  /** What is to be done since the last call. */
  takeReady(): Ready {
    const ready: Ready = {
      persist: { election: this.#electionToPersist, batches: this.#batches },
      send: [],
      committed: this.#committed,
      leadership: this.#leadership,
    };
    this.#electionToPersist = null;
    this.#batches = [];
    this.#committed = null;
    this.#leadership = null;
    return ready;
  }

  describe(): QuorumDescription {
    return {
      role: this.#role.name,
      leaderId: this.#role.leaderId,
      epoch: this.epoch,
      highWatermark: this.#highWatermark,
      logEndOffset: this.#endOffset,
      voters: this.#voters,
    };
  }

  #firstRole(nowMs: number): Role {
    const { epoch, leaderId } = this.#election;
    const deadlineMs = this.#electionDeadline(nowMs);
    if (leaderId === null) return new Unattached(deadlineMs);
    if (leaderId === this.#config.self.id) return new Resigned(leaderId, epoch, deadlineMs);
    return new Follower(leaderId, this.#fetchDeadline(nowMs));
  }

  #follow(transition: Transition | null, nowMs: number): void {
    for (let next = transition; next !== null; next = this.#role.tick(nowMs)) {
      this.#become(next, nowMs);
    }
  }

  #become(transition: Transition, nowMs: number): void {
    const { self } = this.#config;
    const context = { localId: self.id, voters: this.#voters };
    switch (transition.to) {
      case "unattached":
        this.#persist({ epoch: transition.epoch, leaderId: null, votedKey: null });
        this.#role = new Unattached(
          this.#voters.isOnly(self) ? nowMs : this.#electionDeadline(nowMs),
        );
        return;
      case "prospective":
        assert(this.#voters.has(self), "An observer stands for election");
        this.#role = new Prospective(context, this.#electionDeadline(nowMs));
        return;
      case "candidate":
        this.#persist({ epoch: this.epoch + 1, leaderId: null, votedKey: self });
        this.#role = new Candidate(context, this.#electionDeadline(nowMs));
        return;
      case "leader":
        return this.#becomeLeader(this.#role as Candidate);
      case "follower":
        this.#persist({ epoch: transition.epoch, leaderId: transition.leaderId, votedKey: null });
        this.#role = new Follower(transition.leaderId, this.#fetchDeadline(nowMs));
        return;
      case "resigned":
        this.#role = new Resigned(self.id, this.epoch, this.#electionDeadline(nowMs));
        this.#leadership = { epoch: this.epoch, leaderId: null };
        return;
    }
  }

  #becomeLeader(candidate: Candidate): void {
    const { self } = this.#config;
    this.#persist({ epoch: this.epoch, leaderId: self.id, votedKey: null });
    const baseOffset = this.#endOffset;
    const context = { localId: self.id, voters: this.#voters };
    this.#role = new Leader(context, baseOffset);
    const start: EpochStart = {
      baseOffset,
      epoch: this.epoch,
      leaderId: self.id,
      voterIds: this.#voters.ids,
      grantingVoterIds: candidate.granting,
      votersToRecord: this.#votersToRecord,
    };
    this.#votersToRecord = null;
    this.#batches.push({ kind: "epochStart", start });
    this.#endOffset += epochStartRecords(start);
  }

  #onFlushed(endOffset: number): void {
    if (!(this.#role instanceof Leader)) return;
    this.#role.recordFlush(this.#config.self.id, endOffset);
    const end = this.#role.committedEnd;
    const known = this.#highWatermark;
    if (end === null || (known !== null && end <= known)) return;
    // The controller may act once the record that begins its epoch is committed: then nothing that an
    // earlier leader committed is missing from its state.
    if (known === null || known <= this.#role.epochStartOffset) {
      this.#leadership = { epoch: this.epoch, leaderId: this.#config.self.id };
    }
    this.#highWatermark = end;
    this.#committed = end;
  }

  #persist(election: ElectionState): void {
    assert(election.epoch >= this.epoch, `Epoch went back from ${this.epoch} to ${election.epoch}`);
    this.#election = election;
    this.#electionToPersist = election;
  }

  #electionDeadline(nowMs: number): number {
    if (!this.#voters.has(this.#config.self)) return Infinity;
    const { electionTimeoutMs, prng } = this.#config;
    return electionDeadline(nowMs, electionTimeoutMs, prng.uint32());
  }

  #fetchDeadline(nowMs: number): number {
    return this.#voters.has(this.#config.self) ? nowMs + this.#config.fetchTimeoutMs : Infinity;
  }
}
