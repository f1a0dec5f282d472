/** What runs before every route of every service, in this order, and the pages that every service has. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { compress } from "hono/compress";
import { cors } from "hono/cors";
import type { SettingsOf } from "../settings/mod.ts";
import type { App, AppEnv, Middleware } from "./app.ts";
import { type DocsOptions, mountDocs } from "./docs.ts";
import { HttpError } from "./http_error.ts";
import { Metrics } from "./metrics.ts";
import type { HTTP_OPTIONS } from "./options.ts";
import { type Principal, Users } from "./passwords.ts";
import { RateLimit } from "./rate_limit.ts";
import type { HttpTls } from "./server.ts";
import type { ServiceLogger } from "./service.ts";
import type { Context } from "hono";

/** The options of {@linkcode HTTP_OPTIONS} as they were read. */
export type HttpSettings = SettingsOf<typeof HTTP_OPTIONS>;

/** What a service tells of itself. */
export interface BasicsOptions {
  readonly settings: HttpSettings;
  readonly logger: ServiceLogger;
  readonly docs: DocsOptions;
  /** Whether a request changes nothing; default: it is a GET, a HEAD or an OPTIONS. */
  readonly isRead?: (c: Context<AppEnv>) => boolean;
  /** Rejects with the reason when the service can't do its work now. */
  health(): Promise<void>;
}

/** Pages that tell nothing secret: whether the service lives, and how to call it. */
const OPEN_PATHS: ReadonlySet<string> = new Set(["/health", "/openapi.json", "/docs"]);
const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;
const COMPRESSED_BYTES_MIN = 1024;

/** Puts them into the app, which must have no route yet; gives what the service counts. */
export function addBasics(app: App, options: BasicsOptions): Metrics {
  const { settings, logger, docs } = options;
  const metrics = new Metrics();
  app.use("*", observed(metrics, settings["access.log.enable"] ? logger : null));
  if (settings["access.control.allow.origin"].length > 0) app.use("*", corsOf(settings));
  const guard = guardOf(options);
  if (guard !== null) app.use("*", guard);
  if (settings["compression.enable"]) app.use("*", compressed);
  app.get(
    "/metrics",
    (c) => c.text(metrics.text(), 200, { "Content-Type": "text/plain; version=0.0.4" }),
  );
  app.get("/health", async (c) => {
    try {
      await options.health();
      return c.json({ status: "UP" });
    } catch (error) {
      return c.json({ status: "DOWN", reason: (error as Error).message }, 503);
    }
  });
  mountDocs(app, docs);
  return metrics;
}

/** The certificate that the settings name; null when they name none. Throws an Error that names the option. */
export function tlsOf(settings: HttpSettings): HttpTls | null {
  const location = settings["ssl.keystore.location"];
  if (location === "") return null;
  function read(option: string, path: string): string {
    try {
      return readFileSync(path, "utf8");
    } catch (error) {
      const { code = "" } = error as { code?: string };
      throw new Error(
        `Cannot read ${option}=${path}: ${code === "ENOENT" ? "no such file" : code}`,
      );
    }
  }
  const cert = read("ssl.keystore.location", location);
  const key = settings["ssl.keystore.key"];
  const ca = settings["ssl.truststore.location"];
  if (settings["ssl.client.authentication"] === "REQUIRED" && ca === "") {
    throw new Error("ssl.client.authentication=REQUIRED needs ssl.truststore.location");
  }
  return {
    cert,
    key: key === "" ? cert : key.includes("-----BEGIN") ? key : read("ssl.keystore.key", key),
    clientCa: settings["ssl.client.authentication"] === "NONE"
      ? null
      : read("ssl.truststore.location", ca),
  };
}

/** Names each request, counts it, tells it. */
function observed(metrics: Metrics, logger: ServiceLogger | null): Middleware {
  return async (c, next) => {
    const started = performance.now();
    const given = c.req.header("X-Request-ID");
    const requestId = given !== undefined && REQUEST_ID.test(given) ? given : randomUUID();
    c.set("requestId", requestId);
    await next();
    c.res.headers.set("X-Request-ID", requestId);
    const ms = performance.now() - started;
    metrics.observe(c.req.method, c.res.status, ms / 1000);
    logger?.info(`${c.req.method} ${c.req.path} ${c.res.status} in ${ms.toFixed(1)} ms`, {
      requestId,
      client: c.env.incoming.socket.remoteAddress ?? "",
    });
  };
}

function corsOf(settings: HttpSettings): Middleware {
  const origins = settings["access.control.allow.origin"];
  return cors({
    origin: origins.includes("*") ? "*" : [...origins],
    allowMethods: [...settings["access.control.allow.methods"]],
    allowHeaders: [...settings["access.control.allow.headers"]],
    exposeHeaders: ["X-Request-ID", "Retry-After", "Location"],
    maxAge: 600,
  });
}

/** Who may do what, and how often; null when everybody may everything. */
function guardOf({ settings, isRead = isSafe }: BasicsOptions): Middleware | null {
  const users = usersOf(settings);
  const limit = settings["rate.limit.enable"]
    ? new RateLimit(settings["rate.limit.permits.per.sec"])
    : null;
  if (users === null && limit === null) return null;
  const anonymousReads = settings["authentication.anonymous.read"];
  return async (c, next) => {
    const principal = users === null ? null : await users.identify(c.req.header("Authorization"));
    if (limit !== null) {
      checkRate(limit, principal?.name ?? c.env.incoming.socket.remoteAddress ?? "");
    }
    if (users !== null && !OPEN_PATHS.has(c.req.path) && !c.req.path.startsWith("/docs/")) {
      checkRole(principal, isRead(c), anonymousReads, settings["authentication.realm"]);
    }
    await next();
  };
}

function isSafe(c: Context<AppEnv>): boolean {
  return c.req.method === "GET" || c.req.method === "HEAD" || c.req.method === "OPTIONS";
}

function usersOf(settings: HttpSettings): Users | null {
  if (settings["authentication.method"] === "NONE") return null;
  const path = settings["authentication.users.file"];
  if (path === "") throw new Error("authentication.method=BASIC needs authentication.users.file");
  try {
    return Users.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const why = code === "ENOENT" ? "no such file" : code ?? message;
    throw new Error(`Cannot use authentication.users.file=${path}: ${why}`);
  }
}

function checkRate(limit: RateLimit, client: string): void {
  const waitMs = limit.take(client, performance.now());
  if (waitMs === 0) return;
  throw new HttpError(429, 429, "Too many requests; Retry-After says when there is room again", {
    "Retry-After": String(Math.ceil(waitMs / 1000)),
  });
}

function checkRole(
  principal: Principal | null,
  isRead: boolean,
  anonymousReads: boolean,
  realm: string,
): void {
  if (principal === null) {
    if (isRead && anonymousReads) return;
    throw new HttpError(401, 40101, "The request needs a user and a password that are right", {
      "WWW-Authenticate": `Basic realm="${realm.replaceAll('"', "")}", charset="UTF-8"`,
    });
  }
  if (isRead || principal.role === "write") return;
  throw new HttpError(403, 40301, `User ${principal.name} may read and not write`);
}

const compressor = compress({ encoding: "gzip", threshold: COMPRESSED_BYTES_MIN });

/** Streams that must arrive piece by piece are left as they are. */
const compressed: Middleware = (c, next) => {
  const accept = c.req.header("Accept-Encoding");
  if (accept === undefined || !accept.includes("gzip")) return next();
  return compressor(c, next);
};
