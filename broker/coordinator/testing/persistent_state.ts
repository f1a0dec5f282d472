import type { StoredGroup } from "../group/group_store.ts";
import type { ShardState } from "../group/shard_state.ts";

/** For tests: all that a shard's log says, as plain data in a fixed order. */
export function persistentState(state: ShardState): unknown {
  const groups = [...state.store.ids()].sort().map((id) => [id, plain(state.store.get(id)!)]);
  const offsets = [];
  const pending = [];
  for (const groupId of [...state.offsets.groupIds()].sort()) {
    for (const [topic, partitions] of state.offsets.offsets.topics(groupId)) {
      for (const [partition, offset] of partitions.entries()) {
        offsets.push([`${groupId}/${topic}/${partition}`, offset]);
      }
    }
    for (const { topic, partition, offset } of state.offsets.pendingOf(groupId)) {
      pending.push([`${groupId}/${topic}/${partition}`, offset]);
    }
  }
  const byKey = (left: unknown[], right: unknown[]) => String(left[0]) < String(right[0]) ? -1 : 1;
  return { groups, offsets: offsets.sort(byKey), pending: pending.sort(byKey) };
}

function plain(group: StoredGroup): unknown {
  return group.type === "classic"
    ? group
    : { type: group.type, records: [...group.records.entries()].sort() };
}
