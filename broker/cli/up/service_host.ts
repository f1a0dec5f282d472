import type { LogLook } from "../terminal_log.ts";
import type { FromService, SentInputs, ServiceName, ToService } from "./service_messages.ts";

/** What a service's host is told of it. */
export interface ServiceEvents {
  /** Lines of its log. */
  onLog(text: string): void;
  /** It can't go on after it was started. */
  onFatal(error: Error): void;
}

/** An HTTP service in a Worker beside the broker. Making it loads its code; `start` makes it serve. */
export class ServiceHost {
  readonly name: ServiceName;
  readonly #worker: Worker;
  readonly #events: ServiceEvents;
  readonly #started = Promise.withResolvers<readonly string[]>();
  readonly #stopped = Promise.withResolvers<void>();
  #isRunning = false;

  constructor(name: ServiceName, events: ServiceEvents) {
    this.name = name;
    this.#events = events;
    this.#worker = new Worker(new URL("./service_worker.ts", import.meta.url), {
      type: "module",
      name,
    });
    // Who starts it hears of a failure; one that comes before is kept until then.
    this.#started.promise.catch(() => {});
    this.#worker.addEventListener("message", ({ data }) => this.#onMessage(data as FromService));
    this.#worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#onFailure(event.message);
    });
  }

  /** Resolves to where it listens; rejects with a sentence when it can't. */
  async start(inputs: SentInputs, log: LogLook): Promise<readonly string[]> {
    this.#post({ type: "start", inputs, log });
    const urls = await this.#started.promise;
    this.#isRunning = true;
    return urls;
  }

  /** Lets it answer what it has begun; resolves when it has ended. */
  async stop(): Promise<void> {
    if (this.#isRunning) {
      this.#post({ type: "stop" });
      await this.#stopped.promise;
    }
    this.#worker.terminate();
  }

  #onMessage(message: FromService): void {
    if (message.type === "log") this.#events.onLog(message.text);
    else if (message.type === "started") this.#started.resolve(message.urls);
    else if (message.type === "stopped") this.#stopped.resolve();
    else this.#onFailure(message.message);
  }

  #onFailure(message: string): void {
    const error = new Error(`${this.name}: ${message}`);
    if (this.#isRunning) this.#events.onFatal(error);
    this.#started.reject(error);
    this.#isRunning = false;
    this.#stopped.resolve();
  }

  #post(message: ToService): void {
    this.#worker.postMessage(message);
  }
}
