import { heartbeat } from "../protocol/mod.ts";
import { groupContext } from "./group_context.ts";
import { handler } from "./handler.ts";

/**
 * Heartbeat, versions 0 to 4: a member of a classic group shows that it lives.
 *
 * Gaps: none known.
 */
export const heartbeatHandler = handler({
  api: heartbeat,
  versions: [0, 4],
  listeners: ["broker"],
  handle: (request, context) => context.node.groups.heartbeat(request, groupContext(context)),
  failed: (_request, errorCode) => ({ throttleTimeMs: 0, errorCode }),
});
