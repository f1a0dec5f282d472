import { boundedSink, createLogger, type LogLevel } from "../config/mod.ts";
import type { RunningService, ServiceInputs } from "../../registry/mod.ts";
import { LOG_LEVELS } from "./broker.ts";
import { type Command, command } from "./command.ts";
import { CommandError, UsageError } from "./command_error.ts";
import { text, texts } from "./flags.ts";
import { readTextFile } from "./text_file.ts";

/** An HTTP service that is a command of its own. */
export interface ServiceCommandSpec {
  readonly name: string;
  readonly summary: string;
  readonly examples: readonly string[];
  /** Loads the service and starts it; rejects with a sentence when it can't. */
  start(inputs: ServiceInputs): Promise<RunningService>;
}

/** Makes `kafkats NAME [FILE.properties]`, which serves until it is asked to end. */
export function serviceCommand(spec: ServiceCommandSpec): Command {
  return command({
    name: spec.name,
    summary: spec.summary,
    usage: `[${spec.name}.properties] [--override name=value]...`,
    examples: spec.examples,
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
      const properties = path === undefined ? {} : { properties: await readTextFile(path, io) };
      const sink = boundedSink((bytes) => io.stdout.writeBytes(bytes));
      const logger = await createLogger({
        level: (level ?? "info") as LogLevel,
        format: io.stdout.isTerminal ? "line" : "json",
        colors: io.stdout.isTerminal && (io.environment["NO_COLOR"] ?? "") === "",
        write: sink.write,
        nowMs: io.nowMs,
      });
      const ended = Promise.withResolvers<void>();
      const unlisten = io.onStop(() => {
        // A second signal has its usual effect and ends the process at once.
        unlisten();
        ended.resolve();
      });
      try {
        const inputs = { ...properties, environment: io.environment, overrides: override, logger };
        await using _service = await spec.start(inputs);
        await ended.promise;
      } catch (error) {
        if (!(error instanceof Error) || isBug(error)) throw error;
        throw new CommandError(error.message);
      } finally {
        unlisten();
        await sink.flush();
      }
      return 0;
    },
  });
}

/** What says that the program is wrong, not its surroundings, keeps its stack trace. */
function isBug(error: Error): boolean {
  return error instanceof TypeError || error instanceof ReferenceError;
}
