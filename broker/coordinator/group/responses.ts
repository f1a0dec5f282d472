import { errorCodes } from "../../protocol/errors.ts";
import type { JoinGroupResponse, SyncGroupResponse } from "../../protocol/mod.ts";
import type { ClassicGroup } from "./classic_group.ts";
import { EMPTY_ASSIGNMENT } from "./classic_member.ts";

/** The member id of a client that has none yet. */
export const UNKNOWN_MEMBER_ID = "";

/** A JoinGroup that failed. */
export function joinError(errorCode: number, memberId: string): JoinGroupResponse {
  return {
    throttleTimeMs: 0,
    errorCode,
    generationId: -1,
    protocolType: null,
    protocolName: null,
    leader: "",
    skipAssignment: false,
    memberId,
    members: [],
  };
}

/** The current generation as a member is told of it; the leader also gets the members to assign to. */
export function joined(
  group: ClassicGroup,
  memberId: string,
  { members, skipAssignment }: Pick<JoinGroupResponse, "members" | "skipAssignment">,
): JoinGroupResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    generationId: group.generationId,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    leader: group.leaderId ?? "",
    skipAssignment,
    memberId,
    members,
  };
}

/** A SyncGroup that failed. */
export function syncError(errorCode: number): SyncGroupResponse {
  return {
    throttleTimeMs: 0,
    errorCode,
    protocolType: null,
    protocolName: null,
    assignment: EMPTY_ASSIGNMENT,
  };
}

/** A member's partitions. */
export function synced(group: ClassicGroup, assignment: Uint8Array): SyncGroupResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    assignment,
  };
}

/**
 * What clients are told when records could not be written: codes of the log, which they would not
 * expect here, become codes that make them find the coordinator again.
 */
export function clientError(errorCode: number): number {
  switch (errorCode) {
    case errorCodes.UNKNOWN_TOPIC_OR_PARTITION:
    case errorCodes.NOT_ENOUGH_REPLICAS:
    case errorCodes.REQUEST_TIMED_OUT:
      return errorCodes.COORDINATOR_NOT_AVAILABLE;
    case errorCodes.NOT_LEADER_OR_FOLLOWER:
    case errorCodes.KAFKA_STORAGE_ERROR:
      return errorCodes.NOT_COORDINATOR;
    case errorCodes.MESSAGE_TOO_LARGE:
    case errorCodes.RECORD_LIST_TOO_LARGE:
    case errorCodes.INVALID_FETCH_SIZE:
      return errorCodes.UNKNOWN_SERVER_ERROR;
    default:
      return errorCode;
  }
}
