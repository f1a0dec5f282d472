import { ZERO_UUID } from "../../protocol/mod.ts";
import type { ClassicGroup } from "./classic_group.ts";
import type { CommittedOffset } from "./committed_offset.ts";
import type { GroupRecord } from "./group_records.ts";
import { offsetTombstone } from "./offset_delete.ts";
import type { ShardState } from "./shard_state.ts";

/** A topic that is gone. */
export interface DeletedTopic {
  readonly name: string;
  readonly id: string;
}

/**
 * The tombstones of a group's offsets that have expired (KIP-211), and of the group when it is left
 * with neither members nor offsets. Groups of other kinds keep theirs until their own coordinator
 * judges them.
 */
export function expireGroup(state: ShardState, groupId: string): GroupRecord[] {
  const group = state.live.find(groupId);
  if (group === null) return [];
  const records: GroupRecord[] = [];
  let isLeftEmpty = group.state === "Empty" && !state.offsets.hasPendingOf(groupId);
  for (const [topic, partitions] of state.offsets.offsets.topics(groupId)) {
    const isInUse = group.isSubscribedTo(topic);
    for (const [partition, offset] of partitions.entries()) {
      const isExpired = !isInUse && hasExpired(state, group, offset) &&
        !state.offsets.hasPending(groupId, topic, partition);
      if (isExpired) records.push(offsetTombstone(groupId, topic, partition));
      else isLeftEmpty = false;
    }
  }
  if (isLeftEmpty) records.push({ kind: "group", groupId, value: null });
  state.live.rest(group);
  return records;
}

/** The tombstones of a group's offsets in topics that are gone. */
export function forgetTopics(
  state: ShardState,
  groupId: string,
  topics: readonly DeletedTopic[],
): GroupRecord[] {
  const records: GroupRecord[] = [];
  for (const { name, id } of topics) {
    const partitions = state.offsets.offsets.partitions(groupId, name);
    for (const [partition, offset] of partitions?.entries() ?? []) {
      if (isOf(offset, id)) records.push(offsetTombstone(groupId, name, partition));
    }
    for (const { topic, partition, offset } of state.offsets.pendingOf(groupId)) {
      if (topic !== name || !isOf(offset, id)) continue;
      records.push(offsetTombstone(groupId, name, partition));
    }
  }
  return records;
}

/**
 * Retention counts from the moment when a group lost its last member, or, for groups that hold no
 * members or are stable and merely don't read the topic, from the commit. In a rebalance, and where
 * the members are no consumers, nothing expires.
 */
function hasExpired(state: ShardState, group: ClassicGroup, offset: CommittedOffset): boolean {
  const sinceMs = retentionStartMs(group, offset);
  if (sinceMs === null) return false;
  const nowMs = state.shard.nowMs();
  return offset.expireTimestampMs === -1
    ? nowMs - sinceMs >= state.settings.offsetsRetentionMs
    : nowMs >= offset.expireTimestampMs;
}

/** Null: the offset stays. */
function retentionStartMs(group: ClassicGroup, offset: CommittedOffset): number | null {
  if (group.protocolType === null) return offset.commitTimestampMs;
  if (group.state === "Empty") {
    return group.stateTimestampMs === -1 ? offset.commitTimestampMs : group.stateTimestampMs;
  }
  const isReadable = group.usesConsumerProtocol && group.topics !== null;
  return isReadable && group.state === "Stable" ? offset.commitTimestampMs : null;
}

/** Records of older brokers lack the topic's id: then the name decides. */
function isOf(offset: CommittedOffset, topicId: string): boolean {
  return offset.topicId === ZERO_UUID || offset.topicId === topicId;
}
