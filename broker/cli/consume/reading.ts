import {
  type AdminConnection,
  ApiError,
  OFFSET_TIMES,
  offsetsAt,
  type TopicPartition,
} from "../admin/mod.ts";
import { CommandError } from "../command_error.ts";
import type { StartAt } from "./consume_settings.ts";
import type { Position } from "./partition_fetcher.ts";
import type { ChosenTopics } from "./topic_choice.ts";

/** Who decides which partitions are read and from where, and keeps how far they have been. */
export interface Reading {
  /** Begins with these topics, or goes on with them when they have changed. */
  useTopics(topics: ChosenTopics): Promise<void>;
  /** Does what has come up meanwhile; called between one batch of records and the next. */
  settle(): Promise<void>;
  /** Keeps how far has been read, where there is a group to keep it. */
  commit(): Promise<void>;
  /** Ends: nothing is read any more. Calling it again does nothing. */
  stop(): Promise<void>;
}

/** The positions at which partitions are begun. Rejects with CommandError where one has none. */
export async function startPositions(
  admin: AdminConnection,
  partitions: readonly TopicPartition[],
  startAt: StartAt,
): Promise<Position[]> {
  if (partitions.length === 0) return [];
  if (typeof startAt === "number") {
    return partitions.map((key) => ({ ...key, offset: startAt, leaderEpoch: -1 }));
  }
  if (startAt === "none") {
    const [{ topic, partition } = { topic: "", partition: 0 }] = partitions;
    throw new CommandError(
      `Nothing is committed for ${topic}-${partition}, and auto.offset.reset=none`,
    );
  }
  const outcomes = await offsetsAt(admin, partitions, OFFSET_TIMES[startAt]);
  return partitions.map((key) => {
    const outcome = outcomes.get(key)!;
    if (outcome.ok) return { ...key, offset: outcome.value.offset, leaderEpoch: -1 };
    throw new ApiError(`Cannot tell the offsets of ${key.topic}-${key.partition}`, outcome);
  });
}

/** All partitions of the topics. */
export function partitionsIn(topics: ChosenTopics): TopicPartition[] {
  return [...topics].flatMap(([topic, count]) =>
    Array.from({ length: count }, (_, partition) => ({ topic, partition }))
  );
}

/** `topic:partition`, a key for maps. */
export function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}:${partition}`;
}
