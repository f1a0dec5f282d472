import {
  boundedSink,
  createLogger,
  type LoadedConfig,
  type Logger,
  type LogLevel,
} from "../config/mod.ts";
import { AssertionError } from "../base/mod.ts";
import { startBroker } from "../mod.ts";
import { command } from "./command.ts";
import { CommandError, UsageError } from "./command_error.ts";
import { text, texts } from "./flags.ts";
import type { CommandIo } from "./io.ts";
import { readConfig } from "./node_config.ts";

/** What `--log-level` may be. */
export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

/** `kafkats broker`: runs a node until it is asked to end. */
export const brokerCommand = command({
  name: "broker",
  summary: "Run a broker that is its own controller; Ctrl-C stops it cleanly.",
  usage: "[server.properties] [--override name=value]...",
  examples: [
    "kafkats broker",
    "kafkats broker server.properties",
    "kafkats broker --override log.dirs=/var/lib/kafkats --override num.partitions=6",
    "KAFKA_LOG_RETENTION_MS=86400000 kafkats broker",
  ],
  flags: {
    override: texts("name=value", "An option over those of file and environment."),
    "log-level": text("level", "The least grave events that are told; info by default.", {
      allowed: LOG_LEVELS,
    }),
  },
  takesArguments: true,
  async run({ override, "log-level": level }, io, rest) {
    const [path, ...more] = rest;
    if (more.length > 0) throw new UsageError(`${more[0]} is one argument too many`);
    const config = await readConfig(io, path ?? null, override);
    const sink = boundedSink((bytes) => io.stdout.writeBytes(bytes));
    const logger = await createLogger({
      level: (level ?? "info") as LogLevel,
      format: io.stdout.isTerminal ? "line" : "json",
      colors: io.stdout.isTerminal && (io.environment["NO_COLOR"] ?? "") === "",
      write: sink.write,
      nowMs: io.nowMs,
    });
    const code = await runUntilStopped(config, logger, io);
    await sink.flush();
    return code;
  },
});

/** Starts the broker and waits for a signal, or for the broker to fail; gives the exit code. */
async function runUntilStopped(
  config: LoadedConfig,
  logger: Logger,
  io: CommandIo,
): Promise<number> {
  const ended = Promise.withResolvers<number>();
  const unlisten = io.onStop(() => {
    // A second signal has its usual effect and ends the process at once.
    unlisten();
    ended.resolve(0);
  });
  try {
    await using _broker = await startBroker({
      config,
      logger,
      onFatal(error) {
        logger.fatal(`The node can't go on: ${error.message}`);
        ended.resolve(1);
      },
    });
    return await ended.promise;
  } catch (error) {
    if (!(error instanceof Error) || isBug(error)) throw error;
    throw new CommandError(error.message);
  } finally {
    unlisten();
  }
}

/** What says that the program is wrong, not its surroundings, keeps its stack trace. */
function isBug(error: Error): boolean {
  return error instanceof TypeError || error instanceof ReferenceError ||
    error instanceof RangeError || error instanceof AssertionError;
}
