import type { MetadataImage } from "../metadata/mod.ts";
import { errorCodes } from "../protocol/mod.ts";
import { type CachedPartition, type FetchedPartition, recordsBytes } from "./fetch_partitions.ts";
import type { ReplicaPartition, ReplicasRoom } from "./replicas_room.ts";

/** Up to where a fetch sees a log. */
export type FetchIsolation = "log end" | "high watermark" | "committed";

/** Who fetches and how much, the same for all partitions of a request. */
export interface FetchParameters {
  readonly version: number;
  /** Broker id of the follower that fetches, below 0 for others. */
  readonly replicaId: number;
  readonly replicaEpoch: number;
  readonly isolation: FetchIsolation;
  /** Followers, and consumers that do not know of read replicas (KIP-392), are served by leaders. */
  readonly leaderOnly: boolean;
  readonly minBytes: number;
  readonly maxBytes: number;
}

/** What reading the partitions of a request gave. */
export interface FetchReading {
  /** One per partition, in their order. */
  readonly fetched: readonly FetchedPartition[];
  /** Which of the partitions existed. */
  readonly found: readonly boolean[];
  readonly recordsBytes: number;
  /** Something must be told now, however little there is to read. */
  readonly isUrgent: boolean;
}

const NO_RECORDS = new Uint8Array(0);
const NO_EPOCH = { epoch: -1, endOffset: -1 };
const NO_LEADER = { leaderId: -1, leaderEpoch: -1 };
const NO_SNAPSHOT = { endOffset: -1, epoch: -1 };

/** What is told of a partition that can't be read. */
function fetchError(partition: number, errorCode: number): FetchedPartition {
  return {
    partitionIndex: partition,
    errorCode,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    divergingEpoch: NO_EPOCH,
    currentLeader: NO_LEADER,
    snapshotId: NO_SNAPSHOT,
    abortedTransactions: null,
    preferredReadReplica: -1,
    records: NO_RECORDS,
  };
}

/** What is told of a partition that was not looked at: its aborted transactions are none, not null. */
export function unreadPartition(partition: number, errorCode: number): FetchedPartition {
  return { ...fetchError(partition, errorCode), abortedTransactions: [] };
}

/** The offset below which a fetch may read. */
export function fetchLimit(replica: ReplicaPartition, isolation: FetchIsolation): number {
  if (isolation === "log end") return replica.logEndOffset;
  return isolation === "committed" ? replica.lastStableOffset : replica.highWatermark;
}

/** What reading needs of the node. */
export interface ReadingRooms {
  readonly replicas: ReplicasRoom;
  readonly image: MetadataImage;
  /** Time of the fetch, at which followers' progress is noted. */
  readonly nowMs: number;
  /** What the fetch read before it waited, null when it has not. */
  readonly before: FetchReading | null;
}

/**
 * Reads partitions in their order until `maxBytes` are reached; the first that has data gives its
 * first batch whole, so that a reader always gets on (KIP-74).
 */
export function readPartitions(
  partitions: readonly CachedPartition[],
  parameters: FetchParameters,
  rooms: ReadingRooms,
): FetchReading {
  const fetched: FetchedPartition[] = [];
  const found: boolean[] = [];
  let leftBytes = parameters.maxBytes;
  let totalBytes = 0;
  let isUrgent = false;
  for (const [index, wanted] of partitions.entries()) {
    const { partition } = wanted;
    if (rooms.before?.found[index] === false) {
      // It is not waited for, and what was said of it stands.
      found.push(false);
      fetched.push(rooms.before.fetched[index]!);
      continue;
    }
    const missing = missingError(wanted, rooms.image);
    found.push(missing === errorCodes.NONE);
    if (missing !== errorCodes.NONE) {
      // One that went while the fetch waited has been looked at.
      const tell = rooms.before === null ? unreadPartition : fetchError;
      fetched.push(tell(partition, missing));
      continue;
    }
    const replica = rooms.replicas.get(wanted.topic!, partition);
    const result = replica === null
      ? fetchError(partition, errorCodes.NOT_LEADER_OR_FOLLOWER)
      : readPartition(replica, wanted, parameters, {
        maxBytes: Math.min(wanted.maxBytes, leftBytes),
        minOneBatch: totalBytes === 0,
        noteMs: rooms.before === null ? rooms.nowMs : null,
      });
    const bytes = recordsBytes(result);
    totalBytes += bytes;
    leftBytes = Math.max(0, leftBytes - bytes);
    if (result.errorCode !== errorCodes.NONE || result.divergingEpoch.epoch >= 0) isUrgent = true;
    fetched.push(result);
  }
  // As in Kafka, partitions that don't exist are told with the others, not at once.
  isUrgent ||= !found.includes(true);
  return { fetched, found, recordsBytes: totalBytes, isUrgent };
}

/** Why a partition does not exist; NONE when it does. */
export function missingError(wanted: CachedPartition, image: MetadataImage): number {
  // A topic id that was not known may be by now.
  wanted.topic ??= image.topics.byId(wanted.topicId!)?.name ?? null;
  if (wanted.topic === null) return errorCodes.UNKNOWN_TOPIC_ID;
  return image.topics.byName(wanted.topic)?.partitions.has(wanted.partition)
    ? errorCodes.NONE
    : errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
}

