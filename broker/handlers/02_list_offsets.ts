import {
  errorCodes,
  listOffsets,
  type ListOffsetsRequest,
  type ListOffsetsResponse,
} from "../protocol/mod.ts";
import { missingReplicaError } from "./cluster_view.ts";
import type { HandlerContext } from "./context.ts";
import { handler } from "./handler.ts";
import { isIsolationLevel, READ_COMMITTED } from "./isolation_level.ts";
import type { ReplicaPartition, TimestampedOffset } from "./replicas_room.ts";

type PartitionResponse = ListOffsetsResponse["topics"][number]["partitions"][number];

/** Timestamps below zero ask for special offsets. */
const LATEST = -1;
const EARLIEST = -2;
const MAX_TIMESTAMP = -3;
const EARLIEST_LOCAL = -4;
const LATEST_TIERED = -5;
const EARLIEST_PENDING_UPLOAD = -6;

/** First version that knows each special timestamp. */
const SINCE: ReadonlyMap<number, number> = new Map([
  [LATEST, 1],
  [EARLIEST, 1],
  [MAX_TIMESTAMP, 7], // KIP-734
  [EARLIEST_LOCAL, 8], // KIP-405
  [LATEST_TIERED, 9], // KIP-1005
  [EARLIEST_PENDING_UPLOAD, 11], // KIP-1023
]);

const CONSUMER = -1;
const DEBUGGER = -2;

/**
 * ListOffsets, versions 1 to 11: offsets by timestamp, and the special ones.
 *
 * Behaviour: consumers see nothing above the high watermark, with read_committed nothing above the
 * last stable offset. While the high watermark lags behind the start of the leader's epoch, latest
 * offsets are OFFSET_NOT_AVAILABLE (LEADER_NOT_AVAILABLE up to version 4), so that they never go back
 * (KIP-207). A partition that is named twice is INVALID_REQUEST; it is told once, as in Kafka. An
 * isolation level that Kafka does not have is UNKNOWN_SERVER_ERROR.
 *
 * Gaps: no tiered storage: the latest tiered offset is -1, the earliest local one the log start.
 */
export const listOffsetsHandler = handler({
  api: listOffsets,
  versions: [1, 11],
  listeners: ["broker"],
  handle(request, context) {
    if (!isIsolationLevel(request.isolationLevel)) {
      return refusal(request, errorCodes.UNKNOWN_SERVER_ERROR);
    }
    const isClient = request.replicaId === CONSUMER;
    const isCommitted = isClient && request.isolationLevel === READ_COMMITTED;
    const leaderOnly = request.replicaId !== DEBUGGER;
    const topics = request.topics.map(({ name, partitions }) => ({
      name,
      partitions: withoutTwins(partitions).map(({ partition, isTwin }) => {
        const { partitionIndex, timestamp, currentLeaderEpoch } = partition;
        if (isTwin) return offsetError(partitionIndex, errorCodes.INVALID_REQUEST);
        const since = SINCE.get(timestamp) ?? Infinity;
        if (timestamp < 0 && context.version < since) {
          return offsetError(partitionIndex, errorCodes.UNSUPPORTED_VERSION);
        }
        const replica = context.node.replicas.get(name, partitionIndex);
        const refused = replica === null
          ? missingReplicaError(context.node.metadata.image(), name, partitionIndex)
          : replica.check(currentLeaderEpoch, leaderOnly);
        if (refused !== errorCodes.NONE) return offsetError(partitionIndex, refused);
        return find(replica!, partition, { isClient, isCommitted }, context);
      }),
    }));
    return { throttleTimeMs: 0, topics };
  },
  failed: refusal,
});

/** Tells each partition the same error, as often as it was named. */
function refusal({ topics }: ListOffsetsRequest, errorCode: number): ListOffsetsResponse {
  return {
    throttleTimeMs: 0,
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => offsetError(partitionIndex, errorCode)),
    })),
  };
}

/** Each partition once, and whether it was named again. */
function withoutTwins<P extends { partitionIndex: number }>(
  partitions: readonly P[],
): { partition: P; isTwin: boolean }[] {
  const seen = new Map<number, { partition: P; isTwin: boolean }>();
  for (const partition of partitions) {
    const twin = seen.get(partition.partitionIndex);
    if (twin === undefined) seen.set(partition.partitionIndex, { partition, isTwin: false });
    else twin.isTwin = true;
  }
  return [...seen.values()];
}

function find(
  replica: ReplicaPartition,
  { partitionIndex, timestamp }: { partitionIndex: number; timestamp: number },
  { isClient, isCommitted }: { isClient: boolean; isCommitted: boolean },
  { version }: HandlerContext,
): PartitionResponse {
  const lags = isClient && replica.leaderEpochStartOffset > replica.highWatermark;
  const notYet = version >= 5 ? errorCodes.OFFSET_NOT_AVAILABLE : errorCodes.LEADER_NOT_AVAILABLE;
  const limit = isCommitted
    ? replica.lastStableOffset
    : isClient
    ? replica.highWatermark
    : replica.logEndOffset;
  switch (timestamp) {
    case LATEST:
      if (lags) return offsetError(partitionIndex, notYet);
      return found(partitionIndex, -1, limit, replica.leaderEpoch);
    case EARLIEST:
    case EARLIEST_LOCAL:
      return found(partitionIndex, -1, replica.logStartOffset, replica.logStartEpoch);
    case LATEST_TIERED:
    case EARLIEST_PENDING_UPLOAD:
      return offsetError(partitionIndex, errorCodes.NONE);
  }
  const result: TimestampedOffset | null = timestamp === MAX_TIMESTAMP
    ? replica.offsetOfMaxTimestamp()
    : replica.offsetForTimestamp(timestamp);
  if (result === null || result.offset >= limit) {
    return offsetError(partitionIndex, lags ? notYet : errorCodes.NONE);
  }
  return found(partitionIndex, result.timestampMs, result.offset, result.leaderEpoch);
}

function found(
  partitionIndex: number,
  timestamp: number,
  offset: number,
  leaderEpoch: number,
): PartitionResponse {
  return { partitionIndex, errorCode: errorCodes.NONE, timestamp, offset, leaderEpoch };
}

/** What is told when there is no offset, for an error or because no record fits. */
function offsetError(partitionIndex: number, errorCode: number): PartitionResponse {
  return { partitionIndex, errorCode, timestamp: -1, offset: -1, leaderEpoch: -1 };
}
