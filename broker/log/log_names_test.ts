import { assertEquals } from "@std/assert";
import {
  markedDirectoryName,
  offsetName,
  parseLogDirectoryName,
  parseOffsetName,
} from "./log_names.ts";

Deno.test("file names carry the offset in twenty digits", () => {
  assertEquals(offsetName(42, ".log"), "00000000000000000042.log");
  assertEquals(parseOffsetName("00000000000000000042.timeindex.deleted"), {
    offset: 42,
    ending: ".timeindex.deleted",
  });
  for (
    const other of [
      "leader-epoch-checkpoint",
      "x.log",
      "00000000000000000058-0000000001.checkpoint",
    ]
  ) {
    assertEquals(parseOffsetName(other), null, other);
  }
});

Deno.test("directory names tell topic, partition and what they are for", () => {
  const parse = (name: string) => {
    const found = parseLogDirectoryName(name);
    return found === null ? null : [found.topic, found.partition, found.kind];
  };
  assertEquals(parse("with.dots_and-dashes-0"), ["with.dots_and-dashes", 0, "current"]);
  assertEquals(parse("a-12.5658859ed0ef484db5910bf238d86e95-delete"), ["a", 12, "delete"]);
  assertEquals(parse("a-1-2.5658859ed0ef484db5910bf238d86e95-future"), ["a-1", 2, "future"]);
  assertEquals(parse("a.b-3.0658859ed0ef484db5910bf238d86e95-stray"), ["a.b", 3, "stray"]);
  for (const other of ["lost+found", "topic", "-0", "topic-x", "topic-99999999999"]) {
    assertEquals(parse(other), null, other);
  }
});

Deno.test("the name of a deleted directory fits 255 letters and parses again", () => {
  const unique = new Uint8Array(16).fill(0xab);
  const name = markedDirectoryName("t".repeat(249), 1234, "delete", unique);
  assertEquals(name.length, 255);
  assertEquals(parseLogDirectoryName(name)?.partition, 1234);
  assertEquals(markedDirectoryName("t", 0, "stray", unique), `t-0.${"ab".repeat(16)}-stray`);
});
