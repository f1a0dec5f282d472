import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Deadlines } from "./deadlines.ts";
import { HttpError, shown } from "./http_error.ts";
import type { PendingWebSocket } from "./web_socket.ts";

/** What routes find in their context. */
export interface AppEnv {
  Bindings: {
    readonly incoming: IncomingMessage;
    readonly outgoing: ServerResponse;
    /** Those of the server that took the request. */
    readonly deadlines: Deadlines;
    /** There when the request wants to become a WebSocket. */
    readonly webSocket?: PendingWebSocket;
  };
  Variables: {
    /** From `X-Request-ID`, or drawn. */
    requestId: string;
  };
}

/** An app of routes. */
export type App = OpenAPIHono<AppEnv>;

/** Tells what went wrong inside. */
export interface AppLogger {
  error(message: string, fields?: Readonly<Record<string, string | number | boolean | null>>): void;
}

/** How an app answers what no route does. */
export interface AppOptions {
  readonly logger: AppLogger;
  /** Turns errors of the service's own into HttpError; null: it is a bug, answered 500. */
  translate(error: unknown): HttpError | null;
  /** Content-Type of errors. */
  errorType(c: Context<AppEnv>): string;
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** An app whose errors are all `{"error_code","message"}`: 404, 405 with Allow, 500 that tells nothing. */
export function createApp(options: AppOptions): App {
  const app: App = new OpenAPIHono<AppEnv>();
  function refuse(c: Context<AppEnv>, error: HttpError): Response {
    const body = JSON.stringify({ error_code: error.errorCode, message: error.message });
    return c.newResponse(body, error.status as 400, {
      "Content-Type": options.errorType(c),
      ...error.headers,
    });
  }
  app.notFound((c) => {
    const allowed = METHODS.filter((method) => isServed(app, method, c.req.path));
    const error = allowed.length === 0
      ? new HttpError(404, 404, `There is nothing at ${shown(c.req.path)}`)
      : new HttpError(
        405,
        405,
        `${c.req.method} is not served here; allowed: ${allowed.join(", ")}`,
        {
          Allow: allowed.join(", "),
        },
      );
    return refuse(c, error);
  });
  app.onError((error, c) => {
    const known = error instanceof HttpError ? error : options.translate(error);
    if (known !== null) return refuse(c, known);
    options.logger.error(`${c.req.method} ${c.req.path} failed: ${error.stack ?? error.message}`, {
      requestId: c.get("requestId") ?? null,
    });
    return refuse(c, new HttpError(500, 500, "The request failed inside the server"));
  });
  return app;
}

/** Whether a route of the method is at the path; what runs before every route does not count. */
function isServed(app: App, method: string, path: string): boolean {
  const [handlers] = app.router.match(method, path);
  return handlers.some(([[, route]]) => !isMiddleware(route));
}

function isMiddleware({ path }: { readonly path: string }): boolean {
  return path === "*" || path === "/*";
}

/** Something that runs before routes. */
export type Middleware = MiddlewareHandler<AppEnv>;
