import { assertEquals } from "@std/assert";
import { type Assignor, rangeAssignor, roundRobinAssignor, type Subscriber } from "./assignors.ts";

function member(memberId: string, ...topics: string[]): Subscriber {
  return { memberId, groupInstanceId: null, topics };
}

function shares(
  assignor: Assignor,
  members: readonly Subscriber[],
  counts: Readonly<Record<string, number>>,
): Record<string, string> {
  const assigned = assignor.assign(members, new Map(Object.entries(counts)));
  return Object.fromEntries(
    [...assigned].map(([memberId, topics]) => [
      memberId,
      topics.map(({ topic, partitions }) => `${topic}${partitions.join()}`).join(" "),
    ]),
  );
}

Deno.test("range gives neighbouring partitions of each topic, the first members one more", () => {
  const members = [member("b", "x", "y"), member("a", "x", "y")];
  assertEquals(shares(rangeAssignor, members, { x: 3, y: 2 }), { a: "x0,1 y0", b: "x2 y1" });
});

Deno.test("roundrobin deals out all partitions in turn to who wants them", () => {
  const members = [member("a", "x"), member("b", "x", "y"), member("c", "x", "y")];
  assertEquals(shares(roundRobinAssignor, members, { x: 4, y: 2 }), {
    a: "x0,3",
    b: "x1 y0",
    c: "x2 y1",
  });
});

Deno.test("topics that nobody knows give nothing, and members without topics get nothing", () => {
  for (const assignor of [rangeAssignor, roundRobinAssignor]) {
    const members = [member("a", "gone", "x"), member("b")];
    assertEquals(shares(assignor, members, { x: 2, other: 5 }), { a: "x0,1", b: "" });
  }
});

Deno.test("static members come first, in the order of their instance ids", () => {
  const members = [
    member("a", "x"),
    { memberId: "z", groupInstanceId: "i2", topics: ["x"] },
    { memberId: "y", groupInstanceId: "i1", topics: ["x"] },
  ];
  assertEquals(shares(rangeAssignor, members, { x: 3 }), { a: "x2", y: "x0", z: "x1" });
});
