import { assert, assertEquals } from "@std/assert";
import { RateLimit } from "./rate_limit.ts";

Deno.test("a client has a second's permits at once, then one each so often", () => {
  const limit = new RateLimit(4);
  for (let i = 0; i < 4; i++) assertEquals(limit.take("a", 1000), 0);
  assertEquals(limit.take("a", 1000), 250);
  assertEquals(limit.take("a", 1100), 150);
  assertEquals(limit.take("a", 1250), 0);
  assert(limit.take("a", 1250) > 0);
  for (let i = 0; i < 4; i++) assertEquals(limit.take("a", 60_000), 0);
  assert(limit.take("a", 60_000) > 0);
});

Deno.test("clients don't take each other's permits", () => {
  const limit = new RateLimit(1);
  assertEquals([limit.take("a", 0), limit.take("b", 0)], [0, 0]);
  assert(limit.take("a", 0) > 0);
});

Deno.test("of many clients the one that was silent longest is forgotten", () => {
  const limit = new RateLimit(1);
  limit.take("busy", 0);
  limit.take("silent", 0);
  for (let i = 0; i < 9999; i++) {
    limit.take(`other ${i}`, 0);
    if (i === 5000) assert(limit.take("busy", 0) > 0);
  }
  assert(limit.take("busy", 0) > 0);
  assertEquals(limit.take("silent", 0), 0);
});
