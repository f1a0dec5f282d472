import { boolean, double, int, long, LONG_MAX, string } from "../option.ts";
import { atLeast, between, nonEmptyText } from "../option_rule.ts";

/** Broker options of tiered storage (KIP-405). */
export const tieredOptions = [
  boolean("follower.fetch.last.tiered.offset.enable", false, {
    scope: "cluster-wide",
    doc: "Whether a new follower starts behind the last offset that lies in remote storage.",
  }),
  long("log.local.retention.bytes", -2, {
    rule: atLeast(-2),
    scope: "cluster-wide",
    doc: "Bytes of a tiered partition to keep on local disk; -2 follows log.retention.bytes.",
  }),
  long("log.local.retention.ms", -2, {
    rule: atLeast(-2),
    scope: "cluster-wide",
    doc: "How long segments of a tiered partition stay on local disk; -2 follows log.retention.ms.",
  }),
  long("log.remote.copy.lag.bytes", -1, {
    rule: atLeast(-1),
    scope: "cluster-wide",
    doc:
      "Bytes that must follow a segment before it is copied to remote storage; -1 leaves it to time alone.",
  }),
  long("log.remote.copy.lag.ms", 0, {
    rule: atLeast(-1),
    scope: "cluster-wide",
    doc: "Age of a segment before it is copied to remote storage; -1 leaves it to size alone.",
  }),
  int("remote.fetch.max.wait.ms", 500, {
    rule: atLeast(1),
    scope: "cluster-wide",
    doc: "How long a fetch waits for remote storage.",
  }),
  long("remote.list.offsets.request.timeout.ms", 30_000, {
    rule: atLeast(1),
    scope: "cluster-wide",
    doc: "How long a look-up of offsets waits for remote storage.",
  }),
  long("remote.log.index.file.cache.total.size.bytes", 1_073_741_824, {
    rule: atLeast(1),
    importance: "LOW",
    scope: "cluster-wide",
    doc: "Disk space for cached indexes of remote segments.",
  }),
  long("remote.log.index.file.cache.ttl.ms", 900_000, {
    rule: atLeast(-1),
    importance: "LOW",
    internal: true,
    doc: "Time after which an unread cached index of a remote segment is dropped.",
  }),
  int("remote.log.manager.copier.thread.pool.size", 10, {
    rule: atLeast(1),
    scope: "cluster-wide",
    doc: "Copies to remote storage that run at once.",
  }),
  long("remote.log.manager.copy.max.bytes.per.second", LONG_MAX, {
    rule: atLeast(1),
    scope: "cluster-wide",
    doc: "Bytes a second that are copied to remote storage.",
  }),
  int("remote.log.manager.copy.quota.window.num", 11, {
    rule: atLeast(1),
    doc: "How many samples the quota for copies to remote storage keeps.",
  }),
  int("remote.log.manager.copy.quota.window.size.seconds", 1, {
    rule: atLeast(1),
    doc: "Seconds that one sample of the quota for copies to remote storage spans.",
  }),
  int("remote.log.manager.expiration.thread.pool.size", 10, {
    rule: atLeast(1),
    scope: "cluster-wide",
    doc: "Clean-ups of expired remote segments that run at once.",
  }),
  long("remote.log.manager.fetch.max.bytes.per.second", LONG_MAX, {
    rule: atLeast(1),
    scope: "cluster-wide",
    doc: "Bytes a second that are read from remote storage.",
  }),
  int("remote.log.manager.fetch.quota.window.num", 11, {
    rule: atLeast(1),
    doc: "How many samples the quota for reads from remote storage keeps.",
  }),
  int("remote.log.manager.fetch.quota.window.size.seconds", 1, {
    rule: atLeast(1),
    doc: "Seconds that one sample of the quota for reads from remote storage spans.",
  }),
  int("remote.log.manager.follower.thread.pool.size", 2, {
    rule: atLeast(1),
    scope: "cluster-wide",
    doc: "Tasks for followers of tiered partitions that run at once.",
  }),
  long("remote.log.manager.task.interval.ms", 30_000, {
    rule: atLeast(1),
    importance: "LOW",
    doc: "How often copying and expiring of remote segments is looked at.",
  }),
  long("remote.log.manager.task.retry.backoff.max.ms", 30_000, {
    rule: atLeast(1),
    importance: "LOW",
    internal: true,
    doc: "Longest pause before a failed remote storage task is repeated.",
  }),
  long("remote.log.manager.task.retry.backoff.ms", 500, {
    rule: atLeast(1),
    importance: "LOW",
    internal: true,
    doc: "First pause before a failed remote storage task is repeated.",
  }),
  double("remote.log.manager.task.retry.jitter", 0.2, {
    rule: between(0, 0.5),
    importance: "LOW",
    internal: true,
    doc: "Random share of the pause before a failed remote storage task is repeated.",
  }),
  int("remote.log.manager.thread.pool.size", 2, {
    rule: atLeast(1),
    doc: "Remote storage tasks that run at once.",
  }),
  int("remote.log.metadata.custom.metadata.max.bytes", 128, {
    rule: atLeast(0),
    importance: "LOW",
    doc: "Most bytes that a storage plug-in may attach to a segment's metadata.",
  }),
  string(
    "remote.log.metadata.manager.class.name",
    "org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager",
    {
      rule: nonEmptyText,
      doc: "What keeps the metadata of remote segments.",
    },
  ),
  string("remote.log.metadata.manager.class.path", null, {
    doc: "Class path of the remote metadata plug-in; kafkats loads no Java classes.",
  }),
  string("remote.log.metadata.manager.impl.prefix", "rlmm.config.", {
    rule: nonEmptyText,
    doc: "What the options of the remote metadata plug-in begin with.",
  }),
  string("remote.log.metadata.manager.listener.name", null, {
    rule: nonEmptyText,
    doc: "Listener through which the remote metadata plug-in reaches the cluster.",
  }),
  int("remote.log.reader.max.pending.tasks", 100, {
    rule: atLeast(1),
    doc: "Reads from remote storage that may wait.",
  }),
  int("remote.log.reader.threads", 10, {
    rule: atLeast(1),
    scope: "cluster-wide",
    doc: "Reads from remote storage that run at once.",
  }),
  string("remote.log.storage.manager.class.name", null, {
    rule: nonEmptyText,
    doc: "What stores remote segments.",
  }),
  string("remote.log.storage.manager.class.path", null, {
    doc: "Class path of the remote storage plug-in; kafkats loads no Java classes.",
  }),
  string("remote.log.storage.manager.impl.prefix", "rsm.config.", {
    rule: nonEmptyText,
    doc: "What the options of the remote storage plug-in begin with.",
  }),
  boolean("remote.log.storage.system.enable", false, {
    doc: "Whether tiered storage is on for this broker.",
  }),
];
