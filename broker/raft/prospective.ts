import type { Role, RoleContext, Transition } from "./role.ts";
import { Votes } from "./votes.ts";

/**
 * Asks whether it would win before it raises the epoch (KIP-996), so that a replica behind a broken
 * link does not depose a working leader. Its own answer is yes.
 */
export class Prospective implements Role {
  readonly name = "prospective";
  readonly leaderId = null;
  readonly #votes: Votes;

  constructor({ localId, voters }: RoleContext, readonly deadlineMs: number) {
    this.#votes = new Votes(voters);
    this.#votes.record(localId, true);
  }

  tick(nowMs: number): Transition | null {
    if (this.#votes.areGranted) return { to: "candidate" };
    return nowMs >= this.deadlineMs ? { to: "prospective" } : null;
  }

  /** Asking binds nobody, so there is nothing to persist. */
  onElectionPersisted(): Transition | null {
    return null;
  }
}
