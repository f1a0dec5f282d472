/**
 * The logs of a node, in Kafka's files to the byte: segments with their indexes, producer snapshots,
 * leader epochs, checkpoints, and the data directories they lie in. A {@linkcode LogManager} opens and
 * keeps them; a {@linkcode PartitionLog} is appended to and read from. Recovery after a crash, retention,
 * truncation and syncing live here; who may append, and up to where one may read, is decided by others.
 */
export type { AppendResult } from "./append_result.ts";
export { type DataDirectory, DataDirectoryError } from "./data_directory.ts";
export type { EpochEnd, EpochEntry } from "./epoch_cache.ts";
export { FilePool } from "./file_pool.ts";
export { FileRemover } from "./file_remover.ts";
export { type LogEnvironment, type LogLogger, silentLogger } from "./log_environment.ts";
export {
  DEFAULT_LOG_TASK_SETTINGS,
  type LoadReport,
  LogManager,
  type LogManagerOptions,
  type LogTaskSettings,
} from "./log_manager.ts";
export { METADATA_TOPIC } from "./log_names.ts";
export type { LogRead, ReadOptions } from "./log_reader.ts";
export { LogSlice } from "./log_slice.ts";
export {
  META_PROPERTIES_FILE,
  type MetaProperties,
  readMetaProperties,
  writeMetaProperties,
} from "./meta_properties.ts";
export { createLog, type LogIdentity, NO_TOPIC_ID, openLog } from "./open_log.ts";
export { type AppendOptions, PartitionLog } from "./partition_log.ts";
export type { BatchMetadata, ProducerEntry } from "./producer_entry.ts";
export { type LoadOptions, runToEnd } from "./recovery.ts";
export type { TimestampedOffset } from "./segment.ts";
export { DEFAULT_LOG_SETTINGS, type LogCompressionType, type LogSettings } from "./settings.ts";
export { FileFormatError } from "./small_file.ts";
export type { AbortedTransaction } from "./transaction_index.ts";
