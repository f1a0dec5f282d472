import {
  errorCodes,
  listOffsets,
  make,
  type Partially,
  type RequestOf,
} from "../../protocol/mod.ts";
import type { AdminConnection, TopicPartition } from "./admin_connection.ts";
import { done, failed, fanOut, type Outcome } from "./fan_out.ts";

/** Timestamps that ListOffsets takes for something else than a time, by the names of Kafka's tools. */
export const OFFSET_TIMES = {
  latest: -1,
  earliest: -2,
  "max-timestamp": -3,
  "earliest-local": -4,
  "latest-tiered": -5,
  "earliest-pending-upload": -6,
} as const;

/** From which version of ListOffsets each special timestamp is known (KIP-734, 405, 1005, 1023). */
const VERSION_OF_TIME: Readonly<Record<number, number>> = { [-3]: 7, [-4]: 8, [-5]: 9, [-6]: 11 };

/** Whether uncommitted transactions count. */
export const ISOLATION = { read_uncommitted: 0, read_committed: 1 } as const;

/** The name of an isolation level. */
export type IsolationLevel = keyof typeof ISOLATION;

/** An offset found by time; -1 where there is none. */
export interface FoundOffset {
  readonly offset: number;
  readonly timestampMs: number;
  readonly leaderEpoch: number;
}

/** All partitions of the named topics, or why a topic has none, in the order of the names. */
export async function partitionsOf(
  admin: AdminConnection,
  topics: readonly string[],
): Promise<Map<string, Outcome<number[]>>> {
  const found = new Map<string, Outcome<number[]>>();
  if (topics.length === 0) return found;
  const byName = new Map((await admin.topics(topics)).map((each) => [each.name, each]));
  for (const topic of topics) {
    const answer = byName.get(topic);
    const code = answer?.errorCode ?? errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
    found.set(
      topic,
      code === errorCodes.NONE
        ? done(answer!.partitions.map((each) => each.partitionIndex).sort((a, b) => a - b))
        : failed(code),
    );
  }
  return found;
}

/**
 * The offset of each partition at a time: milliseconds, or one of {@linkcode OFFSET_TIMES}. Asks
 * each partition's leader; rejects with ConnectionError when a leader stays away.
 */
export async function offsetsAt(
  admin: AdminConnection,
  partitions: Iterable<TopicPartition>,
  timestampMs: number,
  isolation: IsolationLevel = "read_uncommitted",
): Promise<Map<TopicPartition, Outcome<FoundOffset>>> {
  const leaders = new Map<TopicPartition, Outcome<number>>();
  return await fanOut(partitions, {
    locate: (pending) => locateLeaders(admin, pending, leaders),
    ask: (nodeId, keys) => askLeader(admin, nodeId, keys, timestampMs, isolation),
    forget: (pending) => pending.forEach((key) => leaders.delete(key)),
  }, admin);
}

async function locateLeaders(
  admin: AdminConnection,
  partitions: readonly TopicPartition[],
  known: Map<TopicPartition, Outcome<number>>,
): Promise<Map<TopicPartition, Outcome<number>>> {
  if (partitions.some((key) => !known.has(key))) {
    const topics = new Map<string, Outcome<Map<number, Outcome<number>>>>();
    for (
      const { name, errorCode, partitions: answers } of await admin.topics(namesOf(partitions))
    ) {
      const leaders = new Map(answers.map((each) => [
        each.partitionIndex,
        each.leaderId >= 0 ? done(each.leaderId) : failed(errorCodes.LEADER_NOT_AVAILABLE),
      ]));
      topics.set(name ?? "", errorCode === errorCodes.NONE ? done(leaders) : failed(errorCode));
    }
    for (const key of partitions) {
      const leaders = topics.get(key.topic) ?? failed(errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
      known.set(
        key,
        leaders.ok
          ? leaders.value.get(key.partition) ?? failed(errorCodes.UNKNOWN_TOPIC_OR_PARTITION)
          : leaders,
      );
    }
  }
  return new Map(partitions.map((key) => [key, known.get(key)!]));
}

async function askLeader(
  admin: AdminConnection,
  nodeId: number,
  partitions: readonly TopicPartition[],
  timestampMs: number,
  isolation: IsolationLevel,
): Promise<Map<TopicPartition, Outcome<FoundOffset>>> {
  const byTopic = Map.groupBy(partitions, (key) => key.topic);
  const body: Partially<RequestOf<typeof listOffsets>> = {
    replicaId: -1,
    isolationLevel: ISOLATION[isolation],
    topics: [...byTopic].map(([name, keys]) => ({
      name,
      partitions: keys.map(({ partition }) => ({
        partitionIndex: partition,
        timestamp: timestampMs,
      })),
    })),
    timeoutMs: admin.timeoutMs,
  };
  const response = await admin.sendToNode(nodeId, listOffsets, make(listOffsets.request, body), {
    versionMin: VERSION_OF_TIME[timestampMs] ?? 0,
  });
  const outcomes = new Map<TopicPartition, Outcome<FoundOffset>>(
    partitions.map((key) => [key, failed(errorCodes.UNKNOWN_SERVER_ERROR, "No answer for it")]),
  );
  for (const { name, partitions: answers } of response.topics) {
    const keys = new Map(byTopic.get(name)?.map((key) => [key.partition, key]));
    for (const { partitionIndex, errorCode, offset, timestamp, leaderEpoch } of answers) {
      const key = keys.get(partitionIndex);
      if (key === undefined) continue;
      outcomes.set(
        key,
        errorCode === errorCodes.NONE
          ? done({ offset, timestampMs: timestamp, leaderEpoch })
          : failed(errorCode),
      );
    }
  }
  return outcomes;
}

function namesOf(partitions: readonly TopicPartition[]): string[] {
  return [...new Set(partitions.map((key) => key.topic))];
}
