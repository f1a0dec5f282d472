import { adminFlags, readPropertiesFile } from "../admin/mod.ts";
import { type FlagSet, type FlagValues, onOff, text, texts } from "../flags.ts";
import type { CommandIo } from "../io.ts";
import { parseAddedConfigs } from "./config_changes.ts";
import { entityFlags } from "./config_entity.ts";

/** What `kafkats configs` takes. */
export const configFlags = {
  ...adminFlags,
  ...entityFlags,
  "add-config": text(
    "name=value,...",
    "Options to set; square brackets keep a value with commas together: k1=v1,k2=[a,b].",
  ),
  "add-config-file": text("file", "Properties file with options to set."),
  all: onOff("Describe all options, also those that nobody set."),
  alter: onOff("Change options."),
  "delete-config": texts("name,...", "Options to put back to their default."),
  describe: onOff("Tell options."),
  json: onOff("Print JSON."),
} as const satisfies FlagSet;

/** Values of {@linkcode configFlags}. */
export type ConfigFlags = FlagValues<typeof configFlags>;

/** The options to set, from file and command line; the latter counts more. */
export async function addedConfigs(
  flags: ConfigFlags,
  io: CommandIo,
): Promise<ReadonlyMap<string, string>> {
  const file = flags["add-config-file"];
  const inline = flags["add-config"];
  return new Map([
    ...file === null ? [] : await readPropertiesFile(file, io),
    ...inline === null ? [] : parseAddedConfigs(inline),
  ]);
}
