import type {
  JoinGroupRequest,
  JoinGroupResponse,
  LeaveGroupRequest,
  LeaveGroupResponse,
} from "../../protocol/mod.ts";
import { type FetchedGroup, type FetchedGroupResponse, fetchError } from "./offset_fetch.ts";

/**
 * Requests of old versions in the form of the newest, and responses as old versions want them, so that
 * handlers know one form.
 */

/** Version 0 has one timeout for both purposes. */
export function newestJoin(request: JoinGroupRequest, version: number): JoinGroupRequest {
  return version > 0 ? request : { ...request, rebalanceTimeoutMs: request.sessionTimeoutMs };
}

/** Up to version 6 there is no "none" for the protocol, only an empty text. */
export function joinResponseFor(version: number, response: JoinGroupResponse): JoinGroupResponse {
  const { protocolName } = response;
  if (version < 7) return protocolName === null ? { ...response, protocolName: "" } : response;
  return protocolName === "" ? { ...response, protocolName: null } : response;
}

/** Up to version 2 one member leaves, and it is told no instance. */
export function newestLeave(request: LeaveGroupRequest, version: number): LeaveGroupRequest {
  if (version >= 3 || request.members.length > 0) return request;
  const { memberId } = request;
  return { ...request, members: [{ memberId, groupInstanceId: null, reason: null }] };
}

/** Up to version 2 the one member's error is the response's. */
export function leaveResponseFor(
  version: number,
  response: LeaveGroupResponse,
): LeaveGroupResponse {
  if (version >= 3 || response.errorCode !== 0) return response;
  return { ...response, errorCode: response.members[0]?.errorCode ?? 0 };
}

/** Up to version 1 a group's error stands at each of its partitions. */
export function fetchErrorFor(
  version: number,
  request: FetchedGroup,
  errorCode: number,
): FetchedGroupResponse {
  if (version >= 2 || request.topics === null) return fetchError(request.groupId, errorCode);
  const topics = request.topics.map(({ name, topicId, partitionIndexes }) => ({
    name,
    topicId,
    partitions: partitionIndexes.map((partitionIndex) => ({
      partitionIndex,
      committedOffset: -1,
      committedLeaderEpoch: -1,
      metadata: "",
      errorCode,
    })),
  }));
  return { groupId: request.groupId, topics, errorCode: 0 };
}
