import { createLogger } from "../config/mod.ts";
import type { RunningService, ServiceInputs } from "../../registry/mod.ts";
import { type Command, command } from "./command.ts";
import { CommandError, UsageError } from "./command_error.ts";
import { texts } from "./flags.ts";
import { logLevelFlag, logLookOf, onFirstStop, serviceOutput } from "./terminal_log.ts";
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
      "log-level": logLevelFlag("info"),
    },
    takesArguments: true,
    async run({ override, "log-level": level }, io, rest) {
      const [path, ...more] = rest;
      if (more.length > 0) throw new UsageError(`${more[0]} is one argument too many`);
      const properties = path === undefined ? {} : { properties: await readTextFile(path, io) };
      const sink = serviceOutput(io);
      const look = logLookOf(io, level, "info");
      const logger = await createLogger({ ...look, write: sink.write, nowMs: io.nowMs });
      const ended = Promise.withResolvers<void>();
      const unlisten = onFirstStop(io, () => ended.resolve());
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
