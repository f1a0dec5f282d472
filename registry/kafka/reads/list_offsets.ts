import {
  errorCodes,
  errorMessage,
  listOffsets as listOffsetsApi,
  make,
} from "../../../broker/protocol/mod.ts";
import { Backoff, pause } from "../backoff.ts";
import type { KafkaClient } from "../kafka_client.ts";
import { asKafkaError, KafkaError } from "../kafka_error.ts";
import type { Isolation } from "./decode_records.ts";
import { LEADER_CODES } from "./fetch_partitions.ts";

/**
 * Which offset: the first that is held, the one that the next record gets (for read_committed: the
 * last stable one), that of the record with the largest timestamp, or that of the first record from a
 * time on, in milliseconds since 1970.
 */
export type OffsetAt = "earliest" | "latest" | "max_timestamp" | number;

/** An offset to be looked up. */
export interface OffsetToList {
  readonly topic: string;
  readonly partition: number;
  readonly at: OffsetAt;
}

/** What was found, or why not. */
export interface ListedOffset extends OffsetToList {
  /** -1 when no record is that young, or there is none, or there is an error. */
  readonly offset: number;
  /** Of the record, where one was looked for by time; else -1. */
  readonly timestampMs: number;
  readonly error: KafkaError | null;
}

const TIMESTAMPS = { latest: -1, earliest: -2, max_timestamp: -3 } as const;
/** KIP-734: brokers before it don't know the largest timestamp. */
const MAX_TIMESTAMP_VERSION = 7;

/**
 * Looks up offsets, one request per leader, and gives them in the order of `wanted`. What may pass, such
 * as a leader that moved, is tried again until `timeoutMs` (default: the client's for a request); errors
 * are told per partition. It rejects only when the client is closed.
 */
export async function listOffsets(
  client: KafkaClient,
  wanted: readonly OffsetToList[],
  options: { readonly isolation?: Isolation; readonly timeoutMs?: number } = {},
): Promise<ListedOffset[]> {
  const { isolation = "read_uncommitted", timeoutMs = client.requestTimeoutMs } = options;
  const deadlineMs = performance.now() + timeoutMs;
  const backoff = new Backoff(20, 500);
  const found = new Array<ListedOffset>(wanted.length);
  let left = wanted.map((_, index) => index);
  while (true) {
    const byLeader = await groupByLeader(client, wanted, left, found);
    await Promise.all(
      [...byLeader].map(([brokerId, indexes]) =>
        ask(client, brokerId, wanted, indexes, isolation, found)
      ),
    );
    left = left.filter((index) => {
      const { error, topic } = found[index]!;
      if (error === null || !error.retriable || !LEADER_CODES.has(error.code)) return false;
      // Where the metadata itself says that it isn't there, asking again brings nothing.
      if (client.cachedTopic(topic) === null) return false;
      client.forgetTopic(topic);
      return true;
    });
    const delayMs = backoff.nextMs();
    if (left.length === 0 || performance.now() + delayMs > deadlineMs) return found;
    await pause(delayMs, client.closed);
  }
}

async function groupByLeader(
  client: KafkaClient,
  wanted: readonly OffsetToList[],
  indexes: readonly number[],
  found: ListedOffset[],
): Promise<Map<number, number[]>> {
  const names = [...new Set(indexes.map((index) => wanted[index]!.topic))];
  try {
    await client.metadata(names);
  } catch (error) {
    for (const index of indexes) found[index] = failure(wanted[index]!, asKafkaError(error));
    return new Map();
  }
  const byLeader = new Map<number, number[]>();
  for (const index of indexes) {
    const { topic, partition } = wanted[index]!;
    try {
      const leader = await client.leaderOf(topic, partition);
      const others = byLeader.get(leader);
      if (others === undefined) byLeader.set(leader, [index]);
      else others.push(index);
    } catch (error) {
      found[index] = failure(wanted[index]!, asKafkaError(error));
    }
  }
  return byLeader;
}

/** One request names a partition once: who asks two offsets of one sends two. */
async function ask(
  client: KafkaClient,
  brokerId: number,
  wanted: readonly OffsetToList[],
  indexes: readonly number[],
  isolation: Isolation,
  found: ListedOffset[],
): Promise<void> {
  const seen = new Set<string>();
  const again: number[] = [];
  const byTopic = new Map<string, Map<number, number>>();
  for (const index of indexes) {
    const { topic, partition } = wanted[index]!;
    const key = `${partition} ${topic}`;
    if (seen.has(key)) {
      again.push(index);
      continue;
    }
    seen.add(key);
    const partitions = byTopic.get(topic) ?? new Map<number, number>();
    byTopic.set(topic, partitions.set(partition, index));
  }
  const others = again.length === 0 ? null : ask(client, brokerId, wanted, again, isolation, found);
  const body = make(listOffsetsApi.request, {
    replicaId: -1,
    isolationLevel: isolation === "read_committed" ? 1 : 0,
    timeoutMs: client.requestTimeoutMs,
    topics: [...byTopic].map(([name, partitions]) => ({
      name,
      partitions: [...partitions].map(([partitionIndex, index]) => {
        const { at } = wanted[index]!;
        return { partitionIndex, timestamp: typeof at === "number" ? at : TIMESTAMPS[at] };
      }),
    })),
  });
  const asksMaxTimestamp = indexes.some((index) => wanted[index]!.at === "max_timestamp");
  try {
    const answer = await client.call(listOffsetsApi, body, {
      to: { broker: brokerId },
      retry: false,
      ...(asksMaxTimestamp ? { versionMin: MAX_TIMESTAMP_VERSION } : {}),
    });
    for (const { name, partitions } of answer.topics) {
      for (const { partitionIndex, errorCode, offset, timestamp } of partitions) {
        const index = byTopic.get(name)?.get(partitionIndex);
        if (index === undefined) continue;
        found[index] = errorCode === errorCodes.NONE
          ? { ...wanted[index]!, offset, timestampMs: timestamp, error: null }
          : failure(wanted[index]!, failed(wanted[index]!, errorCode));
      }
    }
  } catch (error) {
    for (const partitions of byTopic.values()) {
      for (const index of partitions.values()) {
        found[index] = failure(wanted[index]!, asKafkaError(error));
      }
    }
  }
  await others;
}

function failed({ topic, partition, at }: OffsetToList, code: number): KafkaError {
  const what = typeof at === "number" ? `the offset at ${at}` : `the ${at} offset`;
  return new KafkaError(
    code,
    `Cannot find ${what} of partition ${partition} of "${topic}": ${errorMessage(code)}`,
  );
}

function failure(wanted: OffsetToList, error: KafkaError): ListedOffset {
  return { ...wanted, offset: -1, timestampMs: -1, error };
}
