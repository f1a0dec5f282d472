import type { VoterSet } from "./voter_set.ts";

/** The part that a replica plays in its epoch (KIP-595, KIP-996). */
export type RoleName =
  | "unattached"
  | "prospective"
  | "candidate"
  | "leader"
  | "follower"
  | "resigned";

/**
 * Where a role ends up; the core makes the next one.
 *
 *     unattached --timeout, or at once as the only voter--> prospective
 *     prospective --a majority would vote for it--> candidate, in the next epoch
 *     candidate --a majority voted for it--> leader
 *     leader --its controller or its disk failed--> resigned --timeout--> unattached, in the next epoch
 *     follower --nothing heard of the leader--> prospective
 *     any --a higher epoch--> unattached or follower
 */
export type Transition =
  | { readonly to: "unattached"; readonly epoch: number }
  | { readonly to: "prospective" }
  | { readonly to: "candidate" }
  | { readonly to: "leader" }
  | { readonly to: "follower"; readonly epoch: number; readonly leaderId: number }
  | { readonly to: "resigned" };

/** What every role answers. Methods that a role has no use for give null: stay. */
export interface Role {
  readonly name: RoleName;
  readonly leaderId: number | null;
  /** When `tick()` must be called at the latest; Infinity for never. */
  readonly deadlineMs: number;
  tick(nowMs: number): Transition | null;
  /** The election state of this role has become durable. */
  onElectionPersisted(): Transition | null;
}

/** What roles know of their replica. */
export interface RoleContext {
  readonly localId: number;
  readonly voters: VoterSet;
}

/** The end of an election timeout that starts now and is spread by chance over twice its length. */
export function electionDeadline(nowMs: number, timeoutMs: number, random: number): number {
  return nowMs + timeoutMs + Math.floor((random / 2 ** 32) * timeoutMs);
}
