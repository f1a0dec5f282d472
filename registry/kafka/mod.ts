/**
 * How the HTTP services reach a broker, kafkats or Apache Kafka, as any client does: the connections and
 * the view of a cluster, a producer, reads by offset, consumer groups. Requests and answers are the
 * messages of `broker/protocol`.
 *
 * @platformatic/kafka opens connections that need SASL and is not loaded for others: it takes 60 MB and
 * 0.2 s. Above the sockets we go without it. Its producer sends each call as a request of its own, for
 * 0.08 ms of CPU where 16 callers write a record each, and ours (one request for all that wait) takes
 * 0.008 ms; of 100 records a call 0.21 and 0.07 ms. Its consumer has no reads without a group, no
 * positions that move with what was taken, and no groups of other protocol types.
 * `producer/producer_bench.ts` measures both.
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
export {
  type Assignor,
  rangeAssignor,
  roundRobinAssignor,
  type Subscriber,
  type TopicPartitions,
} from "./group/assignors.ts";
export { decodeAssignment } from "./group/consumer_protocol.ts";
export {
  type GroupAssignment,
  type GroupMember,
  GroupMembership,
  type GroupProtocol,
  type MembershipOptions,
  type RevokeReason,
} from "./group/group_membership.ts";
export {
  commitOffsets,
  type CommittedOffset,
  committedOffsets,
  type Committer,
  type OffsetToCommit,
  type TopicPartition,
} from "./group/group_offsets.ts";
export { ConsumerStateError } from "./group/consumer_state_error.ts";
export {
  GroupConsumer,
  type GroupConsumerOptions,
  type PollOptions,
} from "./group/group_consumer.ts";
export type { TopicChoice } from "./group/topic_subscription.ts";
export { ClientOptionError, clientOptions } from "./client_options.ts";
export { createTopic, type TopicToCreate, topicWithLeaders } from "./topics.ts";
export type { ConsumedRecord } from "./group/record_supply.ts";
