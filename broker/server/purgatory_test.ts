import { assertEquals } from "@std/assert";
import type { Clock } from "../base/mod.ts";
import { type Delayed, Purgatory } from "./purgatory.ts";

/** A clock that stands until it is moved. */
class ManualClock implements Clock {
  #now = 0;
  #timers: { atMs: number; callback: () => void }[] = [];
  nowMs = () => this.#now;
  monotonicMs = () => this.#now;
  get timerCount(): number {
    return this.#timers.length;
  }
  schedule(delayMs: number, callback: () => void) {
    const timer = { atMs: this.#now + delayMs, callback };
    this.#timers.push(timer);
    return { cancel: () => void (this.#timers = this.#timers.filter((other) => other !== timer)) };
  }
  advance(byMs: number): void {
    this.#now += byMs;
    const due = this.#timers.filter((timer) => timer.atMs <= this.#now);
    this.#timers = this.#timers.filter((timer) => timer.atMs > this.#now);
    for (const timer of due) timer.callback();
  }
}

/** A delayed request that notes how it ended. */
function waiting(ready: () => boolean, ended: boolean[], looks?: object[]): Delayed {
  return {
    isReady(key) {
      looks?.push(key);
      return ready();
    },
    complete: (expired) => void ended.push(expired),
  };
}

const turn = () => Promise.resolve();

Deno.test("an event completes who watches its key, after the turn and once for a burst", async () => {
  const purgatory = new Purgatory({ clock: new ManualClock(), sizeMax: 10 });
  const [a, b] = [{ a: 1 }, { b: 1 }];
  const ended: boolean[] = [];
  const looks: object[] = [];
  let ready = false;
  purgatory.park(waiting(() => ready, ended, looks), [a, b], 100);
  purgatory.notify({});
  purgatory.notify(a);
  purgatory.notify(a);
  assertEquals(looks, [], "nothing is looked at inside the turn of the event");
  await turn();
  assertEquals(looks, [a]);
  ready = true;
  purgatory.notify(b);
  await turn();
  assertEquals(ended, [false]);
  assertEquals([purgatory.size, purgatory.watchedKeys], [0, 0]);
});

Deno.test("deadlines complete in their order with one timer, also the ones parked later", () => {
  const clock = new ManualClock();
  const purgatory = new Purgatory({ clock, sizeMax: 1_000 });
  const order: number[] = [];
  const times = [50, 10, 30, 20, 40, 10, 60];
  for (const timeMs of times) {
    purgatory.park({ isReady: () => false, complete: () => void order.push(timeMs) }, [{}], timeMs);
  }
  assertEquals(clock.timerCount, 1);
  for (let ms = 0; ms < 60; ms += 10) clock.advance(10);
  assertEquals(order, [...times].sort((x, y) => x - y));
  assertEquals(purgatory.size, 0);
});

Deno.test("cancel() forgets a request wherever it is in the heap", async () => {
  const clock = new ManualClock();
  const purgatory = new Purgatory({ clock, sizeMax: 1_000 });
  const key = {};
  const order: number[] = [];
  const parked = Array.from({ length: 40 }, (_, index) =>
    purgatory.park(
      { isReady: () => true, complete: () => void order.push(index) },
      [key],
      (index * 7) % 40 + 1,
    ));
  for (let index = 0; index < 40; index += 3) parked[index]!.cancel();
  parked[0]!.cancel();
  for (let ms = 0; ms < 20; ms++) clock.advance(1);
  const kept = (index: number) => index % 3 !== 0;
  const early = order.slice();
  assertEquals(early.every((index) => kept(index) && (index * 7) % 40 + 1 <= 20), true);
  purgatory.notify(key);
  await turn();
  assertEquals(order.length, Array.from({ length: 40 }, (_, i) => i).filter(kept).length);
  assertEquals([purgatory.size, purgatory.watchedKeys], [0, 0]);
});

Deno.test("a full or stopped purgatory answers at once", () => {
  const purgatory = new Purgatory({ clock: new ManualClock(), sizeMax: 1 });
  const ended: boolean[] = [];
  purgatory.park(waiting(() => false, ended), [{}], 100);
  purgatory.park(waiting(() => false, ended), [{}], 100);
  assertEquals(ended, [true]);
  purgatory.stop();
  assertEquals(ended, [true, true]);
  purgatory.park(waiting(() => false, ended), [{}], 100);
  assertEquals(ended, [true, true, true]);
  assertEquals(purgatory.size, 0);
});
