import type { Clock, Timer } from "../base/mod.ts";
import type { LogLogger } from "./log_environment.ts";

/** Work of one turn before others get theirs, milliseconds. */
const TURN_MS = 5;

/** Resolves in a later turn of the event loop. */
export function nextTurn(clock: Clock): Promise<void> {
  return new Promise((resolve) => clock.schedule(0, resolve));
}

/** Visits the items, letting others run every few milliseconds. */
export async function forEachInTurns<T>(
  clock: Clock,
  items: Iterable<T>,
  visit: (item: T) => void | Promise<void>,
): Promise<void> {
  let turnStartedMs = clock.monotonicMs();
  for (const item of items) {
    await visit(item);
    if (clock.monotonicMs() - turnStartedMs < TURN_MS) continue;
    await nextTurn(clock);
    turnStartedMs = clock.monotonicMs();
  }
}

/** Runs a generator, letting others run every few milliseconds. */
export async function runInTurns<T>(clock: Clock, work: Generator<void, T>): Promise<T> {
  let turnStartedMs = clock.monotonicMs();
  while (true) {
    const step = work.next();
    if (step.done) return step.value;
    if (clock.monotonicMs() - turnStartedMs < TURN_MS) continue;
    await nextTurn(clock);
    turnStartedMs = clock.monotonicMs();
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