function readPartition(
  replica: ReplicaPartition,
  wanted: CachedPartition,
  parameters: FetchParameters,
  options: { maxBytes: number; minOneBatch: boolean; noteMs: number | null },
): FetchedPartition {
  const { partition, fetchOffset, currentLeaderEpoch } = wanted;
  const { replicaId, replicaEpoch } = parameters;
  if (wanted.topicId !== null && wanted.topicId !== replica.topicId) {
    return fetchError(partition, errorCodes.INCONSISTENT_TOPIC_ID);
  }
  const refused = replica.check(currentLeaderEpoch, parameters.leaderOnly);
  if (refused !== errorCodes.NONE) return fetchError(partition, refused);
  if (replicaId >= 0 && !replica.hasFollower(replicaId)) {
    // A replica that was added a moment ago tries again after either (KIP-320).
    const { UNKNOWN_LEADER_EPOCH, NOT_LEADER_OR_FOLLOWER } = errorCodes;
    const tellsEpoch = currentLeaderEpoch >= 0;
    return fetchError(partition, tellsEpoch ? UNKNOWN_LEADER_EPOCH : NOT_LEADER_OR_FOLLOWER);
  }
  const result = readLog(replica, wanted, parameters, options);
  // What a follower asks for where its log has parted from this one says nothing of what it has.
  const hasParted = result.errorCode !== errorCodes.NONE || result.divergingEpoch.epoch >= 0;
  if (replicaId >= 0 && options.noteMs !== null && !hasParted) {
    const { logStartOffset } = wanted;
    const nowMs = options.noteMs;
    replica.onFollowerFetch({ replicaId, replicaEpoch, fetchOffset, logStartOffset, nowMs });
  }
  return result;
}

function readLog(
  replica: ReplicaPartition,
  wanted: CachedPartition,
  parameters: FetchParameters,
  { maxBytes, minOneBatch }: { maxBytes: number; minOneBatch: boolean },
): FetchedPartition {
  const { partition, fetchOffset } = wanted;
  const result: FetchedPartition = {
    partitionIndex: partition,
    errorCode: errorCodes.NONE,
    highWatermark: replica.highWatermark,
    lastStableOffset: replica.lastStableOffset,
    logStartOffset: replica.logStartOffset,
    divergingEpoch: NO_EPOCH,
    currentLeader: NO_LEADER,
    snapshotId: NO_SNAPSHOT,
    abortedTransactions: parameters.isolation === "committed" ? [] : null,
    preferredReadReplica: -1,
    records: NO_RECORDS,
  };
  if (wanted.lastFetchedEpoch >= 0) {
    const diverging = findDivergence(replica, wanted.lastFetchedEpoch, fetchOffset);
    if (diverging === null) return fetchError(partition, errorCodes.OFFSET_OUT_OF_RANGE);
    result.divergingEpoch = diverging;
    if (diverging.epoch >= 0) return result;
  }
  const upperBoundOffset = fetchLimit(replica, parameters.isolation);
  if (fetchOffset === upperBoundOffset) return result;
  // Only where there is something to read does Kafka mind a limit below zero.
  if (maxBytes < 0 && fetchOffset >= replica.logStartOffset && fetchOffset < upperBoundOffset) {
    return fetchError(partition, errorCodes.UNKNOWN_SERVER_ERROR);
  }
  const { errorCode, records } = replica.read({
    fetchOffset,
    upperBoundOffset,
    maxBytes,
    minOneBatch,
  });
  if (errorCode !== errorCodes.NONE) {
    // Clients of these versions don't know the code and would give up (KIP-112).
    const isUnknown = errorCode === errorCodes.KAFKA_STORAGE_ERROR && parameters.version <= 5;
    return fetchError(partition, isUnknown ? errorCodes.NOT_LEADER_OR_FOLLOWER : errorCode);
  }
  if (records === null) return result;
  if (parameters.version < 10 && replica.compressionType === "zstd") {
    return fetchError(partition, errorCodes.UNSUPPORTED_COMPRESSION_TYPE);
  }
  result.records = records;
  if (parameters.isolation === "committed") {
    result.abortedTransactions = [...replica.abortedTransactionsIn(records)];
  }
  return result;
}

/**
 * Where the log of a reader that last read `lastFetchedEpoch` and wants `fetchOffset` next parted
 * from this log (KIP-595): `NO_EPOCH` when it did not, null when this log knows nothing so old.
 */
function findDivergence(
  replica: ReplicaPartition,
  lastFetchedEpoch: number,
  fetchOffset: number,
): { epoch: number; endOffset: number } | null {
  const end = replica.epochEndOffset(lastFetchedEpoch);
  if (end === null) return null;
  const parted = end.leaderEpoch < lastFetchedEpoch || end.endOffset < fetchOffset;
  return parted ? { epoch: end.leaderEpoch, endOffset: end.endOffset } : NO_EPOCH;
}
