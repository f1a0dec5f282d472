import { getRequestListener, type HttpBindings } from "@hono/node-server";
import http, { type IncomingMessage, type Server } from "node:http";
import https from "node:https";
import type { Duplex } from "node:stream";
import type { App, AppLogger } from "./app.ts";
import { Deadlines } from "./deadlines.ts";
import { refuseBadRequests, refuseTarget } from "./refusals.ts";
import { WebSockets } from "./web_socket.ts";

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
  /** Takes over connections that ask to become WebSockets; default: routes do, by acceptWebSocket(). */
  readonly upgrade?: (request: IncomingMessage, socket: Duplex, head: Uint8Array) => void;
  /** How long a stop waits for what is being answered; default 10 s. */
  readonly drainMs?: number;
  /** Hears of connections that can't be taken; default: nobody. */
  readonly logger?: AppLogger;
}

/** A server that takes requests until it is stopped. */
export interface RunningHttp {
  /** `scheme://host:port` of each listener. */
  readonly urls: readonly string[];
  /** Takes no more connections, waits for what is being answered, closes. */
  stop(): Promise<void>;
}

const DRAIN_MS = 10_000;
/** How often a stop closes connections that have become idle. */
const IDLE_CHECK_MS = 50;
const HEADERS_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_MS = 65_000;
const HANDSHAKE_MS = 30_000;
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
  const deadlines = new Deadlines();
  const webSockets = new WebSockets(options.app, deadlines);
  try {
    for (const listener of options.listeners) {
      const server = makeServer(listener, options, { deadlines, webSockets });
      urls.push(await listen(server, listener));
      servers.push(server);
      const { logger } = options;
      server.on("error", (error) => logger?.error(`Cannot take a connection: ${error.message}`));
    }
  } catch (error) {
    for (const server of servers) server.close();
    deadlines.close();
    throw error;
  }
  const drainMs = options.drainMs ?? DRAIN_MS;
  return {
    urls,
    async stop() {
      await Promise.all(servers.map((server) => drain(server, webSockets, drainMs)));
      deadlines.close();
    },
  };
}

function makeServer(
  { scheme }: HttpListener,
  { app, tls, upgrade }: HttpServerOptions,
  { deadlines, webSockets }: { readonly deadlines: Deadlines; readonly webSockets: WebSockets },
): Server {
  const options = {
    headersTimeout: HEADERS_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: HEADER_BYTES_MAX,
    // A streamed body may last for hours; readBody() holds whole ones to a time of their own.
    requestTimeout: 0,
    // Clients offer h2c or TLS/1.2 unasked and take no for an answer (RFC 9110, 7.8).
    shouldUpgradeCallback: ({ headers }: IncomingMessage) =>
      headers.upgrade?.toLowerCase() === "websocket",
  };
  function answer(request: Request, { incoming, outgoing }: HttpBindings) {
    return app.fetch(request, { incoming, outgoing, deadlines });
  }
  const serve = getRequestListener((request, env) => answer(request, env as HttpBindings), {
    // For HTTP/1.0, which may name no host.
    hostname: "localhost",
    errorHandler: refuseTarget,
  });
  if (scheme === "https" && tls === undefined) {
    throw new Error("An https listener needs a certificate and a key");
  }
  const server = scheme === "https"
    ? https.createServer(
      { ...options, handshakeTimeout: HANDSHAKE_MS, ...tlsOptions(tls!) },
      serve,
    )
    : http.createServer(options, serve);
  refuseBadRequests(server);
  server.on("upgrade", upgrade ?? ((...upgrading) => webSockets.answer(...upgrading)));
  return server;
}

function tlsOptions({ cert, key, clientCa }: HttpTls): https.ServerOptions {
  if (clientCa === null) return { cert, key };
  return { cert, key, ca: clientCa, requestCert: true, rejectUnauthorized: true };
}

function listen(server: Server, { scheme, host, port }: HttpListener): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  function onError(error: Error & { code?: string }): void {
    const why = error.code === "EADDRINUSE"
      ? "the port is in use"
      : error.code === "EACCES"
      ? "it is not permitted"
      : error.message;
    reject(new Error(`Cannot listen on ${scheme}://${host}:${port}: ${why}`));
  }
  server.once("error", onError);
  server.listen(port, host === "" ? undefined : host, () => {
    server.off("error", onError);
    const address = server.address() as { port: number };
    const shownHost = host === "" || host === "0.0.0.0" || host === "::" ? "localhost" : host;
    resolve(
      `${scheme}://${shownHost.includes(":") ? `[${shownHost}]` : shownHost}:${address.port}`,
    );
  });
  return promise;
}

async function drain(server: Server, webSockets: WebSockets, drainMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  webSockets.closeAll();
  server.closeIdleConnections();
  // A connection that was busy when the stop began stays open when its answer is out.
  const idleTimer = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const endTimer = setTimeout(() => {
    server.closeAllConnections();
    webSockets.destroyAll();
  }, drainMs);
  await promise;
  clearInterval(idleTimer);
  clearTimeout(endTimer);
}
