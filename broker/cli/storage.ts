import { DiskError, randomUuid, systemPrng } from "../base/mod.ts";
import type { LoadedConfig } from "../config/mod.ts";
import {
  bootstrapFeatureLevels,
  dependencyMissing,
  KRAFT_VERSION,
  METADATA_VERSION,
  METADATA_VERSION_LATEST,
  metadataVersionName,
  SUPPORTED_FEATURES,
} from "../metadata/mod.ts";
import { command } from "./command.ts";
import { CommandError, UsageError } from "./command_error.ts";
import { type FlagSet, type FlagValues, onOff, text, texts } from "./flags.ts";
import type { CommandIo } from "./io.ts";
import { readConfig } from "./node_config.ts";
import { parseFeature, releaseLevel } from "./storage/feature_levels.ts";
import { formatAction } from "./storage/format_action.ts";
import { infoAction } from "./storage/info_action.ts";

const flags = {
  "cluster-id": text(
    "id",
    "The cluster that the directories are for; by default CLUSTER_ID of the environment, or a new one.",
    { short: "t" },
  ),
  config: text("file", "The node's server.properties; what kafkats broker assumes by default.", {
    short: "c",
  }),
  feature: texts("name=level", "Level of a feature of the new cluster.", "f"),
  "ignore-formatted": onOff("Pass over directories that are formatted.", "g"),
  json: onOff("Print JSON. With info."),
  "no-initial-controllers": onOff("Join a quorum whose voters stand in its log.", "N"),
  override: texts("name=value", "An option over those of file and environment."),
  "release-version": text("release", "Kafka release whose features the cluster begins with.", {
    short: "r",
  }),
  standalone: onOff("Begin a quorum of this node alone, its voters in the log (KIP-853).", "s"),
} as const satisfies FlagSet;

type Flags = FlagValues<typeof flags>;

const ACTIONS = ["format", "info", "random-uuid", "version-mapping", "feature-dependencies"];

/** `kafkats storage`: what kafka-storage does for a single node. */
export const storageCommand = command({
  name: "storage",
  summary: "Format data directories, and tell whose they are.",
  usage: `(${ACTIONS.join(" | ")}) [flags]`,
  examples: [
    "kafkats storage random-uuid",
    "kafkats storage format --cluster-id MkU3OEVBNTcwNTJENDM2Qg --config server.properties",
    "kafkats storage format -t MkU3OEVBNTcwNTJENDM2Qg -c server.properties --standalone",
    "kafkats storage info --config server.properties",
    "kafkats storage version-mapping --release-version 4.4",
  ],
  flags,
  takesArguments: true,
  async run(flags, io, rest) {
    const [action, ...more] = rest;
    if (more.length > 0) throw new UsageError(`${more[0]} is one argument too many`);
    switch (action) {
      case "format":
        return await onDisk(async () => formatAction(await configOf(flags, io), flags, io));
      case "info":
        return await onDisk(async () => infoAction((await configOf(flags, io)).config, flags, io));
      case "random-uuid":
        await io.stdout.write(`${randomUuid(systemPrng())}\n`);
        return 0;
      case "version-mapping":
        return await versionMapping(flags["release-version"], io);
      case "feature-dependencies":
        return await featureDependencies(flags.feature, io);
      default:
        throw new UsageError(
          `${action === undefined ? "An action is needed" : `There is no action ${action}`}: ` +
            `allowed is ${ACTIONS.join(", ")}`,
        );
    }
  },
});

/** Runs an action; what the disk refuses becomes a sentence. */
async function onDisk(act: () => Promise<number>): Promise<number> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof DiskError) throw new CommandError(error.message, { cause: error });
    throw error;
  }
}

function configOf(flags: Flags, io: CommandIo): Promise<LoadedConfig> {
  return readConfig(io, flags.config, flags.override);
}

async function versionMapping(release: string | null, io: CommandIo): Promise<number> {
  const level = release === null ? METADATA_VERSION_LATEST : releaseLevel(release);
  const levels = bootstrapFeatureLevels(level);
  const lines = SUPPORTED_FEATURES.filter(({ name }) => name !== METADATA_VERSION)
    .map(({ name }) => `${name}=${levels.get(name) ?? defaultLevel(name, level)}`);
  const version = `${METADATA_VERSION}=${level} (${metadataVersionName(level)})`;
  await io.stdout.write([version, ...lines].map((line) => `${line}\n`).join(""));
  return 0;
}

/** The quorum's version stands in no record of a new cluster, yet follows from its release. */
function defaultLevel(name: string, metadataVersion: number): number {
  return name === KRAFT_VERSION && metadataVersion >= releaseLevel("3.9") ? 1 : 0;
}

async function featureDependencies(features: readonly string[], io: CommandIo): Promise<number> {
  if (features.length === 0) {
    throw new UsageError("feature-dependencies needs --feature name=level");
  }
  for (const feature of features) {
    const [name, level] = parseFeature(feature);
    // The lowest release tells what it needs, if anything.
    const missing = dependencyMissing(name, level, 0);
    const needed = / needs \S+ (\d+)/.exec(missing ?? "")?.[1];
    await io.stdout.write(
      needed === undefined
        ? `${name}=${level} has no dependencies.\n`
        : `${name}=${level} requires:\n    ` +
          `${METADATA_VERSION}=${needed} (${metadataVersionName(Number(needed))})\n`,
    );
  }
  return 0;
}
