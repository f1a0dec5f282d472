import type { Role, Transition } from "./role.ts";

/** Fetches from the leader of its epoch; a voter stands for election when it no longer hears of it. */
export class Follower implements Role {
  readonly name = "follower";

  /** `deadlineMs` is Infinity for an observer. */
  constructor(readonly leaderId: number, readonly deadlineMs: number) {}

  tick(nowMs: number): Transition | null {
    return nowMs >= this.deadlineMs ? { to: "prospective" } : null;
  }

  onElectionPersisted(): Transition | null {
    return null;
  }
}
