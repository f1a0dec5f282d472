import { boolean, double, int, list, long, LONG_MAX, string } from "../option.ts";
import { atLeast, between, gzipLevel, items, itemsOf, oneOf } from "../option_rule.ts";

/** Broker options of the log: segments, retention, flushing, compaction, compression. */
export const logOptions = [
  int("compression.gzip.level", -1, {
    rule: gzipLevel,
    scope: "cluster-wide",
    doc: "Gzip level, where the broker compresses; -1 is gzip's own default.",
  }),
  int("compression.lz4.level", 9, {
    rule: between(1, 17),
    scope: "cluster-wide",
    doc: "LZ4 level, where the broker compresses.",
  }),
  string("compression.type", "producer", {
    rule: oneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"),
    importance: "HIGH",
    scope: "cluster-wide",
    doc: "Codec in which the broker stores batches; producer keeps what the producer chose.",
  }),
  int("compression.zstd.level", 3, {
    rule: between(-131_072, 22),
    scope: "cluster-wide",
    doc: "Zstandard level, where the broker compresses.",
  }),
  long("log.cleaner.backoff.ms", 15_000, {
    rule: atLeast(0),
    scope: "cluster-wide",
    doc: "How long compaction rests when there is nothing to compact.",
  }),
  long("log.cleaner.dedupe.buffer.size", 134_217_728, {
    scope: "cluster-wide",
    doc: "Memory in bytes for the key maps of compaction, over all its threads.",
  }),
  long("log.cleaner.delete.retention.ms", 86_400_000, {
    rule: atLeast(0),
    scope: "cluster-wide",
    doc: "How long tombstones stay readable in compacted topics.",
  }),
  boolean("log.cleaner.enable", true, {
    doc: "Whether compacted topics are compacted.",
  }),
  double("log.cleaner.io.buffer.load.factor", 0.9, {
    scope: "cluster-wide",
    doc: "How full the key map of compaction may become.",
  }),
  int("log.cleaner.io.buffer.size", 524_288, {
    rule: atLeast(0),
    scope: "cluster-wide",
    doc: "Memory in bytes for the read and write buffers of compaction, over all its threads.",
  }),
  double("log.cleaner.io.max.bytes.per.second", Number.MAX_VALUE, {
    scope: "cluster-wide",
    doc: "Bytes a second that compaction may read and write on average.",
  }),
  long("log.cleaner.max.compaction.lag.ms", LONG_MAX, {
    rule: atLeast(1),
    scope: "cluster-wide",
    doc: "Age at which a record must be eligible for compaction.",
  }),
  double("log.cleaner.min.cleanable.ratio", 0.5, {
    rule: between(0, 1),
    scope: "cluster-wide",
    doc: "Share of uncompacted bytes from which a log is worth compacting.",
  }),
  long("log.cleaner.min.compaction.lag.ms", 0, {
    rule: atLeast(0),
    scope: "cluster-wide",
    doc: "Age up to which a record is left uncompacted.",
  }),
  int("log.cleaner.threads", 1, {
    rule: atLeast(0),
    scope: "cluster-wide",
    doc: "Compactions that run at once.",
  }),
  list("log.cleanup.policy", ["delete"], {
    rule: itemsOf(["compact", "delete"], { mayBeEmpty: true }),
    scope: "cluster-wide",
    doc: "What happens to old segments: delete them, compact them, or both.",
  }),
  list("log.dir", ["/tmp/kafka-logs"], {
    rule: items({ mayBeEmpty: false }),
    importance: "HIGH",
    doc: "Directory of the log data; read where log.dirs is unset.",
  }),
  long("log.dir.failure.timeout.ms", 30_000, {
    rule: atLeast(1),
    importance: "LOW",
    doc:
      "How long a broker with a failed log directory may fail to tell the controller before it stops.",
  }),
  list("log.dirs", null, {
    rule: items({ mayBeEmpty: false }),
    importance: "HIGH",
    doc: "Directories of the log data.",
  }),
  long("log.flush.interval.messages", LONG_MAX, {
    rule: atLeast(1),
    importance: "HIGH",
    scope: "cluster-wide",
    doc: "Records after which a partition's log is flushed to disk.",
  }),
  long("log.flush.interval.ms", null, {
    importance: "HIGH",
    scope: "cluster-wide",
    doc:
      "Time after which a partition's log is flushed to disk; log.flush.scheduler.interval.ms when unset.",
  }),
  int("log.flush.offset.checkpoint.interval.ms", 60_000, {
    rule: atLeast(0),
    importance: "HIGH",
    doc: "How often recovery points are checkpointed.",
  }),
  long("log.flush.scheduler.interval.ms", LONG_MAX, {
    importance: "HIGH",
    doc: "How often the flusher looks for logs to flush.",
  }),
  int("log.flush.start.offset.checkpoint.interval.ms", 60_000, {
    rule: atLeast(0),
    importance: "HIGH",
    doc: "How often log start offsets are checkpointed.",
  }),
  int("log.index.interval.bytes", 4096, {
    rule: atLeast(0),
    scope: "cluster-wide",
    doc: "Bytes of log between two entries of the offset index.",
  }),
  int("log.index.size.max.bytes", 10_485_760, {
    rule: atLeast(4),
    scope: "cluster-wide",
    doc: "Largest size of an offset index in bytes.",
  }),
  long("log.initial.task.delay.ms", 30_000, {
    rule: atLeast(0),
    importance: "LOW",
    internal: true,
    doc: "How long after start the periodic log tasks begin.",
  }),
  long("log.message.timestamp.after.max.ms", 3_600_000, {
    rule: atLeast(0),
    scope: "cluster-wide",
    doc: "How far a record's timestamp may lie ahead of the broker's clock.",
  }),
  long("log.message.timestamp.before.max.ms", LONG_MAX, {
    rule: atLeast(0),
    scope: "cluster-wide",
    doc: "How far a record's timestamp may lie behind the broker's clock.",
  }),
  string("log.message.timestamp.type", "CreateTime", {
    rule: oneOf("CreateTime", "LogAppendTime"),
    scope: "cluster-wide",
    doc:
      "Whose time a record carries: the producer's (CreateTime) or the broker's (LogAppendTime).",
  }),
  boolean("log.preallocate", false, {
    scope: "cluster-wide",
    doc: "Whether the whole file of a new segment is allocated at once.",
  }),
  long("log.retention.bytes", -1, {
    importance: "HIGH",
    scope: "cluster-wide",
    doc: "Bytes that a partition keeps before old segments are deleted; -1 is no limit.",
  }),
  long("log.retention.check.interval.ms", 300_000, {
    rule: atLeast(1),
    doc: "How often retention looks for segments to delete.",
  }),
  int("log.retention.hours", 168, {
    importance: "HIGH",
    doc:
      "Hours that segments are kept; read where log.retention.minutes and log.retention.ms are unset.",
  }),
  int("log.retention.minutes", null, {
    importance: "HIGH",
    doc: "Minutes that segments are kept; read where log.retention.ms is unset.",
  }),
  long("log.retention.ms", null, {
    importance: "HIGH",
    scope: "cluster-wide",
    doc: "Milliseconds that segments are kept; -1 is for ever.",
  }),
  int("log.roll.hours", 168, {
    rule: atLeast(1),
    importance: "HIGH",
    doc: "Hours after which a new segment is begun; read where log.roll.ms is unset.",
  }),
  int("log.roll.jitter.hours", 0, {
    rule: atLeast(0),
    importance: "HIGH",
    doc: "Largest random advance of log.roll.hours; read where log.roll.jitter.ms is unset.",
  }),
  long("log.roll.jitter.ms", null, {
    importance: "HIGH",
    scope: "cluster-wide",
    doc: "Largest random advance of log.roll.ms, so that segments do not all roll at once.",
  }),
  long("log.roll.ms", null, {
    importance: "HIGH",
    scope: "cluster-wide",
    doc: "Milliseconds after which a new segment is begun.",
  }),
  int("log.segment.bytes", 1_073_741_824, {
    rule: atLeast(1_048_576),
    importance: "HIGH",
    scope: "cluster-wide",
    doc: "Size at which a new segment is begun.",
  }),
  long("log.segment.delete.delay.ms", 60_000, {
    rule: atLeast(0),
    importance: "HIGH",
    scope: "cluster-wide",
    doc: "How long a deleted segment stays on disk.",
  }),
  int("max.decompressed.message.bytes", 2_147_483_639, {
    rule: between(1, 2_147_483_639),
    scope: "cluster-wide",
    doc: "Most bytes that a batch may decompress to.",
  }),
  int("message.max.bytes", 1_048_588, {
    rule: atLeast(0),
    importance: "HIGH",
    scope: "cluster-wide",
    doc: "Largest record batch that the broker takes, compressed.",
  }),
  int("min.insync.replicas", 1, {
    rule: atLeast(1),
    importance: "HIGH",
    scope: "cluster-wide",
    doc: "Replicas that must have a record before acks=all is answered.",
  }),
  int("num.recovery.threads.per.data.dir", 2, {
    rule: atLeast(1),
    importance: "HIGH",
    scope: "cluster-wide",
    doc: "Logs of a directory that are recovered at once.",
  }),
  int("num.replica.alter.log.dirs.threads", null, {
    importance: "HIGH",
    doc: "Moves between log directories that run at once.",
  }),
];
