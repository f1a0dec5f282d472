import { assert } from "../../base/mod.ts";
import { errorCodes } from "../../protocol/errors.ts";
import type { GroupMetadataValue } from "../../protocol/mod.ts";
import type { ClassicGroup } from "./classic_group.ts";
import { EMPTY_ASSIGNMENT, metadataFor } from "./classic_member.ts";
import type { GroupRecord } from "./group_records.ts";
import { canRebalance } from "./group_state.ts";
import { joined, synced, syncError } from "./responses.ts";
import { restartSession } from "./sessions.ts";
import { type GroupWrites, NO_WRITES, type ShardState } from "./shard_state.ts";

/** How long a join phase that nobody came to is given again at least, whatever its members allow. */
const EMPTY_JOIN_PHASE_MS_MIN = 1_000;

/** Starts a rebalance, or, when one runs, ends its join phase if nobody is missing. */
export function rebalanceOrCompleteJoin(
  state: ShardState,
  group: ClassicGroup,
  reason: string,
): GroupWrites {
  return canRebalance(group.state)
    ? startRebalance(state, group, reason)
    : maybeCompleteJoin(state, group);
}

/** Starts the join phase: an empty group waits for more members, others for those they have. */
export function startRebalance(
  state: ShardState,
  group: ClassicGroup,
  reason: string,
): GroupWrites {
  if (group.state === "CompletingRebalance") {
    failSyncs(state, group, errorCodes.REBALANCE_IN_PROGRESS);
  }
  group.pendingSyncs.clear();
  group.syncTimer?.cancel();
  const { groupId, generationId } = group;
  state.report({ kind: "rebalance-started", groupId, generationId, reason });
  const isInitial = group.state === "Empty";
  group.transition("PreparingRebalance", state.shard.nowMs());
  if (isInitial) {
    const { initialRebalanceDelayMs } = state.settings;
    const leftMs = Math.max(group.rebalanceTimeoutMs - initialRebalanceDelayMs, 0);
    waitForNewMembers(state, group, { delayMs: initialRebalanceDelayMs, leftMs });
    return NO_WRITES;
  }
  if (group.hasAllJoined) return completeJoin(state, group);
  endJoinPhaseIn(state, group, group.rebalanceTimeoutMs);
  return NO_WRITES;
}

/** Ends the join phase if all have joined; a first rebalance waits for its delay all the same. */
export function maybeCompleteJoin(state: ShardState, group: ClassicGroup): GroupWrites {
  const isReady = group.state === "PreparingRebalance" && group.previousState !== "Empty" &&
    group.hasAllJoined;
  return isReady ? completeJoin(state, group) : NO_WRITES;
}

/**
 * Ends the join phase: dynamic members that have not joined are out, those who wait get the new
 * generation, and its leader is to send an assignment.
 */
export function completeJoin(state: ShardState, group: ClassicGroup): GroupWrites {
  group.joinTimer?.cancel();
  for (const member of [...group.members.values()]) {
    // A static member keeps its place until its session ends (KIP-345).
    if (member.awaitingJoin !== null || member.groupInstanceId !== null) continue;
    group.remove(member.memberId);
    state.report({
      kind: "member-removed",
      groupId: group.groupId,
      memberId: member.memberId,
      reason: "it did not join in time",
    });
  }
  if (!group.electLeader() && group.members.size > 0) {
    // Nobody came. Sessions will empty the group, unless someone comes after all.
    endJoinPhaseIn(state, group, Math.max(group.rebalanceTimeoutMs, EMPTY_JOIN_PHASE_MS_MIN));
    return NO_WRITES;
  }
  group.startGeneration(state.shard.nowMs());
  const { groupId, generationId } = group;
  state.report({
    kind: "generation-started",
    groupId,
    generationId,
    memberCount: group.members.size,
  });
  // If the record gets lost, a reload shows the generation before, whose members then time out.
  if (group.state === "Empty") return { ...NO_WRITES, records: [metadataRecord(group, new Map())] };
  for (const member of group.members.values()) {
    const members = group.leaderId === member.memberId ? group.joinedMembers() : [];
    group.answerJoin(
      member,
      joined(group, member.memberId, { members, skipAssignment: false }),
    );
    restartSession(state, group, member);
    member.isNew = false;
    group.pendingSyncs.add(member.memberId);
  }
  waitForSyncs(state, group);
  return NO_WRITES;
}

