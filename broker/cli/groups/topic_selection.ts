import { type AdminConnection, ApiError, partitionsOf, type TopicPartition } from "../admin/mod.ts";
import { CommandError, UsageError } from "../command_error.ts";

/** A topic with some of its partitions, or all of them for null. */
export interface TopicSelection {
  readonly topic: string;
  readonly partitions: readonly number[] | null;
}

/** Reads a value of `--topic`: `orders` or `orders:0,1,2`. Throws UsageError. */
export function parseTopicSelection(text: string): TopicSelection {
  const [topic = "", numbers, ...more] = text.split(":");
  const isNumbers = numbers === undefined || /^\d{1,10}(?:,\d{1,10})*$/.test(numbers);
  if (topic === "" || more.length > 0 || !isNumbers) {
    throw new UsageError(`--topic ${text}: allowed is TOPIC or TOPIC:0,1,2`);
  }
  return { topic, partitions: numbers === undefined ? null : numbers.split(",").map(Number) };
}

/**
 * The partitions that selections mean, each once. Rejects with ApiError when a topic is unknown and
 * with CommandError when a partition is.
 */
export async function selectedPartitions(
  admin: AdminConnection,
  selections: readonly TopicSelection[],
): Promise<TopicPartition[]> {
  const existing = await partitionsOf(admin, [...new Set(selections.map(({ topic }) => topic))]);
  const selected = new Map<string, TopicPartition>();
  for (const { topic, partitions } of selections) {
    const outcome = existing.get(topic)!;
    if (!outcome.ok) throw new ApiError(`Cannot use --topic ${topic}`, outcome);
    const missing = partitions?.find((each) => !outcome.value.includes(each));
    if (missing !== undefined) {
      throw new CommandError(
        `Cannot use --topic ${topic}: it has no partition ${missing}, ` +
          `only 0 to ${outcome.value.length - 1}`,
      );
    }
    for (const partition of partitions ?? outcome.value) {
      selected.set(`${topic}:${partition}`, { topic, partition });
    }
  }
  return [...selected.values()];
}
