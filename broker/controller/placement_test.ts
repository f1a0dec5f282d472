import { assert, assertEquals } from "@std/assert";
import { SeededPrng } from "../base/mod.ts";
import { placeReplicas, type UsableBroker } from "./placement.ts";

function brokers(count: number, racks: number, fenced: readonly number[] = []): UsableBroker[] {
  return Array.from({ length: count }, (_, id) => ({
    id,
    rack: racks === 0 ? null : `rack${id % racks}`,
    fenced: fenced.includes(id),
  }));
}

function place(partitions: number, factor: number, usable: UsableBroker[], seed = 1): number[][] {
  const placement = placeReplicas(partitions, factor, usable, new SeededPrng(seed));
  assert(placement.ok, placement.ok ? "" : placement.reason);
  return placement.assignments;
}

/** How often each of the numbers occurs. */
function counts(numbers: Iterable<number>): Map<number, number> {
  const found = new Map<number, number>();
  for (const number of numbers) found.set(number, (found.get(number) ?? 0) + 1);
  return found;
}

Deno.test("no broker holds a partition twice and no fenced broker leads, whatever the cluster", () => {
  for (let seed = 0; seed < 500; seed++) {
    const prng = new SeededPrng(seed);
    const count = 1 + prng.uint32() % 8;
    const fenced = Array.from({ length: count }, (_, id) => id).filter(() =>
      prng.uint32() % 3 === 0
    );
    const usable = brokers(count, prng.uint32() % 4, fenced.length === count ? [] : fenced);
    const factor = 1 + prng.uint32() % count;
    for (const replicas of place(20, factor, usable, seed)) {
      assertEquals(replicas.length, factor);
      assertEquals(new Set(replicas).size, factor);
      assert(!usable[replicas[0]!]!.fenced);
    }
  }
});

Deno.test("a partition lies in as many racks as there are, up to its replication factor", () => {
  for (let seed = 0; seed < 50; seed++) {
    for (const replicas of place(30, 3, brokers(9, 3), seed)) {
      assertEquals(new Set(replicas.map((id) => id % 3)).size, 3);
    }
    for (const replicas of place(30, 4, brokers(9, 2), seed)) {
      assertEquals([...counts(replicas.map((id) => id % 2)).values()], [2, 2]);
    }
  }
});

Deno.test("leaders and replicas are spread evenly while every broker runs", () => {
  for (const racks of [0, 1, 3]) {
    const assignments = place(60, 3, brokers(6, racks));
    for (const [, count] of counts(assignments.map(([leader]) => leader!))) assertEquals(count, 10);
    const load = [...counts(assignments.flat()).values()];
    assert(Math.max(...load) - Math.min(...load) <= 15, `${load}`);
  }
});

Deno.test("fenced brokers follow only where a rack has nobody else", () => {
  for (const replicas of place(20, 2, brokers(4, 2, [0]))) assert(!replicas.includes(0));
  for (const replicas of place(20, 4, brokers(4, 2, [0]))) assert(replicas.includes(0));
});

Deno.test("what can't be placed is refused with a reason", () => {
  const prng = new SeededPrng(1);
  assertEquals(placeReplicas(1, 1, [], prng), { ok: false, reason: "every broker is fenced" });
  assertEquals(placeReplicas(1, 1, brokers(2, 0, [0, 1]), prng).ok, false);
  assertEquals(placeReplicas(1, 3, brokers(2, 0), prng), {
    ok: false,
    reason: "2 broker(s) are registered that take new replicas",
  });
});

Deno.test("a seed repeats a placement", () => {
  assertEquals(place(10, 3, brokers(5, 2), 7), place(10, 3, brokers(5, 2), 7));
});
