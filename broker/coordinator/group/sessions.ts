import type { ClassicGroup } from "./classic_group.ts";
import type { ClassicMember } from "./classic_member.ts";
import type { ShardState } from "./shard_state.ts";

/** Gives a member `timeoutMs` from now to show that it lives. */
export function restartSession(
  state: ShardState,
  group: ClassicGroup,
  member: ClassicMember,
  timeoutMs: number = member.sessionTimeoutMs,
): void {
  if (member.session !== null) return member.session.restart(timeoutMs);
  member.session = state.shard.schedule(timeoutMs, () => state.onSessionEnd(group, member));
}

/** Holds a member id for a client that has to join again with it. */
export function holdMemberId(
  state: ShardState,
  group: ClassicGroup,
  { memberId, timeoutMs }: { readonly memberId: string; readonly timeoutMs: number },
): void {
  group.pendingJoins.set(
    memberId,
    state.shard.schedule(timeoutMs, () => state.onHeldIdEnd(group, memberId)),
  );
}
