import { type Disk, replaceFile } from "../../base/mod.ts";
import { parseProperties } from "../../config/mod.ts";
import { CommandError } from "../command_error.ts";

/** Whose a data directory is, as its `meta.properties` says. */
export interface DirectoryOwner {
  readonly clusterId: string;
  readonly nodeId: number;
  /** Null in directories older than Kafka 3.7 (KIP-858). */
  readonly directoryId: string | null;
}

const FILE = "meta.properties";

/**
 * Whose a directory is; null while it is not formatted. Rejects with CommandError when its
 * `meta.properties` cannot be understood.
 */
export async function readOwner(disk: Disk, directory: string): Promise<DirectoryOwner | null> {
  const path = `${directory}/${FILE}`;
  if (disk.stat(path) === null) return null;
  const values = await parseProperties(new TextDecoder().decode(disk.readFile(path)));
  const read = (name: string) => values.get(name) ?? "";
  const refuse = (what: string) => new CommandError(`Cannot use ${path}: ${what}`);
  if (read("version") !== "1") throw refuse(`version is ${read("version") || 0}, known is 1`);
  if (read("cluster.id") === "") throw refuse("cluster.id is missing");
  if (!/^\d{1,10}$/.test(read("node.id"))) throw refuse("node.id is no number");
  return {
    clusterId: read("cluster.id"),
    nodeId: Number(read("node.id")),
    directoryId: values.get("directory.id") ?? null,
  };
}

/** Writes whose a directory is; from then on it counts as formatted. */
export async function writeOwner(
  disk: Disk,
  directory: string,
  owner: DirectoryOwner,
  nowMs: number,
): Promise<void> {
  const lines = [
    `#${new Date(nowMs).toISOString()}`,
    `node.id=${owner.nodeId}`,
    ...owner.directoryId === null ? [] : [`directory.id=${owner.directoryId}`],
    "version=1",
    `cluster.id=${owner.clusterId.replace(/[\\:=#! ]/g, (character) => `\\${character}`)}`,
  ];
  const bytes = new TextEncoder().encode(lines.join("\n") + "\n");
  await replaceFile(disk, `${directory}/${FILE}`, bytes);
}
