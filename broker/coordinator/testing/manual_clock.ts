import type { Clock, Timer } from "../../base/mod.ts";

/** For tests: a clock that stands still until it is told to go on. */
export class ManualClock implements Clock {
  #nowMs = 1_700_000_000_000;
  #monotonicMs = 0;
  readonly #timers = new Set<{ readonly deadlineMs: number; readonly callback: () => void }>();

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  schedule(delayMs: number, callback: () => void): Timer {
    const timer = { deadlineMs: this.#monotonicMs + delayMs, callback };
    this.#timers.add(timer);
    return { cancel: () => this.#timers.delete(timer) };
  }

  /** Sets the wall clock, as an administrator may; timers don't notice. */
  jump(deltaMs: number): void {
    this.#nowMs += deltaMs;
  }

  /** Lets time pass; what is due runs in order, with its promises, before the next. */
  advance(ms: number): Promise<void> {
    return this.#advanceTo(this.#monotonicMs + ms);
  }

  #advanceTo(targetMs: number): Promise<void> {
    return settled(20).then(() => {
      const next = this.#next(targetMs);
      if (next === null) return this.#moveTo(targetMs);
      this.#moveTo(Math.max(this.#monotonicMs, next.deadlineMs));
      this.#timers.delete(next);
      next.callback();
      return this.#advanceTo(targetMs);
    });
  }

  #next(untilMs: number) {
    let earliest = null;
    for (const timer of this.#timers) {
      if (timer.deadlineMs > untilMs) continue;
      if (earliest === null || timer.deadlineMs < earliest.deadlineMs) earliest = timer;
    }
    return earliest;
  }

  #moveTo(monotonicMs: number): void {
    this.#nowMs += monotonicMs - this.#monotonicMs;
    this.#monotonicMs = monotonicMs;
  }
}

/** Resolves `turns` microtasks later: whatever hangs on nothing outside has settled by then. */
function settled(turns: number): Promise<void> {
  return turns === 0 ? Promise.resolve() : Promise.resolve().then(() => settled(turns - 1));
}
