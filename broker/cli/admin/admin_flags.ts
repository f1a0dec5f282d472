import { systemClock } from "../../base/mod.ts";
import { type FlagSet, type FlagValues, text } from "../flags.ts";
import type { CommandIo } from "../io.ts";
import { AdminConnection } from "./admin_connection.ts";
import { ClientProperties } from "./client_properties.ts";
import { DEFAULT_BOOTSTRAP, parseServerAddresses } from "./server_address.ts";

/** What every command takes that asks a cluster. */
export const adminFlags = {
  "bootstrap-server": text(
    "host:port,...",
    `Brokers to start from; the first that answers is asked. (default: ${DEFAULT_BOOTSTRAP})`,
  ),
  "command-config": text(
    "file",
    "Properties file for the connection: client.id, request.timeout.ms, default.api.timeout.ms. " +
      "TLS and SASL are not supported yet.",
  ),
} as const satisfies FlagSet;

const TIMEOUT_MS = 30_000;

/**
 * Opens the connection that the flags ask for, runs `use` with it, and closes it. Rejects with
 * UsageError, ConnectionError, and whatever `use` rejects with.
 */
export async function withAdmin<T>(
  flags: FlagValues<typeof adminFlags>,
  io: CommandIo,
  use: (admin: AdminConnection) => Promise<T>,
  timeoutMs?: number | null,
): Promise<T> {
  const bootstrap = parseServerAddresses(flags["bootstrap-server"] ?? DEFAULT_BOOTSTRAP);
  const properties = await ClientProperties.load(flags["command-config"], io);
  const clientId = properties.text("client.id") ?? "kafkats-cli";
  const bounds = { min: 1, max: 0x7fffffff };
  const apiTimeoutMs = properties.integer("default.api.timeout.ms", bounds);
  const requestTimeoutMs = properties.integer("request.timeout.ms", bounds);
  await io.stderr.write(properties.warning());
  const admin = await AdminConnection.open({
    bootstrap,
    clientId,
    timeoutMs: timeoutMs ?? requestTimeoutMs ?? apiTimeoutMs ?? TIMEOUT_MS,
    clock: systemClock,
  });
  try {
    return await use(admin);
  } finally {
    admin.close();
  }
}
