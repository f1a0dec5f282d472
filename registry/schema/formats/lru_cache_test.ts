import { assertEquals } from "@std/assert";
import { LruCache } from "./lru_cache.ts";

Deno.test("LruCache forgets what was unused the longest", () => {
  const cache = new LruCache<number>({ entries: 2, bytes: 100 });
  cache.set("a", 1, 1);
  cache.set("b", 2, 1);
  cache.get("a");
  cache.set("c", 3, 1);
  assertEquals([cache.get("a"), cache.get("b"), cache.get("c")], [1, undefined, 3]);
});

Deno.test("LruCache keeps the sum of weights within its limit", () => {
  const cache = new LruCache<number>({ entries: 10, bytes: 100 });
  cache.set("a", 1, 60);
  cache.set("b", 2, 60);
  assertEquals([cache.get("a"), cache.get("b"), cache.bytes, cache.size], [undefined, 2, 60, 1]);
  cache.set("b", 3, 10);
  assertEquals([cache.get("b"), cache.bytes], [3, 10]);
});

Deno.test("LruCache keeps nothing that is heavier than the limit alone", () => {
  const cache = new LruCache<number>({ entries: 10, bytes: 100 });
  cache.set("a", 1, 10);
  cache.set("huge", 2, 101);
  assertEquals([cache.get("a"), cache.get("huge")], [1, undefined]);
});

Deno.test("LruCache forgets what was used longest ago", () => {
  const cache = new LruCache<string, number>({ entries: 2, bytes: 100 });
  cache.set(1, "a", 1);
  cache.set(2, "b", 1);
  assertEquals(cache.get(1), "a");
  cache.set(3, "c", 1);
  assertEquals([cache.get(1), cache.get(2), cache.get(3)], ["a", undefined, "c"]);
});

Deno.test("LruCache keeps within its bytes, and never one that is larger than all", () => {
  const cache = new LruCache<string>({ entries: 10, bytes: 10 });
  cache.set("a", "a", 6);
  cache.set("b", "b", 6);
  assertEquals([cache.size, cache.get("a"), cache.get("b")], [1, undefined, "b"]);
  cache.set("b", "larger", 11);
  assertEquals([cache.size, cache.get("b")], [0, undefined]);
  cache.set("c", "c", 10);
  assertEquals(cache.get("c"), "c");
});
