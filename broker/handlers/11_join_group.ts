import { joinGroup, make } from "../protocol/mod.ts";
import { groupContext } from "./group_context.ts";
import { handler } from "./handler.ts";

/**
 * JoinGroup, versions 0 to 9: a member joins a classic group and learns of its generation.
 *
 * Behaviour: that of the group coordinator. What a member says of itself outlives the request, so it
 * is copied out of the frame here.
 *
 * Gaps: none known.
 */
export const joinGroupHandler = handler({
  api: joinGroup,
  versions: [0, 9],
  listeners: ["broker"],
  handle(request, context) {
    const protocols = request.protocols.map(({ name, metadata }) => ({
      name,
      metadata: metadata.slice(),
    }));
    return context.node.groups.joinGroup({ ...request, protocols }, groupContext(context));
  },
  failed: ({ memberId }, errorCode, { version }) =>
    make(joinGroup.response, {
      errorCode,
      memberId,
      // Null is not allowed before.
      protocolName: version >= 7 ? null : "",
    }),
});
