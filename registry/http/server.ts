import { createAdaptorServer } from "@hono/node-server";
import http, { type IncomingMessage, type Server } from "node:http";
import https from "node:https";
import type { Duplex } from "node:stream";
import type { App } from "./app.ts";

/** Where a server listens. */
export interface HttpListener {
  readonly scheme: "http" | "https";
  /** "" listens on all addresses. */
  readonly host: string;
  /** 0: the system chooses. */
  readonly port: number;
}

/** Certificate and key for https listeners, as PEM. */
export interface HttpTls {
  readonly cert: string;
  readonly key: string;
  /** Certificates of those who may sign clients' certificates; null: clients show none. */
  readonly clientCa: string | null;
}

/** What is served and how. */
export interface HttpServerOptions {
  readonly app: App;
  readonly listeners: readonly HttpListener[];
  readonly tls?: HttpTls;
  /** Takes over connections that ask to upgrade, such as to WebSocket; default: they are closed. */
  readonly upgrade?: (request: IncomingMessage, socket: Duplex, head: Uint8Array) => void;
  /** How long a stop waits for what is being answered; default 10 s. */
  readonly drainMs?: number;
}

/** A server that takes requests until it is stopped. */
export interface RunningHttp {
  /** `scheme://host:port` of each listener. */
  readonly urls: readonly string[];
  /** Takes no more connections, waits for what is being answered, closes. */
  stop(): Promise<void>;
}

const DRAIN_MS = 10_000;
const HEADERS_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_MS = 65_000;
const HEADER_BYTES_MAX = 32 * 1024;

/** Reads `scheme://host:port`; throws an Error that names what is wrong. */
export function parseHttpListener(text: string): HttpListener {
  const match = text.match(/^(https?):\/\/(\[[0-9a-fA-F:.]+\]|[^:/?#\s]*):([0-9]{1,5})\/?$/);
  const port = Number(match?.[3]);
  if (match === null || port > 65535) {
    throw new Error(
      `Listener ${JSON.stringify(text)}; allowed: http://host:port or https://host:port`,
    );
  }
  const host = match[2]!.replace(/^\[(.*)\]$/, "$1");
  return { scheme: match[1] as "http" | "https", host, port };
}

/** Listens; rejects with a sentence when an address can't be had, holding nothing then. */
export async function startHttp(options: HttpServerOptions): Promise<RunningHttp> {
  const servers: Server[] = [];
  const urls: string[] = [];
  try {
    for (const listener of options.listeners) {
      const server = makeServer(listener, options);
      urls.push(await listen(server, listener));
      servers.push(server);
    }
  } catch (error) {
    for (const server of servers) server.close();
    throw error;
  }
  const drainMs = options.drainMs ?? DRAIN_MS;
  return {
    urls,
    async stop() {
      await Promise.all(servers.map((server) => drain(server, drainMs)));
    },
  };
}

function makeServer(listener: HttpListener, { app, tls, upgrade }: HttpServerOptions): Server {
  const limits = {
    headersTimeout: HEADERS_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: HEADER_BYTES_MAX,
  };
  if (listener.scheme === "https" && tls === undefined) {
    throw new Error("An https listener needs a certificate and a key");
  }
  const server = (listener.scheme === "https"
    ? createAdaptorServer({
      fetch: app.fetch,
      createServer: https.createServer,
      serverOptions: { ...limits, ...tlsOptions(tls!) },
    })
    : createAdaptorServer({
      fetch: app.fetch,
      createServer: http.createServer,
      serverOptions: limits,
    })) as Server;
  server.on("upgrade", upgrade ?? ((_request, socket: Duplex) => socket.destroy()));
  return server;
}

function tlsOptions({ cert, key, clientCa }: HttpTls): https.ServerOptions {
  if (clientCa === null) return { cert, key };
  return { cert, key, ca: clientCa, requestCert: true, rejectUnauthorized: true };
}

function listen(server: Server, { scheme, host, port }: HttpListener): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  server.once("error", (error: Error & { code?: string }) => {
    const why = error.code === "EADDRINUSE"
      ? "the port is in use"
      : error.code === "EACCES"
      ? "it is not permitted"
      : error.message;
    reject(new Error(`Cannot listen on ${scheme}://${host}:${port}: ${why}`));
  });
  server.listen(port, host === "" ? undefined : host, () => {
    const address = server.address() as { port: number };
    const shownHost = host === "" || host === "0.0.0.0" || host === "::" ? "localhost" : host;
    resolve(
      `${scheme}://${shownHost.includes(":") ? `[${shownHost}]` : shownHost}:${address.port}`,
    );
  });
  return promise;
}

async function drain(server: Server, drainMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), drainMs);
  await promise;
  clearTimeout(timer);
}
