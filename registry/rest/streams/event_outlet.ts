import { BodyOutlet } from "./body_outlet.ts";
import type { Outlet } from "./outlet.ts";

/** What a stream tells: a record; that a position was moved; that it can't go on; that it ends. */
export type EventKind = "record" | "reset" | "error" | "end";

/** Where events go. Who sends asks `hasRoom` first, and flushes before it waits. */
export interface EventOutlet extends Omit<Outlet, "write" | "end"> {
  /** Tells where the stream begins: who comes back with this id misses nothing. */
  start(id: string): void;
  /** `id` is where to go on behind the event; `data` is JSON. */
  send(kind: EventKind, id: string, data: string): void;
  /** Shows that the stream lives although there is nothing to tell. */
  heartbeat(): void;
  /** Passes on what was sent. */
  flush(): void;
  /** Ends the stream, for good or because it can't go on. */
  end(isFailure: boolean): void;
}

/** Letters that are put into one write. */
const WRITE_LETTERS = 16 * 1024;
/** How long a client waits before it comes back. */
const RETRY_MS = 1000;

/** Server-sent events (the HTML standard, 9.2), as the body of an answer. Records have no event name. */
export class SseOutlet implements EventOutlet {
  readonly #outlet = new BodyOutlet();
  #text = "";

  get body(): ReadableStream<Uint8Array> {
    return this.#outlet.body;
  }

  get hasRoom(): boolean {
    return this.#outlet.hasRoom;
  }

  get isGone(): boolean {
    return this.#outlet.isGone;
  }

  get onGone(): () => void {
    return this.#outlet.onGone;
  }

  set onGone(onGone: () => void) {
    this.#outlet.onGone = onGone;
  }

  room(): Promise<void> {
    return this.#outlet.room();
  }

  start(id: string): void {
    // An event without data: nobody sees it, and the id counts.
    this.#outlet.write(`retry: ${RETRY_MS}\nid: ${id}\n\n`);
  }

  send(kind: EventKind, id: string, data: string): void {
    const name = kind === "record" ? "" : `event: ${kind}\n`;
    this.#text += `${name}id: ${id}\ndata: ${data}\n\n`;
    if (this.#text.length >= WRITE_LETTERS) this.flush();
  }

  heartbeat(): void {
    this.#outlet.write(": heartbeat\n\n");
  }

  flush(): void {
    if (this.#text === "") return;
    this.#outlet.write(this.#text);
    this.#text = "";
  }

  end(): void {
    this.flush();
    this.#outlet.end();
  }
}
