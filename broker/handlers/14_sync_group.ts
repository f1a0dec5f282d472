import { make, syncGroup } from "../protocol/mod.ts";
import { groupContext } from "./group_context.ts";
import { handler } from "./handler.ts";

/**
 * SyncGroup, versions 0 to 5: the leader of a classic group hands in assignments, each member gets its
 * own.
 *
 * Gaps: none known.
 */
export const syncGroupHandler = handler({
  api: syncGroup,
  versions: [0, 5],
  listeners: ["broker"],
  handle: (request, context) => context.node.groups.syncGroup(request, groupContext(context)),
  failed: (_request, errorCode) => make(syncGroup.response, { errorCode }),
});
