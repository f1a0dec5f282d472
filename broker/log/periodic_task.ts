import type { Clock, Timer } from "../base/mod.ts";
import type { LogLogger } from "./log_environment.ts";

/** Work of one turn before others get theirs, milliseconds. */
const TURN_MS = 5;

/** Cuts long work into turns, so that others run in between. */
export class Turns {
  readonly #clock: Clock;
  #startedMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedMs = clock.monotonicMs();
  }

  /** Whether this turn has lasted long enough: then call `next` soon. */
  get over(): boolean {
    return this.#clock.monotonicMs() - this.#startedMs >= TURN_MS;
  }

  /** Resolves in a later turn of the event loop. */
  async next(): Promise<void> {
    await new Promise<void>((resolve) => this.#clock.schedule(0, resolve));
    this.#startedMs = this.#clock.monotonicMs();
  }

  /** Runs a generator to its end, pausing at its yields when the turn is over. */
  async run<T>(work: Generator<void, T>): Promise<T> {
    while (true) {
      if (this.over) await this.next();
      const step = work.next();
      if (step.done) return step.value;
    }
  }
}

/** Does something again and again, `intervalMs` after it ended; a failure is told and passed over. */
export class PeriodicTask {
  readonly #clock: Clock;
  readonly #logger: LogLogger;
  readonly #intervalMs: number;
  readonly #run: () => Promise<void>;
  #timer: Timer | null = null;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  /** The first run is `delayMs` from now. */
  constructor(
    clock: Clock,
    logger: LogLogger,
    timing: { readonly delayMs: number; readonly intervalMs: number },
    run: () => Promise<void>,
  ) {
    this.#clock = clock;
    this.#logger = logger;
    this.#intervalMs = timing.intervalMs;
    this.#run = run;
    this.#schedule(timing.delayMs);
  }

  /** Resolves when the run under way, if any, has ended; none follows. */
  stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    return this.#running;
  }

  #schedule(delayMs: number): void {
    if (this.#stopped) return;
    this.#timer = this.#clock.schedule(delayMs, () => {
      this.#running = this.#runOnce();
    });
  }

  async #runOnce(): Promise<void> {
    try {
      await this.#run();
    } catch (error) {
      this.#logger.error(error instanceof Error ? error.message : String(error));
    }
    this.#schedule(this.#intervalMs);
  }
}
