import { leaveGroup, type LeaveGroupResponse } from "../protocol/mod.ts";
import { groupContext } from "./group_context.ts";
import { handler } from "./handler.ts";

/** First version in which several members can leave (KIP-345). */
const MANY_VERSION = 3;

/**
 * LeaveGroup, versions 0 to 5: members leave a classic group.
 *
 * Behaviour: the coordinator knows the form of version 3; one member's error is the whole answer
 * before.
 *
 * Gaps: none known.
 */
export const leaveGroupHandler = handler({
  api: leaveGroup,
  versions: [0, 5],
  listeners: ["broker"],
  async handle(request, context) {
    const { groups } = context.node;
    if (context.version >= MANY_VERSION) {
      return await groups.leaveGroup(request, groupContext(context));
    }
    const members = [{ memberId: request.memberId, groupInstanceId: null, reason: null }];
    const response = await groups.leaveGroup({ ...request, members }, groupContext(context));
    return oneMember(response);
  },
  failed: (_request, errorCode) => ({ throttleTimeMs: 0, errorCode, members: [] }),
});

function oneMember(response: LeaveGroupResponse): LeaveGroupResponse {
  const errorCode = response.errorCode || (response.members[0]?.errorCode ?? 0);
  return { ...response, errorCode };
}
