import { assert } from "../base/mod.ts";
import type { Role, RoleContext, Transition } from "./role.ts";

/**
 * Writes the log of its epoch. A record is committed when a majority of voters have it on disk; the
 * leader itself counts with what it has flushed, not with what it has written (KIP-595).
 */
export class Leader implements Role {
  readonly name = "leader";
  readonly leaderId: number;
  readonly deadlineMs: number = Infinity;
  /** Offset of the LeaderChangeMessage that begins the epoch. */
  readonly epochStartOffset: number;
  readonly #majority: number;
  /** Where the durable log of each voter ends, as far as the leader knows. */
  readonly #flushedEnds: Map<number, number>;

  constructor({ localId, voters }: RoleContext, epochStartOffset: number) {
    this.leaderId = localId;
    this.epochStartOffset = epochStartOffset;
    this.#majority = voters.majority;
    this.#flushedEnds = new Map(voters.ids.map((id) => [id, 0]));
  }

  /** A voter has its log on disk up to `endOffset`, exclusive. */
  recordFlush(voterId: number, endOffset: number): void {
    const known = this.#flushedEnds.get(voterId);
    if (known === undefined) return;
    assert(endOffset >= known, `Flushed end of voter ${voterId} went back to ${endOffset}`);
    this.#flushedEnds.set(voterId, endOffset);
  }

  /**
   * The offset below which everything is committed; null while no record of this epoch is, for an
   * entry of an older epoch is only committed by one of this (Raft, section 5.4.2).
   */
  get committedEnd(): number | null {
    const ends = [...this.#flushedEnds.values()].sort((a, b) => b - a);
    const end = ends[this.#majority - 1]!;
    return end > this.epochStartOffset ? end : null;
  }

  tick(): Transition | null {
    return null;
  }

  onElectionPersisted(): Transition | null {
    return null;
  }
}
