import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../command_error.ts";
import { parseOffsetTime } from "./offset_time.ts";

Deno.test("parseOffsetTime() reads Kafka's names, their numbers and times", () => {
  assertEquals(parseOffsetTime("latest"), -1);
  assertEquals(parseOffsetTime("earliest"), -2);
  assertEquals(parseOffsetTime("max-timestamp"), -3);
  assertEquals(parseOffsetTime("earliest-local"), -4);
  assertEquals(parseOffsetTime("latest-tiered"), -5);
  assertEquals(parseOffsetTime("earliest-pending-upload"), -6);
  assertEquals(parseOffsetTime("-3"), -3);
  assertEquals(parseOffsetTime("0"), 0);
  assertEquals(parseOffsetTime("1735689600000"), 1735689600000);
});

Deno.test("parseOffsetTime() tells what is allowed", () => {
  for (const wrong of ["", "now", "-7", "1.5", "99999999999999999", "constructor"]) {
    assertThrows(
      () => parseOffsetTime(wrong),
      UsageError,
      `--time ${wrong}: allowed are -1 or latest`,
    );
  }
});
