import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { TimerQueue } from "./timer_queue.ts";

Deno.test("TimerQueue fires what is due, earliest first, and tells when to come again", () => {
  const queue = new TimerQueue();
  const fired: string[] = [];
  for (const [name, deadlineMs] of [["c", 30], ["a", 10], ["b", 20]] as const) {
    queue.schedule(deadlineMs, () => fired.push(name));
  }
  assertEquals(queue.nextWakeMs, 10);
  queue.fire(9);
  assertEquals(fired, []);
  queue.fire(20);
  assertEquals(fired, ["a", "b"]);
  assertEquals(queue.nextWakeMs, 30);
});

Deno.test("TimerQueue lets a timer be put off, brought forward, cancelled and used again", () => {
  const queue = new TimerQueue();
  let count = 0;
  const timer = queue.schedule(10, () => count++);
  timer.reschedule(50);
  queue.fire(49);
  assertEquals([count, timer.isPending], [0, true]);
  timer.reschedule(20);
  queue.fire(49);
  assertEquals([count, timer.isPending], [1, false]);
  timer.reschedule(60);
  timer.cancel();
  queue.fire(100);
  assertEquals([count, queue.size], [1, 0]);
});

Deno.test("TimerQueue lets callbacks cancel others and leaves what is due at once for later", () => {
  const queue = new TimerQueue();
  const fired: string[] = [];
  queue.schedule(1, () => {
    fired.push("first");
    second.cancel();
    queue.schedule(1, () => fired.push("again"));
  });
  const second = queue.schedule(2, () => fired.push("second"));
  queue.fire(5);
  assertEquals(fired, ["first"]);
  queue.fire(5);
  assertEquals(fired, ["first", "again"]);
});

Deno.test("TimerQueue fires exactly the timers that a list of deadlines says", () => {
  const action = fc.record({
    timer: fc.nat(7),
    deadlineMs: fc.option(fc.nat(50)),
    stepMs: fc.nat(5),
  });
  fc.assert(fc.property(fc.array(action, { maxLength: 80, size: "max" }), (actions) => {
    const queue = new TimerQueue();
    const fired: number[] = [];
    const expected: number[] = [];
    const timers = Array.from({ length: 8 }, (_, id) => {
      const timer = queue.schedule(0, () => fired.push(id));
      timer.cancel();
      return timer;
    });
    const deadlines = new Map<number, number>();
    let nowMs = 0;
    for (const { timer, deadlineMs, stepMs } of actions) {
      if (deadlineMs === null) {
        timers[timer]!.cancel();
        deadlines.delete(timer);
      } else {
        timers[timer]!.reschedule(nowMs + deadlineMs);
        deadlines.set(timer, nowMs + deadlineMs);
      }
      nowMs += stepMs;
      const due = [...deadlines].filter(([, at]) => at <= nowMs);
      for (const [id] of due) deadlines.delete(id);
      expected.push(...due.map(([id]) => id).sort());
      const before = fired.length;
      queue.fire(nowMs);
      fired.push(...fired.splice(before).sort());
      assertEquals(fired, expected);
      assertEquals(queue.size, deadlines.size);
    }
  }));
});
