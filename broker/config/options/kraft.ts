import { boolean, int, list, long, LONG_MAX, string } from "../option.ts";
import { atLeast, bootstrapServers, items, itemsOf, quorumVoters } from "../option_rule.ts";

/** Broker options of node identity, roles, the metadata quorum and its log. */
export const kraftOptions = [
  int("broker.heartbeat.interval.ms", 2000, {
    doc: "How often a broker reports to the controller that it lives.",
  }),
  int("broker.id", -1, {
    importance: "HIGH",
    doc: "Old name of node.id; when both are set they must agree.",
  }),
  string("broker.rack", null, {
    doc:
      "Rack of this broker: replicas are spread over racks and consumers may read from their own.",
  }),
  int("broker.session.timeout.ms", 9000, {
    doc: "Silence after which the controller takes a broker for dead.",
  }),
  list("controller.listener.names", null, {
    rule: items({ mayBeEmpty: false }),
    importance: "HIGH",
    required: true,
    doc:
      "Names of the listeners that controllers serve; the first is the one that brokers connect to.",
  }),
  long("controller.performance.always.log.threshold.ms", 2000, {
    rule: atLeast(0),
    internal: true,
    doc: "Controller events slower than this are always logged.",
  }),
  long("controller.performance.sample.period.ms", 60_000, {
    rule: atLeast(100),
    internal: true,
    doc: "How often the controller logs how its events performed.",
  }),
  int("controller.quorum.append.linger.ms", 25, {
    rule: atLeast(0),
    doc: "How long the quorum's leader gathers records before it writes them.",
  }),
  boolean("controller.quorum.auto.join.enable", false, {
    importance: "LOW",
    doc: "Whether a controller that is no voter asks to become one.",
  }),
  list("controller.quorum.bootstrap.servers", [], {
    rule: bootstrapServers,
    importance: "HIGH",
    doc: "Controllers as host:port to find the quorum through.",
  }),
  int("controller.quorum.election.backoff.max.ms", 1000, {
    rule: atLeast(0),
    importance: "HIGH",
    doc: "Longest pause before a failed election is tried again.",
  }),
  int("controller.quorum.election.timeout.ms", 1000, {
    rule: atLeast(0),
    importance: "HIGH",
    doc: "Longest wait for the quorum to elect before a new election starts.",
  }),
  int("controller.quorum.fetch.max.bytes", 1_048_576, {
    rule: atLeast(1),
    importance: "LOW",
    doc: "Most bytes of metadata that one quorum fetch takes.",
  }),
  int("controller.quorum.fetch.snapshot.max.bytes", 1_048_576, {
    rule: atLeast(1),
    importance: "LOW",
    doc: "Most bytes of a snapshot that one fetch takes.",
  }),
  int("controller.quorum.fetch.timeout.ms", 2000, {
    rule: atLeast(0),
    importance: "HIGH",
    doc:
      "Time without a successful fetch after which a voter becomes candidate and a leader resigns.",
  }),
  int("controller.quorum.request.timeout.ms", 2000, {
    rule: atLeast(0),
    doc: "How long a request between controllers may take.",
  }),
  int("controller.quorum.retry.backoff.ms", 20, {
    rule: atLeast(0),
    importance: "LOW",
    doc: "Pause before a failed request between controllers is repeated.",
  }),
  list("controller.quorum.voters", [], {
    rule: quorumVoters,
    importance: "HIGH",
    doc: "Voters of a static metadata quorum, as id@host:port.",
  }),
  list("cordoned.log.dirs", [], {
    rule: items({ mayBeEmpty: true }),
    scope: "per-broker",
    doc: "Log directories that get no new replicas; * is all of them.",
  }),
  int("initial.broker.registration.timeout.ms", 60_000, {
    doc: "How long a starting broker tries to register before it gives up.",
  }),
  long("internal.metadata.delete.delay.millis", 60_000, {
    importance: "LOW",
    internal: true,
    doc: "How long old files of the metadata log linger before they are deleted.",
  }),
  int("internal.metadata.log.segment.bytes", null, {
    importance: "LOW",
    internal: true,
    doc: "Segment size of the metadata log, for tests alone.",
  }),
  int("internal.metadata.max.batch.size.in.bytes", 8_388_608, {
    importance: "LOW",
    internal: true,
    doc: "Largest batch of the metadata log, for tests alone.",
  }),
  string("metadata.log.dir", null, {
    importance: "HIGH",
    doc: "Directory of the metadata log; the first of log.dirs when unset.",
  }),
  long("metadata.log.max.record.bytes.between.snapshots", 20_971_520, {
    rule: atLeast(1),
    importance: "HIGH",
    doc: "Bytes of metadata records after which a snapshot is made.",
  }),
  long("metadata.log.max.snapshot.interval.ms", 3_600_000, {
    rule: atLeast(0),
    importance: "HIGH",
    doc: "Time after which a snapshot of changed metadata is made; 0 is never.",
  }),
  int("metadata.log.segment.bytes", 1_073_741_824, {
    rule: atLeast(8_388_608),
    importance: "HIGH",
    doc: "Segment size of the metadata log.",
  }),
  long("metadata.log.segment.ms", 604_800_000, {
    importance: "HIGH",
    doc: "Time after which the metadata log begins a new segment.",
  }),
  int("metadata.max.idle.interval.ms", 500, {
    rule: atLeast(0),
    importance: "LOW",
    doc: "How often an idle controller writes a no-op record; 0 is never.",
  }),
  long("metadata.max.retention.bytes", 104_857_600, {
    importance: "HIGH",
    doc: "Bytes of metadata log and snapshots to keep.",
  }),
  long("metadata.max.retention.ms", 604_800_000, {
    importance: "HIGH",
    doc: "How long metadata log and snapshots are kept.",
  }),
  int("node.id", null, {
    rule: atLeast(0),
    importance: "HIGH",
    required: true,
    doc: "Number of this node, its own in the cluster.",
  }),
  list("process.roles", null, {
    rule: itemsOf(["broker", "controller"], { mayBeEmpty: false }),
    importance: "HIGH",
    required: true,
    doc: "Roles of this node: broker, controller, or both.",
  }),
  long("server.max.startup.time.ms", LONG_MAX, {
    rule: atLeast(0),
    internal: true,
    doc: "How long start-up may take before the node gives up.",
  }),
  boolean("unstable.api.versions.enable", false, {
    importance: "HIGH",
    internal: true,
    doc: "Whether versions of APIs still in development are served.",
  }),
  boolean("unstable.feature.versions.enable", false, {
    importance: "HIGH",
    internal: true,
    doc: "Whether feature levels still in development may be used.",
  }),
];
