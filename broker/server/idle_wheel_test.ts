import { assert, assertEquals } from "@std/assert";
import { IdleWheel, type Idling } from "./idle_wheel.ts";

/** Time that a test moves; one timer at a time. */
class StepClock {
  now = 0;
  #due: { atMs: number; callback: () => void } | null = null;
  nowMs = () => this.now;
  monotonicMs = () => this.now;
  schedule(delayMs: number, callback: () => void) {
    assert(this.#due === null, "one timer serves all");
    const due = { atMs: this.now + delayMs, callback };
    this.#due = due;
    return { cancel: () => void (this.#due = this.#due === due ? null : this.#due) };
  }
  get isTicking(): boolean {
    return this.#due !== null;
  }
  advanceTo(ms: number): void {
    while (this.#due !== null && this.#due.atMs <= ms) {
      const { atMs, callback } = this.#due;
      this.#due = null;
      this.now = atMs;
      callback();
    }
    this.now = ms;
  }
}

class Thing implements Idling {
  lastUseMs = 0;
  isBusy = false;
  expiredAtMs = -1;
  constructor(readonly clock: StepClock) {}
  idleSinceMs(nowMs: number): number {
    return this.isBusy ? nowMs : this.lastUseMs;
  }
  expire(): void {
    this.expiredAtMs = this.clock.now;
  }
}

const IDLE_MS = 620;
/** Two turns of the wheel. */
const LATE_MS = 20;

Deno.test("what is idle expires once, never early and at most two turns late", () => {
  const clock = new StepClock();
  const wheel = new IdleWheel(clock, IDLE_MS);
  const things = Array.from({ length: 50 }, () => new Thing(clock));
  for (const [index, thing] of things.entries()) {
    clock.advanceTo(index * 7);
    thing.lastUseMs = clock.now;
    wheel.watch(thing);
  }
  clock.advanceTo(500);
  for (const thing of things.slice(0, 10)) thing.lastUseMs = 500;
  clock.advanceTo(3_000);
  for (const thing of things) {
    const lateMs = thing.expiredAtMs - thing.lastUseMs - IDLE_MS;
    assert(lateMs >= 0 && lateMs <= LATE_MS, `${lateMs} ms late`);
  }
  assertEquals([wheel.size, clock.isTicking], [0, false]);
});

Deno.test("what is busy or not watched any more does not expire", () => {
  const clock = new StepClock();
  const wheel = new IdleWheel(clock, IDLE_MS);
  const [busy, gone] = [new Thing(clock), new Thing(clock)];
  busy.isBusy = true;
  wheel.watch(busy);
  wheel.watch(gone);
  clock.advanceTo(100);
  wheel.unwatch(gone);
  clock.advanceTo(10_000);
  assertEquals([busy.expiredAtMs, gone.expiredAtMs], [-1, -1]);
  busy.isBusy = false;
  busy.lastUseMs = 10_000;
  clock.advanceTo(10_000 + IDLE_MS + LATE_MS);
  assert(busy.expiredAtMs >= 10_000 + IDLE_MS);
});

Deno.test("without a limit nothing is watched", () => {
  const clock = new StepClock();
  const wheel = new IdleWheel(clock, -1);
  wheel.watch(new Thing(clock));
  assertEquals([wheel.size, clock.isTicking], [0, false]);
});
