import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../command_error.ts";
import { parseFlags } from "../flags.ts";
import { clampOffset, scenarioFlags, scenarioOf } from "./reset_scenario.ts";

const NOW_MS = Date.UTC(2024, 0, 2);

function scenario(...args: string[]) {
  return scenarioOf(parseFlags(scenarioFlags, args).flags, NOW_MS);
}

Deno.test("scenarioOf() reads each scenario", () => {
  assertEquals(scenario("--to-earliest"), { kind: "earliest" });
  assertEquals(scenario("--to-latest"), { kind: "latest" });
  assertEquals(scenario("--to-current"), { kind: "current" });
  assertEquals(scenario("--to-offset", "0"), { kind: "offset", offset: 0 });
  assertEquals(scenario("--shift-by", "-5"), { kind: "shift", by: -5 });
  assertEquals(scenario("--shift-by=0"), { kind: "shift", by: 0 });
  assertEquals(scenario("--from-file", "p.csv"), { kind: "file", path: "p.csv" });
  assertEquals(scenario("--to-datetime", "2024-01-01T00:00:00.000"), {
    kind: "time",
    timestampMs: Date.UTC(2024, 0, 1),
  });
  assertEquals(scenario("--by-duration", "PT6H"), {
    kind: "time",
    timestampMs: NOW_MS - 6 * 3_600_000,
  });
});

Deno.test("scenarioOf() takes exactly one scenario", () => {
  assertThrows(() => scenario(), UsageError, "--reset-offsets with none");
  assertThrows(
    () => scenario("--to-earliest", "--shift-by", "0"),
    UsageError,
    "--to-earliest and --shift-by",
  );
  assertThrows(() => scenario("--to-offset", "-1"), UsageError, "--to-offset -1");
});

Deno.test("clampOffset() keeps offsets within the log and says what it changed", () => {
  const log = { start: 10, end: 20 };
  assertEquals(clampOffset("t-0", 15, log), { offset: 15, warning: null });
  assertEquals(clampOffset("t-0", 10, log), { offset: 10, warning: null });
  assertEquals(clampOffset("t-0", 20, log), { offset: 20, warning: null });
  assertEquals(clampOffset("t-0", 21, log), {
    offset: 20,
    warning: "Offset 21 of t-0 is beyond the end 20: using 20",
  });
  assertEquals(clampOffset("t-0", 3, log), {
    offset: 10,
    warning: "Offset 3 of t-0 is before the start 10: using 10",
  });
});
