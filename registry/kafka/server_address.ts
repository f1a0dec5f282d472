/** Where a broker listens. */
export interface ServerAddress {
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
}

/** `host:port`, with brackets around an IPv6 address. */
export function formatServerAddress({ host, port }: ServerAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * Reads one entry of bootstrap.servers: `host:port`, with an optional protocol in front
 * (`PLAINTEXT://host:port`). Throws an Error that names it and what is allowed.
 */
export function parseServerAddress(text: string): ServerAddress {
  const match = /^(?:[A-Za-z_]+:\/\/)?(?:\[([^\]]+)\]|([^:\s/]+)):(\d{1,5})$/.exec(text.trim());
  const port = Number(match?.[3]);
  if (match === null || port < 1 || port > 65535) {
    throw new Error(
      `Cannot use the bootstrap server "${text}": host:port is expected, such as localhost:9092`,
    );
  }
  return { host: match[1] ?? match[2]!, port };
}
