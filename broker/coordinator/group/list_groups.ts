import type { ListGroupsRequest, ListGroupsResponse } from "../../protocol/mod.ts";
import type { StoredGroup } from "./group_store.ts";
import { stateOfOther } from "./other_groups.ts";
import type { ShardState } from "./shard_state.ts";

/** One line of a ListGroups response. */
export type ListedGroup = ListGroupsResponse["groups"][number];

/**
 * ListGroups, versions 0 to 5: the shard's groups of all kinds in committed state, narrowed by state
 * and type, whose case does not count. An unknown state or type matches no group.
 */
export function listGroups(state: ShardState, request: ListGroupsRequest): ListedGroup[] {
  const states = new Set(request.statesFilter.map((name) => name.trim().toLowerCase()));
  const types = new Set(request.typesFilter.map((name) => name.toLowerCase()));
  const listed: ListedGroup[] = [];
  for (const [groupId, stored] of state.store.committedGroups()) {
    if (types.size > 0 && !types.has(stored.type)) continue;
    const group = describe(state, groupId, stored);
    if (states.size > 0 && !states.has(group.groupState.toLowerCase())) continue;
    listed.push(group);
  }
  return listed;
}

function describe(state: ShardState, groupId: string, stored: StoredGroup): ListedGroup {
  if (stored.type !== "classic") {
    const groupState = stateOfOther(stored);
    return { groupId, protocolType: stored.type, groupState, groupType: stored.type };
  }
  // Asking for all groups must not bring all groups to life.
  const group = state.live.peek(groupId);
  const members = stored.value?.members ?? [];
  return {
    groupId,
    protocolType: (group === null ? stored.value?.protocolType : group.protocolType) ?? "",
    groupState: group?.state ?? (members.length === 0 ? "Empty" : "Stable"),
    groupType: "classic",
  };
}
