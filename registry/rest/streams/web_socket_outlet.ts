import type { WebSocket } from "ws";
import type { EventKind, EventOutlet } from "./event_outlet.ts";

/** Bytes that may wait in one socket. */
const WAITING_BYTES_MAX = 64 * 1024;
/** Close codes (RFC 6455, 7.4.1). */
const GOING_AWAY = 1001, INTERNAL_ERROR = 1011;
/** How long a client may take for its part of a close. */
const CLOSE_MS = 5000;

/** Events as messages of a WebSocket, each `{"event":...,"id":...,"data":...}`; heartbeats are pings. */
export class WebSocketOutlet implements EventOutlet {
  onGone: () => void = () => {};
  readonly #socket: WebSocket;
  #state: "open" | "ended" | "gone" = "open";
  #waiting: (() => void)[] = [];

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("error", () => socket.terminate());
    socket.on("close", () => this.#onClose());
  }

  get isGone(): boolean {
    return this.#state === "gone";
  }

  get hasRoom(): boolean {
    return this.#state !== "open" || this.#socket.bufferedAmount < WAITING_BYTES_MAX;
  }

  room(): Promise<void> {
    if (this.hasRoom) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  start(id: string): void {
    this.#send(`{"event":"start","id":"${id}","data":null}`);
  }

  send(kind: EventKind, id: string, data: string): void {
    this.#send(`{"event":"${kind}","id":"${id}","data":${data}}`);
  }

  heartbeat(): void {
    if (this.#state === "open") this.#socket.ping();
  }

  flush(): void {}

  end(isFailure: boolean): void {
    if (this.#state !== "open") return;
    this.#state = "ended";
    this.#socket.close(isFailure ? INTERNAL_ERROR : GOING_AWAY);
    const timer = setTimeout(() => this.#socket.terminate(), CLOSE_MS);
    this.#socket.once("close", () => clearTimeout(timer));
    this.#wake();
  }

  #send(text: string): void {
    if (this.#state === "open") this.#socket.send(text, () => this.#onSent());
  }

  #onSent(): void {
    if (this.#waiting.length > 0 && this.hasRoom) this.#wake();
  }

  #onClose(): void {
    const wasOpen = this.#state === "open";
    this.#state = "gone";
    this.#wake();
    if (wasOpen) this.onGone();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
