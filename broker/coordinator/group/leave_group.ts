import { errorCodes } from "../../protocol/errors.ts";
import type { LeaveGroupRequest, LeaveGroupResponse } from "../../protocol/mod.ts";
import { answer, type Outcome } from "../state_machine.ts";
import type { ClassicGroup } from "./classic_group.ts";
import type { GroupRecord } from "./group_records.ts";
import { maybeCompleteJoin, rebalanceOrCompleteJoin } from "./rebalance.ts";
import { UNKNOWN_MEMBER_ID } from "./responses.ts";
import { removeMember } from "./session_end.ts";
import { type GroupWrites, NO_WRITES, type ShardState } from "./shard_state.ts";

type Leaver = LeaveGroupRequest["members"][number];

/**
 * LeaveGroup, versions 0 to 5 (those before 3 brought into the form of the later ones): members go,
 * or an administrator removes static ones by their instance id (KIP-345).
 */
export function leaveGroup(
  state: ShardState,
  request: LeaveGroupRequest,
): Outcome<GroupRecord, LeaveGroupResponse> {
  const group = state.live.find(request.groupId);
  const members = request.members.map((leaver) => ({
    memberId: leaver.memberId,
    groupInstanceId: leaver.groupInstanceId,
    errorCode: group === null ? errorCodes.UNKNOWN_MEMBER_ID : removeLeaver(state, group, leaver),
  }));
  const response = { throttleTimeMs: 0, errorCode: 0, members };
  const left = members.filter(({ errorCode }) => errorCode === 0);
  if (group === null || left.length === 0) return answer(response);
  return { ...afterLeave(state, group, `${left.length} members left`), response };
}

/** Returns the leaver's error code. */
function removeLeaver(state: ShardState, group: ClassicGroup, leaver: Leaver): number {
  const { memberId, groupInstanceId } = leaver;
  if (group.pendingJoins.has(memberId)) {
    group.removePending(memberId);
    return 0;
  }
  // Without a member id, the instance id alone says who is to go.
  const whom = memberId === UNKNOWN_MEMBER_ID
    ? groupInstanceId === null ? null : group.staticMemberId(groupInstanceId)
    : memberId;
  if (whom === null) return errorCodes.UNKNOWN_MEMBER_ID;
  const errorCode = group.memberError(whom, groupInstanceId);
  if (errorCode !== 0) return errorCode;
  const reason = `it left: ${leaver.reason ?? "no reason given"}`;
  removeMember(state, group, { member: group.members.get(whom)!, reason });
  return 0;
}

function afterLeave(state: ShardState, group: ClassicGroup, reason: string): GroupWrites {
  switch (group.state) {
    case "Stable":
    case "CompletingRebalance":
      return rebalanceOrCompleteJoin(state, group, reason);
    case "PreparingRebalance":
      return maybeCompleteJoin(state, group);
    default:
      return NO_WRITES;
  }
}
