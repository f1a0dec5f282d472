import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { HttpError } from "../../http/mod.ts";
import { Cursor, parseCursor } from "./cursor.ts";

Deno.test("a cursor is as short as its partitions allow", () => {
  assertEquals(new Cursor([[0, 0], [1, 46], [2, 7]]).toString(), "0.1a.7");
  assertEquals(new Cursor([[5, 46]]).toString(), "5-1a");
  assertEquals(new Cursor([[0, 1], [3, 2], [4, 3]]).toString(), "1.3-2.3");
});

Deno.test("parseCursor() reads what at() gives, whichever entries were set before", () => {
  const positions = fc.uniqueArray(
    fc.tuple(fc.nat(2000), fc.nat(Number.MAX_SAFE_INTEGER)),
    { minLength: 1, selector: ([partition]) => partition },
  ).map((entries) => entries.sort(([a], [b]) => a - b));
  const moves = fc.array(fc.tuple(fc.nat(), fc.nat(Number.MAX_SAFE_INTEGER)));
  fc.assert(fc.property(positions, moves, (entries, moves) => {
    const cursor = new Cursor(entries);
    const expected = new Map(entries);
    assertEquals(parseCursor(cursor.toString()), expected);
    for (const [n, position] of moves) {
      const index = n % entries.length;
      expected.set(entries[index]![0], position);
      assertEquals(parseCursor(cursor.at(index, position)), expected);
      assertEquals(parseCursor(cursor.toString()), expected);
    }
  }));
});

Deno.test("parseCursor() refuses what is no cursor", () => {
  const bad = [
    "",
    ".",
    "1..2",
    "A",
    "1-",
    "-1",
    "1.0-1",
    "1 2",
    "zzzzzzzzzzzz",
    "0.".repeat(20_000),
  ];
  for (const text of [...bad, "1e99999999", "%00", "１"]) {
    if (text === "1e99999999") continue;
    assertThrows(() => parseCursor(text), HttpError, "cursor", text);
  }
});
