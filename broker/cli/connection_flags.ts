import { ClusterClient } from "./client/cluster_client.ts";
import { CommandError } from "./command_error.ts";
import { type FlagSet, type FlagValues, integer, onOff, text } from "./flags.ts";
import type { CommandIo } from "./io.ts";
import { parseProperties } from "../config/mod.ts";

/** Flags of every command that talks to a cluster. */
export const connectionFlags = {
  "bootstrap-server": text(
    "host:port",
    "Brokers to ask, separated by commas. (default: localhost:9092)",
  ),
  "command-config": text("file", "Properties file with options of the client."),
  "timeout-ms": integer("ms", "How long to wait for each answer. (default: 30000)", { min: 1 }),
  json: onOff("Print JSON."),
} as const satisfies FlagSet;

const DEFAULT_SERVER = "localhost:9092";
const DEFAULT_TIMEOUT_MS = 30_000;

/** How to reach the cluster, from flags and the command's properties file. */
export interface ClientSettings {
  readonly servers: string;
  readonly clientId: string;
  readonly timeoutMs: number;
  /** What else the file says. */
  readonly properties: ReadonlyMap<string, string>;
}

/** The settings that the flags and the file behind `--command-config` give. */
export async function clientSettings(
  flags: Pick<
    FlagValues<typeof connectionFlags>,
    "bootstrap-server" | "command-config" | "timeout-ms"
  >,
  io: CommandIo,
): Promise<ClientSettings> {
  const file = flags["command-config"];
  const properties = file === null ? new Map() : await readProperties(file, io);
  const protocol = properties.get("security.protocol") ?? "PLAINTEXT";
  if (protocol !== "PLAINTEXT") {
    throw new CommandError(`security.protocol=${protocol}: allowed is PLAINTEXT in this version`);
  }
  const timeout = properties.get("request.timeout.ms") ?? properties.get("default.api.timeout.ms");
  return {
    servers: flags["bootstrap-server"] ?? properties.get("bootstrap.servers") ?? DEFAULT_SERVER,
    clientId: properties.get("client.id") ?? "kafkats-cli",
    timeoutMs: flags["timeout-ms"] ?? (Number(timeout ?? "") || DEFAULT_TIMEOUT_MS),
    properties,
  };
}

/** Connects as the flags say. */
export async function connect(
  flags: Pick<
    FlagValues<typeof connectionFlags>,
    "bootstrap-server" | "command-config" | "timeout-ms"
  >,
  io: CommandIo,
): Promise<ClusterClient> {
  const { servers, clientId, timeoutMs } = await clientSettings(flags, io);
  return await ClusterClient.connect(servers, { clientId, timeoutMs });
}

/** A properties file that the user named; a CommandError when it cannot be read. */
export async function readProperties(
  path: string,
  io: CommandIo,
): Promise<ReadonlyMap<string, string>> {
  let content: string;
  try {
    content = await io.readTextFile(path);
  } catch (cause) {
    throw new CommandError(`Cannot read ${path}: ${reasonOf(cause)}`, { cause });
  }
  return await parseProperties(content);
}

function reasonOf(cause: unknown): string {
  if (cause instanceof Deno.errors.NotFound) return "there is no such file";
  if (cause instanceof Deno.errors.PermissionDenied) return "it may not be read";
  return cause instanceof Error ? cause.message : String(cause);
}
