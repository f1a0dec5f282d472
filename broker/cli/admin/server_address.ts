import { UsageError } from "../command_error.ts";

/** Where a broker listens. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** What is asked when `--bootstrap-server` is not given. */
export const DEFAULT_BOOTSTRAP = "localhost:9092";

const DEFAULT_PORT = 9092;
/** `host`, `host:port`, `[v6]`, `[v6]:port`, with a listener's `NAME://` in front or not. */
const ADDRESS = /^(?:\w+:\/\/)?(?:\[([0-9a-fA-F:.%]+)\]|([^\s:/[\]]+))(?::(\d{1,5}))?$/;

/**
 * Reads a bootstrap list: `HOST:PORT,...`, the port 9092 where it is left out. Throws
 * {@linkcode UsageError} that names the part which is none.
 */
export function parseServerAddresses(text: string): ServerAddress[] {
  const parts = text.split(",").map((part) => part.trim()).filter((part) => part !== "");
  if (parts.length === 0) throw wrongAddress(text);
  return parts.map((part) => {
    const match = ADDRESS.exec(part);
    const host = match?.[1] ?? match?.[2];
    const port = match?.[3] === undefined ? DEFAULT_PORT : Number(match[3]);
    if (host === undefined || port < 1 || port > 65535) throw wrongAddress(part);
    return { host, port };
  });
}

/** `host:port`, an IPv6 address in brackets. */
export function formatServerAddress({ host, port }: ServerAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function wrongAddress(part: string): UsageError {
  return new UsageError(
    `Cannot use --bootstrap-server ${part}: allowed is HOST:PORT,..., such as localhost:9092`,
  );
}
