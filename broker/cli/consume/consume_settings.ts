import { type ClientProperties, ISOLATION, type IsolationLevel } from "../admin/mod.ts";
import { UsageError } from "../command_error.ts";
import { topicPattern } from "../topic_filter.ts";
import { type FlagSet, type FlagValues, integer, onOff, text, texts } from "../flags.ts";

const INT_MAX = 0x7fffffff;

/** Flags that tell what to read; Kafka's own names. */
export const readFlags = {
  topic: text("name", "The topic."),
  include: text("regex", "Instead of --topic: every topic whose name matches; commas mean or."),
  group: text("group", "Read as a member of this group, and commit how far. None without it."),
  partition: integer("n", "Only this partition of the topic.", { min: 0, max: INT_MAX }),
  offset: text("offset", "With --partition: from this offset on, or earliest or latest."),
  "from-beginning": onOff("Start at the first record where the group has read nothing yet."),
  "max-messages": integer("n", "End after that many records.", { min: 0 }),
  "timeout-ms": integer("ms", "End when no record came for so long.", { min: 0 }),
  "isolation-level": text("level", "read_committed leaves out transactions until they commit.", {
    allowed: Object.keys(ISOLATION),
  }),
  "command-property": texts("name=value", "A consumer property, such as fetch.max.wait.ms=100."),
  "consumer-property": texts("name=value", "As --command-property."),
} as const satisfies FlagSet;

/** Where to begin in a partition of which nothing is committed: a place, or an offset. */
export type StartAt = "earliest" | "latest" | "none" | number;

/** What is read, and how. */
export interface ReadSettings {
  readonly topic: string | null;
  readonly include: string | null;
  readonly group: string | null;
  readonly partition: number | null;
  readonly startAt: StartAt;
  /** What happens to a partition whose offset its log does not have. */
  readonly reset: "earliest" | "latest" | "none";
  readonly countMax: number;
  readonly idleMsMax: number;
  readonly isolation: IsolationLevel;
  readonly clientId: string;
  readonly instanceId: string | null;
  /** Infinity when nothing is committed but on purpose. */
  readonly commitIntervalMs: number;
  readonly isAutoCommit: boolean;
  readonly createsTopics: boolean;
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly partitionMaxBytes: number;
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly metadataMaxAgeMs: number;
}

/**
 * Settings from flags, from properties where a flag is silent, and Kafka's defaults. Throws
 * UsageError and CommandError that name what does not fit.
 */
export function readSettings(
  flags: FlagValues<typeof readFlags>,
  properties: ClientProperties,
): ReadSettings {
  checkFlags(flags);
  const group = groupOf(flags.group, properties);
  const reset = resetOf(flags["from-beginning"], properties);
  const protocol = properties.oneOf("group.protocol", ["classic", "consumer"]);
  if (protocol === "consumer" && group !== null) {
    throw new UsageError(
      "group.protocol=consumer: allowed is classic, this command knows no other",
    );
  }
  const ms = (name: string, fallback: number) =>
    properties.integer(name, { min: 0, max: INT_MAX }) ?? fallback;
  const isAutoCommit = properties.oneOf("enable.auto.commit", ["true", "false"]) !== "false";
  return {
    topic: flags.topic,
    include: flags.include,
    group,
    partition: flags.partition,
    startAt: flags.offset === null ? reset : startOf(flags.offset),
    reset,
    countMax: flags["max-messages"] ?? Infinity,
    idleMsMax: flags["timeout-ms"] ?? Infinity,
    isolation: (flags["isolation-level"] as IsolationLevel | null) ??
      properties.oneOf("isolation.level", ["read_uncommitted", "read_committed"]) ??
      "read_uncommitted",
    clientId: properties.text("client.id") ?? "console-consumer",
    instanceId: properties.text("group.instance.id"),
    commitIntervalMs: ms("auto.commit.interval.ms", 5000),
    isAutoCommit,
    createsTopics: properties.oneOf("allow.auto.create.topics", ["true", "false"]) !== "false",
    maxWaitMs: ms("fetch.max.wait.ms", 500),
    minBytes: ms("fetch.min.bytes", 1),
    maxBytes: ms("fetch.max.bytes", 50 * 1024 * 1024),
    partitionMaxBytes: ms("max.partition.fetch.bytes", 1024 * 1024),
    sessionTimeoutMs: ms("session.timeout.ms", 45_000),
    heartbeatIntervalMs: ms("heartbeat.interval.ms", 3000),
    rebalanceTimeoutMs: ms("max.poll.interval.ms", 300_000),
    requestTimeoutMs: Math.max(1, ms("request.timeout.ms", 30_000)),
    metadataMaxAgeMs: Math.max(1, ms("metadata.max.age.ms", 300_000)),
  };
}

function checkFlags(flags: FlagValues<typeof readFlags>): void {
  const { topic, include, partition, offset } = flags;
  if ((topic === null) === (include === null)) {
    const what = topic === null
      ? "Neither --topic nor --include"
      : "--topic and --include together";
    throw new UsageError(`${what}: needed is one of them`);
  }
  if (include !== null) topicPattern("include", include);
  if (partition !== null && topic === null) throw new UsageError("--partition needs --topic");
  if (offset !== null && partition === null) throw new UsageError("--offset needs --partition");
  if (offset !== null && flags["from-beginning"]) {
    throw new UsageError("--offset and --from-beginning together: allowed is one of them");
  }
}

function groupOf(flag: string | null, properties: ClientProperties): string | null {
  const property = properties.text("group.id");
  if (flag !== null && property !== null && flag !== property) {
    throw new UsageError(`--group ${flag} and group.id=${property}: they must agree`);
  }
  const group = flag ?? property;
  if (group === "") throw new UsageError("--group is empty: allowed is a name");
  return group;
}

function resetOf(
  isFromBeginning: boolean,
  properties: ClientProperties,
): "earliest" | "latest" | "none" {
  const property = properties.oneOf("auto.offset.reset", ["earliest", "latest", "none"]);
  if (isFromBeginning && property !== null && property !== "earliest") {
    throw new UsageError(`--from-beginning and auto.offset.reset=${property}: they must agree`);
  }
  return isFromBeginning ? "earliest" : property ?? "latest";
}

function startOf(offset: string): StartAt {
  const place = offset.toLowerCase();
  if (place === "earliest" || place === "latest") return place;
  if (/^\d{1,16}$/.test(offset) && Number.isSafeInteger(Number(offset))) return Number(offset);
  throw new UsageError(`--offset ${offset}: allowed is an offset from 0 on, earliest or latest`);
}
