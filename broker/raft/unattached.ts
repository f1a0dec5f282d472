import type { Role, Transition } from "./role.ts";

/**
 * Knows of no leader in its epoch. A voter stands for election when it has waited long enough; an
 * observer waits until it hears of a leader.
 */
export class Unattached implements Role {
  readonly name = "unattached";
  readonly leaderId = null;

  /** `deadlineMs` is Infinity for an observer. */
  constructor(readonly deadlineMs: number) {}

  tick(nowMs: number): Transition | null {
    return nowMs >= this.deadlineMs ? { to: "prospective" } : null;
  }

  onElectionPersisted(): Transition | null {
    return null;
  }
}
