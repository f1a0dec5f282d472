/**
 * What a node assumes where nothing is set and Kafka has no default, or none that suits a node alone:
 * node 1 in both roles, listening on this machine, its own quorum, data beside it.
 */
import { csv, listenerNameOf, PORT_MAX, splitEndpoint } from "./listeners.ts";

/** Factors and in-sync minimums of Kafka's own topics, which on a lone node can only be 1. */
const COPIES_OF_INTERNAL_TOPICS = [
  "offsets.topic.replication.factor",
  "transaction.state.log.replication.factor",
  "transaction.state.log.min.isr",
  "share.coordinator.state.topic.replication.factor",
  "share.coordinator.state.topic.min.isr",
];

/** Defaults by option name, given what is set; an option that is set is not among them. */
export function nodeDefaults(set: ReadonlyMap<string, string>): Map<string, string> {
  const defaults = new Map<string, string>();
  const propose = (name: string, value: string) => {
    if (!set.has(name)) defaults.set(name, value);
  };
  const read = (name: string) => set.get(name) ?? defaults.get(name) ?? "";

  propose("node.id", set.get("broker.id") ?? "1");
  propose("broker.id", read("node.id"));
  propose("process.roles", "broker,controller");
  propose("controller.listener.names", "CONTROLLER");
  if (!set.has("log.dir")) propose("log.dirs", "./kafkats-data");

  const roles = csv(read("process.roles"));
  const controllerName = csv(read("controller.listener.names"))[0] ?? "CONTROLLER";
  const listeners = [
    ...(roles.includes("broker") ? ["PLAINTEXT://localhost:9092"] : []),
    ...(roles.includes("controller") ? [`${controllerName}://localhost:9093`] : []),
  ];
  propose("listeners", listeners.join(","));

  if (roles.includes("controller")) {
    const servers = csv(read("controller.quorum.bootstrap.servers"));
    const isAlone = isAloneInQuorum(set, read("node.id")) && (servers.length === 0 ||
      isBootstrappedByItself(servers, csv(read("listeners")), controllerName));
    // A node that is to find the quorum through itself has nobody else to vote.
    if (isAlone) {
      propose("controller.quorum.voters", `${read("node.id")}@${controllerAddress(set, read)}`);
    }
    if (roles.includes("broker") && isAlone) {
      for (const name of COPIES_OF_INTERNAL_TOPICS) propose(name, "1");
    }
  }
  return defaults;
}

/**
 * The listeners that were set, with one for the controller behind them where nobody chose roles or
 * controller listeners: whoever sets `listeners` alone means the broker's. Null: leave them alone, as
 * where one is no address and is to be refused as it was given.
 */
export function withControllerListener(set: ReadonlyMap<string, string>): string | null {
  const listeners = set.get("listeners");
  if (listeners === undefined) return null;
  if (set.has("process.roles") || set.has("controller.listener.names")) return null;
  const items = csv(listeners);
  if (items.some((item) => listenerNameOf(item) === "CONTROLLER")) return null;
  const endpoints = items.map(splitEndpoint).filter((endpoint) => endpoint !== null);
  if (endpoints.length < items.length) return null;
  const port = portBeside(endpoints.map((endpoint) => endpoint.port));
  return [...items, `CONTROLLER://localhost:${port}`].join(",");
}

/** The next port after the first that none of them has, or before it where there is none after. */
function portBeside(ports: readonly number[]): number {
  const [first = 0] = ports;
  if (first === 0) return 0;
  let port = first + 1;
  while (ports.includes(port)) port++;
  if (port <= PORT_MAX) return port;
  port = first - 1;
  while (ports.includes(port)) port--;
  return port;
}

/**
 * Whether every controller that a node is to find the quorum through is the node itself, as in the
 * server.properties that come with Kafka.
 */
function isBootstrappedByItself(
  servers: readonly string[],
  listeners: readonly string[],
  controllerName: string,
): boolean {
  const own = listeners.find((item) => listenerNameOf(item) === controllerName.toUpperCase());
  const [, host = "", port = ""] = /:\/\/(.*):(\d+)$/.exec(own ?? "") ?? [];
  const hosts = [host, "localhost", "127.0.0.1", "[::1]"];
  return servers.length > 0 && port !== "" &&
    servers.every((server) => hosts.some((known) => server === `${known}:${port}`));
}

function controllerAddress(
  set: ReadonlyMap<string, string>,
  read: (name: string) => string,
): string {
  const name = csv(read("controller.listener.names"))[0] ?? "";
  const find = (option: string) =>
    csv(set.get(option) ?? (option === "listeners" ? read(option) : ""))
      .find((item) => listenerNameOf(item) === name.toUpperCase());
  const item = find("advertised.listeners") ?? find("listeners") ?? "://localhost:9093";
  const [, host = "", port = "9093"] = /:\/\/(.*):(\d+)$/.exec(item) ?? [];
  return `${host === "" ? "localhost" : host}:${port}`;
}

function isAloneInQuorum(set: ReadonlyMap<string, string>, nodeId: string): boolean {
  return csv(set.get("controller.quorum.voters") ?? "").every((voter) =>
    voter.split("@")[0] === nodeId
  );
}
