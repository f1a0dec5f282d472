import type { GroupRecord } from "./group_records.ts";
import { type GroupWrites, NO_WRITES, type ShardState } from "./shard_state.ts";
import { forget } from "./delete_groups.ts";

/** How many groups one turn looks at, so that a shard with many does not hold up everything else. */
const GROUPS_PER_SLICE = 200;

/**
 * Goes through groups a slice at a time and writes what `visit` says of each; returns the first
 * slice's records. Records need not stand together.
 */
export function sweep(
  state: ShardState,
  groupIds: readonly string[],
  visit: (groupId: string) => readonly GroupRecord[],
): GroupWrites {
  const slice = groupIds.slice(0, GROUPS_PER_SLICE);
  const rest = groupIds.slice(GROUPS_PER_SLICE);
  if (rest.length > 0) state.shard.schedule(0, () => sweep(state, rest, visit));
  return {
    ...NO_WRITES,
    records: slice.flatMap(visit),
    isAtomic: false,
    onSettled: () => forget(state, slice),
  };
}
