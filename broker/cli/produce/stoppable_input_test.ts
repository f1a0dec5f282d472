import { assertEquals } from "@std/assert";
import { untilStopped } from "./stoppable_input.ts";

async function* numbers(upTo: number): AsyncGenerator<number> {
  for (let number = 1; number <= upTo; number++) yield await Promise.resolve(number);
}

Deno.test("untilStopped() gives everything when nobody stops it", async () => {
  const never = new Promise<void>(() => {});
  assertEquals(await Array.fromAsync(untilStopped(numbers(3), never)), [1, 2, 3]);
});

Deno.test("untilStopped() ends although the input still waits", async () => {
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  const forever: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }),
  };
  const all = Array.fromAsync(untilStopped(forever, stopped));
  stop();
  assertEquals(await all, []);
});
