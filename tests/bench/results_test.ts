import { assertEquals, assertStringIncludes } from "@std/assert";
import { median, Results } from "./results.ts";

Deno.test("median() takes the middle, the lower one of two", () => {
  assertEquals(median([3, 1, 2]), 2);
  assertEquals(median([4, 1, 3, 2]), 2);
  assertEquals(median([]), null);
});

Deno.test("markdown() judges values and ratios and tells what failed", () => {
  const results = new Results();
  results.add("ours", "start", 0.3);
  results.add("ours", "produceCpu", 2);
  results.add("apache", "produceCpu", 5);
  results.add("ours", "produceRate", 80);
  results.add("apache", "produceRate", 100);
  results.add("sink", "produceRate", 120);
  results.fail("apache", "latency", "no answer\nstack");
  const text = results.markdown();
  assertStringIncludes(text, "| s | 0.30 | - | - | - | <= 0.4 | yes |");
  assertStringIncludes(text, "| s/GB | 2.00 | 5.00 | 0.40x | - | <= 0.5x | yes |");
  assertStringIncludes(text, "| MiB/s | 80 | 100 | 0.80x | 120 | >= 1x | no |");
  assertStringIncludes(text, "- apache, latency: no answer");
});
