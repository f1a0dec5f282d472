import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { assignRanges } from "./range_assignor.ts";

function plain(
  assignment: ReturnType<typeof assignRanges>,
): Record<string, Record<string, number[]>> {
  return Object.fromEntries(
    [...assignment].map(([member, topics]) => [member, Object.fromEntries(topics)]),
  );
}

Deno.test("members in order of their ids get neighbouring partitions, the first ones more", () => {
  const members = [
    { memberId: "b", topics: ["t"] },
    { memberId: "a", topics: ["t"] },
    { memberId: "c", topics: ["t"] },
  ];
  assertEquals(plain(assignRanges(members, new Map([["t", 7]]))), {
    a: { t: [0, 1, 2] },
    b: { t: [3, 4] },
    c: { t: [5, 6] },
  });
  assertEquals(plain(assignRanges(members, new Map([["t", 1]]))), { a: { t: [0] }, b: {}, c: {} });
});

Deno.test("a topic is shared by those alone who want it", () => {
  const members = [{ memberId: "a", topics: ["t", "u"] }, { memberId: "b", topics: ["u"] }];
  assertEquals(plain(assignRanges(members, new Map([["t", 2], ["u", 2], ["nobody's", 4]]))), {
    a: { t: [0, 1], u: [0] },
    b: { u: [1] },
  });
});

Deno.test("every partition has one owner, and no member two more than another", () => {
  fc.assert(fc.property(
    fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
    fc.integer({ min: 0, max: 50 }),
    (ids, count) => {
      const members = ids.map((memberId) => ({ memberId, topics: ["t"] }));
      const shares = [...assignRanges(members, new Map([["t", count]])).values()]
        .map((topics) => topics.get("t") ?? []);
      const all = shares.flat().sort((a, b) => a - b);
      assertEquals(all, Array.from({ length: count }, (_, index) => index));
      const sizes = shares.map((share) => share.length);
      assertEquals(Math.max(...sizes) - Math.min(...sizes) <= 1, true);
    },
  ));
});
