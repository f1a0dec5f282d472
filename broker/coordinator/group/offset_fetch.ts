import { errorCodes } from "../../protocol/errors.ts";
import type { OffsetFetchRequest, OffsetFetchResponse } from "../../protocol/mod.ts";
import { ZERO_UUID } from "../../protocol/mod.ts";
import type { CommittedOffset } from "./committed_offset.ts";
import type { ShardState } from "./shard_state.ts";

/** One group of an OffsetFetch. */
export type FetchedGroup = OffsetFetchRequest["groups"][number];
/** What it is answered. */
export type FetchedGroupResponse = OffsetFetchResponse["groups"][number];

type PartitionResponse = FetchedGroupResponse["topics"][number]["partitions"][number];

/** The offset of a partition that nothing was committed for. */
const NO_OFFSET = -1;

/**
 * OffsetFetch, versions 1 to 10 (those before 8 brought into the form of the later ones): how far a
 * group has read, in the partitions asked for or, without topics, in all. Committed state is shown;
 * with `requireStable` it is the newest, for the runtime to hold back until it is committed, and
 * partitions with an open transaction say so (KIP-447).
 */
export function fetchOffsets(
  state: ShardState,
  request: FetchedGroup,
  requireStable: boolean,
): FetchedGroupResponse {
  const { groupId } = request;
  const stored = requireStable ? state.store.get(groupId) : state.store.committed(groupId);
  const isConsumer = stored?.type === "consumer" || stored?.type === "streams";
  if (isConsumer && (request.memberId !== null || request.memberEpoch >= 0)) {
    return fetchError(groupId, errorCodes.UNKNOWN_MEMBER_ID);
  }
  const hasOffsets = isConsumer || stored?.type === "classic";
  if (request.topics === null) {
    return {
      groupId,
      topics: hasOffsets ? allOffsets(state, groupId, requireStable) : [],
      errorCode: 0,
    };
  }
  const topics = request.topics.map(({ name, topicId, partitionIndexes }) => ({
    name,
    topicId,
    partitions: partitionIndexes.map((partitionIndex) => {
      if (!hasOffsets) return noOffset(partitionIndex, 0);
      if (requireStable && state.offsets.hasPending(groupId, name, partitionIndex)) {
        return noOffset(partitionIndex, errorCodes.UNSTABLE_OFFSET_COMMIT);
      }
      const { offsets } = state.offsets;
      const offset = requireStable
        ? offsets.get(groupId, name, partitionIndex)
        : offsets.committed(groupId, name, partitionIndex);
      return offset === undefined || isOfOtherTopic(offset, topicId)
        ? noOffset(partitionIndex, 0)
        : offsetResponse(partitionIndex, offset);
    }),
  }));
  return { groupId, topics, errorCode: 0 };
}

/** The answer for a group that fails as a whole. */
export function fetchError(groupId: string, errorCode: number): FetchedGroupResponse {
  return { groupId, topics: [], errorCode };
}

function allOffsets(
  state: ShardState,
  groupId: string,
  requireStable: boolean,
): FetchedGroupResponse["topics"] {
  const topics: FetchedGroupResponse["topics"] = [];
  for (const [name, partitions] of state.offsets.offsets.topics(groupId)) {
    const found: PartitionResponse[] = [];
    const entries = requireStable ? partitions.entries() : partitions.committedEntries();
    for (const [partitionIndex, offset] of entries) {
      found.push(
        requireStable && state.offsets.hasPending(groupId, name, partitionIndex)
          ? noOffset(partitionIndex, errorCodes.UNSTABLE_OFFSET_COMMIT)
          : offsetResponse(partitionIndex, offset),
      );
    }
    if (found.length > 0) topics.push({ name, topicId: ZERO_UUID, partitions: found });
  }
  return topics;
}

/** Whether the offset was committed for a topic of the same name that is gone (KIP-516). */
function isOfOtherTopic(offset: CommittedOffset, topicId: string): boolean {
  return offset.topicId !== ZERO_UUID && topicId !== ZERO_UUID && offset.topicId !== topicId;
}

function offsetResponse(partitionIndex: number, offset: CommittedOffset): PartitionResponse {
  return {
    partitionIndex,
    committedOffset: offset.offset,
    committedLeaderEpoch: offset.leaderEpoch,
    metadata: offset.metadata,
    errorCode: 0,
  };
}

function noOffset(partitionIndex: number, errorCode: number): PartitionResponse {
  return {
    partitionIndex,
    committedOffset: NO_OFFSET,
    committedLeaderEpoch: -1,
    metadata: "",
    errorCode,
  };
}
