import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { DatumError } from "../../schema.ts";
import { avroFormat } from "../avro_schema.ts";

function codecOf(schema: unknown) {
  return avroFormat.parse(JSON.stringify(schema), [], { strict: true }).datum();
}

const longs = { type: "array", items: "long" };
const order = {
  type: "record",
  name: "shop.Order",
  fields: [
    { name: "id", type: "long" },
    { name: "note", type: ["null", "string"], default: null },
    { name: "lines", type: longs },
    { name: "state", type: { type: "enum", name: "State", symbols: ["OPEN", "DONE"] } },
    { name: "key", type: { type: "fixed", name: "Key", size: 2 } },
    { name: "more", type: { type: "map", values: ["null", "State", "Key"] } },
  ],
};

Deno.test("a record goes to its bytes and back", () => {
  const codec = codecOf(order);
  const value = {
    id: 64,
    note: { string: "é" },
    lines: [1, -1],
    state: "DONE",
    key: "\u00ff\u0000",
    more: { a: { "shop.State": "OPEN" }, b: null, c: { "shop.Key": "ab" } },
  };
  const bytes = codec.encode(value);
  assertEquals(
    bytes.toHex(),
    "8001" + "0204c3a9" + "04020100" + "02" + "ff00" + "06" + "02610200" + "026200" + "0263046162" +
      "00",
  );
  assertEquals(codec.decode(bytes), value);
});

const refused: readonly [unknown, unknown, string][] = [
  ["null", 0, "/: expected null, found 0"],
  ["boolean", "true", '/: expected a boolean, found "true"'],
  ["int", 2 ** 31, "/: expected an int (-2147483648 to 2147483647), found 2147483648"],
  ["int", 1.5, "found 1.5"],
  ["int", "1", 'found "1"'],
  ["int", 2n ** 40n, "found 1099511627776"],
  ["long", 1.5, "/: expected a long, found 1.5"],
  ["long", 2 ** 53, "9007199254740992 may have lost digits"],
  ["long", 2n ** 63n, "to 9223372036854775807), found 9223372036854775808"],
  ["float", 1e39, "a number that fits into a float"],
  ["double", "1", 'expected a double, found "1"'],
  ["string", 1, "expected a string, found 1"],
  [longs, "1", 'expected an array, found "1"'],
  [
    longs,
    [1, {}],
    "/1: expected a long (-9223372036854775808 to 9223372036854775807), found an empty object",
  ],
  [{ type: "map", values: "int" }, [], "expected an object, found an array"],
  [{ type: "map", values: "int" }, { "a/b": true }, "/a~1b: expected an int"],
  [order, { id: 1 }, '/: record shop.Order lacks field "note"'],
  [order, null, "expected an object for record shop.Order, found null"],
  [
    order,
    { id: 1, note: "x" },
    '/note: expected null or an object with one key out of "string", found "x"',
  ],
  [
    order,
    { id: 1, note: { int: 1 } },
    '/note: expected null or an object with one key out of "string", found an object of "int"',
  ],
  [order, { id: 1, note: { string: 1 } }, "/note/string: expected a string, found 1"],
  [
    order,
    { id: 1, note: null, lines: [], state: "X" },
    "/state: expected a symbol of enum shop.State (OPEN, DONE)",
  ],
  [
    order,
    { id: 1, note: null, lines: [], state: "OPEN", key: "abc" },
    "/key: expected 2 bytes, a character each, found 3",
  ],
  [
    order,
    { id: 1, note: null, lines: [], state: "OPEN", key: "a\u0100" },
    "/key: character 1 is U+0100",
  ],
  [{ type: "array", items: "bytes" }, ["\u20ac"], "/0: character 0 is U+20AC"],
  ["bytes", 5, "expected a string with a character up to U+00FF"],
  [
    { type: "record", name: "P", fields: [{ name: "toString", type: "int" }] },
    {},
    'lacks field "toString"',
  ],
];

for (const [schema, value, message] of refused) {
  const shown = JSON.stringify(value, (_key, item) => typeof item === "bigint" ? `${item}n` : item);
  Deno.test(`encode() refuses ${shown} for ${JSON.stringify(schema).slice(0, 40)}`, () => {
    const error = assertThrows(() => codecOf(schema).encode(value), DatumError);
    assert(error.message.includes(message), error.message);
  });
}

const undecodable: readonly [unknown, string, string][] = [
  ["int", "", "/: the bytes end: 1 are needed, 0 are left"],
  ["int", "8080808010", "is no int"],
  ["int", "0200", "1 bytes are left behind the value"],
  ["long", "ffffffffffffffffffff01", "a varint has more than 64 bits"],
  ["boolean", "02", "a boolean of 2"],
  ["string", "08616263", "a length of 4 bytes, where 3 are left"],
  ["string", "01", "a length of -1 bytes"],
  ["double", "0000", "the bytes end: 8 are needed"],
  [["null", "int"], "04", "branch 2 of a union of 2"],
  [{ type: "enum", name: "E", symbols: ["A"] }, "02", "symbol 1 of enum E, which has 1"],
  [{ type: "fixed", name: "F", size: 2_000_000_000 }, "00", "the bytes end: 2000000000 are needed"],
  [longs, "0202", "/: the bytes end"],
  [longs, "0402", "/1: the bytes end"],
  [
    { type: "array", items: "null" },
    "feffffffffffffffff01",
    "a block of 9223372036854775807 items",
  ],
  [{ type: "array", items: "null" }, "feffffff0f", "more values than the bytes may stand for"],
];

