import { assertEquals } from "@std/assert";
import type { Outlet } from "../../streams/outlet.ts";
import { AnswerQueue } from "./answer_queue.ts";

/** Takes what it has room for. */
class TestOutlet implements Outlet {
  readonly written: string[] = [];
  writesLeft = Infinity;
  isGone = false;
  onGone = () => {};
  #waiting: () => void = () => {};

  get hasRoom(): boolean {
    return this.isGone || this.writesLeft > 0;
  }

  write(text: string): void {
    this.writesLeft--;
    this.written.push(text);
  }

  room(): Promise<void> {
    return new Promise((resolve) => this.#waiting = resolve);
  }

  makeRoom(writes: number): void {
    this.writesLeft = writes;
    this.#waiting();
  }

  end(): void {}
}

async function turn(): Promise<void> {
  for (let n = 0; n < 10; n++) await Promise.resolve();
}

Deno.test("answers are written in the order of their places, those of one turn together", async () => {
  const outlet = new TestOutlet();
  const queue = new AnswerQueue(outlet, { slotsMax: 10, bytesMax: 1000 });
  const [a, b, c] = [queue.reserve(1), queue.reserve(1), queue.reserve(1)];
  queue.settle(b, "b");
  await turn();
  assertEquals(outlet.written, []);
  queue.settle(a, "a");
  await turn();
  assertEquals(outlet.written, ["a\r\nb\r\n"]);
  queue.settle(c, "c");
  queue.push("d");
  await queue.empty();
  assertEquals(outlet.written, ["a\r\nb\r\n", "c\r\nd\r\n"]);
  assertEquals(queue.length, 0);
});

Deno.test("a client that doesn't read keeps the queue full, one that goes empties it", async () => {
  const outlet = new TestOutlet();
  const queue = new AnswerQueue(outlet, { slotsMax: 3, bytesMax: 1000 });
  outlet.writesLeft = 0;
  for (const text of ["a", "b", "c"]) queue.push(text);
  await turn();
  assertEquals([queue.isFull, outlet.written], [true, []]);
  const room = queue.room();
  outlet.makeRoom(1);
  await room;
  assertEquals([queue.isFull, outlet.written], [false, ["a\r\nb\r\nc\r\n"]]);
  queue.push("d");
  await turn();
  assertEquals(queue.length, 1);
  const empty = queue.empty();
  outlet.isGone = true;
  outlet.makeRoom(0);
  await empty;
});

Deno.test("records of too many bytes fill the queue until they are answered", () => {
  const queue = new AnswerQueue(new TestOutlet(), { slotsMax: 100, bytesMax: 1000 });
  const first = queue.reserve(600);
  assertEquals(queue.isFull, false);
  queue.reserve(600);
  assertEquals(queue.isFull, true);
  queue.settle(first, "a");
  assertEquals(queue.isFull, false);
});
