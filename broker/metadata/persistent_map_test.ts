import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { PersistentMap } from "./persistent_map.ts";

/** Names that collide in all 32 bits of the hash would be needed for the lists; few slots do as well. */
const key = fc.oneof(
  fc.integer({ min: -5, max: 70 }),
  fc.integer(),
  fc.string({ maxLength: 3 }),
  // Numbers that are equal in their low 32 bits hash alike and differ as keys.
  fc.integer({ min: 0, max: 3 }).map((high) => high * 2 ** 32 + 7),
);
const step = fc.record({ key, value: fc.integer(), remove: fc.boolean() });

Deno.test("a persistent map does what a Map does and leaves older versions alone", () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
    let map = PersistentMap.empty<string | number, number>();
    const model = new Map<string | number, number>();
    const versions: [PersistentMap<string | number, number>, Map<string | number, number>][] = [];
    for (const { key, value, remove } of steps) {
      versions.push([map, new Map(model)]);
      if (remove) {
        map = map.delete(key);
        model.delete(key);
      } else {
        map = map.set(key, value);
        model.set(key, value);
      }
      assertEquals(map.get(key), model.get(key));
      assertEquals(map.size, model.size);
    }
    versions.push([map, model]);
    for (const [version, expected] of versions) {
      assertEquals(new Map(version), expected);
      for (const [key, value] of expected) assertEquals(version.get(key), value);
    }
  }));
});

Deno.test("a draft of many changes equals the changes one by one, in the same order", () => {
  fc.assert(fc.property(fc.array(step), fc.array(step), (before, after) => {
    const base = PersistentMap.from(before.map(({ key, value }) => [key, value] as const));
    const seen = [...base];
    const drafted = base.mutate((draft) => {
      for (const { key, value, remove } of after) {
        remove ? draft.delete(key) : draft.set(key, value);
      }
    });
    let stepped = base;
    for (const { key, value, remove } of after) {
      stepped = remove ? stepped.delete(key) : stepped.set(key, value);
    }
    assertEquals([...drafted], [...stepped]);
    assertEquals([...base], seen);
  }));
});

Deno.test("the order of entries depends on the keys, not on how they came", () => {
  fc.assert(fc.property(fc.uniqueArray(fc.string(), { maxLength: 100 }), (keys) => {
    const forward = PersistentMap.from(keys.map((key) => [key, 1] as const));
    const detour = PersistentMap.from(
      [...keys].reverse().concat(["extra"]).map((key) => [key, 1] as const),
    );
    const kept = keys.includes("extra") ? detour : detour.delete("extra");
    assertEquals([...kept.keys()], [...forward.keys()]);
  }));
});

Deno.test("a change that changes nothing gives the same map", () => {
  const map = PersistentMap.from<string, number>([["a", 1], ["b", 2]]);
  assert(map.set("a", 1) === map);
  assert(map.delete("c") === map);
  assert(map.delete("a").delete("b") === PersistentMap.empty());
});

Deno.test("forEach() and the iterators visit every entry once", () => {
  const map = PersistentMap.from(
    Array.from({ length: 5_000 }, (_, n) => [`topic-${n}`, n] as const),
  );
  const seen = new Set<number>();
  map.forEach((value, key) => {
    assertEquals(key, `topic-${value}`);
    seen.add(value);
  });
  assertEquals(seen.size, 5_000);
  assertEquals([...map.values()].length, 5_000);
  assertEquals(map.size, 5_000);
});
