import { errorCodes, listOffsets, make } from "../../protocol/mod.ts";
import { type ClusterClient, describeError } from "./cluster_client.ts";
import { CommandError } from "../command_error.ts";

/** Timestamps that ask for a place instead of a time. */
export const offsetSpec = {
  latest: -1,
  earliest: -2,
  maxTimestamp: -3,
  earliestLocal: -4,
  latestTiered: -5,
  earliestPendingUpload: -6,
} as const;

/** A partition of a topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** A partition, and the time or place that is asked for. */
export interface OffsetQuestion extends TopicPartition {
  readonly timestamp: number;
}

/** An offset that was asked for; -1 where there is none. */
export interface FoundOffset extends TopicPartition {
  readonly offset: number;
  readonly timestamp: number;
  readonly leaderEpoch: number;
}

const READ_UNCOMMITTED = 0;
const CONSUMER = -1;

/**
 * Asks the leaders for offsets. Gives an answer for each question, in no particular order; throws
 * CommandError where a partition does not exist, has no leader or is refused.
 */
export async function findOffsets(
  client: ClusterClient,
  questions: readonly OffsetQuestion[],
  isolationLevel: number = READ_UNCOMMITTED,
): Promise<FoundOffset[]> {
  const leaders = await leadersOf(client, questions);
  const byLeader = Map.groupBy(questions, (question) => leaders.get(keyOf(question)) ?? -1);
  const found: FoundOffset[] = [];
  for (const [leader, asked] of byLeader) {
    const node = await client.node(leader);
    const byTopic = Map.groupBy(asked, ({ topic }) => topic);
    const { topics } = await node.request(
      listOffsets,
      make(listOffsets.request, {
        replicaId: CONSUMER,
        isolationLevel,
        timeoutMs: 30_000,
        topics: [...byTopic].map(([name, partitions]) => ({
          name,
          partitions: partitions.map(({ partition, timestamp }) => ({
            partitionIndex: partition,
            timestamp,
          })),
        })),
      }),
    );
    for (const { name, partitions } of topics) {
      for (const { partitionIndex, errorCode, offset, timestamp, leaderEpoch } of partitions) {
        if (errorCode !== errorCodes.NONE) {
          throw new CommandError(
            `Cannot find the offset of ${name}-${partitionIndex}: ${describeError({ errorCode })}`,
          );
        }
        found.push({ topic: name, partition: partitionIndex, offset, timestamp, leaderEpoch });
      }
    }
  }
  return found;
}

/** A partition as a map's key: nothing else in a topic's name contains a blank. */
export function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic} ${partition}`;
}

/** Sorts by topic, then by partition. */
export function byPartition(a: TopicPartition, b: TopicPartition): number {
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1;
  return a.partition - b.partition;
}

async function leadersOf(
  client: ClusterClient,
  partitions: readonly TopicPartition[],
): Promise<Map<string, number>> {
  const leaders = new Map<string, number>();
  if (partitions.length === 0) return leaders;
  const names = [...new Set(partitions.map(({ topic }) => topic))];
  const { topics } = await client.metadata(names);
  for (const topic of topics) {
    for (const { partitionIndex, leaderId } of topic.partitions) {
      leaders.set(keyOf({ topic: topic.name ?? "", partition: partitionIndex }), leaderId);
    }
  }
  for (const partition of partitions) {
    const leader = leaders.get(keyOf(partition));
    if (leader !== undefined && leader >= 0) continue;
    const name = `${partition.topic}-${partition.partition}`;
    throw new CommandError(
      leader === undefined ? `There is no partition ${name}` : `Nobody leads partition ${name}`,
    );
  }
  return leaders;
}
