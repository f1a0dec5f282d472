import { systemDisk } from "../../base/mod.ts";
import type { BrokerConfig } from "../../config/mod.ts";
import { CommandError } from "../command_error.ts";
import type { CommandIo } from "../io.ts";
import type { MetaProperties } from "../../log/mod.ts";
import { readOwner } from "./directory_owner.ts";
import { directoriesOf } from "./format_action.ts";

/** `storage info`: tells whose the directories are; gives 1 when something is wrong with them. */
export async function infoAction(
  config: BrokerConfig,
  flags: { readonly json: boolean },
  io: CommandIo,
): Promise<number> {
  const directories = directoriesOf(config).sort();
  const found: string[] = [];
  const problems: string[] = [];
  const owners: { directory: string; owner: MetaProperties }[] = [];
  for (const directory of directories) {
    const stat = systemDisk.stat(directory);
    if (stat === null) {
      problems.push(`${directory} does not exist`);
      continue;
    }
    if (!stat.isDirectory) {
      problems.push(`${directory} is not a directory`);
      continue;
    }
    found.push(directory);
    try {
      const owner = readOwner(systemDisk, directory);
      if (owner === null) problems.push(`${directory} is not formatted.`);
      else owners.push({ directory, owner });
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      problems.push(error.message);
    }
  }
  problems.push(...disagreements(config, owners));
  await io.stdout.write(
    flags.json ? `${JSON.stringify({ directories: owners, problems })}\n` : [
      section("Found log director", "y", "ies", found),
      ...owners.map(({ owner }) => `Found metadata: ${describe(owner)}\n`),
      section("Found problem", "", "s", problems),
    ].filter((part) => part !== "").join("\n") + "\n",
  );
  return problems.length === 0 ? 0 : 1;
}

/** What does not fit: another node's directory, or directories of two clusters. */
function disagreements(
  config: BrokerConfig,
  owners: readonly { readonly directory: string; readonly owner: MetaProperties }[],
): string[] {
  const first = owners[0]?.owner.clusterId;
  return owners.flatMap(({ directory, owner: { nodeId, clusterId } }) => [
    ...nodeId === config.nodeId
      ? []
      : [`${directory} belongs to node ${nodeId}, and node.id is ${config.nodeId}`],
    ...clusterId === first ? [] : [`${directory} belongs to cluster ${clusterId}, not to ${first}`],
  ]);
}

function describe({ clusterId, directoryId, nodeId }: MetaProperties): string {
  const parts = [
    `cluster.id=${clusterId}`,
    ...directoryId === null ? [] : [`directory.id=${directoryId}`],
    `node.id=${nodeId}`,
    "version=1",
  ];
  return `{${parts.join(", ")}}`;
}

function section(title: string, one: string, many: string, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  const head = `${title}${lines.length === 1 ? one : many}:\n`;
  return head + lines.map((line) => `  ${line}\n`).join("");
}
