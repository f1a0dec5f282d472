import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { fromBase64, toBase64 } from "./base64.ts";
import { isRawNumber, parseExactly, stringifyExactly, typed } from "./exact_json.ts";
import { PayloadError } from "./payload_error.ts";
import { jsonText } from "./read_values.ts";
import { TextBytes } from "./text_bytes.ts";
import { jsonBytes } from "./write_values.ts";

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

Deno.test("parseExactly() keeps numbers that a double can't hold as they were written", () => {
  for (
    const text of [
      "[12345678901234567890,1.00000000000000000001,1e400,-9007199254740993]",
      '{"a":{"b":123456789012345678},"__proto__":99999999999999999999}',
      '[0.1,1e10,"12345678901234567890",1e-5]',
    ]
  ) {
    assertEquals(JSON.stringify(parseExactly(text)), text);
  }
});

Deno.test("parseExactly() leaves doubles of many digits as numbers", () => {
  assertEquals(parseExactly("[0.30000000000000004,9007199254740991]"), [
    0.30000000000000004,
    9007199254740991,
  ]);
  assertEquals(isRawNumber(parseExactly("9007199254740993")), true);
});

Deno.test("typed() makes integers bigints and decimals doubles", () => {
  assertEquals(typed(parseExactly('[9223372036854775807,{"d":1.23456789012345678901},3]')), [
    9223372036854775807n,
    { d: 1.2345678901234568 },
    3,
  ]);
  assertThrows(() => typed(parseExactly("1e999")), PayloadError, "1e999");
});

Deno.test("stringifyExactly() writes bigints as numbers", () => {
  assertEquals(stringifyExactly({ n: 2n ** 63n, t: "x" }), '{"n":9223372036854775808,"t":"x"}');
});

Deno.test("fromBase64() takes the standard alphabet, padded, and nothing else", () => {
  assertEquals([...fromBase64("")], []);
  assertEquals([...fromBase64("+/8=")], [0xfb, 0xff]);
  for (const wrong of ["YQ", "YQ=", "Y Q=", "_-8=", "YQ==YQ==", "====", "é===", "YQ=\n"]) {
    assertThrows(() => fromBase64(wrong), PayloadError, "base64", wrong);
  }
  for (const wrong of [1, {}, [], true, null]) assertThrows(() => fromBase64(wrong), PayloadError);
});

Deno.test("TextBytes gives every text bytes of its own", () => {
  const texts = new TextBytes(10);
  const all = ["", "abc", "é€😀", "x".repeat(300), "y".repeat(100_000), "z", "€".repeat(200)];
  const encoded = all.map((text) => texts.encode(text));
  assertEquals(encoded.map((one) => new TextDecoder().decode(one)), all);
});

Deno.test("jsonBytes() refuses what nests too deeply instead of failing", () => {
  let deep: unknown = 1;
  for (let n = 0; n < 100_000; n++) deep = [deep];
  try {
    jsonBytes(deep, new TextBytes(0));
  } catch (error) {
    assertEquals(error instanceof PayloadError, true);
  }
});

Deno.test("jsonText() passes JSON on as it stands, on one line", () => {
  assertEquals(jsonText(bytes('{"n":12345678901234567890.50}')), '{"n":12345678901234567890.50}');
  assertEquals(jsonText(bytes('{\n "n": 12345678901234567890\r\n}')), '{"n":12345678901234567890}');
  for (const wrong of ["", "{", "\ufeff1", "nope"]) {
    assertThrows(() => jsonText(bytes(wrong)), PayloadError, "is no JSON", wrong);
  }
  assertThrows(() => jsonText(new Uint8Array([0x22, 0xff, 0x22])), PayloadError, "is no JSON");
});

Deno.test("any JSON and any bytes come out as they went in", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const text = JSON.stringify(value);
    assertEquals(JSON.stringify(parseExactly(text)), JSON.stringify(JSON.parse(text)));
    const texts = new TextBytes(1);
    assertEquals(jsonText(jsonBytes(parseExactly(text), texts)), JSON.stringify(JSON.parse(text)));
  }));
  fc.assert(fc.property(fc.bigInt(), (value) => {
    assertEquals(BigInt(typed(parseExactly(String(value))) as bigint), value);
    assertEquals(stringifyExactly(value), String(value));
  }));
  fc.assert(fc.property(fc.uint8Array(), (value) => {
    assertEquals([...fromBase64(toBase64(value))], [...value]);
  }));
});
