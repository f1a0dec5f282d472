/** What the tests of this room share: a real server, and connections that say what they like. */
import { readSettings } from "../settings/mod.ts";
import {
  addBasics,
  type App,
  createApp,
  HTTP_OPTIONS,
  type Metrics,
  parseHttpListener,
  startHttp,
} from "./mod.ts";
import type { HttpServerOptions } from "./server.ts";

/** A server of a test. */
export interface Serving extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** What was logged. */
  readonly logged: string[];
  readonly metrics: Metrics;
  stop(): Promise<void>;
}

/** Serves the routes that `build` makes, behind the basics with these options. */
export async function serving(
  build: (app: App) => void,
  options: {
    readonly overrides?: readonly string[];
    readonly health?: () => Promise<void>;
    readonly server?: Partial<HttpServerOptions>;
    readonly scheme?: "http" | "https";
  } = {},
): Promise<Serving> {
  const logged: string[] = [];
  const log = (message: string) => void logged.push(message);
  const logger = { debug: log, info: log, warn: log, error: log };
  const { settings } = readSettings(
    { table: HTTP_OPTIONS, environmentPrefix: "X_", passedOn: [] },
    { overrides: options.overrides ?? [] },
  );
  const app = createApp({ logger, translate: () => null, errorType: () => "application/json" });
  const metrics = addBasics(app, {
    settings,
    logger,
    docs: { title: "Test", version: "1", description: "For tests." },
    health: options.health ?? (() => Promise.resolve()),
  });
  build(app);
  const http = await startHttp({
    app,
    listeners: [parseHttpListener(`${options.scheme ?? "http"}://127.0.0.1:0`)],
    ...options.server,
  });
  const url = http.urls[0]!;
  const stop = () => http.stop();
  return {
    url,
    port: Number(new URL(url).port),
    logged,
    metrics,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** A connection that sends text as it is. */
export class RawConnection implements Disposable {
  readonly #connection: Deno.TcpConn;
  readonly #decoder = new TextDecoder("latin1");
  #text = "";

  private constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
  }

  static async open({ port }: { readonly port: number }): Promise<RawConnection> {
    return new RawConnection(await Deno.connect({ hostname: "127.0.0.1", port }));
  }

  async send(data: string | Uint8Array): Promise<void> {
    let bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    while (bytes.length > 0) bytes = bytes.subarray(await this.#connection.write(bytes));
  }

  /** What has come once `wanted` is in it, or the other side has closed. */
  async receive(wanted?: string | RegExp): Promise<string> {
    const buffer = new Uint8Array(65536);
    const isThere = () =>
      typeof wanted === "string" ? this.#text.includes(wanted) : wanted?.test(this.#text) ?? false;
    while (!isThere()) {
      const count = await this.#connection.read(buffer);
      if (count === null) break;
      this.#text += this.#decoder.decode(buffer.subarray(0, count), { stream: true });
    }
    return this.#text;
  }

  /** Some bytes, however many have come; null at the end. */
  async receiveSome(buffer: Uint8Array): Promise<number | null> {
    return await this.#connection.read(buffer);
  }

  [Symbol.dispose](): void {
    this.#connection.close();
  }
}

/** Sends text on a connection of its own; gives all that comes until the server closes. */
export async function exchange(
  server: { readonly port: number },
  data: string | Uint8Array,
): Promise<string> {
  using connection = await RawConnection.open(server);
  await connection.send(data);
  return await connection.receive();
}

/** A request as text, after which the connection closes. */
export function request(
  line: string,
  headers: Readonly<Record<string, string>> = {},
  body = "",
): string {
  const length = body === ""
    ? {}
    : { "Content-Length": String(new TextEncoder().encode(body).length) };
  const lines = Object.entries({ Host: "test", Connection: "close", ...length, ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`);
  return `${line} HTTP/1.1\r\n${lines.join("")}\r\n${body}`;
}

/** Status and JSON of a fetched answer. */
export async function answer(
  input: string,
  init?: RequestInit,
): Promise<{ status: number; body: unknown; headers: Headers }> {
  const response = await fetch(input, init);
  return { status: response.status, body: await response.json(), headers: response.headers };
}

/** A file of random name, gone with its holder. */
export async function temporaryFile(text: string): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, text);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path) };
}
