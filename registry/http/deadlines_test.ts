import { assertEquals } from "@std/assert";
import { Deadlines } from "./deadlines.ts";

Deno.test("deadlines pass once, those that are lifted never", async () => {
  const deadlines = new Deadlines();
  const passed: string[] = [];
  const over = Promise.withResolvers<void>();
  const note = (name: string) => () => void passed.push(name);
  const lifted = deadlines.set(1, note("lifted"));
  deadlines.set(1, note("first"));
  const second = deadlines.set(1, () => {
    passed.push("second");
    // Lifts one that is late with it.
    deadlines.lift(third);
  });
  const third = deadlines.set(1, note("third"));
  const neverLate = deadlines.set(60_000, note("in a minute"));
  deadlines.lift(lifted);
  deadlines.lift(lifted);
  deadlines.set(1500, () => over.resolve());
  await over.promise;
  deadlines.lift(second);
  deadlines.lift(neverLate);
  deadlines.close();
  // The latest that was set comes first.
  assertEquals(passed, ["third", "second", "first"]);
});
