import { randomUuid, systemClock, systemDisk, systemPrng } from "../../base/mod.ts";
import type { BrokerConfig, LoadedConfig } from "../../config/mod.ts";
import { METADATA_TOPIC } from "../../log/mod.ts";
import {
  BOOTSTRAP_SNAPSHOT_ID,
  bootstrapRecords,
  metadataVersionName,
  type SnapshotHeader,
} from "../../metadata/mod.ts";
import { writeSnapshot } from "../../raft/mod.ts";
import { CommandError, UsageError } from "../command_error.ts";
import type { CommandIo } from "../io.ts";
import { type MetaProperties, writeMetaProperties } from "../../log/mod.ts";
import { readOwner } from "./directory_owner.ts";
import { type FormatLevels, formatLevels } from "./feature_levels.ts";

/** What `storage format` looks at. */
export interface FormatFlags {
  readonly "cluster-id": string | null;
  readonly "ignore-formatted": boolean;
  readonly standalone: boolean;
  readonly "no-initial-controllers": boolean;
  readonly "release-version": string | null;
  readonly feature: readonly string[];
}

/**
 * `storage format`: writes into each directory whose it is, and into the metadata directory the first
 * snapshot with the feature levels, as kafka-storage does. A directory counts as formatted when it has
 * its `meta.properties`, so that file comes last.
 */
export async function formatAction(
  { config, newClusterId }: LoadedConfig,
  flags: FormatFlags,
  io: CommandIo,
): Promise<number> {
  const levels = formatLevels(flags["release-version"], flags.feature);
  const isDynamic = checkQuorum(config, flags, levels);
  const directories = directoriesOf(config);
  const found = directories.map((path) => readOwner(systemDisk, path));
  const wanted = flags["cluster-id"] ?? newClusterId;
  const clusterId = clusterIdFor(config, wanted, directories, found);
  const formatted = directories.filter((_, i) => found[i] !== null);
  if (formatted.length > 0 && !flags["ignore-formatted"]) {
    throw new CommandError(
      `${formatted[0]} is formatted already; --ignore-formatted passes over such directories`,
    );
  }
  const fresh = directories.filter((_, i) => found[i] === null);
  if (fresh.length === 0) {
    await io.stdout.write("All of the log directories are already formatted.\n");
    return 0;
  }
  for (const path of fresh) {
    const directoryId = randomUuid(systemPrng());
    const isMetadata = path === config.metadataLogDir;
    systemDisk.makeDirectory(path);
    if (isMetadata) {
      await writeSnapshot(systemDisk, systemClock, `${path}/${METADATA_TOPIC}-0`, {
        id: BOOTSTRAP_SNAPSHOT_ID,
        header: snapshotHeader(config, isDynamic ? directoryId : null),
        records: bootstrapRecords(levels.metadataVersion, levels.chosen),
      });
    }
    const owner = { clusterId, nodeId: config.nodeId, directoryId };
    await writeMetaProperties(systemDisk, path, owner, systemClock.nowMs());
    // Kafka's words, said once it is so.
    const kind = !isMetadata ? "data" : isDynamic ? "dynamic metadata voter" : "metadata";
    const version = metadataVersionName(levels.metadataVersion);
    await io.stdout.write(
      `Formatting ${kind} directory ${path} with metadata.version ${version}.\n`,
    );
  }
  return 0;
}

/** All directories of a node: those of its logs, and that of the metadata. */
export function directoriesOf(config: BrokerConfig): string[] {
  return [...new Set([...config.logDirs, config.metadataLogDir])];
}

/**
 * Whether the node begins a quorum whose voters stand in its log (KIP-853), rather than one whose
 * voters are configured. Throws UsageError where flags and configuration disagree.
 */
function checkQuorum(config: BrokerConfig, flags: FormatFlags, levels: FormatLevels): boolean {
  const { standalone, "no-initial-controllers": none } = flags;
  if (standalone && none) {
    throw new UsageError("--standalone and --no-initial-controllers do not go together");
  }
  const isStatic = config.isSet("controller.quorum.voters");
  if (isStatic && standalone) {
    throw new UsageError(
      "--standalone goes without controller.quorum.voters: set controller.quorum.bootstrap.servers",
    );
  }
  if (standalone && !config.isController) {
    throw new UsageError("--standalone needs process.roles with controller");
  }
  const isUndecided = config.isController && config.isSet("controller.quorum.bootstrap.servers") &&
    !isStatic && !standalone && !none;
  if (isUndecided) {
    throw new UsageError(
      "controller.quorum.voters is not set: give --standalone or --no-initial-controllers",
    );
  }
  if (standalone && levels.kraftVersion === 0) {
    throw new UsageError("--standalone needs --feature kraft.version=1");
  }
  if (!standalone && !none && (levels.kraftVersion ?? 0) > 0) {
    throw new UsageError("--feature kraft.version=1 needs --standalone");
  }
  return standalone;
}

function clusterIdFor(
  config: BrokerConfig,
  wanted: string | null,
  directories: readonly string[],
  found: readonly (MetaProperties | null)[],
): string {
  for (const [i, owner] of found.entries()) {
    if (owner === null) continue;
    const refuse = (what: string) => new CommandError(`Cannot use ${directories[i]}: ${what}`);
    if (wanted !== null && owner.clusterId !== wanted) {
      throw refuse(`it belongs to cluster ${owner.clusterId}, not to ${wanted}`);
    }
    if (owner.nodeId !== config.nodeId) {
      throw refuse(`it belongs to node ${owner.nodeId}, and this is node ${config.nodeId}`);
    }
  }
  const known = found.find((owner) => owner !== null)?.clusterId;
  const clusterId = wanted ?? known ?? randomUuid(systemPrng());
  if (clusterId.trim() === "") throw new UsageError("--cluster-id must not be empty");
  return clusterId;
}

function snapshotHeader(config: BrokerConfig, voterDirectoryId: string | null): SnapshotHeader {
  const lastContainedLogTimestampMs = systemClock.nowMs();
  if (voterDirectoryId === null) {
    return { lastContainedLogTimestampMs, kraftVersion: 0, voters: null };
  }
  return {
    lastContainedLogTimestampMs,
    kraftVersion: 1,
    voters: {
      version: 0,
      voters: [{
        voterId: config.nodeId,
        voterDirectoryId,
        endpoints: config.advertisedControllerListeners.map(({ name, host, port }) => ({
          name,
          host: host === "" ? "localhost" : host,
          port,
        })),
        kRaftVersionFeature: { minSupportedVersion: 0, maxSupportedVersion: 1 },
      }],
    },
  };
}
