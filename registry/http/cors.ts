import type { AppEnv, Middleware } from "./app.ts";
import type { Context } from "hono";

/** Which pages of other origins may call, and how. */
export interface CorsOptions {
  /** `*` for any. */
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  /** None: those that a page asks for. */
  readonly headers: readonly string[];
}

/** Headers of answers that pages may read. */
const EXPOSED = "X-Request-ID, Retry-After, Location";
/** How long a browser may remember what it may, in seconds. */
const MAX_AGE = "600";

/**
 * Cross-origin resource sharing (the Fetch standard): answers preflights, marks all other answers. Written on
 * the answer of node, since touching that of Hono makes it a slow one.
 */
export function cors({ origins, methods, headers }: CorsOptions): Middleware {
  const isOpen = origins.includes("*");
  const allowed = new Set(origins);
  return async (c: Context<AppEnv>, next) => {
    const origin = c.req.header("Origin");
    const { outgoing } = c.env;
    if (!isOpen) outgoing.appendHeader("Vary", "Origin");
    if (origin === undefined || !(isOpen || allowed.has(origin))) return await next();
    outgoing.setHeader("Access-Control-Allow-Origin", isOpen ? "*" : origin);
    const method = c.req.header("Access-Control-Request-Method");
    if (c.req.method !== "OPTIONS" || method === undefined) {
      outgoing.setHeader("Access-Control-Expose-Headers", EXPOSED);
      return await next();
    }
    const asked = c.req.header("Access-Control-Request-Headers") ?? "";
    outgoing.setHeader("Access-Control-Allow-Methods", methods.join(", "));
    const permitted = headers.length > 0 ? headers.join(", ") : asked;
    if (permitted !== "") outgoing.setHeader("Access-Control-Allow-Headers", permitted);
    outgoing.setHeader("Access-Control-Max-Age", MAX_AGE);
    return c.newResponse(null, 204);
  };
}
