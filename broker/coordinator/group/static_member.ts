import { assert } from "../../base/mod.ts";
import type { ClassicGroup } from "./classic_group.ts";
import { type ClassicMember, copyProtocols } from "./classic_member.ts";
import { type Join, reasonOf } from "./join_request.ts";
import { maybeCompleteJoin, metadataRecord, rebalanceOrCompleteJoin } from "./rebalance.ts";
import { clientError, joined, UNKNOWN_MEMBER_ID } from "./responses.ts";
import { restartSession } from "./sessions.ts";
import { type GroupWrites, NO_WRITES, type ShardState } from "./shard_state.ts";

/** From this version on a leader can be told not to assign anew (KIP-814). */
const SKIP_ASSIGNMENT_VERSION = 9;

/**
 * A static member that has lost its member id joins (KIP-345): it gets a new one, the old one is
 * fenced. A stable group whose protocol stays goes on as it is: the member finds its partitions by
 * SyncGroup.
 */
export function replaceStaticMember(
  state: ShardState,
  group: ClassicGroup,
  join: Join,
  newMemberId: string,
): GroupWrites {
  const { request, reply } = join;
  const groupInstanceId = request.groupInstanceId;
  assert(groupInstanceId !== null, "A static member has an instance id");
  const oldMemberId = group.staticMemberId(groupInstanceId);
  assert(oldMemberId !== null, `No static member ${groupInstanceId}`);
  const oldLeaderId = group.leaderId;
  const member = group.replaceStatic(groupInstanceId, newMemberId);
  restartSession(state, group, member);
  const { protocols, rebalanceTimeoutMs, sessionTimeoutMs } = member;
  const old = { memberId: oldMemberId, protocols, rebalanceTimeoutMs, sessionTimeoutMs };
  const said = {
    protocols: copyProtocols(request.protocols),
    rebalanceTimeoutMs: request.rebalanceTimeoutMs,
    sessionTimeoutMs: request.sessionTimeoutMs,
  };
  group.update(member, said, reply);
  const reason = `static member ${groupInstanceId} joined as ${newMemberId}: ${reasonOf(join)}`;
  if (group.state === "CompletingRebalance") {
    // The leader may be assigning to the old id.
    return rebalanceOrCompleteJoin(state, group, reason);
  }
  if (group.state !== "Stable") return maybeCompleteJoin(state, group);
  if (group.electProtocol() !== group.protocolName) {
    return rebalanceOrCompleteJoin(state, group, reason);
  }
  return storeNewId(group, { member, old, oldLeaderId, join, state });
}

function storeNewId(
  group: ClassicGroup,
  { member, old, oldLeaderId, join, state }: {
    readonly member: ClassicMember;
    readonly old: Pick<
      ClassicMember,
      "memberId" | "protocols" | "rebalanceTimeoutMs" | "sessionTimeoutMs"
    >;
    readonly oldLeaderId: string | null;
    readonly join: Join;
    readonly state: ShardState;
  },
): GroupWrites {
  const { memberId } = member;
  const assignment = new Map(
    Array.from(group.members.values(), (each) => [each.memberId, each.assignment]),
  );
  return {
    ...NO_WRITES,
    records: [metadataRecord(group, assignment)],
    onSettled(errorCode) {
      const isCurrent = group.members.get(memberId) === member;
      if (errorCode !== 0) {
        const told = joined(group, UNKNOWN_MEMBER_ID, { members: [], skipAssignment: false });
        join.reply({ ...told, leader: oldLeaderId ?? "", errorCode: clientError(errorCode) });
        if (!isCurrent) return;
        group.update(member, old, null);
        restartSession(state, group, group.replaceStatic(member.groupInstanceId!, old.memberId));
        return;
      }
      // In a rebalance that began meanwhile the member waits like all others.
      if (!isCurrent || group.state !== "Stable") return;
      const isLeader = group.leaderId === memberId;
      if (join.context.version >= SKIP_ASSIGNMENT_VERSION) {
        const members = isLeader ? group.joinedMembers() : [];
        group.answerJoin(member, joined(group, memberId, { members, skipAssignment: isLeader }));
      } else {
        // An old client that saw itself as the leader would assign: it is shown the id it had.
        const told = joined(group, memberId, { members: [], skipAssignment: false });
        group.answerJoin(member, { ...told, leader: oldLeaderId ?? "" });
      }
    },
  };
}
