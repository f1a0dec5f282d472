import { errorCodes } from "../../protocol/errors.ts";
import type { OffsetCommitRequest, OffsetCommitResponse } from "../../protocol/mod.ts";
import { ZERO_UUID } from "../../protocol/mod.ts";
import { answer, type Outcome, writing } from "../state_machine.ts";
import type { ClassicGroup } from "./classic_group.ts";
import type { CommittedOffset } from "./committed_offset.ts";
import type { GroupRecord } from "./group_records.ts";
import { isEmptyOther } from "./other_groups.ts";
import { restartSession } from "./sessions.ts";
import type { GroupRequestContext, ShardState } from "./shard_state.ts";

type Partition = OffsetCommitRequest["topics"][number]["partitions"][number];

/** From this version on clients know GROUP_ID_NOT_FOUND (KIP-848). */
const GROUP_ID_NOT_FOUND_VERSION = 9;
/** The retention of a client that leaves it to the broker. */
const DEFAULT_RETENTION = -1;

/**
 * OffsetCommit, versions 2 to 10: how far a group has read. Members commit under their generation;
 * without one, whoever likes may commit for a group that has no members, and thereby makes it. Topics
 * carry both name and id here and are known to exist.
 *
 * Difference: a first commit of which nothing is stored, since all metadata is too long, leaves a group
 * in Kafka's memory, and none here.
 */
export function commitOffsets(
  state: ShardState,
  request: OffsetCommitRequest,
  context: GroupRequestContext,
): Outcome<GroupRecord, OffsetCommitResponse> {
  const refused = commitErrorCode(state, request, context);
  if (refused !== 0) return answer(commitError(request, refused));
  const nowMs = state.shard.nowMs();
  const expireTimestampMs = request.retentionTimeMs === DEFAULT_RETENTION
    ? -1
    : nowMs + request.retentionTimeMs;
  const records: GroupRecord[] = [];
  const topics = request.topics.map(({ name, topicId, partitions }) => ({
    name,
    topicId,
    partitions: partitions.map((partition) => {
      const { partitionIndex, committedMetadata } = partition;
      const lengthMax = state.settings.offsetMetadataMaxBytes;
      if (committedMetadata !== null && committedMetadata.length > lengthMax) {
        return { partitionIndex, errorCode: errorCodes.OFFSET_METADATA_TOO_LARGE };
      }
      records.push({
        kind: "offset",
        key: { group: request.groupId, topic: name, partition: partitionIndex },
        value: offsetOf(partition, { nowMs, expireTimestampMs, topicId }),
      });
      return { partitionIndex, errorCode: 0 };
    }),
  }));
  return writing(records, { throttleTimeMs: 0, topics });
}

/** The answer to a request that fails as a whole. */
export function commitError(
  request: OffsetCommitRequest,
  errorCode: number,
): OffsetCommitResponse {
  const topics = request.topics.map(({ name, topicId, partitions }) => ({
    name,
    topicId,
    partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
  }));
  return { throttleTimeMs: 0, topics };
}

function offsetOf(
  partition: Partition,
  { nowMs, expireTimestampMs, topicId }: {
    readonly nowMs: number;
    readonly expireTimestampMs: number;
    readonly topicId: string;
  },
): Omit<CommittedOffset, "recordOffset"> {
  return {
    offset: partition.committedOffset,
    leaderEpoch: partition.committedLeaderEpoch,
    metadata: partition.committedMetadata ?? "",
    commitTimestampMs: nowMs,
    expireTimestampMs,
    // The version of the record that can expire has no room for the topic id.
    topicId: expireTimestampMs === -1 ? topicId : ZERO_UUID,
  };
}

function commitErrorCode(
  state: ShardState,
  request: OffsetCommitRequest,
  { version }: GroupRequestContext,
): number {
  const { groupId, generationIdOrMemberEpoch: generationId } = request;
  const group = state.live.find(groupId);
  if (group !== null) return classicErrorCode(state, group, request);
  const other = state.store.get(groupId);
  if (other === undefined || other.type === "classic") {
    if (generationId < 0) return 0;
    return version >= GROUP_ID_NOT_FOUND_VERSION
      ? errorCodes.GROUP_ID_NOT_FOUND
      : errorCodes.ILLEGAL_GENERATION;
  }
  if (other.type === "share") return errorCodes.GROUP_ID_NOT_FOUND;
  return generationId < 0 && isEmptyOther(other) ? 0 : errorCodes.UNKNOWN_MEMBER_ID;
}

function classicErrorCode(
  state: ShardState,
  group: ClassicGroup,
  request: OffsetCommitRequest,
): number {
  const { memberId, groupInstanceId, generationIdOrMemberEpoch: generationId } = request;
  if (generationId < 0 && group.state === "Empty") return 0;
  const isMember = generationId >= 0 || memberId !== "" || groupInstanceId !== null;
  if (!isMember) return errorCodes.UNKNOWN_MEMBER_ID;
  const errorCode = group.memberError(memberId, groupInstanceId);
  if (errorCode !== 0) return errorCode;
  if (generationId !== group.generationId) return errorCodes.ILLEGAL_GENERATION;
  // The member knows of the generation, so it is to wait for its assignment.
  if (group.state === "CompletingRebalance") return errorCodes.REBALANCE_IN_PROGRESS;
  restartSession(state, group, group.members.get(memberId)!);
  return 0;
}
