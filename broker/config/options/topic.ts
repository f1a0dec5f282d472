import {
  boolean,
  double,
  hours,
  int,
  list,
  long,
  LONG_MAX,
  minutes,
  same,
  string,
} from "../option.ts";
import { atLeast, between, gzipLevel, itemsOf, oneOf, throttledReplicas } from "../option_rule.ts";

/** Options of a topic, each with the broker options that stand behind it. */
export const topicOptions = [
  list("cleanup.policy", ["delete"], {
    rule: itemsOf(["compact", "delete"], { mayBeEmpty: true }),
    synonyms: [same("log.cleanup.policy")],
    doc:
      "What happens to old segments: delete them, compact them, or both; empty keeps everything.",
  }),
  int("compression.gzip.level", -1, {
    rule: gzipLevel,
    synonyms: [same("compression.gzip.level")],
    doc: "Gzip level where compression.type is gzip; -1 is gzip's own default.",
  }),
  int("compression.lz4.level", 9, {
    rule: between(1, 17),
    synonyms: [same("compression.lz4.level")],
    doc: "LZ4 level where compression.type is lz4.",
  }),
  string("compression.type", "producer", {
    rule: oneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"),
    synonyms: [same("compression.type")],
    doc: "Codec in which batches are stored; producer keeps what the producer chose.",
  }),
  int("compression.zstd.level", 3, {
    rule: between(-131_072, 22),
    synonyms: [same("compression.zstd.level")],
    doc: "Zstandard level where compression.type is zstd.",
  }),
  long("delete.retention.ms", 86_400_000, {
    rule: atLeast(0),
    synonyms: [same("log.cleaner.delete.retention.ms")],
    doc: "How long tombstones stay readable in a compacted topic.",
  }),
  boolean("errors.deadletterqueue.group.enable", false, {
    doc: "Whether share groups may use this topic for records that they give up.",
  }),
  long("file.delete.delay.ms", 60_000, {
    rule: atLeast(0),
    synonyms: [same("log.segment.delete.delay.ms")],
    doc: "How long a deleted segment stays on disk.",
  }),
  long("flush.messages", LONG_MAX, {
    rule: atLeast(1),
    synonyms: [same("log.flush.interval.messages")],
    doc: "Records after which a partition's log is flushed to disk.",
  }),
  long("flush.ms", LONG_MAX, {
    rule: atLeast(0),
    synonyms: [same("log.flush.interval.ms"), same("log.flush.scheduler.interval.ms")],
    doc: "Time after which a partition's log is flushed to disk.",
  }),
  list("follower.replication.throttled.replicas", [], {
    rule: throttledReplicas,
    doc: "Replicas whose fetching is throttled, as partition:broker, or * for all.",
  }),
  int("index.interval.bytes", 4096, {
    rule: atLeast(0),
    synonyms: [same("log.index.interval.bytes")],
    doc: "Bytes of log between two entries of the offset index.",
  }),
  int("internal.segment.bytes", null, {
    internal: true,
    doc: "Segment size below the usual least, for tests alone.",
  }),
  list("leader.replication.throttled.replicas", [], {
    rule: throttledReplicas,
    doc: "Replicas that are served throttled, as partition:broker, or * for all.",
  }),
  long("local.retention.bytes", -2, {
    rule: atLeast(-2),
    synonyms: [same("log.local.retention.bytes")],
    doc: "Bytes of a tiered partition to keep on local disk; -2 follows retention.bytes.",
  }),
  long("local.retention.ms", -2, {
    rule: atLeast(-2),
    synonyms: [same("log.local.retention.ms")],
    doc: "How long segments of a tiered partition stay on local disk; -2 follows retention.ms.",
  }),
  long("max.compaction.lag.ms", LONG_MAX, {
    rule: atLeast(1),
    synonyms: [same("log.cleaner.max.compaction.lag.ms")],
    doc: "Age at which a record must be eligible for compaction.",
  }),
  int("max.decompressed.message.bytes", 2_147_483_639, {
    rule: between(1, 2_147_483_639),
    synonyms: [same("max.decompressed.message.bytes")],
    doc: "Most bytes that a batch may decompress to.",
  }),
  int("max.message.bytes", 1_048_588, {
    rule: atLeast(0),
    synonyms: [same("message.max.bytes")],
    doc: "Largest record batch that the topic takes, compressed.",
  }),
  long("message.timestamp.after.max.ms", 3_600_000, {
    rule: atLeast(0),
    synonyms: [same("log.message.timestamp.after.max.ms")],
    doc: "How far a record's timestamp may lie ahead of the broker's clock.",
  }),
  long("message.timestamp.before.max.ms", LONG_MAX, {
    rule: atLeast(0),
    synonyms: [same("log.message.timestamp.before.max.ms")],
    doc: "How far a record's timestamp may lie behind the broker's clock.",
  }),
  string("message.timestamp.type", "CreateTime", {
    rule: oneOf("CreateTime", "LogAppendTime"),
    synonyms: [same("log.message.timestamp.type")],
    doc:
      "Whose time a record carries: the producer's (CreateTime) or the broker's (LogAppendTime).",
  }),
  double("min.cleanable.dirty.ratio", 0.5, {
    rule: between(0, 1),
    synonyms: [same("log.cleaner.min.cleanable.ratio")],
    doc: "Share of uncompacted bytes from which a log is worth compacting.",
  }),
  long("min.compaction.lag.ms", 0, {
    rule: atLeast(0),
    synonyms: [same("log.cleaner.min.compaction.lag.ms")],
    doc: "Age up to which a record is left uncompacted.",
  }),
  int("min.insync.replicas", 1, {
    rule: atLeast(1),
    synonyms: [same("min.insync.replicas")],
    doc: "Replicas that must have a record before acks=all is answered.",
  }),
  boolean("preallocate", false, {
    synonyms: [same("log.preallocate")],
    doc: "Whether the whole file of a new segment is allocated at once.",
  }),
  long("remote.copy.lag.bytes", -1, {
    rule: atLeast(-1),
    synonyms: [same("log.remote.copy.lag.bytes")],
    doc:
      "Bytes that must follow a segment before it is copied to remote storage; -1 leaves it to time alone.",
  }),
  long("remote.copy.lag.ms", 0, {
    rule: atLeast(-1),
    synonyms: [same("log.remote.copy.lag.ms")],
    doc: "Age of a segment before it is copied to remote storage; -1 leaves it to size alone.",
  }),
  boolean("remote.log.copy.disable", false, {
    doc: "Whether copying to remote storage stops while what is there stays readable.",
  }),
  boolean("remote.log.delete.on.disable", false, {
    doc: "Whether turning tiered storage off deletes what lies in remote storage.",
  }),
  boolean("remote.storage.enable", false, {
    doc: "Whether segments of the topic move to remote storage.",
  }),
  long("retention.bytes", -1, {
    synonyms: [same("log.retention.bytes")],
    doc: "Bytes that a partition keeps before old segments are deleted; -1 is no limit.",
  }),
  long("retention.ms", 604_800_000, {
    rule: atLeast(-1),
    synonyms: [
      same("log.retention.ms"),
      minutes("log.retention.minutes"),
      hours("log.retention.hours"),
    ],
    doc: "Milliseconds that segments are kept; -1 is for ever.",
  }),
  int("segment.bytes", 1_073_741_824, {
    rule: atLeast(1_048_576),
    synonyms: [same("log.segment.bytes")],
    doc: "Size at which a new segment is begun.",
  }),
  int("segment.index.bytes", 10_485_760, {
    rule: atLeast(4),
    synonyms: [same("log.index.size.max.bytes")],
    doc: "Largest size of an offset index in bytes.",
  }),
  long("segment.jitter.ms", 0, {
    rule: atLeast(0),
    synonyms: [same("log.roll.jitter.ms"), hours("log.roll.jitter.hours")],
    doc: "Largest random advance of segment.ms, so that segments do not all roll at once.",
  }),
  long("segment.ms", 604_800_000, {
    rule: atLeast(1),
    synonyms: [same("log.roll.ms"), hours("log.roll.hours")],
    doc: "Time after which a new segment is begun.",
  }),
  boolean("unclean.leader.election.enable", false, {
    synonyms: [same("unclean.leader.election.enable")],
    doc:
      "Whether a replica outside the in-sync replicas may lead as a last resort, losing records.",
  }),
];
