import { describeGroups, errorCodes, make } from "../protocol/mod.ts";
import { GROUP_OPERATIONS } from "./authorized_operations.ts";
import { groupContext } from "./group_context.ts";
import { handler } from "./handler.ts";

/**
 * DescribeGroups, versions 0 to 6: state and members of classic groups.
 *
 * Gaps: authorized operations are all of them while there is no authorizer.
 */
export const describeGroupsHandler = handler({
  api: describeGroups,
  versions: [0, 6],
  listeners: ["broker"],
  async handle(request, context) {
    const groups = await context.node.groups.describeGroups(request.groups, groupContext(context));
    if (request.includeAuthorizedOperations) {
      for (const group of groups) {
        if (group.errorCode === errorCodes.NONE) group.authorizedOperations = GROUP_OPERATIONS;
      }
    }
    return { throttleTimeMs: 0, groups };
  },
  failed: ({ groups }, errorCode) =>
    make(describeGroups.response, {
      groups: groups.map((groupId) => ({ groupId, errorCode })),
    }),
});
