import { ConfigError, loadConfig, type LoadedConfig } from "../config/mod.ts";
import { CommandError, UsageError } from "./command_error.ts";
import type { CommandIo } from "./io.ts";
import { readTextFile } from "./text_file.ts";

/**
 * Loads the configuration of a node from a properties file, the environment and `--override` flags.
 * Rejects with a CommandError, or a UsageError where a flag is no `name=value`.
 */
export async function readConfig(
  io: CommandIo,
  path: string | null,
  overrides: readonly string[],
): Promise<LoadedConfig> {
  const properties = path === null ? {} : { properties: await readTextFile(path, io) };
  try {
    return await loadConfig({ ...properties, environment: io.environment, overrides });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw error.option === "--override"
      ? new UsageError(error.message)
      : new CommandError(error.message);
  }
}
