import {
  type Decoded,
  errorCodes,
  fetch,
  type FetchResponse,
  INT64_MAX,
  make,
  ZERO_UUID,
} from "../../../broker/protocol/mod.ts";
import type { KafkaClient } from "../kafka_client.ts";
import { throwOnCode } from "../kafka_error.ts";
import type { Isolation } from "./decode_records.ts";

/** Topics are named, not given by id, up to this version. */
const FETCH_VERSION_MAX = 12;

/** Where to read on in a partition. */
export interface PartitionToFetch {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** How much may be read and how long the broker may wait for it. */
export interface FetchLimits {
  readonly maxBytes: number;
  readonly partitionMaxBytes: number;
  /** How long the broker waits for the first record. */
  readonly waitMs: number;
  readonly isolation: Isolation;
}

/** What a broker gave of one partition. */
export type FetchedPartition = Decoded<FetchResponse>["responses"][number]["partitions"][number];

/**
 * Reads partitions that `brokerId` leads, in one request; to each that is in the answer `visit` is
 * called. Rejects with {@linkcode KafkaError} when the request as a whole failed; the codes of the
 * partitions are the caller's to read.
 */
export async function fetchPartitions(
  client: KafkaClient,
  brokerId: number,
  partitions: readonly PartitionToFetch[],
  limits: FetchLimits,
  visit: (topic: string, fetched: FetchedPartition) => void,
): Promise<void> {
  const body = make(fetch.request, {
    replicaId: -1,
    maxWaitMs: limits.waitMs,
    minBytes: limits.waitMs > 0 ? 1 : 0,
    maxBytes: limits.maxBytes,
    isolationLevel: limits.isolation === "read_committed" ? 1 : 0,
    sessionId: 0,
    sessionEpoch: -1,
  });
  const byTopic = new Map<string, (typeof body.topics)[number]>();
  for (const { topic, partition, offset } of partitions) {
    let entry = byTopic.get(topic);
    if (entry === undefined) {
      byTopic.set(topic, entry = { topic, topicId: ZERO_UUID, partitions: [] });
    }
    entry.partitions.push({
      partition,
      currentLeaderEpoch: -1,
      fetchOffset: offset,
      lastFetchedEpoch: -1,
      logStartOffset: -1,
      partitionMaxBytes: limits.partitionMaxBytes,
      replicaDirectoryId: ZERO_UUID,
      highWatermark: INT64_MAX,
    });
  }
  body.topics = [...byTopic.values()];
  const answer = await client.call(fetch, body, {
    to: { broker: brokerId },
    versionMax: FETCH_VERSION_MAX,
    requestTimeoutMs: limits.waitMs + client.requestTimeoutMs,
    timeoutMs: limits.waitMs + client.requestTimeoutMs,
    parks: limits.waitMs > 0,
    retry: false,
  });
  throwOnCode(answer.errorCode, "Cannot fetch");
  for (const { topic, partitions: fetched } of answer.responses) {
    for (const partition of fetched) visit(topic, partition);
  }
}

/** Codes after which another look at the metadata finds the leader that can be read from. */
export const LEADER_CODES: ReadonlySet<number> = new Set([
  errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
  errorCodes.LEADER_NOT_AVAILABLE,
  errorCodes.NOT_LEADER_OR_FOLLOWER,
  errorCodes.REPLICA_NOT_AVAILABLE,
  errorCodes.KAFKA_STORAGE_ERROR,
  errorCodes.FENCED_LEADER_EPOCH,
  errorCodes.UNKNOWN_LEADER_EPOCH,
  errorCodes.OFFSET_NOT_AVAILABLE,
  errorCodes.NETWORK_EXCEPTION,
  errorCodes.BROKER_NOT_AVAILABLE,
  errorCodes.REQUEST_TIMED_OUT,
]);
