import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../command_error.ts";
import { formatLevels, releaseLevel } from "./feature_levels.ts";

Deno.test("releaseLevel() takes releases and metadata versions by name", () => {
  assertEquals(releaseLevel("4.4-IV2"), 33);
  assertEquals(releaseLevel("4.4"), 33);
  assertEquals(releaseLevel("4.4.0"), 33);
  assertEquals(releaseLevel("3.9"), 21);
  assertEquals(releaseLevel("4.0-IV1"), 23);
  for (const release of ["4.5", "4.5-IV0", "2.8", "4.4-IV9", "x"]) {
    assertThrows(() => releaseLevel(release), UsageError);
  }
});

Deno.test("formatLevels() checks levels and what they need", () => {
  assertEquals(formatLevels(null, []).metadataVersion, 33);
  const levels = formatLevels("4.0", ["kraft.version=1", "group.version=0"]);
  assertEquals([levels.metadataVersion, levels.kraftVersion], [25, 1]);
  assertEquals([...levels.chosen], [["group.version", 0]]);
  assertEquals(formatLevels(null, ["metadata.version=21"]).metadataVersion, 21);
  assertThrows(() => formatLevels("4.0", ["metadata.version=21"]), UsageError);
  assertThrows(() => formatLevels("3.9", ["eligible.leader.replicas.version=1"]), UsageError);
  assertThrows(() => formatLevels(null, ["group.version=9"]), UsageError);
  assertThrows(() => formatLevels(null, ["no.such=1"]), UsageError);
});
