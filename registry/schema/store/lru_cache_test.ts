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
