/**
 * A Kafka node inside a program or a test:
 *
 * ```ts
 * await using broker = await startBroker({ dataDirectory: "./data", overrides: { "num.partitions": "3" } });
 * console.log(broker.bootstrap); // localhost:54321
 * ```
 */
import { systemClock, systemDisk, systemNetwork, systemPrng } from "./base/mod.ts";
import { loadConfig, type LoadedConfig, type Logger, silentLogger } from "./config/mod.ts";
import { Node } from "./node/mod.ts";

export type { BoundListener } from "./server/mod.ts";

/** What {@linkcode startBroker} starts; everything has a default. */
export interface StartBrokerOptions {
  /** A configuration that is loaded already; the next three are not looked at then. */
  readonly config?: LoadedConfig;
  /** Kafka's options by name, as in server.properties. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** `log.dirs`; it is formatted when it is new. */
  readonly dataDirectory?: string;
  /** Port of the broker's listener on localhost; default: the system chooses one. */
  readonly port?: number;
  /** Default: nothing is logged. */
  readonly logger?: Logger;
  /** The metadata log can't be written any more: stop the broker. Default: it is logged and stopped. */
  readonly onFatal?: (error: Error) => void;
}

/** A broker that serves requests until it is stopped. */
export interface RunningBroker extends AsyncDisposable {
  readonly port: number;
  /** `host:port` for clients. */
  readonly bootstrap: string;
  readonly clusterId: string;
  /** All listeners, the controller's too. */
  readonly listeners: Node["listeners"];
  /** Stops cleanly; what was acknowledged is on the disk. */
  stop(): Promise<void>;
}

/** Starts a node and resolves when it takes requests. Rejects with a sentence that says why it can't. */
export async function startBroker(options: StartBrokerOptions = {}): Promise<RunningBroker> {
  const { logger = silentLogger } = options;
  const { config, newClusterId, warnings } = options.config ?? await embeddedConfig(options);
  for (const warning of warnings) logger.warn(warning);
  const onFatal = options.onFatal ?? ((error: Error) => {
    logger.fatal(`The node stops: ${error.message}`);
    // While it starts, the node stops by itself, and the start is what fails.
    void running?.stop();
  });
  let running: RunningBroker | null = null;
  const node = await Node.start({
    config,
    newClusterId,
    logger,
    disk: systemDisk,
    clock: systemClock,
    network: systemNetwork,
    prng: systemPrng(),
    hostname: Deno.hostname(),
    onFatal,
  });
  const controllerNames = config.controllerListenerNames;
  const client = node.listeners.find(({ name }) => !controllerNames.includes(name))!;
  running = {
    port: client.port,
    bootstrap: `${client.host === "" ? "localhost" : client.host}:${client.port}`,
    clusterId: node.clusterId,
    listeners: node.listeners,
    stop: () => node.stop(),
    [Symbol.asyncDispose]: () => node.stop(),
  };
  return running;
}

/** Defaults of a broker that lives inside another program: any free ports, its own directory. */
function embeddedConfig({ port = 0, dataDirectory, overrides }: StartBrokerOptions) {
  const named = {
    "listeners": `PLAINTEXT://localhost:${port},CONTROLLER://localhost:0`,
    "controller.listener.names": "CONTROLLER",
    ...(dataDirectory === undefined ? {} : { "log.dirs": dataDirectory }),
    ...overrides,
  };
  return loadConfig({
    overrides: Object.entries(named).map(([name, value]) => `${name}=${value}`),
  });
}
