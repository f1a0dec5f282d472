import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { JsonSplitter, type SplitValue } from "./json_splitter.ts";

const encoder = new TextEncoder();

function split(text: string, chunkBytes = Infinity, bytesMax = 1000): SplitValue[] {
  const splitter = new JsonSplitter(bytesMax);
  const bytes = encoder.encode(text);
  const values: SplitValue[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    values.push(...splitter.push(bytes.subarray(at, Math.min(bytes.length, at + chunkBytes))));
  }
  return values;
}

function value(text: string): SplitValue {
  return { kind: "value", text };
}

Deno.test("push() cuts values with and without white space between them", () => {
  const text = ` {"a":1}{"b":[{}]}\r\n\t[1,2]\n{"c":"}{\\"]"} `;
  const expected = [`{"a":1}`, `{"b":[{}]}`, `[1,2]`, `{"c":"}{\\"]"}`].map(value);
  for (const chunkBytes of [1, 2, 3, 7, 1000]) assertEquals(split(text, chunkBytes), expected);
});

Deno.test("push() tells a value that is too large by its size and goes on with the next", () => {
  const large = `{"a":"${"x".repeat(2000)}"}`;
  for (const chunkBytes of [1, 100, 1000, 10_000]) {
    assertEquals(split(`{"a":1}${large} {"b":2}`, chunkBytes), [
      value(`{"a":1}`),
      { kind: "too large", sizeBytes: large.length },
      value(`{"b":2}`),
    ]);
  }
});

Deno.test("push() names what can't begin a value, behind the values before it", () => {
  for (const chunkBytes of [1, 100]) {
    const [first, second] = split(`{"a":1},{"b":2}`, chunkBytes);
    assertEquals([first, second], [
      value(`{"a":1}`),
      { kind: "malformed", why: `a record begins with ","` },
    ]);
  }
  assertEquals(split("\u0000")[0], { kind: "malformed", why: "a record begins with byte 0x00" });
  assertEquals(split("}")[0]?.kind, "malformed");
  assertEquals(split(`"text"`)[0]?.kind, "malformed");
});

Deno.test("push() takes what is no UTF-8 for malformed", () => {
  const bytes = Uint8Array.of(...encoder.encode(`{"a":"`), 0xc3, ...encoder.encode(`"}`));
  const whole = new JsonSplitter(100).push(bytes);
  assertEquals(whole, [{ kind: "malformed", why: "it is no UTF-8" }]);
  const splitter = new JsonSplitter(100);
  assertEquals(splitter.push(bytes.subarray(0, 8)), []);
  assertEquals(splitter.isInside, true);
  assertEquals(splitter.push(bytes.subarray(8)), whole);
});

Deno.test("push() gives the same values however the chunks fall", () => {
  fc.assert(fc.property(
    fc.array(fc.tuple(fc.object(), fc.constantFrom("", " ", "\r\n", "\n\t"))),
    fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }),
    (objects, sizes) => {
      const texts = objects.map(([object]) => JSON.stringify(object));
      const bytes = encoder.encode(objects.map(([, space], n) => texts[n] + space).join(""));
      const splitter = new JsonSplitter(1e6);
      const values: SplitValue[] = [];
      for (let at = 0, n = 0; at < bytes.length; n++) {
        const size = sizes[n % sizes.length]!;
        values.push(...splitter.push(bytes.subarray(at, at + size)));
        at += size;
      }
      assertEquals(values, texts.map(value));
      assertEquals(splitter.isInside, false);
    },
  ));
});
