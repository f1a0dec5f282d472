/**
 * How the HTTP services reach a broker, kafkats or Apache Kafka, as any client does: the connections and
 * the view of a cluster, a producer, reads by offset, consumer groups. Requests and answers are the
 * messages of `broker/protocol`.
 */
export {
  type CallOptions,
  KafkaClient,
  type KafkaClientOptions,
  type KafkaLogger,
  type Target,
} from "./kafka_client.ts";
export { KafkaError, type KafkaErrorOptions, throwOnCode } from "./kafka_error.ts";
export type {
  Broker,
  Cluster,
  MetadataOptions,
  PartitionInfo,
  TopicInfo,
} from "./metadata_cache.ts";
export type { SaslSettings, TlsSettings } from "./security.ts";
export type { ServerAddress } from "./server_address.ts";
export { BatchingProducer, type BatchingProducerOptions } from "./producer/batching_producer.ts";
export type { ProducedRecord, ProducerRecord, SendOutcome } from "./producer/pending_record.ts";
export type { FetchedRecord, Isolation } from "./reads/decode_records.ts";
export {
  type ListedOffset,
  listOffsets,
  type OffsetAt,
  type OffsetToList,
} from "./reads/list_offsets.ts";
export { PartitionTail, type TailOptions } from "./reads/partition_tail.ts";
export { type FetchedRecords, type FetchOptions, RecordReader } from "./reads/record_reader.ts";
