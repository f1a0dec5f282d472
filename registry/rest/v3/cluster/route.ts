/** Calls of v3 on the cluster as data: from each come its routes and its page in the OpenAPI document. */
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import {
  type App,
  type AppEnv,
  checkContentType,
  HttpError,
  negotiate,
  readJson,
  shown,
} from "../../../http/mod.ts";
import { requestBaseUrl } from "../../base_url.ts";
import type { RestContext } from "../../context.ts";
import { checkedClusterId } from "../../streams/cluster_id.ts";
import { Links } from "./links.ts";

/** One call of the API. */
export interface V3Route {
  /** As lists of served endpoints name it, behind `api.v3.`. */
  readonly name: string;
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** Behind `/v3/clusters/{cluster_id}`, with `{name}` for its parameters. */
  readonly path: string;
  /** A sentence. */
  readonly doc: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: z.ZodType;
  /** Default: 200 where there is an answer, 204 where there is none. */
  readonly status?: 200 | 201 | 204 | 207;
  serve(request: V3Request): Promise<unknown>;
}

/** An answer that isn't what the route's status says, such as one of a request that only validates. */
export class Answer {
  constructor(
    readonly status: 200 | 201 | 204 | 207,
    readonly value: unknown,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}
}

const JSON_TYPE = "application/json";
const INT32_MAX = 2 ** 31 - 1;

/** A request as the calls see it. */
export class V3Request {
  readonly context: RestContext;
  readonly clusterId: string;
  readonly links: Links;
  readonly #c: Context<AppEnv>;

  constructor(c: Context<AppEnv>, context: RestContext, clusterId: string) {
    this.#c = c;
    this.context = context;
    this.clusterId = clusterId;
    const prefix = c.req.path.startsWith("/kafka/") ? "/kafka/v3" : "/v3";
    this.links = new Links(`${requestBaseUrl(c, context.settings)}${prefix}`, clusterId);
  }

  /** A parameter of the path. */
  param(name: string): string {
    return this.#c.req.param(name) ?? "";
  }

  /** A number in the path, 0 or more; what is none is no place that exists: 404. */
  number(name: string): number {
    const text = this.param(name);
    const value = /^[0-9]{1,10}$/.test(text) ? Number(text) : -1;
    if (value >= 0 && value <= INT32_MAX) return value;
    throw new HttpError(404, 404, `${shown(text)} in the path is no number of a ${name}`);
  }

  /** A query parameter; null when it is absent or empty. */
  query(name: string): string | null {
    return this.#c.req.query(name) || null;
  }

  /** A query parameter that is true or false; false when absent. */
  flag(name: string): boolean {
    const text = this.query(name)?.toLowerCase() ?? "false";
    if (text === "true" || text === "false") return text === "true";
    throw new HttpError(
      400,
      400,
      `Query parameter ${name} is ${shown(text)}; allowed: true, false`,
    );
  }

  /** The body's JSON. Throws 415 for a body of another type. */
  async body(): Promise<unknown> {
    checkContentType(this.#c.req.header("Content-Type") ?? null, [JSON_TYPE]);
    const { settings } = this.context;
    return await readJson(this.#c, settings["max.request.bytes"]);
  }
}

/** Puts the calls that are served into an app, under `/v3` and `/kafka/v3`. */
export function mountV3Routes(app: App, context: RestContext, routes: readonly V3Route[]): void {
  for (const route of routes) {
    if (!context.isServed(`api.v3.${route.name}`)) continue;
    const path = `/clusters/:cluster_id${honoPath(route.path)}`;
    const serve = async (c: Context<AppEnv>) => {
      negotiate(c.req.header("Accept") ?? null, [JSON_TYPE]);
      const clusterId = await checkedClusterId(context, c.req.param("cluster_id") ?? "");
      return answered(c, route, await route.serve(new V3Request(c, context, clusterId)));
    };
    app.on(route.method.toUpperCase(), [`/v3${path}`, `/kafka/v3${path}`], serve);
    app.openAPIRegistry.registerPath(described(route));
  }
}

/** `{name}` becomes a parameter; a segment with a colon of its own a pattern, since a colon begins a parameter. */
function honoPath(path: string): string {
  return path.split("/").map((segment) => {
    if (/^\{\w+\}$/.test(segment)) return `:${segment.slice(1, -1)}`;
    const colon = segment.indexOf(":");
    if (colon < 0) return segment;
    return `:call{${segment.slice(0, colon)}(?::|%3[Aa])${segment.slice(colon + 1)}}`;
  }).join("/");
}

function answered(c: Context<AppEnv>, route: V3Route, result: unknown): Response {
  const { status, value, headers } = result instanceof Answer
    ? result
    : new Answer(route.status ?? (result === undefined ? 204 : 200), result);
  if (status === 204) return c.newResponse(null, 204);
  const body = JSON.stringify(value);
  return c.newResponse(body, status, { "Content-Type": JSON_TYPE, ...headers });
}

const errorBody = z.object({ error_code: z.int32(), message: z.string() }).openapi("Error");

function described({ name, method, path, doc, query = {}, body, status = 200 }: V3Route) {
  const parameters = ["cluster_id", ...[...path.matchAll(/\{(\w+)\}/g)].map(([, one]) => one!)];
  const failures = ["400", "404", "406", "413", "415", "422", "500", "503"] as const;
  return {
    method,
    path: `/v3/clusters/{cluster_id}${path}`,
    operationId: `api.v3.${name}`,
    tags: ["v3"],
    summary: doc,
    request: {
      params: z.object(Object.fromEntries(parameters.map((one) => [one, z.string()]))),
      query: z.object(
        Object.fromEntries(
          Object.entries(query).map(([one, about]) => [one, z.string().optional().describe(about)]),
        ),
      ),
      ...(body === undefined
        ? {}
        : { body: { required: true, content: { [JSON_TYPE]: { schema: body } } } }),
    },
    responses: {
      ...(status === 204 ? { 204: { description: "It is done." } } : {
        [status]: { description: doc, content: { [JSON_TYPE]: { schema: z.looseObject({}) } } },
      }),
      ...Object.fromEntries(failures.map((code) => [code, {
        description: "It is refused, or failed.",
        content: { [JSON_TYPE]: { schema: errorBody } },
      }])),
    },
  };
}
