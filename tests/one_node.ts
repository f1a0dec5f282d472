/** The configuration of a cluster of one node, as every test that starts a broker wants it. */

/** Properties by name. */
export type Properties = Readonly<Record<string, string>>;

/**
 * Broker and controller in one on the port and the one above it, and internal topics that one node
 * can hold. With `port` 0 the system chooses both.
 */
export function oneNodeProperties(port: number, dataDirectory: string): Record<string, string> {
  const controllerPort = port === 0 ? 0 : port + 1;
  return {
    "process.roles": "broker,controller",
    "node.id": "1",
    "listeners": `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    "advertised.listeners": `PLAINTEXT://127.0.0.1:${port}`,
    "controller.listener.names": "CONTROLLER",
    "controller.quorum.voters": `1@127.0.0.1:${controllerPort}`,
    "log.dirs": dataDirectory,
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
  };
}

/** A port that is free together with the one above it. */
export function freePortPair(): number {
  for (let tries = 0; tries < 100; tries++) {
    const first = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = first.addr;
    first.close();
    try {
      Deno.listen({ hostname: "127.0.0.1", port: port + 1 }).close();
      return port;
    } catch {
      continue; // Taken: try another pair.
    }
  }
  throw new Error("No two free ports side by side");
}
