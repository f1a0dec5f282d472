import type { Clock, Timer } from "../../broker/base/mod.ts";

interface Pending {
  /** On the clock that does not jump. */
  readonly dueMs: number;
  readonly callback: () => void;
}

/** A clock that moves when it is told to. */
export class ManualClock implements Clock {
  #nowMs: number;
  #monotonicMs = 0;
  readonly #pending = new Set<Pending>();

  constructor(nowMs: number = 1_700_000_000_000) {
    this.#nowMs = nowMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  get pendingCount(): number {
    return this.#pending.size;
  }

  schedule(delayMs: number, callback: () => void): Timer {
    const pending = { dueMs: this.#monotonicMs + Math.max(0, delayMs), callback };
    this.#pending.add(pending);
    return { cancel: () => this.#pending.delete(pending) };
  }

  /** Sets the wall clock, as an administrator may; timers don't notice. */
  jump(deltaMs: number): void {
    this.#nowMs += deltaMs;
  }

  /** Moves on, running what is due in order, and lets promises settle in between. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#monotonicMs + ms;
    while (true) {
      await settle();
      const next = this.#firstDue(untilMs);
      if (next === null) break;
      this.#pending.delete(next);
      this.#moveTo(Math.max(this.#monotonicMs, next.dueMs));
      next.callback();
    }
    this.#moveTo(untilMs);
  }

  #firstDue(untilMs: number): Pending | null {
    let first: Pending | null = null;
    for (const pending of this.#pending) {
      if (pending.dueMs <= untilMs && (first === null || pending.dueMs < first.dueMs)) {
        first = pending;
      }
    }
    return first;
  }

  #moveTo(monotonicMs: number): void {
    this.#nowMs += monotonicMs - this.#monotonicMs;
    this.#monotonicMs = monotonicMs;
  }
}

/** Lets all promises settle that wait for nothing but each other. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await Promise.resolve();
}
