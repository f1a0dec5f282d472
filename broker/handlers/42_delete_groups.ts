import { deleteGroups } from "../protocol/mod.ts";
import { groupContext } from "./group_context.ts";
import { handler } from "./handler.ts";

/**
 * DeleteGroups, versions 0 to 3: deletes groups without members, with their offsets.
 *
 * Gaps: none known.
 */
export const deleteGroupsHandler = handler({
  api: deleteGroups,
  versions: [0, 3],
  listeners: ["broker"],
  async handle({ groupsNames }, context) {
    const groupIds = [...new Set(groupsNames)];
    const results = await context.node.groups.deleteGroups(groupIds, groupContext(context));
    return { throttleTimeMs: 0, results };
  },
  failed: ({ groupsNames }, errorCode) => ({
    throttleTimeMs: 0,
    results: [...new Set(groupsNames)].map((groupId) => ({
      groupId,
      errorCode,
      errorMessage: null,
    })),
  }),
});
