import { type BrokerConfig, LONG_MAX } from "../config/mod.ts";
import { DEFAULT_LOG_SETTINGS, type LogSettings, type LogTaskSettings } from "../log/mod.ts";

const METADATA_INDEX_BYTES = 10_485_760;
/** The largest batch that Kafka's quorum writes (`KafkaRaftClient.MAX_BATCH_SIZE_BYTES`). */
const METADATA_BATCH_BYTES_MAX = 8 * 1024 * 1024;

/** How often the node looks after its logs. */
export function logTaskSettings(config: BrokerConfig): LogTaskSettings {
  const capped = (ms: number) => ms >= LONG_MAX ? Number.MAX_SAFE_INTEGER : ms;
  return {
    initialDelayMs: config.get("log.initial.task.delay.ms"),
    retentionCheckMs: config.get("log.retention.check.interval.ms"),
    flushCheckMs: capped(config.get("log.flush.scheduler.interval.ms")),
    recoveryPointCheckpointMs: config.get("log.flush.offset.checkpoint.interval.ms"),
    logStartCheckpointMs: config.get("log.flush.start.offset.checkpoint.interval.ms"),
    highWatermarkCheckpointMs: config.get("replica.high.watermark.checkpoint.interval.ms"),
    producerExpirationCheckMs: config.get("producer.id.expiration.check.interval.ms"),
  };
}

/** Settings of the metadata log: its segments roll by `metadata.log.segment.*`, and only snapshots clean it. */
export function metadataLogSettings(config: BrokerConfig): LogSettings {
  return {
    ...DEFAULT_LOG_SETTINGS,
    segmentBytes: config.get("metadata.log.segment.bytes"),
    segmentMs: config.get("metadata.log.segment.ms"),
    segmentIndexBytes: METADATA_INDEX_BYTES,
    retentionMs: -1,
    retentionBytes: -1,
    maxMessageBytes: METADATA_BATCH_BYTES_MAX,
  };
}
