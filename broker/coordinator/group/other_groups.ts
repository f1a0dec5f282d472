import {
  consumerGroupCurrentMemberAssignmentKey,
  consumerGroupCurrentMemberAssignmentValue,
  consumerGroupMemberMetadataKey,
  consumerGroupMetadataKey,
  consumerGroupMetadataValue,
  consumerGroupTargetAssignmentMetadataKey,
  consumerGroupTargetAssignmentMetadataValue,
  decodeVersioned,
  shareGroupMemberMetadataKey,
  streamsGroupMemberMetadataKey,
} from "../../protocol/mod.ts";
import type { GroupRecord } from "./group_records.ts";
import type { OtherRecord, StoredGroup, StoredOtherGroup } from "./group_store.ts";

/**
 * What can be said of groups of other kinds without their coordinator. It reads their records where
 * Kafka's answers to classic requests depend on them, and no further.
 */

/** The record that every member has, by type of group. */
const MEMBER_KEY_TYPES: Readonly<Record<StoredOtherGroup["type"], number>> = {
  consumer: consumerGroupMemberMetadataKey.type,
  share: shareGroupMemberMetadataKey.type,
  streams: streamsGroupMemberMetadataKey.type,
};

const RECONCILED = 0;

/** Whether the group has no members in the newest state. */
export function isEmptyOther(group: StoredOtherGroup): boolean {
  return !hasMember(group, group.records.values());
}

/** The group's state in committed state, spelt as ListGroups shows it. */
export function stateOfOther(group: StoredOtherGroup): string {
  const records = Array.from(group.records.committedEntries(), ([, record]) => record);
  if (!hasMember(group, records)) return "Empty";
  return group.type === "consumer" ? consumerState(records) : "Stable";
}

/** Tombstones for every record of a group of another kind; none for a classic group or no group. */
export function otherTombstones(groupId: string, group: StoredGroup | undefined): GroupRecord[] {
  if (group === undefined || group.type === "classic") return [];
  const groupType = group.type;
  return Array.from(group.records.values(), ({ keyType, key }) => (
    { kind: "other", groupType, groupId, keyType, key, value: null }
  ));
}

function hasMember(group: StoredOtherGroup, records: Iterable<OtherRecord>): boolean {
  const memberKeyType = MEMBER_KEY_TYPES[group.type];
  for (const { keyType } of records) {
    if (keyType === memberKeyType) return true;
  }
  return false;
}

/** KIP-848: a target assignment is made for the group's epoch, then members move to it one by one. */
function consumerState(records: readonly OtherRecord[]): string {
  let groupEpoch = 0;
  let assignmentEpoch = 0;
  const members = [];
  for (const { keyType, value } of records) {
    if (keyType === consumerGroupMetadataKey.type) {
      groupEpoch = decodeVersioned(consumerGroupMetadataValue, value).value.epoch;
    } else if (keyType === consumerGroupTargetAssignmentMetadataKey.type) {
      assignmentEpoch =
        decodeVersioned(consumerGroupTargetAssignmentMetadataValue, value).value.assignmentEpoch;
    } else if (keyType === consumerGroupCurrentMemberAssignmentKey.type) {
      members.push(decodeVersioned(consumerGroupCurrentMemberAssignmentValue, value).value);
    }
  }
  if (groupEpoch > assignmentEpoch) return "Assigning";
  const isDone = members.every(({ memberEpoch, state }) =>
    memberEpoch === assignmentEpoch && state === RECONCILED
  );
  return isDone ? "Stable" : "Reconciling";
}
