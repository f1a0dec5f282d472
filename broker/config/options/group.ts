import { boolean, int, list, long, same, string } from "../option.ts";
import { atLeast, items, offsetReset, oneOf } from "../option_rule.ts";

/** Options of a consumer, share or streams group, each with the broker option behind it. */
export const groupOptions = [
  int("consumer.assignment.interval.ms", 1000, {
    rule: atLeast(0),
    synonyms: [same("group.consumer.assignment.interval.ms")],
    doc: "Shortest time between two assignments of the consumer group.",
  }),
  boolean("consumer.assignor.offload.enable", true, {
    internal: true,
    synonyms: [same("group.consumer.assignor.offload.enable")],
    doc: "Whether assignments of the consumer group are computed off the request path.",
  }),
  int("consumer.heartbeat.interval.ms", 5000, {
    rule: atLeast(1),
    synonyms: [same("group.consumer.heartbeat.interval.ms")],
    doc: "Heartbeat interval that members of the consumer group are given.",
  }),
  int("consumer.session.timeout.ms", 45_000, {
    rule: atLeast(1),
    synonyms: [same("group.consumer.session.timeout.ms")],
    doc: "Silence after which a member of the consumer group is removed.",
  }),
  boolean("errors.deadletterqueue.copy.record.enable", false, {
    doc: "Whether the dead-letter topic gets key and value of a given-up record too.",
  }),
  string("errors.deadletterqueue.topic.name", "", {
    doc: "Topic for records that the share group gives up; empty drops them.",
  }),
  int("share.assignment.interval.ms", 1000, {
    rule: atLeast(0),
    synonyms: [same("group.share.assignment.interval.ms")],
    doc: "Shortest time between two assignments of the share group.",
  }),
  boolean("share.assignor.offload.enable", true, {
    internal: true,
    synonyms: [same("group.share.assignor.offload.enable")],
    doc: "Whether assignments of the share group are computed off the request path.",
  }),
  string("share.auto.offset.reset", "latest", {
    rule: offsetReset,
    doc:
      "Where the share group begins in a new partition: latest, earliest or by_duration with an ISO 8601 duration.",
  }),
  int("share.delivery.count.limit", 5, {
    rule: atLeast(2),
    synonyms: [same("group.share.delivery.count.limit")],
    doc: "How often a record may be handed out before it is given up.",
  }),
  int("share.heartbeat.interval.ms", 5000, {
    rule: atLeast(1),
    synonyms: [same("group.share.heartbeat.interval.ms")],
    doc: "Heartbeat interval that members of the share group are given.",
  }),
  string("share.isolation.level", "read_uncommitted", {
    rule: oneOf("read_committed", "read_uncommitted"),
    doc: "Whether the share group sees records of transactions that are open or aborted.",
  }),
  int("share.partition.max.record.locks", 2000, {
    rule: atLeast(100),
    synonyms: [same("group.share.partition.max.record.locks")],
    doc: "Most records of a partition that may be locked by consumers at once.",
  }),
  int("share.record.lock.duration.ms", 30_000, {
    rule: atLeast(1000),
    synonyms: [same("group.share.record.lock.duration.ms")],
    doc: "How long a record handed to a consumer stays locked.",
  }),
  boolean("share.renew.acknowledge.enable", true, {
    doc: "Whether consumers may renew the lock of a record.",
  }),
  int("share.session.timeout.ms", 45_000, {
    rule: atLeast(1),
    synonyms: [same("group.share.session.timeout.ms")],
    doc: "Silence after which a member of the share group is removed.",
  }),
  long("streams.acceptable.recovery.lag", 10_000, {
    rule: atLeast(0),
    internal: true,
    synonyms: [same("group.streams.acceptable.recovery.lag")],
    doc: "Lag up to which a standby counts as caught up.",
  }),
  int("streams.assignment.interval.ms", 1000, {
    rule: atLeast(0),
    synonyms: [same("group.streams.assignment.interval.ms")],
    doc: "Shortest time between two assignments of the streams group.",
  }),
  string("streams.assignor.name", null, {
    synonyms: [same("group.streams.assignors")],
    doc: "Task assignor of the streams group; the broker's first when unset.",
  }),
  boolean("streams.assignor.offload.enable", true, {
    internal: true,
    synonyms: [same("group.streams.assignor.offload.enable")],
    doc: "Whether assignments of the streams group are computed off the request path.",
  }),
  int("streams.heartbeat.interval.ms", 5000, {
    rule: atLeast(1),
    synonyms: [same("group.streams.heartbeat.interval.ms")],
    doc: "Heartbeat interval that members of the streams group are given.",
  }),
  int("streams.initial.rebalance.delay.ms", 3000, {
    rule: atLeast(0),
    synonyms: [same("group.streams.initial.rebalance.delay.ms")],
    doc: "How long the empty streams group waits for more members before its first assignment.",
  }),
  int("streams.num.standby.replicas", 0, {
    rule: atLeast(0),
    synonyms: [same("group.streams.num.standby.replicas")],
    doc: "Standby replicas for each task.",
  }),
  int("streams.num.warmup.replicas", 2, {
    rule: atLeast(0),
    internal: true,
    synonyms: [same("group.streams.num.warmup.replicas")],
    doc: "Tasks that may warm up elsewhere at once.",
  }),
  list("streams.rack.aware.assignment.tags", [], {
    rule: items({ mayBeEmpty: true }),
    importance: "LOW",
    synonyms: [same("group.streams.rack.aware.assignment.tags")],
    doc: "Client tags over whose values standbys are spread.",
  }),
  int("streams.session.timeout.ms", 45_000, {
    rule: atLeast(1),
    synonyms: [same("group.streams.session.timeout.ms")],
    doc: "Silence after which a member of the streams group is removed.",
  }),
  int("streams.task.offset.interval.ms", 60_000, {
    rule: atLeast(1),
    internal: true,
    synonyms: [same("group.streams.task.offset.interval.ms")],
    doc: "How often members report the offsets of their tasks.",
  }),
];
