import { errorCodes } from "../../protocol/errors.ts";
import type { OffsetDeleteRequest, OffsetDeleteResponse } from "../../protocol/mod.ts";
import { answer, type Outcome, writing } from "../state_machine.ts";
import type { GroupRecord } from "./group_records.ts";
import { isEmptyOther } from "./other_groups.ts";
import type { ShardState } from "./shard_state.ts";

/** OffsetDelete, version 0: forgets offsets of topics that the group's members don't subscribe to. */
export function deleteOffsets(
  state: ShardState,
  request: OffsetDeleteRequest,
): Outcome<GroupRecord, OffsetDeleteResponse> {
  const { groupId } = request;
  const refused = deleteErrorCode(state, groupId);
  if (refused !== 0) return answer(deleteError(refused));
  const records: GroupRecord[] = [];
  const topics = request.topics.map(({ name, partitions }) => {
    const isInUse = isSubscribed(state, groupId, name);
    const errorCode = isInUse ? errorCodes.GROUP_SUBSCRIBED_TO_TOPIC : 0;
    for (const { partitionIndex } of isInUse ? [] : partitions) {
      const isKnown = state.offsets.offsets.get(groupId, name, partitionIndex) !== undefined ||
        state.offsets.hasPending(groupId, name, partitionIndex);
      if (isKnown) records.push(offsetTombstone(groupId, name, partitionIndex));
    }
    return {
      name,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
    };
  });
  return writing(records, { errorCode: 0, throttleTimeMs: 0, topics });
}

/** The answer to a request that fails as a whole. */
export function deleteError(errorCode: number): OffsetDeleteResponse {
  return { errorCode, throttleTimeMs: 0, topics: [] };
}

/** The record that ends an offset. */
export function offsetTombstone(group: string, topic: string, partition: number): GroupRecord {
  return { kind: "offset", key: { group, topic, partition }, value: null };
}

function deleteErrorCode(state: ShardState, groupId: string): number {
  const group = state.live.find(groupId);
  if (group === null) {
    const other = state.store.get(groupId);
    return other === undefined || other.type === "share" ? errorCodes.GROUP_ID_NOT_FOUND : 0;
  }
  // What members of other protocols subscribe to can't be read, so all of it may be in use.
  const isReadable = group.state === "Empty" || group.usesConsumerProtocol;
  return isReadable ? 0 : errorCodes.NON_EMPTY_GROUP;
}

function isSubscribed(state: ShardState, groupId: string, topic: string): boolean {
  const group = state.live.find(groupId);
  if (group !== null) return group.isSubscribedTo(topic);
  const other = state.store.get(groupId);
  return other !== undefined && other.type !== "classic" && !isEmptyOther(other);
}
