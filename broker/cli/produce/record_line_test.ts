import { assertEquals, assertThrows } from "@std/assert";
import { CommandError } from "../command_error.ts";
import { lineRules, parseRecordLine } from "./record_line.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function text(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : decoder.decode(bytes);
}

/** Key, value and headers of a line, read with these properties. */
function parsed(line: string, properties: Record<string, string>) {
  const rules = lineRules(new Map(Object.entries(properties)));
  const { key, value, headers } = parseRecordLine(encoder.encode(line), 7, rules);
  return [text(key), text(value), headers.map(([name, each]) => [text(name), text(each)])];
}

const KEY = { "parse.key": "true" };
const BOTH = { "parse.key": "true", "parse.headers": "true" };

Deno.test("a line is a value, and with parse.key a key and a value", () => {
  assertEquals(parsed("k\tv", {}), [null, "k\tv", []]);
  assertEquals(parsed("", {}), [null, "", []]);
  assertEquals(parsed("k\tv\tw", KEY), ["k", "v\tw", []]);
  assertEquals(parsed("\t", KEY), ["", "", []]);
  assertEquals(parsed("k=>v=>w", { ...KEY, "key.separator": "=>" }), ["k", "v=>w", []]);
});

Deno.test("headers stand in front of the key", () => {
  assertEquals(parsed("h1:a,h2:b\tk\tv", BOTH), ["k", "v", [["h1", "a"], ["h2", "b"]]]);
  assertEquals(parsed("h:a\tv", { "parse.headers": "true" }), [null, "v", [["h", "a"]]]);
  assertEquals(parsed(":x,a:\tk\tv", BOTH), ["k", "v", [["", "x"], ["a", ""]]]);
  assertEquals(parsed("a:1,a:2:3\tk\tv", BOTH), ["k", "v", [["a", "1"], ["a", "2:3"]]]);
});

Deno.test("empty headers behind the last separator are dropped, others are errors, as in Java", () => {
  assertEquals(parsed("a:1,,\tk\tv", BOTH), ["k", "v", [["a", "1"]]]);
  assertEquals(parsed(",\tk\tv", BOTH), ["k", "v", []]);
  assertThrows(() => parsed("a:1,,b:2\tk\tv", BOTH), CommandError, "Line 7 has a header without");
  assertThrows(() => parsed("\tk\tv", BOTH), CommandError, "Line 7 has a header without");
});

Deno.test("the null marker makes nulls of keys, values, headers and their values", () => {
  const rules = { ...BOTH, "null.marker": "NULL" };
  assertEquals(parsed("NULL\tNULL\tNULL", rules), [null, null, []]);
  assertEquals(parsed("a:NULL\tNULL\tx", rules), [null, "x", [["a", null]]]);
  assertEquals(parsed("a:1\tNULLS\tNUL", rules), ["NULLS", "NUL", [["a", "1"]]]);
  assertThrows(() => parsed("NULL:1\tk\tv", rules), CommandError, "Line 7 has a header");
});

Deno.test("a missing separator is an error that shows the line, or passed over with ignore.error", () => {
  assertThrows(
    () => parsed("nokey", KEY),
    CommandError,
    'Line 7 has no key.separator "\\t": "nokey"',
  );
  assertThrows(() => parsed("nothing", BOTH), CommandError, "headers.delimiter");
  const lenient = { ...BOTH, "ignore.error": "true" };
  assertEquals(parsed("only", lenient), [null, "only", []]);
  assertEquals(parsed("h:1\tk", lenient), [null, "k", [["h", "1"]]]);
  assertEquals(parsed("a:1,b\tk\tv", lenient), ["k", "v", [["a", "1"], ["b", null]]]);
});

Deno.test("a long line is shown cut", () => {
  const error = assertThrows(() => parsed("x".repeat(5000), KEY), CommandError);
  assertEquals(error.message.length < 200, true);
});

Deno.test("lineRules() refuses separators that clash and switches that are none", () => {
  const wrong: [Record<string, string>, string][] = [
    [{ "headers.delimiter": "," }, "headers.delimiter"],
    [{ "headers.separator": ":" }, "headers.separator"],
    [{ "headers.key.separator": "\t" }, "headers.delimiter"],
    [{ "null.marker": "\t" }, "null.marker"],
    [{ "key.separator": "" }, "key.separator="],
    [{ "parse.key": "yes" }, "parse.key=yes"],
  ];
  for (const [properties, message] of wrong) {
    assertThrows(() => lineRules(new Map(Object.entries(properties))), CommandError, message);
  }
});
