import type { BrokerConfig } from "./broker_config.ts";
import type { ConfigProblem } from "./config_problem.ts";
import { csv, formatEndpoint, listenerNameOf, parseProtocolMap } from "./listeners.ts";
import { type BrokerOptionName, brokerOptionTable } from "./option_table.ts";

const MAP = "listener.security.protocol.map";

/**
 * What a valid configuration asks for and this version does not do, where starting all the same would
 * be worse than not starting: connections in the clear that should be secured, anybody let in where an
 * authorizer should decide, one voter where there should be several. Null: it can be served.
 */
export function unservedProblem(config: BrokerConfig): ConfigProblem | null {
  const secured = config.listeners.find(({ securityProtocol }) => securityProtocol !== "PLAINTEXT");
  if (secured !== undefined) return unservedListener(formatEndpoint(secured));
  const problem = (option: BrokerOptionName, unserved: string, allowed: string) => ({
    option,
    value: config.texts.get(option) ?? null,
    allowed,
    unserved,
  });
  if (config.get("authorizer.class.name") !== "") {
    return problem("authorizer.class.name", "authorizers are", "to leave it out");
  }
  if (config.get("remote.log.storage.system.enable")) {
    return problem("remote.log.storage.system.enable", "tiered storage is", "false");
  }
  if (!config.isBroker || !config.isController) {
    return problem("process.roles", "nodes with one role alone are", "broker,controller");
  }
  if (!config.logDirs.includes(config.metadataLogDir)) {
    return problem("metadata.log.dir", "a directory for metadata alone is", "one of log.dirs");
  }
  if (config.quorumVoters.some(({ id }) => id !== config.nodeId)) {
    const allowed = `node ${config.nodeId} alone`;
    return problem("controller.quorum.voters", "quorums of several nodes are", allowed);
  }
  return null;
}

/** Options that do not fit together as soon as a listener is secured and nothing else is said. */
const ABOUT_LISTENERS = [
  "listeners",
  "controller.listener.names",
  "inter.broker.listener.name",
  "listener.security.protocol.map",
  "sasl.mechanism.inter.broker.protocol",
];

/**
 * What is to be told instead of `problem` where it only follows from a secured listener in `listeners`:
 * that such a listener is not served in any case. Null: the problem stands.
 */
export function securedListenerProblem(
  problem: ConfigProblem,
  listeners: string | null,
  set: ReadonlyMap<string, string>,
): ConfigProblem | null {
  if (listeners === null || !ABOUT_LISTENERS.includes(problem.option)) return null;
  const known = parseProtocolMap(set.get(MAP) ?? String(brokerOptionTable.get(MAP)!.defaultValue));
  if ("problem" in known) return null;
  const isSecured = (item: string) =>
    (known.protocols.get(listenerNameOf(item)) ?? "PLAINTEXT") !== "PLAINTEXT";
  return csv(listeners).some(isSecured) ? unservedListener(listeners) : null;
}

function unservedListener(value: string): ConfigProblem {
  const unserved = "TLS and SASL are";
  return { option: "listeners", value, allowed: "PLAINTEXT listeners", unserved };
}
