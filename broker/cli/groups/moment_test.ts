import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../command_error.ts";
import { parseDatetime, parseDuration } from "./moment.ts";

Deno.test("parseDatetime() takes UTC where no zone is named", () => {
  assertEquals(
    parseDatetime("to-datetime", "2024-01-02T03:04:05.678"),
    Date.UTC(2024, 0, 2, 3, 4, 5, 678),
  );
  assertEquals(parseDatetime("to-datetime", "2024-01-02T03:04:05"), Date.UTC(2024, 0, 2, 3, 4, 5));
  assertEquals(parseDatetime("to-datetime", "2024-01-02T03:04"), Date.UTC(2024, 0, 2, 3, 4));
  assertEquals(
    parseDatetime("to-datetime", "2024-02-29T00:00:00.5"),
    Date.UTC(2024, 1, 29, 0, 0, 0, 500),
  );
});

Deno.test("parseDatetime() reads zones in all of ISO 8601's spellings", () => {
  const noonUtc = Date.UTC(2024, 5, 1, 12);
  for (
    const text of [
      "12:00:00.000Z",
      "14:00:00.000+02:00",
      "14:00:00.000+0200",
      "14:00:00.000+02",
      "07:30:00.000-04:30",
    ]
  ) {
    assertEquals(parseDatetime("to-datetime", `2024-06-01T${text}`), noonUtc);
  }
});

Deno.test("parseDatetime() refuses what is no moment", () => {
  for (
    const wrong of [
      "",
      "2024-01-02",
      "2024-01-02 03:04:05",
      "2024-13-01T00:00:00.000",
      "2023-02-29T00:00:00.000",
      "2024-01-02T25:00:00.000",
      "2024-01-02T03:04:05.678+2",
      "2024-01-02T03:04:05.678+99:00",
    ]
  ) {
    assertThrows(() => parseDatetime("to-datetime", wrong), UsageError, `--to-datetime ${wrong}:`);
  }
});

Deno.test("parseDuration() reads ISO 8601 durations with signs and fractions", () => {
  assertEquals(parseDuration("by-duration", "P1D"), 86_400_000);
  assertEquals(parseDuration("by-duration", "PT2H"), 7_200_000);
  assertEquals(parseDuration("by-duration", "PT90M"), 5_400_000);
  assertEquals(parseDuration("by-duration", "P1DT1H1M1.5S"), 90_061_500);
  assertEquals(parseDuration("by-duration", "PT0S"), 0);
  assertEquals(parseDuration("by-duration", "-PT5S"), -5000);
  assertEquals(parseDuration("by-duration", "PT1H-30M"), 1_800_000);
  assertEquals(parseDuration("by-duration", "p1dt1h"), 90_000_000);
});

Deno.test("parseDuration() refuses what is no duration", () => {
  for (const wrong of ["", "P", "PT", "P1DT", "1D", "P1W", "P1Y", "PT1.5H", "P1D2H"]) {
    assertThrows(() => parseDuration("by-duration", wrong), UsageError, `--by-duration ${wrong}:`);
  }
});
