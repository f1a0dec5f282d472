import { assertEquals } from "@std/assert";
import { type Check, errorText, parseTap, refused, runChecks } from "./suite.ts";

Deno.test("parseTap() tells each check with what failed in it", () => {
  const lines = ["ok 1 - a", "not ok 2 - b", "# why", "#   more", "ok 3 - c", "1..3"];
  assertEquals([...parseTap(lines)], [
    { name: "a", passed: true, details: [] },
    { name: "b", passed: false, details: ["why", "  more"] },
    { name: "c", passed: true, details: [] },
  ]);
});

Deno.test("parseTap() fails a program that ends before its plan", () => {
  const [first, second] = [...parseTap(["ok 1 - a", "Traceback", "1..2"])];
  assertEquals(first?.passed, true);
  assertEquals([second?.passed, second?.details], [false, ["planned 2"]]);
  assertEquals([...parseTap(["Segmentation fault"])].map(({ passed }) => passed), [false]);
});

Deno.test("runChecks() goes on after a failure", async () => {
  const told: Check[] = [];
  const checks = {
    bad: () => Promise.reject(new Error("outer", { cause: new Error("inner") })),
    good: () => Promise.resolve(),
  };
  await runChecks(checks, "unused:1", (check) => told.push(check));
  assertEquals(told.map(({ name, passed }) => [name, passed]), [["bad", false], ["good", true]]);
  assertEquals(told[0]?.details[0], "outer: inner");
});

Deno.test("refused() wants a rejection that says so", async () => {
  const text = async (promise: Promise<void>) => {
    try {
      await promise;
      return "";
    } catch (error) {
      return errorText(error);
    }
  };
  assertEquals(await text(refused(Promise.reject(new Error("too large")), /large/)), "");
  assertEquals(await text(refused(Promise.resolve(), /large/)), "not refused, expected /large/");
  assertEquals(
    await text(refused(Promise.reject(new Error("other")), /large/)),
    'refused with "other", expected /large/',
  );
});
