import type { LogCompressionType, LogSettings } from "../log/settings.ts";
import type { BrokerConfig } from "./broker_config.ts";
import type { Option, OptionValue } from "./option.ts";
import { topicOptionTable } from "./option_table.ts";
import { parseOption } from "./option_value.ts";

const NOTHING: ReadonlyMap<string, string> = new Map();

/** Settings of topics without options of their own, by configuration. */
const defaults = new WeakMap<BrokerConfig, LogSettings>();

/**
 * Settings of a topic: its own options, and where it has none the broker's that stand behind them.
 * An own option that is unknown or does not parse (it was checked when it was set) is passed over.
 * Longs saturate at 2^53 - 1.
 */
export function topicSettings(
  config: BrokerConfig,
  overrides: ReadonlyMap<string, string> = NOTHING,
): LogSettings {
  if (overrides.size > 0) return resolve(config, overrides);
  const known = defaults.get(config);
  if (known !== undefined) return known;
  const settings = resolve(config, NOTHING);
  defaults.set(config, settings);
  return settings;
}

/** The value of one topic option: the topic's own text, else what the broker says. */
export function topicValue(
  config: BrokerConfig,
  overrides: ReadonlyMap<string, string>,
  option: Option,
): OptionValue {
  const text = overrides.get(option.name);
  if (text !== undefined) {
    const parsed = parseOption(option, text);
    if (parsed.ok) return parsed.value;
  }
  if (option.name === "retention.ms") return config.logRetentionMs;
  for (const { name, factor } of option.synonyms) {
    const value = config.valueOf(name) ?? null;
    if (value === null) continue;
    return typeof value === "number" ? value * factor : value;
  }
  return option.defaultValue;
}

function resolve(config: BrokerConfig, overrides: ReadonlyMap<string, string>): LogSettings {
  const value = (name: string): OptionValue => {
    const option = topicOptionTable.get(name);
    return option === undefined ? null : topicValue(config, overrides, option);
  };
  const number = (name: string) => Math.min(Number(value(name)), Number.MAX_SAFE_INTEGER);
  const flag = (name: string) => value(name) === true;
  const texts = (name: string) => (value(name) ?? []) as readonly string[];
  const policies = texts("cleanup.policy");
  return {
    cleanupPolicy: { compact: policies.includes("compact"), delete: policies.includes("delete") },
    compressionType: value("compression.type") as LogCompressionType,
    compressionLevels: {
      gzip: number("compression.gzip.level"),
      lz4: number("compression.lz4.level"),
      zstd: number("compression.zstd.level"),
    },
    segmentBytes: value("internal.segment.bytes") === null
      ? number("segment.bytes")
      : number("internal.segment.bytes"),
    segmentMs: number("segment.ms"),
    segmentJitterMs: number("segment.jitter.ms"),
    segmentIndexBytes: number("segment.index.bytes"),
    indexIntervalBytes: number("index.interval.bytes"),
    preallocate: flag("preallocate"),
    retentionMs: number("retention.ms"),
    retentionBytes: number("retention.bytes"),
    fileDeleteDelayMs: number("file.delete.delay.ms"),
    flushMessages: number("flush.messages"),
    flushMs: number("flush.ms"),
    maxMessageBytes: number("max.message.bytes"),
    maxDecompressedMessageBytes: number("max.decompressed.message.bytes"),
    messageTimestampType: value("message.timestamp.type") as "CreateTime" | "LogAppendTime",
    messageTimestampBeforeMaxMs: number("message.timestamp.before.max.ms"),
    messageTimestampAfterMaxMs: number("message.timestamp.after.max.ms"),
    minInSyncReplicas: number("min.insync.replicas"),
    uncleanLeaderElectionEnable: flag("unclean.leader.election.enable"),
    minCompactionLagMs: number("min.compaction.lag.ms"),
    maxCompactionLagMs: number("max.compaction.lag.ms"),
    minCleanableDirtyRatio: number("min.cleanable.dirty.ratio"),
    deleteRetentionMs: number("delete.retention.ms"),
    remoteStorageEnable: flag("remote.storage.enable"),
    remoteLogCopyDisable: flag("remote.log.copy.disable"),
    remoteLogDeleteOnDisable: flag("remote.log.delete.on.disable"),
    localRetentionMs: number("local.retention.ms"),
    localRetentionBytes: number("local.retention.bytes"),
    remoteCopyLagMs: number("remote.copy.lag.ms"),
    remoteCopyLagBytes: number("remote.copy.lag.bytes"),
    leaderReplicationThrottledReplicas: texts("leader.replication.throttled.replicas"),
    followerReplicationThrottledReplicas: texts("follower.replication.throttled.replicas"),
    errorsDeadLetterQueueGroupEnable: flag("errors.deadletterqueue.group.enable"),
  };
}
