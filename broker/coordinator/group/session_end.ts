import { errorCodes } from "../../protocol/errors.ts";
import type { ClassicGroup } from "./classic_group.ts";
import type { ClassicMember } from "./classic_member.ts";
import { completeJoin, rebalanceOrCompleteJoin } from "./rebalance.ts";
import { joinError, syncError, UNKNOWN_MEMBER_ID } from "./responses.ts";
import { type GroupWrites, NO_WRITES, type ShardState } from "./shard_state.ts";

/** A member was silent for its session timeout: it is out, and the others share its partitions. */
export function onSessionEnd(
  state: ShardState,
  group: ClassicGroup,
  member: ClassicMember,
): GroupWrites {
  if (group.members.get(member.memberId) !== member) return NO_WRITES;
  // Waiting for the others shows life, but not of a member that never had an answer.
  const isWaiting = member.awaitingJoin !== null || member.awaitingSync !== null;
  if (isWaiting && !member.isNew) return NO_WRITES;
  removeMember(state, group, { member, reason: "its session timed out" });
  return group.state === "Stable" || group.state === "CompletingRebalance"
    ? rebalanceOrCompleteJoin(state, group, `member ${member.memberId} timed out`)
    : completeIfAllJoined(state, group);
}

/** A client did not join with the id that it was given; nobody waits for it any more. */
export function onHeldIdEnd(
  state: ShardState,
  group: ClassicGroup,
  memberId: string,
): GroupWrites {
  group.removePending(memberId);
  state.report({
    kind: "member-removed",
    groupId: group.groupId,
    memberId,
    reason: "it did not join with the id that it was given",
  });
  return completeIfAllJoined(state, group);
}

/** Takes a member out; requests that it waits in end, and it may come back as a new member. */
export function removeMember(
  state: ShardState,
  group: ClassicGroup,
  { member, reason }: { readonly member: ClassicMember; readonly reason: string },
): void {
  group.answerJoin(member, joinError(errorCodes.UNKNOWN_MEMBER_ID, UNKNOWN_MEMBER_ID));
  group.answerSync(member, syncError(errorCodes.UNKNOWN_MEMBER_ID));
  group.remove(member.memberId);
  const { groupId } = group;
  state.report({ kind: "member-removed", groupId, memberId: member.memberId, reason });
}

function completeIfAllJoined(state: ShardState, group: ClassicGroup): GroupWrites {
  return group.state === "PreparingRebalance" && group.hasAllJoined
    ? completeJoin(state, group)
    : NO_WRITES;
}
