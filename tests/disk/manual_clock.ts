import type { Clock, Timer } from "../../broker/base/mod.ts";

interface Pending {
  readonly dueMs: number;
  readonly callback: () => void;
}

/** A clock that moves when it is told to. */
export class ManualClock implements Clock {
  #nowMs: number;
  #pending: Pending[] = [];

  constructor(nowMs: number = 1_700_000_000_000) {
    this.#nowMs = nowMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  get pendingCount(): number {
    return this.#pending.length;
  }

  schedule(delayMs: number, callback: () => void): Timer {
    const pending = { dueMs: this.#nowMs + Math.max(0, delayMs), callback };
    this.#pending.push(pending);
    return {
      cancel: () => {
        this.#pending = this.#pending.filter((other) => other !== pending);
      },
    };
  }

  /** Moves on, running what is due in order, and lets promises settle in between. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    while (true) {
      await settle();
      let next: Pending | null = null;
      for (const pending of this.#pending) {
        if (pending.dueMs <= untilMs && (next === null || pending.dueMs < next.dueMs)) {
          next = pending;
        }
      }
      if (next === null) break;
      this.#pending = this.#pending.filter((other) => other !== next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.callback();
    }
    this.#nowMs = untilMs;
  }
}

/** Lets all promises settle that wait for nothing but each other. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await Promise.resolve();
}
