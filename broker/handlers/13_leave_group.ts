import { leaveGroup } from "../protocol/mod.ts";
import { groupContext } from "./group_context.ts";
import { handler } from "./handler.ts";

/**
 * LeaveGroup, versions 0 to 5: members leave a classic group, from version 3 several at once
 * (KIP-345).
 *
 * Gaps: none known.
 */
export const leaveGroupHandler = handler({
  api: leaveGroup,
  versions: [0, 5],
  listeners: ["broker"],
  handle: (request, context) => context.node.groups.leaveGroup(request, groupContext(context)),
  failed: (_request, errorCode) => ({ throttleTimeMs: 0, errorCode, members: [] }),
});