/** Hands everybody their assignment; the group is stable. */
export function propagateAssignment(
  state: ShardState,
  group: ClassicGroup,
  assignment: ReadonlyMap<string, Uint8Array>,
): void {
  assert(group.state === "CompletingRebalance", `Group ${group.groupId} awaits no assignment`);
  for (const member of group.members.values()) {
    member.assignment = assignment.get(member.memberId) ?? EMPTY_ASSIGNMENT;
    // A session that ran out meanwhile was let pass, since the member waited: it starts anew.
    const hasWaited = group.answerSync(member, synced(group, member.assignment));
    if (hasWaited) restartSession(state, group, member);
  }
  group.transition("Stable", state.shard.nowMs());
  const { groupId, generationId } = group;
  state.report({ kind: "assignment-stored", groupId, generationId });
}

/** Takes all assignments back and ends the SyncGroups that wait for one. */
export function failSyncs(state: ShardState, group: ClassicGroup, errorCode: number): void {
  assert(group.state === "CompletingRebalance", `Group ${group.groupId} awaits no assignment`);
  for (const member of group.members.values()) {
    member.assignment = EMPTY_ASSIGNMENT;
    if (group.answerSync(member, syncError(errorCode))) restartSession(state, group, member);
  }
}

/** The record that makes the group's generation last, with these assignments. */
export function metadataRecord(
  group: ClassicGroup,
  assignment: ReadonlyMap<string, Uint8Array>,
): GroupRecord {
  const value: GroupMetadataValue = {
    protocolType: group.protocolType ?? "",
    generation: group.generationId,
    protocol: group.protocolName,
    leader: group.leaderId,
    currentStateTimestamp: group.stateTimestampMs,
    members: Array.from(group.members.values(), (member) => {
      const subscription = metadataFor(member, group.protocolName);
      assert(subscription !== null, `Member ${member.memberId} lacks the group's protocol`);
      return {
        memberId: member.memberId,
        groupInstanceId: member.groupInstanceId,
        clientId: member.clientId,
        clientHost: member.clientHost,
        rebalanceTimeout: member.rebalanceTimeoutMs,
        sessionTimeout: member.sessionTimeoutMs,
        subscription,
        assignment: assignment.get(member.memberId) ?? EMPTY_ASSIGNMENT,
      };
    }),
  };
  return { kind: "group", groupId: group.groupId, value };
}

/** As long as new members come, the first rebalance waits, up to the rebalance timeout (KIP-134). */
function waitForNewMembers(
  state: ShardState,
  group: ClassicGroup,
  { delayMs, leftMs }: { readonly delayMs: number; readonly leftMs: number },
): void {
  group.joinTimer?.cancel();
  group.joinTimer = state.shard.schedule(delayMs, () => {
    if (!group.hasNewMember || leftMs === 0) return completeJoin(state, group);
    group.hasNewMember = false;
    waitForNewMembers(state, group, {
      delayMs: Math.min(state.settings.initialRebalanceDelayMs, leftMs),
      leftMs: Math.max(leftMs - delayMs, 0),
    });
    return NO_WRITES;
  });
}

function endJoinPhaseIn(state: ShardState, group: ClassicGroup, delayMs: number): void {
  group.joinTimer?.cancel();
  group.joinTimer = state.shard.schedule(delayMs, () => completeJoin(state, group));
}

/** Members that do not ask for their assignment within the rebalance timeout are out. */
function waitForSyncs(state: ShardState, group: ClassicGroup): void {
  group.syncTimer?.cancel();
  group.syncTimer = state.shard.schedule(group.rebalanceTimeoutMs, () => {
    if (group.pendingSyncs.size === 0) return NO_WRITES;
    if (group.state !== "CompletingRebalance" && group.state !== "Stable") return NO_WRITES;
    for (const memberId of [...group.pendingSyncs]) {
      group.remove(memberId);
      state.report({
        kind: "member-removed",
        groupId: group.groupId,
        memberId,
        reason: "it did not ask for its assignment in time",
      });
    }
    return startRebalance(state, group, "members did not ask for their assignment in time");
  });
}
