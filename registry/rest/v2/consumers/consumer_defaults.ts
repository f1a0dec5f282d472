import type { GroupConsumerOptions } from "../../../kafka/mod.ts";
import { integer, oneOf, type Option, SettingsError } from "../../../settings/mod.ts";

/** What the consumers of all instances have in common, from the options `consumer.*` of Kafka's own names. */
export type ConsumerDefaults = Partial<Omit<GroupConsumerOptions, "groupId" | "onProblem">>;

const TIMER_MS_MAX = 2 ** 31 - 1;
const time = integer(0, "Milliseconds.", { min: 1, max: TIMER_MS_MAX });
const bytes = integer(0, "Bytes.", { min: 1, max: TIMER_MS_MAX });

/** Reads them, named without their prefix. Throws SettingsError; names that mean nothing here are left out. */
export function consumerDefaults(given: Readonly<Record<string, string>>): ConsumerDefaults {
  function read<V>(name: string, option: Option<V>): V | null {
    const text = given[name];
    if (text === undefined) return null;
    const value = option.parse(text);
    if (value !== null) return value;
    throw new SettingsError(`Option consumer.${name}=${text}: allowed is ${option.allowed}`);
  }
  const reset = read("auto.offset.reset", oneOf("latest", ["earliest", "latest", "none"], ""));
  const autoCommit = read("enable.auto.commit", oneOf("true", ["true", "false"], ""));
  const isolation = read(
    "isolation.level",
    oneOf("read_uncommitted", ["read_uncommitted", "read_committed"], ""),
  );
  const numbers = {
    autoCommitIntervalMs: read("auto.commit.interval.ms", time),
    sessionTimeoutMs: read("session.timeout.ms", time),
    heartbeatIntervalMs: read("heartbeat.interval.ms", time),
    rebalanceTimeoutMs: read("max.poll.interval.ms", time),
    fetchMaxBytes: read("fetch.max.bytes", bytes),
    partitionMaxBytes: read("max.partition.fetch.bytes", bytes),
    topicRefreshMs: read("metadata.max.age.ms", time),
  };
  return {
    ...(reset === null ? {} : { autoOffsetReset: reset }),
    ...(autoCommit === null ? {} : { autoCommit: autoCommit === "true" }),
    ...(isolation === null ? {} : { isolation }),
    ...Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== null)),
  };
}
