import { assert } from "../../base/mod.ts";

/**
 * The states of a classic group, spelt as clients see them.
 *
 * ```text
 *           join                all joined, or time is up          leader's assignment stored
 *   Empty ---------> PreparingRebalance ----------> CompletingRebalance ----------> Stable
 *     ^               |      ^       ^                       |                        |
 *     +- no one left -+      |       +-- member joins anew --+                        |
 *                            +---------- member joins, leaves, fails -----------------+
 *   any --> Dead: the coordinator has moved away
 * ```
 */
export type GroupState = "Empty" | "PreparingRebalance" | "CompletingRebalance" | "Stable" | "Dead";

const PREVIOUS: Readonly<Record<GroupState, readonly GroupState[]>> = {
  Empty: ["PreparingRebalance"],
  PreparingRebalance: ["Stable", "CompletingRebalance", "Empty"],
  CompletingRebalance: ["PreparingRebalance"],
  Stable: ["CompletingRebalance"],
  Dead: ["Empty", "PreparingRebalance", "CompletingRebalance", "Stable", "Dead"],
};

/** Whether a group in state `from` may start a rebalance. */
export function canRebalance(from: GroupState): boolean {
  return PREVIOUS.PreparingRebalance.includes(from);
}

/** Fails for a step that the picture above does not show. */
export function assertTransition(groupId: string, from: GroupState, to: GroupState): void {
  assert(PREVIOUS[to].includes(from), `Group ${groupId} cannot go from ${from} to ${to}`);
}
