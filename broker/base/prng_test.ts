import { assert, assertEquals } from "@std/assert";
import { below, randomUuidBytes, SeededPrng } from "./prng.ts";

Deno.test("a seed repeats its numbers and another seed gives others", () => {
  const draw = (seed: number) => {
    const prng = new SeededPrng(seed);
    return Array.from({ length: 8 }, () => prng.uint32());
  };
  assertEquals(draw(7), draw(7));
  assert(draw(7)[0] !== draw(8)[0]);
});

Deno.test("below() stays inside its limit and reaches every value", () => {
  const prng = new SeededPrng(1);
  const seen = new Set<number>();
  for (let draw = 0; draw < 1_000; draw++) seen.add(below(prng, 5));
  assertEquals([...seen].sort(), [0, 1, 2, 3, 4]);
});

Deno.test("randomUuidBytes() marks version 4 and the RFC variant", () => {
  const bytes = randomUuidBytes(new SeededPrng(3));
  assertEquals(bytes[6]! >> 4, 4);
  assertEquals(bytes[8]! >> 6, 2);
});
