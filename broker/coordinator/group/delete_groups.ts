import { errorCodes } from "../../protocol/errors.ts";
import type { DeleteGroupsResponse } from "../../protocol/mod.ts";
import { type Outcome, writing } from "../state_machine.ts";
import type { GroupRecord } from "./group_records.ts";
import { offsetTombstone } from "./offset_delete.ts";
import { isEmptyOther, otherTombstones } from "./other_groups.ts";
import type { ShardState } from "./shard_state.ts";

/** What became of one group. */
export type DeletedGroup = DeleteGroupsResponse["results"][number];

/** DeleteGroups, versions 0 to 2: ends groups without members, and all their offsets. */
export function deleteGroups(
  state: ShardState,
  groupIds: readonly string[],
): Outcome<GroupRecord, DeletedGroup[]> {
  const records: GroupRecord[] = [];
  const results = groupIds.map((groupId) => {
    const errorCode = deleteErrorCode(state, groupId);
    if (errorCode === 0) records.push(...groupTombstones(state, groupId));
    return { groupId, errorCode, errorMessage: null };
  });
  return { ...writing(records, results), onSettled: () => forget(state, groupIds) };
}

/** The records that leave nothing of a group. */
export function groupTombstones(state: ShardState, groupId: string): GroupRecord[] {
  const records: GroupRecord[] = [];
  for (const [topic, partitions] of state.offsets.offsets.topics(groupId)) {
    for (const partition of partitions.keys()) {
      records.push(offsetTombstone(groupId, topic, partition));
    }
  }
  for (const { topic, partition } of state.offsets.pendingOf(groupId)) {
    if (state.offsets.offsets.get(groupId, topic, partition) !== undefined) continue;
    records.push(offsetTombstone(groupId, topic, partition));
  }
  const stored = state.store.get(groupId);
  if (stored?.type === "classic") records.push({ kind: "group", groupId, value: null });
  return [...records, ...otherTombstones(groupId, stored)];
}

/** Groups that are gone from the log also go from memory. */
export function forget(state: ShardState, groupIds: readonly string[]): void {
  for (const groupId of groupIds) {
    if (state.live.peek(groupId) !== null) state.live.find(groupId);
  }
}

function deleteErrorCode(state: ShardState, groupId: string): number {
  const group = state.live.find(groupId);
  if (group !== null) return group.state === "Empty" ? 0 : errorCodes.NON_EMPTY_GROUP;
  const other = state.store.get(groupId);
  if (other === undefined || other.type === "classic") return errorCodes.GROUP_ID_NOT_FOUND;
  if (!isEmptyOther(other)) return errorCodes.NON_EMPTY_GROUP;
  // Kafka also clears the group's share state (KIP-932), which nothing here can do yet.
  return other.type === "share" ? errorCodes.UNSUPPORTED_VERSION : 0;
}
