import type { Role, Transition } from "./role.ts";

/**
 * Led its epoch and no longer does, because its controller or disk failed or it has restarted. It
 * keeps the epoch, in which it must not vote for another, and waits for the next.
 */
export class Resigned implements Role {
  readonly name = "resigned";

  constructor(
    readonly leaderId: number,
    readonly epoch: number,
    readonly deadlineMs: number,
  ) {}

  tick(nowMs: number): Transition | null {
    return nowMs >= this.deadlineMs ? { to: "unattached", epoch: this.epoch + 1 } : null;
  }

  onElectionPersisted(): Transition | null {
    return null;
  }
}
