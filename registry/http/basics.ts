/** What runs before every route of every service, in this order, and the pages that every service has. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Context } from "hono";
import type { SettingsOf } from "../settings/mod.ts";
import type { App, AppEnv, Middleware } from "./app.ts";
import { compressed } from "./compression.ts";
import { cors } from "./cors.ts";
import { type DocsOptions, mountDocs } from "./docs.ts";
import { HttpError } from "./http_error.ts";
import { Metrics } from "./metrics.ts";
import type { HTTP_OPTIONS } from "./options.ts";
import { type Principal, Users } from "./passwords.ts";
import { RateLimit } from "./rate_limit.ts";
import type { HttpTls } from "./server.ts";
import type { ServiceLogger } from "./service.ts";

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
/** Longest path that the access log shows. */
const LOGGED_PATH_MAX = 200;

/** Puts them into the app, which must have no route yet; gives what the service counts. */
export function addBasics(app: App, options: BasicsOptions): Metrics {
  const { settings, logger, docs } = options;
  const metrics = new Metrics();
  app.use("*", observed(metrics, settings["access.log.enable"] ? logger : null));
  const origins = settings["access.control.allow.origin"];
  if (origins.length > 0) {
    const methods = settings["access.control.allow.methods"];
    app.use("*", cors({ origins, methods, headers: settings["access.control.allow.headers"] }));
  }
  const guard = guardOf(options);
  if (guard !== null) app.use("*", guard);
  app.use("*", timed(settings["request.timeout.ms"]));
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
    const startedMs = performance.now();
    const { incoming, outgoing } = c.env;
    const given = c.req.header("X-Request-ID");
    const requestId = given !== undefined && REQUEST_ID.test(given) ? given : randomUUID();
    c.set("requestId", requestId);
    outgoing.setHeader("X-Request-ID", requestId);
    // Now: a connection that has gone is forgotten by its request.
    const client = logger === null ? "" : addressOf(incoming);
    await next();
    const ms = performance.now() - startedMs;
    const { method } = c.req, { status } = c.res;
    metrics.observe(method, status, ms / 1000);
    if (logger === null) return;
    const path = c.req.path.slice(0, LOGGED_PATH_MAX);
    logger.info(`${method} ${path} ${status} in ${ms.toFixed(1)} ms`, { requestId, client });
  };
}

function addressOf({ socket }: IncomingMessage): string {
  return (socket as Socket | null)?.remoteAddress ?? "";
}

/** Answers 503 for a route that takes longer; streams have answered when their first byte may go. */
function timed(timeoutMs: number): Middleware {
  return async (c, next) => {
    const { deadlines } = c.env;
    const { promise, reject } = Promise.withResolvers<never>();
    const deadline = deadlines.set(timeoutMs, () => {
      reject(new HttpError(503, 503, `The request took longer than ${timeoutMs} ms`));
    });
    try {
      await Promise.race([next(), promise]);
    } finally {
      deadlines.lift(deadline);
    }
  };
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
    const authorization = c.req.header("Authorization");
    let principal = users?.known(authorization) ?? null;
    if (principal !== null) checkRate(limit, `user ${principal.name}`);
    // Before its password is tried, a client counts by its address: trying is what costs most.
    else checkRate(limit, addressOf(c.env.incoming));
    if (users !== null && !OPEN_PATHS.has(c.req.path) && !c.req.path.startsWith("/docs/")) {
      principal ??= await users.identify(authorization);
      const mayBeNobody = anonymousReads && authorization === undefined;
      checkRole(principal, isRead(c), mayBeNobody, settings["authentication.realm"]);
    }
    await next();
  };
}

/** Whether the method changes nothing by its meaning (RFC 9110, 9.2.1). */
export function isSafe(c: Context<AppEnv>): boolean {
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

function checkRate(limit: RateLimit | null, client: string): void {
  if (limit === null) return;
  const waitMs = limit.take(client, performance.now());
  if (waitMs === 0) return;
  throw new HttpError(429, 429, "Too many requests; Retry-After says when there is room again", {
    "Retry-After": String(Math.ceil(waitMs / 1000)),
  });
}

function checkRole(
  principal: Principal | null,
  isRead: boolean,
  mayBeNobody: boolean,
  realm: string,
): void {
  if (principal === null) {
    if (isRead && mayBeNobody) return;
    throw new HttpError(401, 40101, "The request needs a user and a password that are right", {
      "WWW-Authenticate": `Basic realm="${realm.replaceAll('"', "")}", charset="UTF-8"`,
    });
  }
  if (isRead || principal.role === "write") return;
  throw new HttpError(403, 40301, `User ${principal.name} may read and not write`);
}
