import { createLogger, type LoadedConfig, type Logger } from "../config/mod.ts";
import { AssertionError } from "../base/mod.ts";
import { startBroker } from "../mod.ts";
import { command } from "./command.ts";
import { CommandError, UsageError } from "./command_error.ts";
import { texts } from "./flags.ts";
import type { CommandIo } from "./io.ts";
import { readConfig } from "./node_config.ts";
import { logLevelFlag, logLookOf, onFirstStop, serviceOutput } from "./terminal_log.ts";

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
    "log-level": logLevelFlag("info"),
  },
  takesArguments: true,
  async run({ override, "log-level": level }, io, rest) {
    const [path, ...more] = rest;
    if (more.length > 0) throw new UsageError(`${more[0]} is one argument too many`);
    const config = await readConfig(io, path ?? null, override);
    const sink = serviceOutput(io);
    const look = logLookOf(io, level, "info");
    const logger = await createLogger({ ...look, write: sink.write, nowMs: io.nowMs });
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
  const unlisten = onFirstStop(io, () => ended.resolve(0));
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
