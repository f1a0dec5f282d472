import { assertEquals } from "@std/assert";
import { assignmentOf } from "./primary_election.ts";

function member(memberId: string, word: unknown) {
  const text = typeof word === "string" ? word : JSON.stringify(word);
  return { memberId, groupInstanceId: null, metadata: new TextEncoder().encode(text) };
}

function word(port: number, more: Readonly<Record<string, unknown>> = {}) {
  return { version: 1, host: "h", port, master_eligibility: true, scheme: "http", ...more };
}

/** What every member is told. */
function told(members: ReturnType<typeof member>[], isSticky = false) {
  const shares = assignmentOf(members, isSticky);
  assertEquals([...shares.keys()], members.map(({ memberId }) => memberId));
  const texts = new Set([...shares.values()].map((bytes) => new TextDecoder().decode(bytes)));
  assertEquals(texts.size, 1);
  return JSON.parse([...texts][0]!);
}

Deno.test("assignmentOf() names the eligible member of the smallest address, as other registries do", () => {
  const answer = told([member("b", word(2)), member("a", word(1, { master_eligibility: false }))]);
  assertEquals(answer, { version: 1, error: 0, master: "b", master_identity: word(2) });
  // By the order of texts, not of numbers.
  assertEquals(told([member("a", word(9)), member("b", word(10))]).master, "b");
});

Deno.test("assignmentOf() keeps who is primary where that is asked for", () => {
  const members = [member("a", word(1)), member("b", word(2, { leader: true }))];
  assertEquals([told(members).master, told(members, true).master], ["a", "b"]);
  const ineligible = member("c", word(3, { leader: true, master_eligibility: false }));
  assertEquals(told([ineligible, member("a", word(1))], true).master, "a");
});

Deno.test("assignmentOf() names nobody where nobody may, or where two claim one address", () => {
  assertEquals(told([member("a", word(1, { master_eligibility: false }))]), {
    ...{ version: 1, error: 0, master: null, master_identity: null },
  });
  assertEquals(told([member("a", word(1)), member("b", word(1))]), {
    ...{ version: 1, error: 1, master: null, master_identity: null },
  });
});

Deno.test("assignmentOf() passes over members that say nothing it understands", () => {
  assertEquals(told([member("x", "not json"), member("a", word(1))]).master, "a");
});
