import { assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { SchemaError } from "../schema.ts";
import {
  compareNumbers,
  DEPTH_MAX,
  divides,
  JsonNumber,
  parseJson,
  TEXT_LENGTH_MAX,
  writeComparable,
  writeJson,
} from "./json_text.ts";

Deno.test("writeJson() keeps the order of keys and the writing of numbers", () => {
  const texts: [written: string, compact: string][] = [
    ['{ "b" : 1 , "9" : 2, "1":3 }', '{"b":1,"9":2,"1":3}'],
    ['{"__proto__":{"constructor":1}}', '{"__proto__":{"constructor":1}}'],
    ["[1.0, 1, -0, 1e5, 1E-7, 12345678901234567890]", "[1.0,1,-0,1e5,1E-7,12345678901234567890]"],
    ['{"a":1,"b":2,"a":3}', '{"a":3,"b":2}'],
    ['"\\u00e9\\/\\u001f\\n\\"\\\\u001f"', '"é/\\u001F\\n\\"\\\\u001f"'],
    ['"\\ud83d\\ude00 \\ud83d"', '"😀 \\ud83d"'],
    [" \t\r\n[ ] ", "[]"],
    ["{}", "{}"],
    ["[true,false,null]", "[true,false,null]"],
  ];
  for (const [written, compact] of texts) {
    assertEquals(writeJson(parseJson(written)), compact);
    assertEquals(writeJson(parseJson(compact)), compact, "what is written is a fixpoint");
  }
});

Deno.test("writeJson() sorts keys at all depths when asked", () => {
  const text = '{"b":[{"z":1,"a":2}],"B":0,"a":{"2":0,"10":0}}';
  assertEquals(writeJson(parseJson(text), true), '{"B":0,"a":{"10":0,"2":0},"b":[{"a":2,"z":1}]}');
});

Deno.test("parseJson() reads what JSON.parse reads, and refuses what it refuses", () => {
  fc.assert(fc.property(fc.json(), (text) => {
    assertEquals(JSON.parse(writeJson(parseJson(text))), JSON.parse(text));
  }));
  const token = fc.constantFrom(
    ...'{}[]:,"\\01-+.eE tfn',
    "true",
    "null",
    '"a"',
    "\\u00",
    "\n",
    "\u0001",
  );
  fc.assert(
    fc.property(fc.array(token, { maxLength: 8 }), (tokens) => {
      const text = tokens.join("");
      assertEquals(isAccepted(() => parseJson(text)), isAccepted(() => JSON.parse(text)), text);
    }),
    { numRuns: 3000 },
  );
});

function isAccepted(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

Deno.test("parseJson() says what it expected and where", () => {
  const error = assertThrows(() => parseJson('{"a":1,\n "b" 2}'), SchemaError);
  assertEquals(error.message, 'Cannot read JSON: expected ":", found "2" at line 2 column 6');
});

Deno.test("parseJson() refuses texts too deep or too long", () => {
  parseJson("[".repeat(DEPTH_MAX) + "]".repeat(DEPTH_MAX));
  for (const text of ["[".repeat(10_000), '{"a":'.repeat(10_000)]) {
    assertThrows(() => parseJson(text), SchemaError, "nested deeper than 1000");
  }
  assertThrows(() => parseJson(" ".repeat(TEXT_LENGTH_MAX + 1)), SchemaError, "too long");
});

Deno.test("numbers compare and divide exactly at any size", () => {
  const number = (text: string) => new JsonNumber(text);
  const ascending = [
    "-1e400",
    "-1.5",
    "-0.1",
    "0",
    "1e-400",
    "0.30",
    "9007199254740992",
    "9007199254740993",
    "1e999999999",
    "1e1000000000",
  ];
  for (const [i, left] of ascending.entries()) {
    for (const [j, right] of ascending.entries()) {
      assertEquals(Math.sign(compareNumbers(number(left), number(right))), Math.sign(i - j));
    }
  }
  assertEquals(divides(number("0.1"), number("0.3")), true);
  assertEquals(divides(number("3"), number("9e30")), true);
  assertEquals(divides(number("0.2"), number("0.3")), false);
  assertEquals(divides(number("0"), number("1")), false);
  assertEquals(divides(number("1"), number("1e1000000000")), false);
});

Deno.test("writeComparable() is one for all writings of a value", () => {
  const same = ['{"a":1,"b":[10]}', '{ "b":[1e1], "a":1.0 }', '{"b":[10.00],"\\u0061":10e-1}'];
  for (const text of same) {
    assertEquals(writeComparable(parseJson(text)), '{"a":1,"b":[10]}');
  }
  assertEquals(writeComparable(parseJson("[0,-0,0e5,1e300]")), "[0,0,0,1e300]");
});
