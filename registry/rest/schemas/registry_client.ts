import { Buffer } from "node:buffer";
import { SchemaSourceError } from "./schema_source_error.ts";

/** Where registries are and how they are asked. */
export interface RegistryClientOptions {
  /** Of one group, the preferred first; user and password may stand in them. */
  readonly urls: readonly string[];
  /** Of the Authorization header, where the URL has no user; null: none. */
  readonly authorization: string | null;
  /** How long one registry may take. */
  readonly timeoutMs: number;
}

/** A registry's answer: JSON as it came. */
export interface RegistryAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** The largest answer that is taken. */
const ANSWER_BYTES_MAX = 32 * 1024 * 1024;
const CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";

interface Server {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Asks a schema registry over HTTP. Of several the one that answered last is asked first; the next where one
 * is out of reach or in trouble (status 500 and up).
 */
export class RegistryClient {
  readonly #servers: readonly Server[];
  readonly #timeoutMs: number;
  /** Index of the one to ask first. */
  #preferred = 0;

  /** Throws an Error that names a URL which is none. */
  constructor({ urls, authorization, timeoutMs }: RegistryClientOptions) {
    this.#servers = urls.map((url) => serverOf(url, authorization));
    this.#timeoutMs = timeoutMs;
  }

  /** Resolves to any answer below status 500. Rejects with {@linkcode SchemaSourceError} "unreachable". */
  async request(method: "GET" | "POST", path: string, body?: unknown): Promise<RegistryAnswer> {
    const count = this.#servers.length;
    let problem = "none is configured (schema.registry.url)";
    for (let n = 0; n < count; n++) {
      const index = (this.#preferred + n) % count;
      const server = this.#servers[index]!;
      try {
        const answer = await this.#ask(server, method, path, body);
        if (answer.status < 500 && answer.status !== 401 && answer.status !== 403) {
          this.#preferred = index;
          return answer;
        }
        problem = `${server.url} answers with status ${answer.status}: ${messageOf(answer)}`;
      } catch (error) {
        problem = `${server.url}: ${reasonOf(error)}`;
      }
    }
    throw new SchemaSourceError("unreachable", `No schema registry can be used: ${problem}`);
  }

  async #ask(
    { url, headers }: Server,
    method: "GET" | "POST",
    path: string,
    body: unknown,
  ): Promise<RegistryAnswer> {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: body === undefined ? headers : { ...headers, "Content-Type": CONTENT_TYPE },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(this.#timeoutMs),
    });
    const text = await readText(response);
    return { status: response.status, body: parsed(text) };
  }
}

/** What the registry says to a refusal. */
export function messageOf({ body }: RegistryAnswer): string {
  const { message } = (body ?? {}) as { readonly message?: unknown };
  return typeof message === "string" ? message.slice(0, 1000) : "it gives no reason";
}

/** The registry's own number of an error; 0: it gives none. */
export function errorCodeOf({ body }: RegistryAnswer): number {
  const { error_code: code } = (body ?? {}) as { readonly error_code?: unknown };
  return typeof code === "number" ? code : 0;
}

function serverOf(text: string, authorization: string | null): Server {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new Error(
      `schema.registry.url=${text}: allowed is http://host:port or https://host:port`,
    );
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new Error(`schema.registry.url=${text}: allowed is http:// or https://`);
  }
  const user = url.username === "" ? null : basicAuthorization(
    `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`,
  );
  const header = user ?? authorization;
  return {
    url: `${url.origin}${url.pathname.replace(/\/+$/, "")}`,
    headers: {
      "Accept": `${CONTENT_TYPE}, application/json`,
      ...(header === null ? {} : { "Authorization": header }),
    },
  };
}

/** `user:password` as the Authorization header has it. */
export function basicAuthorization(userAndPassword: string): string {
  return `Basic ${Buffer.from(userAndPassword).toString("base64")}`;
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > ANSWER_BYTES_MAX) {
      throw new Error(`its answer is larger than the ${ANSWER_BYTES_MAX} bytes that are allowed`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "it does not answer in time";
  return error.cause instanceof Error ? error.cause.message : error.message;
}
