import type { Outlet } from "./outlet.ts";

/** Bytes that may wait in the body of one answer. */
const WAITING_BYTES_MAX = 64 * 1024;
const encoder = new TextEncoder();

/** The body of an HTTP answer that is written piece by piece. */
export class BodyOutlet implements Outlet {
  /** For the Response. */
  readonly body: ReadableStream<Uint8Array>;
  onGone: () => void = () => {};
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #state: "open" | "ended" | "gone" = "open";
  #waiting: (() => void)[] = [];

  constructor() {
    this.body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
      },
      pull: () => this.#wake(),
      cancel: () => {
        if (this.#state !== "open") return;
        this.#state = "gone";
        this.#wake();
        this.onGone();
      },
    }, { highWaterMark: WAITING_BYTES_MAX, size: ({ byteLength }) => byteLength });
  }

  get isGone(): boolean {
    return this.#state === "gone";
  }

  get hasRoom(): boolean {
    return this.#state !== "open" || (this.#controller.desiredSize ?? 0) > 0;
  }

  write(text: string): void {
    if (this.#state === "open") this.#controller.enqueue(encoder.encode(text));
  }

  room(): Promise<void> {
    if (this.hasRoom) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  end(): void {
    if (this.#state !== "open") return;
    this.#state = "ended";
    this.#controller.close();
    this.#wake();
  }

  #wake(): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
