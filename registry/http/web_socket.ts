/** WebSockets as answers of routes, behind the same users, limits and counts as every other answer. */
import type { Context } from "hono";
import { type IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocket, WebSocketServer } from "ws";
import type { App, AppEnv } from "./app.ts";
import type { Deadlines } from "./deadlines.ts";
import { HttpError } from "./http_error.ts";
import { closeWith, rawAnswer } from "./refusals.ts";

/** Largest message that a client may send. */
const MESSAGE_BYTES_MAX = 1024 * 1024;
/** Close code of a server that stops (RFC 6455, 7.4.1). */
const GOING_AWAY = 1001;

/** A request that wants to become a WebSocket; a route that agrees says what to do with it. */
export interface PendingWebSocket {
  run: ((socket: WebSocket) => void) | null;
}

/** Whether the request wants to become a WebSocket. */
export function isWebSocketRequest(c: Context<AppEnv>): boolean {
  return c.env.webSocket !== undefined;
}

/**
 * Agrees to a WebSocket: the route returns this, and `run` gets the open socket (of the library `ws`) once the
 * answer is sent. Throws 426 when the request asks for none.
 */
export function acceptWebSocket(c: Context<AppEnv>, run: (socket: WebSocket) => void): Response {
  const { webSocket } = c.env;
  if (webSocket === undefined) {
    throw new HttpError(426, 426, "This is served to WebSockets", { Upgrade: "websocket" });
  }
  webSocket.run = run;
  return new Response(null);
}

/** Lets the routes of an app answer requests to become WebSockets. */
export class WebSockets {
  readonly #app: App;
  readonly #deadlines: Deadlines;
  readonly #sockets = new Set<Duplex>();
  #server: WebSocketServer | null = null;

  constructor(app: App, deadlines: Deadlines) {
    this.#app = app;
    this.#deadlines = deadlines;
  }

  /** Handles node's `upgrade` event. */
  answer(incoming: IncomingMessage, socket: Duplex, head: Uint8Array): void {
    socket.on("error", () => socket.destroy());
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    this.#decide(incoming, socket, head).catch(() => socket.destroy());
  }

  async #decide(incoming: IncomingMessage, socket: Duplex, head: Uint8Array): Promise<void> {
    const outgoing = new ServerResponse(incoming), deadlines = this.#deadlines;
    const webSocket: PendingWebSocket = { run: null };
    const request = requestOf(incoming);
    const response = request === null
      ? new Response(null, { status: 400 })
      : await this.#app.fetch(request, { incoming, outgoing, deadlines, webSocket });
    const { run } = webSocket;
    if (run === null || response.status !== 200) {
      const headers = { ...textsOf(outgoing), ...Object.fromEntries(response.headers) };
      closeWith(socket, rawAnswer(response.status, await response.text(), headers));
      return;
    }
    const server = await this.#open();
    if (!socket.destroyed) server.handleUpgrade(incoming, socket, head as never, run);
  }

  /** Says goodbye on every socket. */
  closeAll(): void {
    for (const socket of this.#server?.clients ?? []) socket.close(GOING_AWAY);
  }

  /** Ends what is still open. */
  destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Loaded when the first asks: most services never see one. */
  async #open(): Promise<WebSocketServer> {
    if (this.#server === null) {
      const { WebSocketServer } = await import("ws");
      this.#server ??= new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES_MAX });
    }
    return this.#server;
  }
}

/** Null when the target makes no sense. */
function requestOf({ url = "/", headers: sent }: IncomingMessage): Request | null {
  const headers = new Headers();
  for (const [name, value] of Object.entries(sent)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  const target = `http://${sent.host ?? "localhost"}${url}`;
  return url.startsWith("/") && URL.canParse(target) ? new Request(target, { headers }) : null;
}

function textsOf(outgoing: ServerResponse): Record<string, string> {
  return Object.fromEntries(
    Object.entries(outgoing.getHeaders()).map(([name, value]) => [name, String(value)]),
  );
}