for (const [schema, hex, message] of undecodable) {
  Deno.test(`decode() refuses ${hex || "nothing"} for ${JSON.stringify(schema).slice(0, 60)}`, () => {
    const error = assertThrows(() => codecOf(schema).decode(Uint8Array.fromHex(hex)), DatumError);
    assert(error.message.includes(message), error.message);
  });
}

Deno.test("longs keep all their digits, as bigints beyond the safe range", () => {
  const codec = codecOf("long");
  for (
    const value of [
      0,
      -1,
      2 ** 28,
      -(2 ** 28) - 1,
      2 ** 52,
      2 ** 53 - 1,
      -(2 ** 53) + 1,
      2n ** 53n,
      2n ** 63n - 1n,
      -(2n ** 63n),
    ]
  ) {
    assertEquals(codec.decode(codec.encode(value)), value);
  }
  assertEquals(codec.encode(5n), codec.encode(5));
});

Deno.test("floating-point numbers: floats in few digits, and what JSON has no number for as texts", () => {
  const float = codecOf("float"), double = codecOf("double");
  for (const value of [0.1, 1.1, 16777216, 3.4e38, "NaN", "-Infinity"]) {
    assertEquals(float.decode(float.encode(value)), value);
  }
  for (const value of [0.1, 5e-324, "NaN", "Infinity"]) {
    assertEquals(double.decode(double.encode(value)), value);
  }
});

Deno.test("strings keep a byte order mark, and broken UTF-8 is read as far as it goes", () => {
  const codec = codecOf("string");
  assertEquals(codec.decode(codec.encode("\ufeffid")), "\ufeffid");
  assertEquals(codec.decode(Uint8Array.fromHex("04ffc0")), "\ufffd\ufffd");
});

Deno.test("bytes at the top are written without their length, elsewhere with it", () => {
  assertEquals(codecOf("bytes").encode("\u00ffa").toHex(), "ff61");
  assertEquals(codecOf("bytes").decode(Uint8Array.of(0xff, 0x61)), "\u00ffa");
  assertEquals(
    codecOf({ type: "array", items: "bytes" }).encode(["\u00ffa"]).toHex(),
    "0204ff6100",
  );
});

Deno.test("logical types are left as the values below them", () => {
  assertEquals(codecOf({ type: "int", logicalType: "date" }).encode(5).toHex(), "0a");
  const decimal = { type: "bytes", logicalType: "decimal", precision: 4, scale: 2 };
  assertEquals(codecOf(["null", decimal]).encode({ bytes: "\u0001\u0000" }).toHex(), "02040100");
});

Deno.test("fields that a record doesn't have are passed over, as the Java library does", () => {
  const codec = codecOf({ type: "record", name: "R", fields: [{ name: "a", type: "int" }] });
  assertEquals(codec.encode({ z: {}, a: 1, b: [2] }).toHex(), "02");
});

Deno.test("blocks may be many, and have their length in bytes", () => {
  assertEquals(codecOf(longs).decode(Uint8Array.fromHex("030402040206" + "00")), [1, 2, 3]);
});

Deno.test("keys and fields of any name are the value's own", () => {
  const map = codecOf({ type: "map", values: "int" });
  const value = JSON.parse('{"__proto__":1,"constructor":2}');
  const back = map.decode(map.encode(value)) as object;
  assertEquals(JSON.stringify(back), JSON.stringify(value));
  const record = codecOf({
    type: "record",
    name: "R",
    fields: [{ name: "__proto__", type: "int" }],
  });
  assertEquals(JSON.stringify(record.decode(record.encode(value))), '{"__proto__":1}');
});

Deno.test("values may nest 1,000 deep", () => {
  const codec = codecOf({
    type: "record",
    name: "N",
    fields: [{ name: "n", type: ["null", "N"] }],
  });
  let value: unknown = { n: null };
  for (let depth = 1; depth < 1000; depth++) value = { n: { N: value } };
  assertEquals(JSON.stringify(codec.decode(codec.encode(value))), JSON.stringify(value));
  assertThrows(() => codec.encode({ n: { N: value } }), DatumError, "nested deeper than 1000");
});

Deno.test("decode() of any bytes ends soon with a value or a DatumError", () => {
  const tree = {
    type: "record",
    name: "T",
    fields: [
      { name: "n", type: { type: "array", items: ["null", "T", { type: "map", values: "T" }] } },
      { name: "e", type: { type: "array", items: { type: "record", name: "E", fields: [] } } },
      { name: "t", type: { type: "map", values: ["string", "double", longs] } },
    ],
  };
  const codec = codecOf(tree);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        const value = codec.decode(bytes);
        // What was read is written back to what reads the same.
        assertEquals(codec.decode(codec.encode(value)), value);
      } catch (error) {
        assert(error instanceof DatumError, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});
