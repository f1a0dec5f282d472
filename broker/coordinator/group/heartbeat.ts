import { errorCodes } from "../../protocol/errors.ts";
import type { HeartbeatRequest } from "../../protocol/mod.ts";
import { restartSession } from "./sessions.ts";
import type { ShardState } from "./shard_state.ts";

/**
 * Heartbeat, versions 0 to 4: a member shows that it lives and learns of a rebalance. Returns the
 * response's error code.
 */
export function heartbeat(state: ShardState, request: HeartbeatRequest): number {
  const group = state.live.find(request.groupId);
  if (group === null) return errorCodes.UNKNOWN_MEMBER_ID;
  const errorCode = group.memberError(request.memberId, request.groupInstanceId);
  if (errorCode !== 0) return errorCode;
  if (request.generationId !== group.generationId) return errorCodes.ILLEGAL_GENERATION;
  if (group.state === "Empty") return errorCodes.UNKNOWN_MEMBER_ID;
  restartSession(state, group, group.members.get(request.memberId)!);
  return group.state === "PreparingRebalance" ? errorCodes.REBALANCE_IN_PROGRESS : 0;
}
