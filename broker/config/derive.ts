/**
 * What takes more than one option to know: addresses, roles, the quorum, times given in several
 * units. Problems on the way are data.
 */
import { checkGroups } from "./check_groups.ts";
import { checkListeners } from "./check_listeners.ts";
import { checkLimits } from "./check_limits.ts";
import type { Derived, Examined, QuorumVoter } from "./config_fields.ts";
import type { ConfigProblem } from "./config_problem.ts";
import {
  csv,
  type Endpoint,
  listenerNameOf,
  parseEndpoints,
  parseProtocolMap,
  type SecurityProtocol,
} from "./listeners.ts";
import type { OptionValue } from "./option.ts";
import type { BrokerOptionName, BrokerOptionValue } from "./option_table.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Derives the fields and checks the options against each other; the first problem ends it. */
export function derive(
  values: ReadonlyMap<string, OptionValue>,
  texts: ReadonlyMap<string, string>,
): { derived: Derived } | { problem: ConfigProblem } {
  const examined: Examined = {
    get: <N extends BrokerOptionName>(name: N) => values.get(name) as BrokerOptionValue<N>,
    text: (name) => texts.get(name) ?? null,
    problem: (option, allowed) => ({ option, value: texts.get(option) ?? null, allowed }),
  };
  const identity = deriveIdentity(examined);
  if ("problem" in identity) return identity;
  const network = deriveNetwork(examined, identity);
  if ("problem" in network) return network;
  const overrides = parseLimits(examined);
  if ("problem" in overrides) return overrides;

  const { logDirs, metadataLogDir } = deriveDirectories(examined);
  const get = examined.get;
  const retentionMs = get("log.retention.ms") ??
    (get("log.retention.minutes") ?? get("log.retention.hours") * 60) * MINUTE_MS;
  const derived: Derived = {
    ...identity,
    ...network,
    logDirs,
    metadataLogDir,
    logRetentionMs: retentionMs < 0 ? -1 : retentionMs,
    logRollMs: get("log.roll.ms") ?? get("log.roll.hours") * HOUR_MS,
    logRollJitterMs: get("log.roll.jitter.ms") ?? get("log.roll.jitter.hours") * HOUR_MS,
    logFlushIntervalMs: get("log.flush.interval.ms") ?? get("log.flush.scheduler.interval.ms"),
    maxConnectionsPerIpOverrides: overrides.limits,
  };
  const problem = checkListeners(examined, derived) ?? checkLimits(examined, derived) ??
    checkGroups(examined);
  return problem === null ? { derived } : { problem };
}

interface Identity {
  readonly nodeId: number;
  readonly isBroker: boolean;
  readonly isController: boolean;
  readonly isLone: boolean;
  readonly quorumVoters: readonly QuorumVoter[];
  readonly controllerListenerNames: readonly string[];
}

function deriveIdentity(examined: Examined): Identity | { problem: ConfigProblem } {
  const { get, problem } = examined;
  const nodeId = get("node.id");
  const roles = get("process.roles");
  const controllerListenerNames = get("controller.listener.names");
  if (nodeId === null) return { problem: problem("node.id", "a number of its own, from 0") };
  if (get("broker.id") !== nodeId) {
    return { problem: problem("broker.id", `${nodeId}, as node.id says, or nothing`) };
  }
  if (roles === null) {
    return { problem: problem("process.roles", "broker, controller, or broker,controller") };
  }
  if (controllerListenerNames === null) {
    return { problem: problem("controller.listener.names", "the name of a listener") };
  }
  const isBroker = roles.includes("broker");
  const isController = roles.includes("controller");
  const quorumVoters = get("controller.quorum.voters").map(parseVoter);
  const isAlone = quorumVoters.length > 0 && quorumVoters.every(({ id }) => id === nodeId);
  return {
    nodeId,
    isBroker,
    isController,
    isLone: isBroker && isController && isAlone,
    quorumVoters,
    controllerListenerNames: controllerListenerNames.map((name) => name.toUpperCase()),
  };
}

interface NetworkFields {
  readonly listeners: readonly Endpoint[];
  readonly advertisedListeners: readonly Endpoint[];
  readonly advertisedControllerListeners: readonly Endpoint[];
  readonly interBrokerListenerName: string;
  readonly securityProtocols: ReadonlyMap<string, SecurityProtocol>;
}

function deriveNetwork(
  examined: Examined,
  { controllerListenerNames }: Identity,
): NetworkFields | { problem: ConfigProblem } {
  const { get, text } = examined;
  const map = parseProtocolMap(get("listener.security.protocol.map"));
  if ("problem" in map) return map;
  const { protocols } = map;
  if (text("listener.security.protocol.map") === null) {
    addPlaintextControllers(protocols, controllerListenerNames, get("listeners"));
  }
  const listening = parseEndpoints("listeners", get("listeners"), protocols, true);
  if ("problem" in listening) return listening;
  const { endpoints: listeners } = listening;
  const advertised = get("advertised.listeners");
  const told = advertised === null
    ? listening
    : parseEndpoints("advertised.listeners", advertised, protocols, false);
  if ("problem" in told) return told;

  const isController = ({ name }: Endpoint) => controllerListenerNames.includes(name);
  const name = get("inter.broker.listener.name");
  return {
    listeners,
    advertisedListeners: told.endpoints.filter((endpoint) => !isController(endpoint)),
    // A controller listener that is not advertised is reached where it listens.
    advertisedControllerListeners: controllerListenerNames.flatMap((wanted) =>
      told.endpoints.find((endpoint) => endpoint.name === wanted) ??
        listeners.find((endpoint) => endpoint.name === wanted) ?? []
    ),
    interBrokerListenerName: (name ?? get("security.inter.broker.protocol")).toUpperCase(),
    securityProtocols: protocols,
  };
}

/**
 * Without a map of their own, controller listeners are PLAINTEXT, unless TLS or SASL is in use
 * anywhere: then leaving them open must be said.
 */
function addPlaintextControllers(
  protocols: Map<string, SecurityProtocol>,
  controllerNames: readonly string[],
  listeners: readonly string[],
): void {
  const names = [...controllerNames, ...listeners.map(listenerNameOf)];
  if (names.some((name) => ["SSL", "SASL_SSL", "SASL_PLAINTEXT"].includes(name))) return;
  for (const name of controllerNames) protocols.set(name, "PLAINTEXT");
}

function deriveDirectories({ get }: Examined) {
  const logDirs = get("log.dirs") ?? get("log.dir");
  return { logDirs, metadataLogDir: get("metadata.log.dir") ?? logDirs[0] ?? "" };
}

function parseLimits(
  { get, problem }: Examined,
): { limits: ReadonlyMap<string, number> } | { problem: ConfigProblem } {
  const limits = new Map<string, number>();
  for (const item of csv(get("max.connections.per.ip.overrides"))) {
    const colon = item.lastIndexOf(":");
    const host = item.slice(0, Math.max(colon, 0)).trim();
    const limit = item.slice(colon + 1).trim();
    if (colon < 0 || !/^[0-9a-zA-Z\-%._:]*$/.test(host) || !/^[+-]?\d{1,10}$/.test(limit)) {
      return { problem: problem("max.connections.per.ip.overrides", "a list of host:limit") };
    }
    limits.set(host, Number(limit));
  }
  return { limits };
}

function parseVoter(text: string): QuorumVoter {
  const [id = "", address = ""] = text.split("@");
  const [, host = "", port = ""] = /^(?:.*:\/\/)?\[?([^\]]*)\]?:(\d+)$/.exec(address) ?? [];
  return { id: Number(id), host, port: Number(port) };
}
