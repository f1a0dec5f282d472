/**
 * Record batches, the one thing in the protocol that is coded by hand: cursors that read and patch
 * them where they lie, builders that write them, the codecs, and the checks and changes that a leader
 * makes before it appends. Magic 2, and magic 0 and 1 as old logs have them. Everything is
 * synchronous; nothing is allocated per record.
 */
export {
  type AppendOrigin,
  type AppendRules,
  type CompressionType,
  RECORD_PROBLEMS_MAX,
  type RecordProblem,
  type RefusedRecords,
  type ValidatedRecords,
} from "./append_rules.ts";
export { BatchCursor, type TimestampType } from "./batch.ts";
export { BatchBuilder, type BatchOptions, batchSizeBytes, encodeEmptyBatch } from "./builder.ts";
export {
  CODEC_GZIP,
  CODEC_LZ4,
  CODEC_NAMES,
  CODEC_NONE,
  CODEC_SNAPPY,
  CODEC_ZSTD,
  type CodecId,
  codecId,
  type CodecName,
  compress,
  type CompressionLevels,
  decompress,
  DEFAULT_COMPRESSION_LEVELS,
  UNPACKED_BYTES_MAX,
} from "./compression/mod.ts";
export {
  type ControlBatchOptions,
  type ControlType,
  decodeControlKey,
  decodeEndTxnMarker,
  encodeControlBatch,
  encodeControlKey,
  encodeEndTxnMarker,
  type EndTxnMarkerOptions,
} from "./control.ts";
export { readInt64, writeInt64 } from "./int64.ts";
export {
  BATCH_HEADER_BYTES,
  BATCH_PREFIX_BYTES,
  incrementSequence,
  LOG_OVERHEAD_BYTES,
} from "./layout.ts";
export { encodeLegacySet, type LegacyOptions, type LegacyRecord } from "./legacy_builder.ts";
export { checkHead, checkProduced, isTransactional } from "./produced_records.ts";
export { forEachRecord, RecordCursor, type RecordHeader } from "./record.ts";
export { RecordsError } from "./records_error.ts";
export { validateProduced } from "./validate.ts";
