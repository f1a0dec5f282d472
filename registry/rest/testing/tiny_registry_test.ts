import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Buffer } from "node:buffer";
import type { AddressInfo } from "node:net";

/**
 * A schema registry with just what the proxy asks for, over HTTP, for the tests of this room. The GUID of a
 * schema is its id in 32 hexadecimal digits.
 */

interface Version {
  readonly id: number;
  readonly subject: string;
  readonly version: number;
  readonly schema: string;
  readonly schemaType: string;
  readonly references: readonly unknown[];
}

/** What a registration may have. */
export interface SchemaToAdd {
  readonly schema: string;
  readonly schemaType?: string;
  readonly references?: readonly unknown[];
}

/** A registry on a port of its own. */
export class TinyRegistry implements AsyncDisposable {
  /** `METHOD path` of every request. */
  readonly requests: string[] = [];
  /** A status that all requests are answered with instead; null: none. */
  broken: number | null = null;
  readonly #versions: Version[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on("request", (request, response) => void this.#serve(request, response));
  }

  static async start(): Promise<TinyRegistry> {
    const server = createServer();
    const { promise, resolve } = Promise.withResolvers<void>();
    server.listen(0, "127.0.0.1", resolve);
    await promise;
    return new TinyRegistry(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Registers; gives the id. */
  add(subject: string, { schema, schemaType = "AVRO", references = [] }: SchemaToAdd): number {
    const same = this.#versions.find((one) =>
      one.schema === schema && one.schemaType === schemaType
    );
    const known = this.#find(subject, schema, schemaType);
    if (known !== undefined) return known.id;
    const id = same?.id ?? this.#versions.reduce((max, one) => Math.max(max, one.id), 0) + 1;
    const version = this.#versions.filter((one) => one.subject === subject).length + 1;
    this.#versions.push({ id, subject, version, schema, schemaType, references });
    return id;
  }

  #find(subject: string, schema: string, schemaType: string): Version | undefined {
    return this.#versions.find((one) =>
      one.subject === subject && one.schema === schema && one.schemaType === schemaType
    );
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url!, this.url);
    this.requests.push(`${request.method} ${pathname}`);
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk as Uint8Array);
    const body = request.method === "POST" ? JSON.parse(Buffer.concat(chunks).toString()) : null;
    const [status, told] = this.#answer(pathname, body);
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(JSON.stringify(told));
  }

  #answer(path: string, body: SchemaToAdd | null): Answer {
    if (this.broken !== null) return refusal(this.broken, this.broken, "out of order");
    const [, first, second, third, fourth] = path.split("/").map(decodeURIComponent);
    if (first === "schemas") {
      const id = second === "guids" ? Number.parseInt(third!.slice(-8), 16) : Number(third);
      const found = this.#versions.find((one) => one.id === id);
      if (found === undefined) return refusal(404, 40403, "no such schema");
      const { schema, schemaType, references } = found;
      return [200, { schema, schemaType, references }];
    }
    if (body !== null) return this.#post(second!, body, third === "versions");
    const of = this.#versions.filter(({ subject }) => subject === second);
    const found = fourth === "latest"
      ? of.at(-1)
      : of.find(({ version }) => version === Number(fourth));
    return found === undefined ? refusal(404, 40402, "no such version") : [200, found];
  }

  #post(subject: string, body: SchemaToAdd, isRegistration: boolean): Answer {
    const { schema, schemaType = "AVRO" } = body;
    if (schema.includes("Incompatible")) return refusal(409, 409, "it breaks its readers");
    if (isRegistration) return [200, { id: this.add(subject, body) }];
    const found = this.#find(subject, schema, schemaType);
    return found === undefined ? refusal(404, 40403, "no such schema") : [200, found];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    this.#server.closeAllConnections();
    await promise;
  }
}

type Answer = readonly [status: number, body: unknown];

function refusal(status: number, error_code: number, message: string): Answer {
  return [status, { error_code, message }];
}
