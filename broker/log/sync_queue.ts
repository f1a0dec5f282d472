import type { LogLogger } from "./log_environment.ts";

/** Syncs that run at the same time; more only compete for the device. */
const CONCURRENCY = 4;

/**
 * Carries out syncs in the background, a few at a time, in the order in which they were asked for.
 * Its length is bounded by what the logs have to sync: each asks once for each change that waits.
 */
export class SyncQueue {
  readonly #logger: LogLogger;
  #waiting: (() => Promise<void>)[] = [];
  #next = 0;
  #running = 0;
  #idle: (() => void)[] = [];

  constructor(logger: LogLogger) {
    this.#logger = logger;
  }

  get length(): number {
    return this.#waiting.length - this.#next + this.#running;
  }

  add(sync: () => Promise<void>): void {
    this.#waiting.push(sync);
    this.#start();
  }

  /** Resolves when nothing waits or runs. */
  drained(): Promise<void> {
    if (this.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #start(): void {
    while (this.#running < CONCURRENCY && this.#next < this.#waiting.length) {
      const sync = this.#waiting[this.#next++]!;
      this.#running++;
      sync().catch((error: unknown) => {
        // The log keeps its own failure; here it is only told.
        this.#logger.warn(error instanceof Error ? error.message : String(error));
      }).finally(() => {
        this.#running--;
        this.#start();
      });
    }
    if (this.#next === this.#waiting.length) {
      this.#waiting = [];
      this.#next = 0;
    }
    if (this.length > 0) return;
    const idle = this.#idle;
    this.#idle = [];
    for (const resolve of idle) resolve();
  }
}
