import { createLogger } from "../config/mod.ts";
import { startBroker } from "../mod.ts";
import { command } from "./command.ts";
import { CommandError, UsageError } from "./command_error.ts";
import { type FlagValues, integer, text, texts } from "./flags.ts";
import type { CommandIo } from "./io.ts";
import { readConfig } from "./node_config.ts";
import {
  logLevelFlag,
  type LogLook,
  logLookOf,
  onFirstStop,
  serviceOutput,
} from "./terminal_log.ts";
import { ServiceHost } from "./up/service_host.ts";
import type { ServiceName } from "./up/service_messages.ts";

const PART_NAMES = ["broker", "registry", "rest"] as const;
type PartName = typeof PART_NAMES[number];

const PORT = { min: 0, max: 65535 };

const FLAGS = {
  only: text(
    "parts",
    `Parts to run, with commas between: ${PART_NAMES.join(", ")}; all by default.`,
  ),
  data: text("directory", "Where the broker keeps its data; ./kafkats-data by default."),
  "broker-port": integer("port", "Port of the broker on localhost; 9092 by default.", PORT),
  "registry-port": integer(
    "port",
    "Port of the schema registry on localhost; 8081 by default.",
    PORT,
  ),
  "rest-port": integer("port", "Port of the REST proxy on localhost; 8082 by default.", PORT),
  override: texts("name=value", "An option of the broker."),
  "registry-override": texts("name=value", "An option of the schema registry."),
  "rest-override": texts("name=value", "An option of the REST proxy."),
  "log-level": logLevelFlag("warn"),
};

type UpFlags = FlagValues<typeof FLAGS>;

/** `kafkats up`: broker, schema registry and REST proxy in one process. */
export const upCommand = command({
  name: "up",
  summary: "Run broker, schema registry and REST proxy in one process; Ctrl-C stops them cleanly.",
  usage: "[server.properties] [flags]",
  examples: [
    "kafkats up",
    "kafkats up --only broker,rest --rest-port 8088",
    "kafkats up --data /var/lib/kafkats --override num.partitions=6",
    "kafkats up --registry-override schema.compatibility.level=full",
  ],
  flags: FLAGS,
  takesArguments: true,
  async run(flags, io, rest) {
    const [path, ...more] = rest;
    if (more.length > 0) throw new UsageError(`${more[0]} is one argument too many`);
    const parts = partsOf(flags.only);
    const sink = serviceOutput(io);
    const log = logLookOf(io, flags["log-level"], "warn");
    const up = new Up({ flags, io, log, write: sink.write });
    const code = await up.run(parts, path ?? null);
    await sink.flush();
    return code;
  },
});

function partsOf(only: string | null): readonly PartName[] {
  if (only === null) return PART_NAMES;
  const names = only.split(",").map((name) => name.trim()).filter((name) => name !== "");
  const unknown = names.find((name) => !(PART_NAMES as readonly string[]).includes(name));
  if (unknown !== undefined || names.length === 0) {
    const what = unknown === undefined ? "names no part" : `names ${unknown}`;
    throw new UsageError(`--only ${only} ${what}; parts are ${PART_NAMES.join(", ")}`);
  }
  return PART_NAMES.filter((name) => names.includes(name));
}

interface UpOptions {
  readonly flags: UpFlags;
  readonly io: CommandIo;
  readonly log: LogLook;
  write(text: string): void;
}

/** One run of the parts. */
class Up {
  readonly #options: UpOptions;
  readonly #ended = Promise.withResolvers<number>();

  constructor(options: UpOptions) {
    this.#options = options;
  }

  /** Starts the parts, waits for a signal or for one of them to fail, stops them; gives the exit code. */
  async run(parts: readonly PartName[], path: string | null): Promise<number> {
    const { io, write } = this.#options;
    const unlisten = onFirstStop(io, () => this.#ended.resolve(0));
    try {
      await using brokers = new AsyncDisposableStack();
      // They load their code while the broker starts, and stop before it does.
      await using services = new AsyncDisposableStack();
      const hosts = parts.filter((part) => part !== "broker").map((name) => {
        return services.adopt(this.#makeHost(name), (host) => host.stop());
      });
      const addresses = new Map<PartName, string>();
      if (parts.includes("broker")) {
        const { bootstrap } = brokers.use(await this.#startBroker(path));
        addresses.set("broker", bootstrap);
        write(`broker    ${bootstrap}\n`);
      }
      for (const host of hosts) {
        const urls = await this.#startService(host, addresses);
        addresses.set(host.name, urls[0]!);
        write(`${host.name.padEnd(9)} ${urls.join(" ")}\n`);
      }
      return await this.#ended.promise;
    } catch (error) {
      if (error instanceof CommandError || !(error instanceof Error)) throw error;
      throw new CommandError(error.message);
    } finally {
      unlisten();
    }
  }

  async #startBroker(path: string | null) {
    const { flags, io, log, write } = this.#options;
    const port = flags["broker-port"];
    const chosen = [
      ...(flags.data === null ? [] : [`log.dirs=${flags.data}`]),
      ...(port === null ? [] : [`listeners=PLAINTEXT://localhost:${port}`]),
    ];
    const config = await readConfig(io, path, [...chosen, ...flags.override]);
    const logger = await createLogger({ ...log, write, nowMs: io.nowMs });
    return await startBroker({ config, logger, onFatal: (error) => this.#fail(error) });
  }

  #makeHost(name: ServiceName): ServiceHost {
    return new ServiceHost(name, {
      onLog: this.#options.write,
      onFatal: (error) => this.#fail(error),
    });
  }

  #startService(
    host: ServiceHost,
    addresses: ReadonlyMap<PartName, string>,
  ): Promise<readonly string[]> {
    const { flags, io, log } = this.#options;
    const port = flags[`${host.name}-port`];
    const inputs = {
      defaults: defaultsOf(host.name, addresses),
      environment: io.environment,
      overrides: [
        ...(port === null ? [] : [`listeners=http://localhost:${port}`]),
        ...flags[`${host.name}-override`],
      ],
    };
    return host.start(inputs, log);
  }

  #fail(error: Error): void {
    this.#options.write(`${error.message}\n`);
    this.#ended.resolve(1);
  }
}

/** Options by which a service finds what runs beside it. */
const FOUND_BY: Readonly<Record<ServiceName, readonly (readonly [string, PartName])[]>> = {
  registry: [["kafkastore.bootstrap.servers", "broker"]],
  rest: [["bootstrap.servers", "broker"], ["schema.registry.url", "registry"]],
};

function defaultsOf(
  name: ServiceName,
  addresses: ReadonlyMap<PartName, string>,
): Record<string, string> {
  const known = FOUND_BY[name].filter(([, part]) => addresses.has(part));
  return Object.fromEntries(known.map(([option, part]) => [option, addresses.get(part)!]));
}
