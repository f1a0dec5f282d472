import { errorCodes } from "../../protocol/errors.ts";
import type { ClassicGroup } from "./classic_group.ts";
import {
  type ClassicMember,
  copyProtocols,
  EMPTY_ASSIGNMENT,
  newMember,
  sameProtocols,
} from "./classic_member.ts";
import type { GroupRecord } from "./group_records.ts";
import { type Join, reasonOf } from "./join_request.ts";
import { newMemberId } from "./member_id.ts";
import { isEmptyOther, otherTombstones } from "./other_groups.ts";
import { rebalanceOrCompleteJoin } from "./rebalance.ts";
import { clientError, joined, joinError, UNKNOWN_MEMBER_ID } from "./responses.ts";
import { holdMemberId, restartSession } from "./sessions.ts";
import { NEW_MEMBER_JOIN_TIMEOUT_MS, PENDING_MEMBERS_MAX } from "./settings.ts";
import { type GroupWrites, NO_WRITES, type ShardState } from "./shard_state.ts";
import { replaceStaticMember } from "./static_member.ts";

/** From this version on a dynamic member is given an id first and joins with that (KIP-394). */
const MEMBER_ID_REQUIRED_VERSION = 4;

/**
 * JoinGroup, versions 0 to 9: a client wants to be in a group, or wants its group to share anew. Most
 * answers come when the join phase ends, so they go through `reply`.
 */
export function joinGroup(state: ShardState, join: Join): GroupWrites {
  const { request, reply } = join;
  const { groupId, memberId } = request;
  const group = state.live.find(groupId);
  if (group !== null) return joinClassicGroup(state, group, join);
  const other = state.store.get(groupId);
  if (other !== undefined && other.type !== "classic" && !isEmptyOther(other)) {
    reply(joinError(errorCodes.INCONSISTENT_GROUP_PROTOCOL, UNKNOWN_MEMBER_ID));
    return NO_WRITES;
  }
  if (memberId !== UNKNOWN_MEMBER_ID) {
    reply(joinError(errorCodes.UNKNOWN_MEMBER_ID, memberId));
    return NO_WRITES;
  }
  return joinNewGroup(state, join, otherTombstones(groupId, other));
}

/**
 * The group exists from now on, whether or not the client gets into it, as in Kafka; an empty group
 * of another kind makes way.
 */
function joinNewGroup(
  state: ShardState,
  join: Join,
  tombstones: readonly GroupRecord[],
): GroupWrites {
  const group = state.live.create(join.request.groupId);
  const value = {
    protocolType: "",
    generation: 0,
    protocol: null,
    leader: null,
    currentStateTimestamp: group.stateTimestampMs,
    members: [],
  };
  joinClassicGroup(state, group, join);
  return {
    ...NO_WRITES,
    records: [...tombstones, { kind: "group", groupId: group.groupId, value }],
    onSettled(errorCode) {
      if (errorCode === 0) return;
      join.reply(joinError(clientError(errorCode), UNKNOWN_MEMBER_ID));
      // After a timeout the record is still there, and so is the group.
      const isTakenBack = errorCode !== errorCodes.REQUEST_TIMED_OUT && group.state !== "Dead";
      if (isTakenBack) state.live.drop(group, clientError(errorCode));
    },
  };
}

function joinClassicGroup(state: ShardState, group: ClassicGroup, join: Join): GroupWrites {
  const { request, reply } = join;
  const { memberId } = request;
  if (!hasRoom(state, group, memberId)) {
    group.remove(memberId);
    reply(joinError(errorCodes.GROUP_MAX_SIZE_REACHED, UNKNOWN_MEMBER_ID));
    return NO_WRITES;
  }
  if (!group.supports(request.protocolType, request.protocols)) {
    reply(joinError(errorCodes.INCONSISTENT_GROUP_PROTOCOL, memberId));
    return NO_WRITES;
  }
  if (memberId !== UNKNOWN_MEMBER_ID) return joinWithId(state, group, join);
  if (request.groupInstanceId !== null) {
    const newId = newMemberId(state.prng, request.groupInstanceId);
    return group.staticMemberId(request.groupInstanceId) === null
      ? addMember(state, group, join, newId)
      : replaceStaticMember(state, group, join, newId);
  }
  const newId = newMemberId(state.prng, join.context.clientId);
  return join.context.version < MEMBER_ID_REQUIRED_VERSION
    ? addMember(state, group, join, newId)
    : giveMemberId(state, group, join, newId);
}

