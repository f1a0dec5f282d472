/** A broker, a tiny registry and a REST proxy in one, for the tests of this room. */
import { assertEquals } from "@std/assert";
import { type RunningBroker, startBroker } from "../../../broker/mod.ts";
import type { ServiceLogger } from "../../http/mod.ts";
import { startRest } from "../rest.ts";
import { TinyRegistry } from "./tiny_registry_test.ts";

/** A request beside its path. */
export interface Ask {
  /** Sent as JSON; a string goes as it is. */
  readonly body?: unknown;
  /** Content-Type; default: v2's plain one. */
  readonly type?: string | null;
  readonly accept?: string;
}

/** An answer, read. */
export interface Told {
  readonly status: number;
  readonly type: string;
  // deno-lint-ignore no-explicit-any
  readonly json: any;
}

/** The content type of records in a format. */
export function records(format: string): string {
  return `application/vnd.kafka.${format}.v2+json`;
}

const V2 = "application/vnd.kafka.v2+json";

/** What tests talk to. */
export interface RestWorld extends AsyncDisposable {
  readonly url: string;
  readonly broker: RunningBroker;
  readonly registry: TinyRegistry;
  /** Errors that the service logged: bugs. */
  readonly bugs: readonly string[];
  ask(method: string, path: string, ask?: Ask): Promise<Told>;
  /** Fails unless the answer has this status and error code. */
  refused(
    method: string,
    path: string,
    codes: readonly [number, number],
    ask?: Ask,
  ): Promise<string>;
}

/** Starts them; `overrides` are of the proxy. */
export async function startRestWorld(overrides: readonly string[] = []): Promise<RestWorld> {
  const dataDirectory = await Deno.makeTempDir();
  const broker = await startBroker({
    dataDirectory,
    overrides: { "group.initial.rebalance.delay.ms": "0" },
  });
  const registry = await TinyRegistry.start();
  const bugs: string[] = [];
  const logger: ServiceLogger = {
    debug() {},
    info() {},
    warn() {},
    error: (message) => bugs.push(message),
  };
  const rest = await startRest({
    defaults: {
      "listeners": "http://127.0.0.1:0",
      "bootstrap.servers": broker.bootstrap,
      "schema.registry.url": registry.url,
    },
    overrides,
    logger,
  });
  const url = rest.urls[0]!;
  async function ask(method: string, path: string, options: Ask = {}): Promise<Told> {
    const { body, type = V2, accept } = options;
    const response = await fetch(path.startsWith("http") ? path : `${url}${path}`, {
      method,
      headers: {
        ...(body === undefined || type === null ? {} : { "Content-Type": type }),
        ...(accept === undefined ? {} : { Accept: accept }),
      },
      body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const answerType = response.headers.get("Content-Type") ?? "";
    return {
      status: response.status,
      type: answerType,
      json: answerType.includes("json") ? JSON.parse(text) : text,
    };
  }
  return {
    url,
    broker,
    registry,
    bugs,
    ask,
    async refused(method, path, [status, code], options) {
      const told = await ask(method, path, options);
      assertEquals([told.status, told.json.error_code], [status, code], told.json.message);
      return told.json.message;
    },
    async [Symbol.asyncDispose]() {
      await rest.stop();
      await registry[Symbol.asyncDispose]();
      await broker.stop();
      await Deno.remove(dataDirectory, { recursive: true });
    },
  };
}
