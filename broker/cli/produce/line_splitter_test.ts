import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { CommandError } from "../command_error.ts";
import { LineSplitter } from "./line_splitter.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function lines(chunks: readonly string[], lineBytesMax = 100): string[] {
  const splitter = new LineSplitter(lineBytesMax);
  const all = chunks.flatMap((chunk) => splitter.push(encoder.encode(chunk)));
  return [...all, ...splitter.end()].map((line) => decoder.decode(line));
}

Deno.test("lines end with a line feed, with a carriage return before it or not", () => {
  assertEquals(lines(["a\nb\r\n\nc"]), ["a", "b", "", "c"]);
  assertEquals(lines(["a\n"]), ["a"]);
  assertEquals(lines([""]), []);
  assertEquals(lines(["\n"]), [""]);
  assertEquals(lines(["a\rb\n"]), ["a\rb"]);
});

Deno.test("a line may come in pieces, its end too", () => {
  assertEquals(lines(["a", "b", "\nc\r", "\nd"]), ["ab", "c", "d"]);
});

Deno.test("however the input is cut, the lines are the same", () => {
  fc.assert(fc.property(
    fc.array(fc.stringMatching(/^[ab]{0,5}$/), { maxLength: 10 }),
    fc.infiniteStream(fc.integer({ min: 1, max: 7 })),
    (expected, sizes) => {
      const text = expected.map((line) => `${line}\n`).join("");
      const chunks: string[] = [];
      for (let at = 0; at < text.length;) {
        const size = sizes.next().value;
        chunks.push(text.slice(at, at + size));
        at += size;
      }
      assertEquals(lines(chunks), expected);
    },
  ));
});

Deno.test("bytes that are no UTF-8 go through unchanged", () => {
  const bytes = new Uint8Array([0xff, 0x00, 0xc0, 0x0a]);
  assertEquals(new LineSplitter(10).push(bytes), [new Uint8Array([0xff, 0x00, 0xc0])]);
});

Deno.test("a line that came in pieces does not change when the chunk is filled anew", () => {
  const splitter = new LineSplitter(10);
  const chunk = encoder.encode("ab");
  splitter.push(chunk);
  chunk.fill(0x78);
  assertEquals(splitter.push(encoder.encode("\n")).map((line) => decoder.decode(line)), ["ab"]);
});

Deno.test("a line that is too long is an error that names it, before it is all in memory", () => {
  assertThrows(() => lines(["ok\n12345678901"], 10), CommandError, "Line 2 is longer than");
  assertThrows(() => lines(["12345", "67890", "1"], 10), CommandError, "Line 1");
  assertEquals(lines(["1234567890\n"], 10), ["1234567890"]);
});
