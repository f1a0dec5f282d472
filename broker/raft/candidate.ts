import type { Role, RoleContext, Transition } from "./role.ts";
import { Votes } from "./votes.ts";

/**
 * Has voted for itself in a new epoch and asks the others to. Its own vote counts when it is durable:
 * after a crash it must not vote for another in the same epoch.
 */
export class Candidate implements Role {
  readonly name = "candidate";
  readonly leaderId = null;
  readonly #localId: number;
  readonly #votes: Votes;

  constructor({ localId, voters }: RoleContext, readonly deadlineMs: number) {
    this.#localId = localId;
    this.#votes = new Votes(voters);
  }

  /** The voters that stand behind the candidate. */
  get granting(): number[] {
    return this.#votes.granting;
  }

  /** An election that nobody won is tried again. */
  tick(nowMs: number): Transition | null {
    return nowMs >= this.deadlineMs ? { to: "prospective" } : null;
  }

  onElectionPersisted(): Transition | null {
    this.#votes.record(this.#localId, true);
    return this.#votes.areGranted ? { to: "leader" } : null;
  }
}
