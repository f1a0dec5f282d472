import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { AssertionError } from "../base/mod.ts";
import { Timeline, TimelineMap } from "./timeline.ts";

Deno.test("TimelineMap shows the newest state and, until commit, the committed one beside it", () => {
  const timeline = new Timeline();
  const map = new TimelineMap<string, number>(timeline);
  timeline.replaying(0, { isCommitted: true });
  map.set("a", 1);
  timeline.replaying(1, { isCommitted: false });
  map.set("a", 2);
  map.set("b", 3);
  timeline.replaying(2, { isCommitted: false });
  map.delete("a");
  assertEquals([...map.entries()], [["b", 3]]);
  assertEquals([...map.committedEntries()], [["a", 1]]);
  timeline.commit(2);
  assertEquals([...map.committedEntries()], [["b", 3], ["a", 2]]);
  timeline.commit(3);
  assertEquals([...map.committedEntries()], [["b", 3]]);
  assertEquals(timeline.size, 0);
});

Deno.test("TimelineMap tells when nothing is left of it in either view", () => {
  const timeline = new Timeline();
  let unusedCount = 0;
  const map = new TimelineMap<string, number>(timeline, () => unusedCount++);
  timeline.replaying(0, { isCommitted: false });
  map.set("a", 1);
  timeline.revert(0);
  assertEquals(unusedCount, 1);
  timeline.replaying(0, { isCommitted: false });
  map.set("a", 1);
  timeline.replaying(1, { isCommitted: false });
  map.delete("a");
  assertEquals(unusedCount, 1);
  timeline.commit(2);
  assertEquals(unusedCount, 2);
});

Deno.test("Timeline refuses uncommitted records out of order", () => {
  const timeline = new Timeline();
  timeline.replaying(5, { isCommitted: false });
  assertThrows(() => timeline.replaying(4, { isCommitted: false }), AssertionError);
});

/** A step of the property below. */
type Step =
  | { readonly kind: "write"; readonly key: number; readonly value: number | null }
  | { readonly kind: "commit"; readonly count: number }
  | { readonly kind: "revert"; readonly count: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("write" as const),
      key: fc.nat(3),
      value: fc.option(fc.nat(9)),
    }),
  },
  fc.record({ kind: fc.constant("commit" as const), count: fc.nat(4) }),
  fc.record({ kind: fc.constant("revert" as const), count: fc.nat(4) }),
);

/** The state after the first `count` writes. */
function stateAfter(
  writes: readonly [number, number | null][],
  count: number,
): Map<number, number> {
  const state = new Map<number, number>();
  for (const [key, value] of writes.slice(0, count)) {
    if (value === null) state.delete(key);
    else state.set(key, value);
  }
  return state;
}

function sorted(entries: Iterable<[number, number]>): [number, number][] {
  return [...entries].sort(([left], [right]) => left - right);
}

Deno.test("TimelineMap equals a replay of the log, whatever is written, committed and reverted", () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
    const timeline = new Timeline();
    const map = new TimelineMap<number, number>(timeline);
    const writes: [number, number | null][] = [];
    let committed = 0;
    for (const each of steps) {
      if (each.kind === "write") {
        timeline.replaying(writes.length, { isCommitted: false });
        if (each.value === null) map.delete(each.key);
        else map.set(each.key, each.value);
        writes.push([each.key, each.value]);
      } else if (each.kind === "commit") {
        committed = Math.min(writes.length, committed + each.count);
        timeline.commit(committed);
      } else {
        writes.length = Math.max(committed, writes.length - each.count);
        timeline.revert(writes.length);
      }
      assertEquals(sorted(map.entries()), sorted(stateAfter(writes, writes.length)));
      const expected = stateAfter(writes, committed);
      assertEquals(sorted(map.committedEntries()), sorted(expected));
      for (let key = 0; key <= 3; key++) assertEquals(map.committed(key), expected.get(key));
    }
  }));
});
