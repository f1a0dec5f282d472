import { errorCodes, make, syncGroup, type SyncGroupResponse } from "../protocol/mod.ts";
import { groupContext } from "./group_context.ts";
import { handler } from "./handler.ts";

/** First version that must name protocol type and protocol (KIP-559). */
const PROTOCOL_VERSION = 5;

/**
 * SyncGroup, versions 0 to 5: the leader of a classic group hands in assignments, each member gets its
 * own.
 *
 * Behaviour: that of the group coordinator. Assignments outlive the request, so they are copied out
 * of the frame here.
 *
 * Gaps: none known.
 */
export const syncGroupHandler = handler({
  api: syncGroup,
  versions: [0, 5],
  listeners: ["broker"],
  handle(request, context) {
    const { protocolType, protocolName } = request;
    const isComplete = protocolType !== null && protocolName !== null;
    if (context.version >= PROTOCOL_VERSION && !isComplete) {
      return refusal(errorCodes.INCONSISTENT_GROUP_PROTOCOL);
    }
    const assignments = request.assignments.map(({ memberId, assignment }) => ({
      memberId,
      assignment: assignment.slice(),
    }));
    return context.node.groups.syncGroup({ ...request, assignments }, groupContext(context));
  },
  failed: (_request, errorCode) => refusal(errorCode),
});

function refusal(errorCode: number): SyncGroupResponse {
  return make(syncGroup.response, { errorCode });
}
