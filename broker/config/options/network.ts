import { boolean, int, INT_MAX, list, long, string } from "../option.ts";
import { atLeast, items } from "../option_rule.ts";

/** Broker options of listeners, sockets, connections and requests. */
export const networkOptions = [
  list("advertised.listeners", null, {
    rule: items({ mayBeEmpty: false }),
    importance: "HIGH",
    doc:
      "Addresses that clients are told to connect to, as NAME://host:port; the listeners themselves when unset.",
  }),
  int("background.threads", 10, {
    rule: atLeast(1),
    importance: "HIGH",
    scope: "cluster-wide",
    doc: "Threads for background work; kafkats accepts it and schedules by itself.",
  }),
  int("connection.failed.authentication.delay.ms", 100, {
    rule: atLeast(0),
    importance: "LOW",
    doc: "How long the answer to a failed authentication is held back.",
  }),
  long("connections.max.idle.ms", 600_000, {
    doc: "Idle time after which a connection is closed.",
  }),
  long("connections.max.reauth.ms", 0, {
    doc: "Time after which a SASL client must authenticate again; 0 is never.",
  }),
  boolean("controlled.shutdown.enable", true, {
    doc: "Whether a stopping broker first hands over its leaderships.",
  }),
  list("early.start.listeners", null, {
    rule: items({ mayBeEmpty: true }),
    importance: "HIGH",
    doc:
      "Listeners that open before the broker is fully started; the controller listeners when unset.",
  }),
  int("fetch.max.bytes", 57_671_680, {
    rule: atLeast(1024),
    doc: "Most bytes that one fetch answer carries.",
  }),
  string("inter.broker.listener.name", null, {
    doc: "Listener that brokers use among themselves.",
  }),
  string(
    "listener.security.protocol.map",
    "SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT",
    {
      importance: "LOW",
      scope: "per-broker",
      doc: "Security protocol of each listener name, as NAME:PROTOCOL.",
    },
  ),
  list("listeners", ["PLAINTEXT://:9092"], {
    rule: items({ mayBeEmpty: false }),
    importance: "HIGH",
    scope: "per-broker",
    doc: "Addresses to listen on, as NAME://host:port; an empty host is every interface.",
  }),
  int("max.connection.creation.rate", INT_MAX, {
    rule: atLeast(0),
    scope: "cluster-wide",
    doc: "New connections a second that the broker accepts.",
  }),
  int("max.connections", INT_MAX, {
    rule: atLeast(0),
    scope: "cluster-wide",
    doc: "Connections that the broker accepts at once.",
  }),
  int("max.connections.per.ip", INT_MAX, {
    rule: atLeast(0),
    scope: "cluster-wide",
    doc: "Connections from one address at once.",
  }),
  string("max.connections.per.ip.overrides", "", {
    scope: "cluster-wide",
    doc: "Own limits of single addresses, as host:limit.",
  }),
  int("max.incremental.fetch.session.cache.slots", 1000, {
    rule: atLeast(0),
    doc: "Fetch sessions that the broker remembers.",
  }),
  int("max.request.partition.size.limit", 2000, {
    rule: atLeast(1),
    doc: "Most partitions in one answer about topics.",
  }),
  int("num.io.threads", 8, {
    rule: atLeast(1),
    importance: "HIGH",
    scope: "cluster-wide",
    doc: "Request threads; kafkats accepts it and runs one event loop.",
  }),
  int("num.network.threads", 3, {
    rule: atLeast(1),
    importance: "HIGH",
    scope: "cluster-wide",
    doc: "Network threads; kafkats accepts it and runs one event loop.",
  }),
  long("queued.max.request.bytes", -1, {
    doc: "Bytes of requests that may wait before reading stops; -1 is no limit.",
  }),
  int("queued.max.requests", 500, {
    rule: atLeast(1),
    importance: "HIGH",
    doc: "Requests that may wait before reading stops.",
  }),
  int("request.timeout.ms", 30_000, {
    importance: "HIGH",
    doc: "How long the broker waits for the answer to a request of its own.",
  }),
  long("socket.connection.setup.timeout.max.ms", 30_000, {
    doc: "Longest wait for an outgoing connection after failures.",
  }),
  long("socket.connection.setup.timeout.ms", 10_000, {
    doc: "How long an outgoing connection may take to stand.",
  }),
  int("socket.listen.backlog.size", 50, {
    rule: atLeast(1),
    doc: "Connections that may wait to be accepted.",
  }),
  int("socket.receive.buffer.bytes", 102_400, {
    importance: "HIGH",
    doc: "Receive buffer of a connection; -1 leaves it to the system.",
  }),
  int("socket.request.max.bytes", 104_857_600, {
    rule: atLeast(1),
    importance: "HIGH",
    doc: "Largest request in bytes that the broker reads.",
  }),
  int("socket.send.buffer.bytes", 102_400, {
    importance: "HIGH",
    doc: "Send buffer of a connection; -1 leaves it to the system.",
  }),
];