/**
 * Whether the group takes one more. During a rebalance those count who have joined: when the limit
 * was lowered, the last to join are out.
 */
function hasRoom(state: ShardState, group: ClassicGroup, memberId: string): boolean {
  const { maxSize } = state.settings;
  const member = group.members.get(memberId);
  switch (group.state) {
    case "PreparingRebalance":
      return (member !== undefined && member.awaitingJoin !== null) ||
        group.awaitingJoinCount < maxSize;
    case "CompletingRebalance":
    case "Stable":
      return member !== undefined || group.members.size < maxSize;
    default:
      return true;
  }
}

/** The client joins for good when it comes back with the id, so that retries make no ghosts (KIP-394). */
function giveMemberId(
  state: ShardState,
  group: ClassicGroup,
  { request, reply }: Join,
  memberId: string,
): GroupWrites {
  if (group.pendingJoins.size >= PENDING_MEMBERS_MAX) {
    reply(joinError(errorCodes.GROUP_MAX_SIZE_REACHED, UNKNOWN_MEMBER_ID));
    return NO_WRITES;
  }
  holdMemberId(state, group, { memberId, timeoutMs: request.sessionTimeoutMs });
  reply(joinError(errorCodes.MEMBER_ID_REQUIRED, memberId));
  return NO_WRITES;
}

function joinWithId(state: ShardState, group: ClassicGroup, join: Join): GroupWrites {
  const { request, reply } = join;
  const { memberId, groupInstanceId } = request;
  if (group.pendingJoins.has(memberId)) {
    if (groupInstanceId === null) return addMember(state, group, join, memberId);
    // A static member is never asked to come back with an id.
    reply(joinError(errorCodes.UNKNOWN_SERVER_ERROR, UNKNOWN_MEMBER_ID));
    return NO_WRITES;
  }
  const errorCode = group.memberError(memberId, groupInstanceId);
  if (errorCode !== 0) {
    reply(joinError(errorCode, memberId));
    return NO_WRITES;
  }
  const member = group.members.get(memberId)!;
  const isLeader = group.leaderId === memberId;
  const isSame = sameProtocols(member.protocols, request.protocols);
  switch (group.state) {
    case "PreparingRebalance":
      return rejoin(state, group, join, member);
    case "CompletingRebalance": {
      if (!isSame) return rejoin(state, group, join, member);
      // It missed the answer to its JoinGroup.
      const members = isLeader ? group.joinedMembers() : [];
      reply(joined(group, memberId, { members, skipAssignment: false }));
      return NO_WRITES;
    }
    case "Stable":
      // The leader may know of changes that subscriptions don't show, such as new partitions.
      if (isLeader || !isSame) return rejoin(state, group, join, member);
      reply(joined(group, memberId, { members: [], skipAssignment: false }));
      return NO_WRITES;
    default:
      reply(joinError(errorCodes.UNKNOWN_MEMBER_ID, memberId));
      return NO_WRITES;
  }
}

function rejoin(
  state: ShardState,
  group: ClassicGroup,
  join: Join,
  member: ClassicMember,
): GroupWrites {
  const { protocols, rebalanceTimeoutMs, sessionTimeoutMs } = join.request;
  const said = { protocols: copyProtocols(protocols), rebalanceTimeoutMs, sessionTimeoutMs };
  group.update(member, said, join.reply);
  const reason = `member ${member.memberId} joined again: ${reasonOf(join)}`;
  return rebalanceOrCompleteJoin(state, group, reason);
}

function addMember(
  state: ShardState,
  group: ClassicGroup,
  join: Join,
  memberId: string,
): GroupWrites {
  const { request, context } = join;
  const { groupInstanceId, protocolType, rebalanceTimeoutMs, sessionTimeoutMs } = request;
  const clientId = context.clientId;
  const member = newMember(
    { memberId, groupInstanceId, clientId, clientHost: context.clientHost, protocolType },
    {
      rebalanceTimeoutMs,
      sessionTimeoutMs,
      protocols: copyProtocols(request.protocols),
      assignment: EMPTY_ASSIGNMENT,
    },
  );
  member.isNew = true;
  if (group.state === "PreparingRebalance" && group.previousState === "Empty") {
    group.hasNewMember = true;
  }
  group.add(member, join.reply);
  restartSession(state, group, member, NEW_MEMBER_JOIN_TIMEOUT_MS);
  return rebalanceOrCompleteJoin(
    state,
    group,
    `member ${memberId} joined: ${reasonOf(join)}`,
  );
}
