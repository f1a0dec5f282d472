/** Routes of v2 as data: from each come the route and its page in the OpenAPI document. */
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { type App, type AppEnv, HttpError } from "../../http/mod.ts";
import type { RestContext } from "../context.ts";
import { toHttpError, v2Answer } from "../errors.ts";
import { plainAnswerType, V2_TYPE } from "./media_types.ts";

/** A request under way. */
export type V2Request = Context<AppEnv>;

/** One call of the API. */
export interface V2Route {
  /** As lists of served endpoints name it. */
  readonly name: string;
  readonly method: "get" | "post" | "delete";
  /** With `{name}` for its parameters. */
  readonly path: string;
  /** A sentence. */
  readonly doc: string;
  readonly query?: Readonly<Record<string, z.ZodType>>;
  /** What the body is; absent: none is looked at. */
  readonly body?: z.ZodType;
  /** Default: {@linkcode V2_TYPE}. */
  readonly bodyTypes?: readonly string[];
  readonly bodyRequired?: boolean;
  /** What a 200 has in it; null: 204, nothing. */
  readonly answer: z.ZodType | null;
  /** Default: {@linkcode V2_TYPE}. */
  readonly answerTypes?: readonly string[];
  /** Error codes beside those that any call may answer. */
  readonly errors?: readonly number[];
  serve(c: V2Request): Response | Promise<Response>;
}

/** Puts the routes that are served into an app. */
export function mountRoutes(app: App, context: RestContext, routes: readonly V2Route[]): void {
  for (const route of routes) {
    if (!context.isServed(route.name)) continue;
    const path = route.path.replace(/\{(\w+)\}/g, ":$1");
    app.on(route.method.toUpperCase(), path, async (c) => {
      try {
        return await route.serve(c);
      } catch (error) {
        throw toHttpError(error, v2Answer) ?? error;
      }
    });
    app.openAPIRegistry.registerPath(described(route));
  }
}

/** An answer of JSON. */
export function answer(c: V2Request, value: unknown): Response {
  return c.newResponse(JSON.stringify(value), 200, { "Content-Type": plainAnswerType(c) });
}

/** An answer of nothing. */
export function noContent(c: V2Request): Response {
  return c.newResponse(null, 204);
}

/** A parameter of the path. */
export function pathText(c: V2Request, name: string): string {
  return c.req.param(name) ?? "";
}

/** A number in the path; what is none is no place that exists: 404. */
export function pathInteger(c: V2Request, name: string): number {
  const text = pathText(c, name);
  const value = /^-?[0-9]{1,10}$/.test(text) ? Number(text) : NaN;
  if (value === (value | 0)) return value;
  throw new HttpError(404, 404, `${name} in the path is no 32-bit number`);
}

/** A number in the query; null where there is none. Throws 404 as others do for a query that is no number. */
export function queryInteger(c: V2Request, name: string): number | null {
  const text = c.req.query(name);
  if (text === undefined || text === "") return null;
  if (/^-?[0-9]{1,15}$/.test(text)) return Number(text);
  throw new HttpError(
    400,
    400,
    `Query parameter ${name} is ${JSON.stringify(text.slice(0, 100))}; allowed: a whole number`,
  );
}

const errorBody = z.object({ error_code: z.int32(), message: z.string() }).openapi("Error");

/** Codes that any call may answer. */
const COMMON_ERRORS = [404, 405, 406, 50002, 50003, 50302];
/** Codes of calls with a body. */
const BODY_ERRORS = [400, 413, 415, 422];
/** Codes whose status is not in their number. */
const STATUS_OF: ReadonlyMap<number, number> = new Map([[40001, 422]]);

function described(route: V2Route) {
  const { method, path, doc, query = {}, body, answer, errors = [] } = route;
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  const codes = [...COMMON_ERRORS, ...(body === undefined ? [] : BODY_ERRORS), ...errors];
  const byStatus = Map.groupBy(
    new Set(codes),
    (code) => STATUS_OF.get(code) ?? (code < 1000 ? code : Math.trunc(code / 100)),
  );
  return {
    method,
    path,
    operationId: route.name,
    tags: ["v2"],
    summary: doc,
    request: {
      params: z.object(Object.fromEntries(parameters.map((name) => [name, z.string()]))),
      query: z.object(query),
      ...(body === undefined ? {} : {
        body: {
          required: route.bodyRequired ?? true,
          content: contents(route.bodyTypes ?? [V2_TYPE], body),
        },
      }),
    },
    responses: {
      ...(answer === null
        ? { 204: { description: "It is done." } }
        : { 200: { description: doc, content: contents(route.answerTypes ?? [V2_TYPE], answer) } }),
      ...Object.fromEntries(
        [...byStatus].map(([status, its]) => [status, {
          description: `Error ${its.join(", ")}.`,
          content: contents([V2_TYPE], errorBody),
        }]),
      ),
    },
  };
}

function contents(types: readonly string[], schema: z.ZodType) {
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}
