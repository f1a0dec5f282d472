import type { BrokerConfig } from "./broker_config.ts";
import type { ConfigProblem } from "./config_problem.ts";
import type { BrokerOptionName } from "./option_table.ts";

/**
 * What a valid configuration asks for and this version does not do, where starting all the same would
 * be worse than not starting: connections in the clear that should be secured, anybody let in where an
 * authorizer should decide, one voter where there should be several. Null: it can be served.
 */
export function unservedProblem(config: BrokerConfig): ConfigProblem | null {
  const secured = config.listeners.find(({ securityProtocol }) => securityProtocol !== "PLAINTEXT");
  if (secured !== undefined) {
    return unserved(config, "listeners", `PLAINTEXT listeners, which ${secured.name} is not`);
  }
  if (config.get("authorizer.class.name") !== "") {
    return unserved(config, "authorizer.class.name", "nothing");
  }
  if (config.get("remote.log.storage.system.enable")) {
    return unserved(config, "remote.log.storage.system.enable", "false");
  }
  if (!config.isBroker || !config.isController) {
    return unserved(config, "process.roles", "broker,controller");
  }
  if (!config.logDirs.includes(config.metadataLogDir)) {
    return unserved(config, "metadata.log.dir", "one of log.dirs");
  }
  if (config.quorumVoters.some(({ id }) => id !== config.nodeId)) {
    return unserved(config, "controller.quorum.voters", `node ${config.nodeId} alone`);
  }
  return null;
}

function unserved(config: BrokerConfig, option: BrokerOptionName, allowed: string): ConfigProblem {
  return {
    option,
    value: config.texts.get(option) ?? null,
    allowed: `${allowed}: this version of kafkats serves no more`,
  };
}
