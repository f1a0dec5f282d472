import type { BrokerConfig } from "../config/mod.ts";
import type { ServerLimits } from "../server/mod.ts";

/** What listeners and connections are held to. */
export function serverLimits(config: BrokerConfig): ServerLimits {
  return {
    requestBytesMax: config.get("socket.request.max.bytes"),
    queuedRequestBytesMax: config.get("queued.max.request.bytes"),
    connectionIdleMs: config.get("connections.max.idle.ms"),
    connections: {
      connectionsMax: config.get("max.connections"),
      listenerMax: listenerMax(config),
      perIpMax: config.get("max.connections.per.ip"),
      perIpOverrides: config.maxConnectionsPerIpOverrides,
      creationsPerSecondMax: config.get("max.connection.creation.rate"),
      interBrokerListener: config.interBrokerListenerName,
    },
  };
}

/** `max.connections` of the listeners that have one of their own. */
function listenerMax(config: BrokerConfig): Map<string, number> {
  const limits = new Map<string, number>();
  for (const { name } of config.listeners) {
    const own = config.valueOf(`listener.name.${name.toLowerCase()}.max.connections`);
    if (typeof own === "number") limits.set(name, own);
  }
  return limits;
}
