import { listGroups } from "../protocol/mod.ts";
import { groupContext } from "./group_context.ts";
import { handler } from "./handler.ts";

/**
 * ListGroups, versions 0 to 5: the groups that this node coordinates, by state (KIP-518) and type
 * (KIP-848) where the client asks so.
 *
 * Gaps: none known.
 */
export const listGroupsHandler = handler({
  api: listGroups,
  versions: [0, 5],
  listeners: ["broker"],
  handle: (request, context) => context.node.groups.listGroups(request, groupContext(context)),
  failed: (_request, errorCode) => ({ throttleTimeMs: 0, errorCode, groups: [] }),
});
