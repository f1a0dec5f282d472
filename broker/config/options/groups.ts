import { boolean, int, INT_MAX, list, long, short, string } from "../option.ts";
import { atLeast, items, itemsOf, oneOfAnyCase } from "../option_rule.ts";

/** Broker options of the group coordinator: offsets, classic and consumer groups. */
export const groupCoordinatorOptions = [
  int("group.consumer.assignment.interval.ms", 1000, {
    rule: atLeast(0),
    scope: "cluster-wide",
    doc: "Shortest time between two assignments of a consumer group.",
  }),
  boolean("group.consumer.assignor.offload.enable", true, {
    scope: "cluster-wide",
    internal: true,
    doc: "Whether assignments of consumer groups are computed off the request path.",
  }),
  list("group.consumer.assignors", ["uniform", "range"], {
    rule: items({ mayBeEmpty: false }),
    doc: "Server-side assignors of consumer groups; the first is the default.",
  }),
  int("group.consumer.heartbeat.interval.ms", 5000, {
    rule: atLeast(1),
    doc: "Heartbeat interval that members of consumer groups are given.",
  }),
  int("group.consumer.max.assignment.interval.ms", 15_000, {
    rule: atLeast(0),
    doc: "Largest assignment interval that a consumer group may be configured with.",
  }),
  int("group.consumer.max.heartbeat.interval.ms", 15_000, {
    rule: atLeast(1),
    doc: "Largest heartbeat interval that a consumer group may be configured with.",
  }),
  int("group.consumer.max.session.timeout.ms", 60_000, {
    rule: atLeast(1),
    doc: "Largest session timeout that a consumer group may be configured with.",
  }),
  int("group.consumer.max.size", INT_MAX, {
    rule: atLeast(1),
    doc: "Most members that a consumer group may have.",
  }),
  string("group.consumer.migration.policy", "bidirectional", {
    rule: oneOfAnyCase("DISABLED", "DOWNGRADE", "UPGRADE", "BIDIRECTIONAL"),
    doc: "Whether classic groups become consumer groups while they run, and back.",
  }),
  int("group.consumer.min.assignment.interval.ms", 0, {
    rule: atLeast(0),
    doc: "Smallest assignment interval that a consumer group may be configured with.",
  }),
  int("group.consumer.min.heartbeat.interval.ms", 5000, {
    rule: atLeast(1),
    doc: "Smallest heartbeat interval that a consumer group may be configured with.",
  }),
  int("group.consumer.min.session.timeout.ms", 45_000, {
    rule: atLeast(1),
    doc: "Smallest session timeout that a consumer group may be configured with.",
  }),
  int("group.consumer.regex.refresh.interval.ms", 600_000, {
    rule: atLeast(10_000),
    internal: true,
    doc: "How often subscriptions by pattern are matched against the topics again.",
  }),
  int("group.consumer.session.timeout.ms", 45_000, {
    rule: atLeast(1),
    doc: "Silence after which a member of a consumer group is removed.",
  }),
  int("group.coordinator.append.linger.ms", -1, {
    rule: atLeast(-1),
    doc:
      "How long the group coordinator gathers records before it writes them; -1 adapts to the load.",
  }),
  int("group.coordinator.background.threads", 2, {
    rule: atLeast(1),
    importance: "HIGH",
    doc:
      "Threads for background work of the group coordinator; kafkats accepts it and schedules by itself.",
  }),
  int("group.coordinator.cached.buffer.max.bytes", 1_048_588, {
    rule: atLeast(524_288),
    scope: "cluster-wide",
    doc: "Largest write buffer that the group coordinator keeps for reuse.",
  }),
  list("group.coordinator.rebalance.protocols", ["classic", "consumer", "streams"], {
    rule: itemsOf(["consumer", "classic", "share", "streams"], { mayBeEmpty: false }),
    doc: "Group protocols that are served.",
  }),
  int("group.coordinator.threads", 4, {
    rule: atLeast(1),
    importance: "HIGH",
    doc: "Threads of the group coordinator; kafkats accepts it and schedules by itself.",
  }),
  int("group.initial.rebalance.delay.ms", 3000, {
    doc: "How long an empty classic group waits for more members before its first rebalance.",
  }),
  int("group.max.session.timeout.ms", 1_800_000, {
    doc: "Largest session timeout that a member of a classic group may ask for.",
  }),
  int("group.max.size", INT_MAX, {
    rule: atLeast(1),
    doc: "Most members that a classic group may have.",
  }),
  int("group.min.session.timeout.ms", 6000, {
    doc: "Smallest session timeout that a member of a classic group may ask for.",
  }),
  int("offset.metadata.max.bytes", 4096, {
    importance: "HIGH",
    doc: "Largest metadata text that a committed offset may carry.",
  }),
  int("offsets.commit.timeout.ms", 5000, {
    rule: atLeast(1),
    importance: "HIGH",
    doc: "How long a commit waits for the replicas of the offsets topic.",
  }),
  int("offsets.load.buffer.size", 5_242_880, {
    rule: atLeast(1),
    importance: "HIGH",
    doc: "Bytes to read at a time while the offsets topic is loaded.",
  }),
  long("offsets.retention.check.interval.ms", 600_000, {
    rule: atLeast(1),
    importance: "HIGH",
    doc: "How often expired offsets are looked for.",
  }),
  int("offsets.retention.minutes", 10_080, {
    rule: atLeast(1),
    importance: "HIGH",
    doc: "Minutes that offsets outlive their group or their last commit.",
  }),
  int("offsets.topic.compression.codec", 0, {
    importance: "HIGH",
    doc: "Codec id of the offsets topic's batches: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd.",
  }),
  int("offsets.topic.num.partitions", 50, {
    rule: atLeast(1),
    importance: "HIGH",
    doc: "Partitions of the offsets topic; fixed once it exists.",
  }),
  short("offsets.topic.replication.factor", 3, {
    rule: atLeast(1),
    importance: "HIGH",
    doc: "Replication factor of the offsets topic when it is created.",
  }),
  int("offsets.topic.segment.bytes", 104_857_600, {
    rule: atLeast(1),
    importance: "HIGH",
    doc: "Segment size of the offsets topic.",
  }),
];
