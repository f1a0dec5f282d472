/** What the tests of the registry share: a broker, registries on it, and calls that say what they expect. */
import { assertEquals } from "@std/assert";
import { type RunningBroker, startBroker } from "../../broker/mod.ts";
import type { RunningService } from "../http/mod.ts";
import { startRegistry } from "./registry.ts";

export const TYPE = "application/vnd.schemaregistry.v1+json";

export async function testBroker(
  place: { readonly dataDirectory?: string; readonly port?: number } = {},
): Promise<RunningBroker> {
  return await startBroker({
    ...place,
    dataDirectory: place.dataDirectory ?? await Deno.makeTempDir(),
    overrides: { "group.initial.rebalance.delay.ms": "0" },
  });
}

/** Options of a registry on a broker, at a port of its own. */
export function registryOptions(broker: { readonly bootstrap: string }): string[] {
  return [
    "listeners=http://127.0.0.1:0",
    `kafkastore.bootstrap.servers=${broker.bootstrap}`,
  ];
}

export function testRegistry(
  broker: { readonly bootstrap: string },
  ...overrides: string[]
): Promise<RunningService> {
  return startRegistry({ overrides: [...registryOptions(broker), ...overrides] });
}

export interface Told {
  readonly status: number;
  readonly type: string;
  readonly headers: Headers;
  readonly text: string;
  /** Null when the body is none, or no JSON. */
  // deno-lint-ignore no-explicit-any
  readonly json: any;
}

export async function ask(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Told> {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { "Content-Type": TYPE }), ...headers },
    body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    type: answer.headers.get("Content-Type") ?? "",
    headers: answer.headers,
    text,
    json: parsed(text),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Calls of one registry that say what they expect. */
export class Caller {
  constructor(readonly url: string) {}

  /** Expects this status, and resolves to the JSON of the answer. */
  // deno-lint-ignore no-explicit-any
  async is(status: number, method: string, path: string, body?: unknown): Promise<any> {
    const told = await ask(this.url, method, path, body);
    assertEquals(told.status, status, `${method} ${path}: ${told.text}`);
    return told.json;
  }

  /** Expects an error of this code, in the form that errors have. */
  async refused(
    [status, code]: readonly [number, number],
    method: string,
    path: string,
    body?: unknown,
  ): Promise<string> {
    const told = await ask(this.url, method, path, body);
    assertEquals([told.status, told.json?.error_code], [status, code], `${method} ${path}`);
    assertEquals(Object.keys(told.json), ["error_code", "message"]);
    assertEquals(told.type, TYPE);
    return told.json.message;
  }
}

export function avro(name: string, ...fields: readonly unknown[]): string {
  return JSON.stringify({ type: "record", name, fields });
}

export const ID = { name: "id", type: "long" };
export const NOTE = { name: "note", type: ["null", "string"], default: null };

/** Whether an instance takes writes itself, as its metrics tell. */
export async function isPrimary(url: string): Promise<boolean> {
  const { text } = await ask(url, "GET", "/metrics");
  return /^schema_registry_primary 1$/m.test(text);
}

/** What a registry answers about all that it holds. */
export async function holdings(url: string): Promise<unknown> {
  const { json } = await ask(url, "GET", "/schemas?subjectPrefix=:*:&deleted=true");
  return json.map((one: { ts?: number }) => ({ ...one, ts: null }));
}
