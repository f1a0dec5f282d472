import { joinGroup, make } from "../protocol/mod.ts";
import { groupContext } from "./group_context.ts";
import { handler } from "./handler.ts";

/**
 * JoinGroup, versions 0 to 9: a member joins a classic group and learns of its generation.
 *
 * Gaps: none known.
 */
export const joinGroupHandler = handler({
  api: joinGroup,
  versions: [0, 9],
  listeners: ["broker"],
  handle: (request, context) => context.node.groups.joinGroup(request, groupContext(context)),
  failed: ({ memberId }, errorCode, { version }) =>
    make(joinGroup.response, {
      errorCode,
      memberId,
      // Null is not allowed before.
      protocolName: version >= 7 ? null : "",
    }),
});
