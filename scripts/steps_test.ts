import { assertEquals } from "@std/assert";
import { testCounts } from "./steps.ts";

Deno.test("testCounts() reads the last line of deno test", () => {
  assertEquals(testCounts({ code: 0, text: "x\nok | 14 passed | 0 failed (210ms)\n" }), {
    passed: 14,
    failed: 0,
    skipped: 0,
  });
  const text = "FAILED | 3 passed (2 steps) | 1 failed | 4 ignored (6s)\n\nerror: Test failed\n";
  assertEquals(testCounts({ code: 1, text }), { passed: 3, failed: 1, skipped: 4 });
});

Deno.test("testCounts() counts a run that ended without a count as one failure", () => {
  assertEquals(testCounts({ code: 1, text: "error: Type checking failed." }), {
    passed: 0,
    failed: 1,
    skipped: 0,
  });
  assertEquals(testCounts({ code: 1, text: "ok | 2 passed | 0 failed (1ms)" }).failed, 1);
});
