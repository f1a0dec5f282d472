import { isInternalTopic } from "../protocol/mod.ts";
import {
  type AdminConnection,
  adminFlags,
  describeFailure,
  type FoundOffset,
  offsetsAt,
  type Outcome,
  type TopicPartition,
  withAdmin,
} from "./admin/mod.ts";
import { command } from "./command.ts";
import { CommandError, UsageError } from "./command_error.ts";
import { onOff, text } from "./flags.ts";
import { parseOffsetTime } from "./offsets/offset_time.ts";
import {
  parseTopicAndPartitions,
  parseTopicPartitions,
  type PartitionFilter,
} from "./offsets/partition_filter.ts";

const NO_OFFSET = -1;

/** `kafkats offsets`, as kafka-get-offsets: a line `topic:partition:offset` for each partition. */
export const offsetsCommand = command({
  name: "offsets",
  summary: "Print the offsets of partitions at a time: the end, the start, or any moment.",
  usage: "[--topic regex] [--partitions ids] [--time when] [flags]",
  examples: [
    "kafkats offsets --topic user-events",
    "kafkats offsets --topic user-events --time earliest",
    "kafkats offsets --topic-partitions user-events:0-2,orders --time 1735689600000",
  ],
  flags: {
    ...adminFlags,
    topic: text("regex", "Topics to look at; all when left out."),
    partitions: text("ids", "Partitions to look at, with commas; all when left out."),
    "topic-partitions": text(
      "rules",
      "Instead of --topic and --partitions: rules with commas, each a topic regex and maybe a " +
        "colon with N, N-M (without M), N- or -M behind it.",
    ),
    time: text(
      "when",
      "latest or -1, earliest or -2, max-timestamp or -3, earliest-local or -4, latest-tiered or " +
        "-5, earliest-pending-upload or -6, or milliseconds since 1970: the first offset from then " +
        "on; a partition without any is left out. (default: latest)",
    ),
    "exclude-internal-topics": onOff("Leave out the topics of the coordinators."),
    json: onOff("Print one JSON array."),
  },
  async run(flags, io) {
    const timestampMs = parseOffsetTime(flags.time ?? "latest");
    const filter = filterOf(flags);
    return await withAdmin(flags, io, async (admin) => {
      const wanted = await matching(admin, filter, flags["exclude-internal-topics"]);
      if (wanted.length === 0) {
        throw new CommandError("No partition matches --topic, --partitions or --topic-partitions");
      }
      const outcomes = await offsetsAt(admin, wanted, timestampMs);
      const rows = foundRows(wanted, outcomes);
      const print = flags.json ? toJson(rows) : toLines(rows);
      await io.stdout.write(print);
      const problems = problemsOf(wanted, outcomes);
      for (const problem of problems) await io.stderr.write(`${problem}\n`);
      return problems.length === 0 ? 0 : 1;
    });
  },
});

interface Row extends TopicPartition {
  readonly offset: number;
  readonly timestampMs: number;
}

function filterOf(flags: {
  readonly topic: string | null;
  readonly partitions: string | null;
  readonly "topic-partitions": string | null;
}): PartitionFilter {
  const rules = flags["topic-partitions"];
  if (rules === null) return parseTopicAndPartitions(flags.topic, flags.partitions);
  if (flags.topic !== null || flags.partitions !== null) {
    throw new UsageError("--topic-partitions cannot stand beside --topic or --partitions");
  }
  return parseTopicPartitions(rules);
}

/** All partitions that the filter lets through, by topic name and number. */
async function matching(
  admin: AdminConnection,
  filter: PartitionFilter,
  excludesInternal: boolean,
): Promise<TopicPartition[]> {
  const partitions: TopicPartition[] = [];
  for (const { name, isInternal, partitions: all } of await admin.topics(null)) {
    if (name === null || !filter.hasTopic(name)) continue;
    if (excludesInternal && (isInternal || isInternalTopic(name))) continue;
    for (const { partitionIndex } of all) {
      if (filter.has(name, partitionIndex)) {
        partitions.push({ topic: name, partition: partitionIndex });
      }
    }
  }
  return partitions.sort(byTopicAndPartition);
}

/** The order in which partitions are printed. */
export function byTopicAndPartition(a: TopicPartition, b: TopicPartition): number {
  return a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition;
}

function foundRows(
  wanted: readonly TopicPartition[],
  outcomes: ReadonlyMap<TopicPartition, Outcome<FoundOffset>>,
): Row[] {
  return wanted.flatMap((key) => {
    const outcome = outcomes.get(key);
    if (!outcome?.ok || outcome.value.offset === NO_OFFSET) return [];
    const { offset, timestampMs } = outcome.value;
    return [{ ...key, offset, timestampMs }];
  });
}

function problemsOf(
  wanted: readonly TopicPartition[],
  outcomes: ReadonlyMap<TopicPartition, Outcome<FoundOffset>>,
): string[] {
  return wanted.flatMap((key) => {
    const outcome = outcomes.get(key);
    if (outcome === undefined || outcome.ok) return [];
    return [`Skipped ${key.topic}-${key.partition}: ${describeFailure(outcome)}`];
  });
}

function toLines(rows: readonly Row[]): string {
  return rows.map(({ topic, partition, offset }) => `${topic}:${partition}:${offset}\n`).join("");
}

function toJson(rows: readonly Row[]): string {
  const objects = rows.map(({ topic, partition, offset, timestampMs }) => ({
    topic,
    partition,
    offset,
    ...(timestampMs < 0 ? {} : { timestamp: timestampMs }),
  }));
  return `${JSON.stringify(objects, null, 2)}\n`;
}
