import { boolean, int, list, short, string } from "../option.ts";
import { atLeast, between, items } from "../option_rule.ts";

/** Broker options of share groups and their coordinator (KIP-932). */
export const shareOptions = [
  boolean("errors.deadletterqueue.auto.create.topics.enable", false, {
    scope: "cluster-wide",
    doc: "Whether dead-letter topics of share groups are created on first use.",
  }),
  string("errors.deadletterqueue.topic.name.prefix", "dlq.", {
    scope: "cluster-wide",
    doc: "What the names of dead-letter topics of share groups begin with.",
  }),
  int("group.share.assignment.interval.ms", 1000, {
    rule: atLeast(0),
    scope: "cluster-wide",
    doc: "Shortest time between two assignments of a share group.",
  }),
  boolean("group.share.assignor.offload.enable", true, {
    scope: "cluster-wide",
    internal: true,
    doc: "Whether assignments of share groups are computed off the request path.",
  }),
  list("group.share.assignors", ["simple"], {
    rule: items({ mayBeEmpty: false }),
    doc: "Server-side assignors of share groups.",
  }),
  int("group.share.delivery.count.limit", 5, {
    rule: between(2, 10),
    doc: "How often a share group may be handed a record before it is given up.",
  }),
  string(
    "group.share.dlq.manager.class.name",
    "org.apache.kafka.server.share.dlq.DefaultShareGroupDLQManager",
    {
      internal: true,
      doc: "What moves given-up records of share groups to their dead-letter topic.",
    },
  ),
  int("group.share.heartbeat.interval.ms", 5000, {
    rule: atLeast(1),
    doc: "Heartbeat interval that members of share groups are given.",
  }),
  int("group.share.initialize.retry.interval.ms", 30_000, {
    rule: atLeast(1),
    importance: "LOW",
    internal: true,
    doc: "Pause before setting up the state of a share partition is tried again.",
  }),
  int("group.share.max.assignment.interval.ms", 15_000, {
    rule: atLeast(0),
    doc: "Largest assignment interval that a share group may be configured with.",
  }),
  int("group.share.max.delivery.count.limit", 10, {
    rule: between(5, 25),
    doc: "Largest delivery count limit that a share group may be configured with.",
  }),
  int("group.share.max.heartbeat.interval.ms", 15_000, {
    rule: atLeast(1),
    doc: "Largest heartbeat interval that a share group may be configured with.",
  }),
  int("group.share.max.partition.max.record.locks", 4000, {
    rule: between(2000, 10_000),
    doc: "Largest number of locked records that a share group may be configured with.",
  }),
  int("group.share.max.record.lock.duration.ms", 60_000, {
    rule: between(30_000, 3_600_000),
    doc: "Longest record lock that a share group may be configured with.",
  }),
  int("group.share.max.session.timeout.ms", 60_000, {
    rule: atLeast(1),
    doc: "Largest session timeout that a share group may be configured with.",
  }),
  int("group.share.max.share.sessions", 2000, {
    rule: atLeast(1),
    doc: "Most share sessions that a broker keeps.",
  }),
  int("group.share.max.size", 200, {
    rule: between(1, 1000),
    doc: "Most members that a share group may have.",
  }),
  int("group.share.min.assignment.interval.ms", 0, {
    rule: atLeast(0),
    doc: "Smallest assignment interval that a share group may be configured with.",
  }),
  int("group.share.min.delivery.count.limit", 2, {
    rule: between(2, 5),
    doc: "Smallest delivery count limit that a share group may be configured with.",
  }),
  int("group.share.min.heartbeat.interval.ms", 5000, {
    rule: atLeast(1),
    doc: "Smallest heartbeat interval that a share group may be configured with.",
  }),
  int("group.share.min.partition.max.record.locks", 100, {
    rule: between(100, 2000),
    doc: "Smallest number of locked records that a share group may be configured with.",
  }),
  int("group.share.min.record.lock.duration.ms", 15_000, {
    rule: between(1000, 30_000),
    doc: "Shortest record lock that a share group may be configured with.",
  }),
  int("group.share.min.session.timeout.ms", 45_000, {
    rule: atLeast(1),
    doc: "Smallest session timeout that a share group may be configured with.",
  }),
  int("group.share.partition.max.record.locks", 2000, {
    rule: between(100, 10_000),
    doc: "Most records of a partition that may be locked by consumers at once.",
  }),
  string(
    "group.share.persister.class.name",
    "org.apache.kafka.server.share.persister.DefaultStatePersister",
    {
      internal: true,
      doc: "What keeps the state of share partitions.",
    },
  ),
  int("group.share.record.lock.duration.ms", 30_000, {
    rule: between(1000, 3_600_000),
    doc: "How long a record handed to a share consumer stays locked.",
  }),
  int("group.share.session.timeout.ms", 45_000, {
    rule: atLeast(1),
    doc: "Silence after which a member of a share group is removed.",
  }),
  int("share.coordinator.append.linger.ms", -1, {
    rule: atLeast(-1),
    doc:
      "How long the share coordinator gathers records before it writes them; -1 adapts to the load.",
  }),
  int("share.coordinator.cached.buffer.max.bytes", 1_048_588, {
    rule: atLeast(524_288),
    scope: "cluster-wide",
    doc: "Largest write buffer that the share coordinator keeps for reuse.",
  }),
  int("share.coordinator.cold.partition.snapshot.interval.ms", 300_000, {
    rule: atLeast(1),
    importance: "LOW",
    internal: true,
    doc: "Time after which an idle share partition gets a snapshot.",
  }),
  int("share.coordinator.load.buffer.size", 5_242_880, {
    rule: atLeast(1),
    importance: "HIGH",
    doc: "Bytes to read at a time while the share state topic is loaded.",
  }),
  int("share.coordinator.snapshot.update.records.per.snapshot", 500, {
    rule: between(0, 500),
    doc: "Update records of a share partition between two snapshots.",
  }),
  int("share.coordinator.state.topic.compression.codec", 0, {
    importance: "HIGH",
    doc: "Codec id of the share state topic's batches: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd.",
  }),
  short("share.coordinator.state.topic.min.isr", 2, {
    rule: atLeast(1),
    importance: "HIGH",
    doc: "min.insync.replicas of the share state topic.",
  }),
  int("share.coordinator.state.topic.num.partitions", 50, {
    rule: atLeast(1),
    importance: "HIGH",
    doc: "Partitions of the share state topic; fixed once it exists.",
  }),
  int("share.coordinator.state.topic.prune.interval.ms", 300_000, {
    rule: atLeast(1),
    importance: "LOW",
    internal: true,
    doc: "How often superseded records of the share state topic are deleted.",
  }),
  short("share.coordinator.state.topic.replication.factor", 3, {
    rule: atLeast(1),
    importance: "HIGH",
    doc: "Replication factor of the share state topic when it is created.",
  }),
  int("share.coordinator.state.topic.segment.bytes", 104_857_600, {
    rule: atLeast(1),
    importance: "HIGH",
    doc: "Segment size of the share state topic.",
  }),
  int("share.coordinator.threads", 1, {
    rule: atLeast(1),
    doc: "Threads of the share coordinator; kafkats accepts it and schedules by itself.",
  }),
  int("share.coordinator.write.timeout.ms", 5000, {
    rule: atLeast(1),
    importance: "HIGH",
    doc: "How long a write waits for the replicas of the share state topic.",
  }),
  int("share.fetch.purgatory.purge.interval.requests", 1000, {
    doc: "After how many finished requests the waiting share fetches are swept.",
  }),
];
