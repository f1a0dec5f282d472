import { boolean, className, int, INT_MAX, list, long } from "../option.ts";
import { atLeast, items } from "../option_rule.ts";

/** Broker options of streams groups (KIP-1071). */
export const streamsGroupOptions = [
  long("group.streams.acceptable.recovery.lag", 10_000, {
    rule: atLeast(0),
    internal: true,
    doc: "Lag up to which a standby counts as caught up.",
  }),
  int("group.streams.assignment.interval.ms", 1000, {
    rule: atLeast(0),
    scope: "cluster-wide",
    doc: "Shortest time between two assignments of a streams group.",
  }),
  boolean("group.streams.assignor.offload.enable", true, {
    scope: "cluster-wide",
    internal: true,
    doc: "Whether assignments of streams groups are computed off the request path.",
  }),
  list("group.streams.assignors", ["sticky"], {
    rule: items({ mayBeEmpty: false }),
    doc: "Server-side task assignors of streams groups; the first is the default.",
  }),
  int("group.streams.heartbeat.interval.ms", 5000, {
    rule: atLeast(1),
    doc: "Heartbeat interval that members of streams groups are given.",
  }),
  int("group.streams.initial.rebalance.delay.ms", 3000, {
    rule: atLeast(0),
    doc: "How long an empty streams group waits for more members before its first assignment.",
  }),
  int("group.streams.max.assignment.interval.ms", 15_000, {
    rule: atLeast(0),
    doc: "Largest assignment interval that a streams group may be configured with.",
  }),
  int("group.streams.max.heartbeat.interval.ms", 15_000, {
    rule: atLeast(1),
    doc: "Largest heartbeat interval that a streams group may be configured with.",
  }),
  int("group.streams.max.session.timeout.ms", 60_000, {
    rule: atLeast(1),
    doc: "Largest session timeout that a streams group may be configured with.",
  }),
  int("group.streams.max.size", INT_MAX, {
    rule: atLeast(1),
    doc: "Most members that a streams group may have.",
  }),
  int("group.streams.max.standby.replicas", 2, {
    rule: atLeast(0),
    doc: "Most standby replicas that a streams group may be configured with.",
  }),
  int("group.streams.max.warmup.replicas", 20, {
    rule: atLeast(0),
    internal: true,
    doc: "Most warm-up replicas that a streams group may be configured with.",
  }),
  int("group.streams.min.assignment.interval.ms", 0, {
    rule: atLeast(0),
    doc: "Smallest assignment interval that a streams group may be configured with.",
  }),
  int("group.streams.min.heartbeat.interval.ms", 5000, {
    rule: atLeast(1),
    doc: "Smallest heartbeat interval that a streams group may be configured with.",
  }),
  int("group.streams.min.session.timeout.ms", 45_000, {
    rule: atLeast(1),
    doc: "Smallest session timeout that a streams group may be configured with.",
  }),
  int("group.streams.min.task.offset.interval.ms", 15_000, {
    rule: atLeast(1),
    internal: true,
    doc: "Smallest interval for task offset reports that a streams group may be configured with.",
  }),
  int("group.streams.num.standby.replicas", 0, {
    rule: atLeast(0),
    doc: "Standby replicas for each task of a streams group.",
  }),
  int("group.streams.num.warmup.replicas", 2, {
    rule: atLeast(0),
    internal: true,
    doc: "Tasks of a streams group that may warm up elsewhere at once.",
  }),
  list("group.streams.rack.aware.assignment.tags", [], {
    rule: items({ mayBeEmpty: true }),
    importance: "LOW",
    doc: "Client tags over whose values standbys are spread.",
  }),
  int("group.streams.session.timeout.ms", 45_000, {
    rule: atLeast(1),
    doc: "Silence after which a member of a streams group is removed.",
  }),
  int("group.streams.task.offset.interval.ms", 60_000, {
    rule: atLeast(1),
    internal: true,
    doc: "How often members of a streams group report the offsets of their tasks.",
  }),
  className("group.streams.topology.description.plugin.class", null, {
    doc: "Java class that is told the topologies of streams groups; kafkats loads no Java classes.",
  }),
];
