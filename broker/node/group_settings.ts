import type { BrokerConfig } from "../config/mod.ts";
import type { GroupCoordinatorSettings } from "../coordinator/mod.ts";
import type { CodecId } from "../protocol/records/mod.ts";

const MINUTE_MS = 60_000;

/** What the group coordinator takes from the configuration. */
export function groupSettings(config: BrokerConfig): GroupCoordinatorSettings {
  return {
    minSessionTimeoutMs: config.get("group.min.session.timeout.ms"),
    maxSessionTimeoutMs: config.get("group.max.session.timeout.ms"),
    initialRebalanceDelayMs: config.get("group.initial.rebalance.delay.ms"),
    maxSize: config.get("group.max.size"),
    offsetMetadataMaxBytes: config.get("offset.metadata.max.bytes"),
    offsetsRetentionMs: config.get("offsets.retention.minutes") * MINUTE_MS,
    offsetsRetentionCheckIntervalMs: config.get("offsets.retention.check.interval.ms"),
    offsetsTopicSegmentBytes: config.get("offsets.topic.segment.bytes"),
    offsetsTopicCompressionCodec: config.get("offsets.topic.compression.codec") as CodecId,
    offsetsCommitTimeoutMs: config.get("offsets.commit.timeout.ms"),
    appendLingerMs: config.get("group.coordinator.append.linger.ms"),
  };
}
