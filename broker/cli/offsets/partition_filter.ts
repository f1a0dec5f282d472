import { UsageError } from "../command_error.ts";
import { topicPattern } from "../topic_filter.ts";

/** Which partitions are asked for. */
export interface PartitionFilter {
  /** Whether any partition of the topic may be meant. */
  hasTopic(topic: string): boolean;
  has(topic: string, partition: number): boolean;
}

/** `TOPIC`, `TOPIC:N`, `TOPIC:N-M` (without M), `TOPIC:N-`, `TOPIC:-M`; TOPIC may be left out. */
const RULE = /^([^:,]*)(?::(?:(\d+)|(\d*)-(\d*))?)?$/;

interface Rule {
  readonly topic: (name: string) => boolean;
  /** `[start, end)`. */
  readonly start: number;
  readonly end: number;
}

/** Reads the rules of `--topic-partitions`, separated by commas. Throws UsageError. */
export function parseTopicPartitions(text: string): PartitionFilter {
  const rules = text.split(",").map(parseRule);
  return {
    hasTopic: (topic) => rules.some((rule) => rule.topic(topic)),
    has: (topic, partition) =>
      rules.some((rule) => rule.topic(topic) && partition >= rule.start && partition < rule.end),
  };
}

/** Reads `--topic` and `--partitions`; null is everything. Throws UsageError. */
export function parseTopicAndPartitions(
  topics: string | null,
  partitions: string | null,
): PartitionFilter {
  const pattern = topicPattern("topic", topics ?? ".*");
  const ids = new Set(partitions === null || partitions === "" ? [] : parseIds(partitions));
  return {
    hasTopic: (topic) => pattern(topic),
    has: (topic, partition) => pattern(topic) && (ids.size === 0 || ids.has(partition)),
  };
}

function parseRule(text: string): Rule {
  const match = RULE.exec(text.trim());
  if (match === null) {
    throw new UsageError(
      `--topic-partitions ${text}: allowed is TOPIC, TOPIC:N, TOPIC:N-M, TOPIC:N- or TOPIC:-M`,
    );
  }
  const [, topic = "", single, start = "", end = ""] = match;
  const pattern = topicPattern("topic-partitions", topic === "" ? ".*" : topic);
  if (single !== undefined) {
    return { topic: pattern, start: Number(single), end: Number(single) + 1 };
  }
  return { topic: pattern, start: Number(start), end: end === "" ? Infinity : Number(end) };
}

function parseIds(text: string): number[] {
  return text.split(",").map((part) => {
    if (/^\d{1,10}$/.test(part.trim())) return Number(part);
    throw new UsageError(`--partitions ${text}: allowed are partition numbers with commas: 0,1,2`);
  });
}
