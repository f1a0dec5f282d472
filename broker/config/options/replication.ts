import { boolean, className, int, long, string } from "../option.ts";
import { atLeast } from "../option_rule.ts";

/** Broker options of replication and leadership, and of topics as they are created and deleted. */
export const replicationOptions = [
  className("alter.config.policy.class.name", null, {
    importance: "LOW",
    doc: "Java class that may veto configuration changes; kafkats loads no Java classes.",
  }),
  boolean("auto.create.topics.enable", true, {
    importance: "HIGH",
    doc: "Whether asking for a topic that does not exist creates it.",
  }),
  boolean("auto.leader.rebalance.enable", true, {
    importance: "HIGH",
    doc: "Whether leadership moves back to preferred replicas by itself.",
  }),
  int("controller.socket.timeout.ms", 30_000, {
    doc: "How long the connection to the controller may stay without an answer.",
  }),
  className("create.topic.policy.class.name", null, {
    importance: "LOW",
    doc: "Java class that may veto new topics; kafkats loads no Java classes.",
  }),
  int("default.replication.factor", 1, {
    doc: "Replication factor of topics that are created without one.",
  }),
  int("delete.records.purgatory.purge.interval.requests", 1, {
    doc: "After how many finished requests the waiting DeleteRecords requests are swept.",
  }),
  boolean("delete.topic.enable", true, {
    importance: "HIGH",
    doc: "Whether topics can be deleted.",
  }),
  int("fetch.purgatory.purge.interval.requests", 1000, {
    doc: "After how many finished requests the waiting fetches are swept.",
  }),
  long("leader.imbalance.check.interval.seconds", 300, {
    rule: atLeast(1),
    importance: "HIGH",
    doc: "How often the controller looks for leaders away from their preferred replica.",
  }),
  int("num.partitions", 1, {
    rule: atLeast(1),
    doc: "Partitions of topics that are created without a number.",
  }),
  int("num.replica.fetchers", 1, {
    rule: atLeast(1),
    importance: "HIGH",
    scope: "cluster-wide",
    doc: "Connections to each leader for fetching replicas.",
  }),
  int("producer.purgatory.purge.interval.requests", 1000, {
    doc: "After how many finished requests the waiting produces are swept.",
  }),
  int("replica.fetch.backoff.ms", 1000, {
    rule: atLeast(0),
    doc: "Pause after a failed fetch from a leader.",
  }),
  int("replica.fetch.max.bytes", 1_048_576, {
    rule: atLeast(0),
    doc: "Bytes to fetch of each partition; a larger first batch is still returned.",
  }),
  int("replica.fetch.min.bytes", 1, {
    importance: "HIGH",
    doc: "Bytes that a fetch from a leader waits for.",
  }),
  int("replica.fetch.response.max.bytes", 10_485_760, {
    rule: atLeast(0),
    doc: "Bytes to fetch from a leader in one answer; a larger first batch is still returned.",
  }),
  int("replica.fetch.wait.max.ms", 500, {
    importance: "HIGH",
    doc: "How long a fetch from a leader waits for data.",
  }),
  long("replica.high.watermark.checkpoint.interval.ms", 5000, {
    importance: "HIGH",
    doc: "How often high watermarks are checkpointed.",
  }),
  long("replica.lag.time.max.ms", 30_000, {
    importance: "HIGH",
    doc: "Time without catching up after which a follower leaves the in-sync replicas.",
  }),
  string("replica.selector.class", null, {
    doc: "Which replica a consumer is sent to; the leader when unset.",
  }),
  int("replica.socket.receive.buffer.bytes", 65_536, {
    importance: "HIGH",
    doc: "Receive buffer of connections to leaders.",
  }),
  int("replica.socket.timeout.ms", 30_000, {
    importance: "HIGH",
    doc: "How long a fetch from a leader may stay unanswered.",
  }),
  boolean("unclean.leader.election.enable", false, {
    importance: "HIGH",
    scope: "cluster-wide",
    doc:
      "Whether a replica outside the in-sync replicas may lead as a last resort, losing records.",
  }),
  long("unclean.leader.election.interval.ms", 300_000, {
    rule: atLeast(1),
    internal: true,
    doc: "How often the controller looks for partitions that need an unclean election.",
  }),
];
