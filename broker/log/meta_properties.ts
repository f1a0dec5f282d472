import { parse } from "dot-properties";
import { type Disk, replaceFile } from "../base/mod.ts";
import { FileFormatError, SmallFile } from "./small_file.ts";

/** Name of the file in a data directory. */
export const META_PROPERTIES_FILE = "meta.properties";

/** Who a data directory belongs to. */
export interface MetaProperties {
  readonly clusterId: string;
  readonly nodeId: number;
  /** The directory's own id in Kafka's 22 letters (KIP-858); null in directories older than 3.7. */
  readonly directoryId: string | null;
}

const VERSION = 1;

/**
 * Reads a directory's `meta.properties`; null when there is none. Throws a `FileFormatError` for a
 * version other than 1 (version 0 is ZooKeeper's, which ended with Kafka 3.9) and for missing or bad
 * values.
 */
export function readMetaProperties(disk: Disk, directory: string): MetaProperties | null {
  const file = new SmallFile(disk, `${directory}/${META_PROPERTIES_FILE}`);
  const text = file.readText();
  if (text === null) return null;
  const values = parse(text) as Record<string, string>;
  const refuse = (what: string) => new FileFormatError(`Cannot use ${file.path}: ${what}`);
  const version = values["version"] ?? "0";
  if (version !== String(VERSION)) throw refuse(`version is ${version}, known is ${VERSION}`);
  const clusterId = values["cluster.id"] ?? "";
  if (clusterId === "") throw refuse("cluster.id is missing");
  const nodeId = values["node.id"] ?? "";
  if (!/^\d{1,10}$/.test(nodeId) || Number(nodeId) > 0x7fffffff) {
    throw refuse(`node.id is "${nodeId}", allowed are 0 to 2147483647`);
  }
  const directoryId = values["directory.id"] ?? null;
  if (directoryId !== null && !/^[A-Za-z0-9_-]{22}$/.test(directoryId)) {
    throw refuse(`directory.id is "${directoryId}", expected 22 letters, digits, "-" and "_"`);
  }
  return { clusterId, nodeId: Number(nodeId), directoryId };
}

/** Resolves when the file would survive a power cut. `nowMs` goes into its comment, as in Kafka's. */
export function writeMetaProperties(
  disk: Disk,
  directory: string,
  properties: MetaProperties,
  nowMs: number,
): Promise<void> {
  // The order is that of Java's hash table, so that the file equals Kafka's.
  const lines = ["#", `#${javaDate(nowMs)}`, `node.id=${properties.nodeId}`];
  if (properties.directoryId !== null) lines.push(`directory.id=${properties.directoryId}`);
  lines.push(`version=${VERSION}`, `cluster.id=${escape(properties.clusterId)}`);
  const bytes = new TextEncoder().encode(lines.join("\n") + "\n");
  return replaceFile(disk, `${directory}/${META_PROPERTIES_FILE}`, bytes);
}

/** `Tue Nov 24 01:00:39 UTC 2026`. */
function javaDate(nowMs: number): string {
  const [day, date, month, year, time] = new Date(nowMs).toUTCString().replace(",", "").split(" ");
  return `${day} ${month} ${date} ${time} UTC ${year}`;
}

function escape(value: string): string {
  return value.replace(/[\\:=#!]/g, (character) => `\\${character}`).replace(/^ /, "\\ ");
}
