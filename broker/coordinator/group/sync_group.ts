import { errorCodes } from "../../protocol/errors.ts";
import type { SyncGroupRequest, SyncGroupResponse } from "../../protocol/mod.ts";
import type { ClassicGroup } from "./classic_group.ts";
import { EMPTY_ASSIGNMENT, type Reply } from "./classic_member.ts";
import {
  failSyncs,
  metadataRecord,
  propagateAssignment,
  rebalanceOrCompleteJoin,
} from "./rebalance.ts";
import { clientError, synced, syncError } from "./responses.ts";
import { type GroupWrites, NO_WRITES, type ShardState } from "./shard_state.ts";

/** A SyncGroup on its way through the handlers of this folder. */
export interface Sync {
  readonly request: SyncGroupRequest;
  /** Only the first response counts. */
  readonly reply: Reply<SyncGroupResponse>;
}

/**
 * SyncGroup, versions 0 to 5: the leader hands in everybody's partitions, the others ask for theirs.
 * All are answered when the assignment is committed.
 */
export function syncGroup(state: ShardState, sync: Sync): GroupWrites {
  const { request, reply } = sync;
  const group = state.live.find(request.groupId);
  const errorCode = syncErrorCode(group, request);
  if (group === null || errorCode !== 0) {
    reply(syncError(errorCode));
    return NO_WRITES;
  }
  const member = group.members.get(request.memberId)!;
  noteSync(group, request.memberId);
  if (group.state === "Stable") {
    reply(synced(group, member.assignment));
    return NO_WRITES;
  }
  // A client that asks twice has given the first request up.
  group.answerSync(member, syncError(errorCodes.REBALANCE_IN_PROGRESS));
  member.awaitingSync = reply;
  // Of a leader that asks twice, the first assignment counts: it may be in the log already.
  const isStored = group.generationBeingStored === group.generationId;
  return group.leaderId === member.memberId && !isStored
    ? storeAssignment(state, group, request)
    : NO_WRITES;
}

function syncErrorCode(group: ClassicGroup | null, request: SyncGroupRequest): number {
  if (group === null || group.state === "Empty") return errorCodes.UNKNOWN_MEMBER_ID;
  const memberError = group.memberError(request.memberId, request.groupInstanceId);
  if (memberError !== 0) return memberError;
  if (request.generationId !== group.generationId) return errorCodes.ILLEGAL_GENERATION;
  if (
    differ(request.protocolType, group.protocolType) ||
    differ(request.protocolName, group.protocolName)
  ) return errorCodes.INCONSISTENT_GROUP_PROTOCOL;
  return group.state === "PreparingRebalance" ? errorCodes.REBALANCE_IN_PROGRESS : 0;
}

/** Clients before version 5 do not say, and a group may not know yet. */
function differ(asked: string | null, known: string | null): boolean {
  return asked !== null && known !== null && asked !== known;
}

function noteSync(group: ClassicGroup, memberId: string): void {
  group.pendingSyncs.delete(memberId);
  if (group.pendingSyncs.size === 0) group.syncTimer?.cancel();
}

function storeAssignment(
  state: ShardState,
  group: ClassicGroup,
  request: SyncGroupRequest,
): GroupWrites {
  const assignment = new Map(
    Array.from(group.members.keys(), (memberId) => [memberId, EMPTY_ASSIGNMENT]),
  );
  for (const given of request.assignments) {
    assignment.set(given.memberId, given.assignment.slice());
  }
  group.generationBeingStored = group.generationId;
  return {
    ...NO_WRITES,
    records: [metadataRecord(group, assignment)],
    onSettled(errorCode) {
      if (group.generationBeingStored === request.generationId) group.generationBeingStored = -1;
      // A rebalance that began meanwhile has already ended these requests.
      const isCurrent = group.state === "CompletingRebalance" &&
        group.generationId === request.generationId;
      if (!isCurrent) return;
      if (errorCode === 0) return propagateAssignment(state, group, assignment);
      failSyncs(state, group, clientError(errorCode));
      rebalanceOrCompleteJoin(state, group, "the assignment could not be stored");
    },
  };
}
