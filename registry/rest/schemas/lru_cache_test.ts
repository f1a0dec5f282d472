import { assertEquals } from "@std/assert";
import { LruCache } from "./lru_cache.ts";

Deno.test("LruCache forgets what was used longest ago", () => {
  const cache = new LruCache<string>(2, 100);
  cache.set(1, "a", 1);
  cache.set(2, "b", 1);
  assertEquals(cache.get(1), "a");
  cache.set(3, "c", 1);
  assertEquals([cache.get(1), cache.get(2), cache.get(3)], ["a", undefined, "c"]);
});

Deno.test("LruCache keeps within its bytes, and never one that is larger than all", () => {
  const cache = new LruCache<string>(10, 10);
  cache.set("a", "a", 6);
  cache.set("b", "b", 6);
  assertEquals([cache.size, cache.get("a"), cache.get("b")], [1, undefined, "b"]);
  cache.set("b", "larger", 11);
  assertEquals([cache.size, cache.get("b")], [0, undefined]);
  cache.set("c", "c", 10);
  assertEquals(cache.get("c"), "c");
});
