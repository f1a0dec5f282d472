import { assert, assertEquals, assertThrows } from "@std/assert";
import { SchemaError } from "../schema.ts";
import { jsonFormat, type JsonSchema, linearRegExp } from "./mod.ts";

function parse(schema: unknown): JsonSchema {
  return jsonFormat.parse(JSON.stringify(schema), [], { strict: true });
}

Deno.test("validate() names each fault with its place", () => {
  const schema = parse({
    type: "object",
    required: ["a"],
    properties: { a: { type: "string" }, "b/c": { enum: [1, 2] } },
    additionalProperties: false,
  });
  assertEquals(schema.validate({ a: "x" }), []);
  assertEquals(schema.validate({ "b/c": 3, d: 1 }), [
    "# must have required property 'a'",
    '# must NOT have additional properties: "d"',
    "#/b~1c must be equal to one of the allowed values: [1,2]",
  ]);
  const many = parse({ items: { type: "null" } });
  assertEquals(many.validate(new Array(1000).fill(1)).length, 20);
});

Deno.test("validate() keeps each draft's meaning", () => {
  const sibling = {
    properties: { a: { $ref: "#/definitions/s", maxLength: 1 } },
    definitions: { s: {} },
  };
  assertEquals(parse(sibling).validate({ a: "xx" }), []);
  const modern = { $schema: "https://json-schema.org/draft/2020-12/schema", ...sibling };
  assertEquals(parse(modern).validate({ a: "xx" }).length, 1);
  const draft4 = { $schema: "http://json-schema.org/draft-04/schema#", const: 1 };
  assertEquals(parse({ ...draft4, maximum: 3, exclusiveMaximum: true }).validate(3).length, 1);
  assertEquals(parse(draft4).validate(2), [], "draft 4 knows no const");
  const unevaluated = {
    $schema: "https://json-schema.org/draft/2019-09/schema",
    $ref: "#/$defs/b",
    unevaluatedProperties: false,
    $defs: { b: { properties: { a: true } } },
  };
  assertEquals(parse(unevaluated).validate({ a: 1 }), []);
  assertEquals(parse(unevaluated).validate({ c: 1 }), [
    '# must NOT have unevaluated properties: "c"',
  ]);
  const tree = (extra: object) => ({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "http://a.b/strict",
    $dynamicAnchor: "node",
    $ref: "tree",
    ...extra,
    $defs: {
      tree: {
        $id: "tree",
        $dynamicAnchor: "node",
        properties: { data: true, children: { items: { $dynamicRef: "#node" } } },
      },
    },
  });
  const misspelled = { children: [{ daat: 1 }] };
  assertEquals(parse(tree({})).validate(misspelled), []);
  assertEquals(parse(tree({ unevaluatedProperties: false })).validate(misspelled).length > 0, true);
});

Deno.test("what stands beside a tuple is checked for an empty array, too", () => {
  const schema = parse({ items: [{ type: "string" }], contains: { type: "string" } });
  assertEquals(schema.validate([]).length, 1);
});

Deno.test("each pattern is its own", () => {
  const schema = parse({ properties: { a: { pattern: "^a" }, b: { pattern: "^b" } } });
  assertEquals(schema.validate({ a: "a", b: "b" }), []);
  assertEquals(schema.validate({ b: "a" }), ['#/b must match pattern "^b"']);
});

Deno.test("patterns run in linear time, or not at all", () => {
  const long = "a".repeat(500_000) + "!";
  for (const pattern of ["(a+)+$", "^(a|a)*$", "(.*a){20}$", "^(([a-z])+.)+[A-Z]([a-z])+$"]) {
    assertEquals(parse({ pattern }).validate(long).length, 1, pattern);
  }
  for (
    const pattern of ["(?=a)b", "(a)\\1", "a{2000}", "((a{100}){100}){100}", "x".repeat(20_000)]
  ) {
    assertEquals(linearRegExp(pattern), null);
    const schema = parse({ properties: { a: { pattern } } });
    const error = assertThrows(() => schema.validate({}), SchemaError);
    assert(error.message.includes("linear time"));
  }
  assertEquals(linearRegExp("^\\p{Lu}\\p{Letter}+\\d$")?.test("Été5"), true);
});

Deno.test("formats are checked in linear time", () => {
  const good: Record<string, string[]> = {
    email: ["ana@example.com"],
    hostname: ["example.com", "a-b.c"],
    uri: ["http://a.b/c?d#e", "urn:a:b"],
    "uri-reference": ["/a/b"],
    date: ["2024-02-29"],
    "date-time": ["2024-02-29T23:59:60Z"],
    time: ["10:00:00+01:00"],
    duration: ["P3W", "P1Y2M3DT4H5M6S", "PT5S", "P1D"],
    ipv4: ["127.0.0.1"],
    ipv6: ["::1"],
    uuid: ["123e4567-e89b-12d3-a456-426614174000"],
    "json-pointer": ["/a~1b"],
    regex: ["a+"],
    byte: ["YWI="],
    unknown: ["anything"],
  };
  const bad: Record<string, string[]> = {
    email: ["ana", "a@" + "b".repeat(1_000_000), "a@" + "a-".repeat(30_000)],
    hostname: ["a".repeat(64), "-a.b", "a.".repeat(200)],
    uri: ["a", "http://" + "a:".repeat(30_000) + " "],
    date: ["2023-02-29"],
    "date-time": ["2024-02-29", " ".repeat(1_000_000)],
    duration: ["P", "PT", "P1S", "3W"],
    ipv4: ["256.0.0.1"],
    ipv6: ["1".repeat(60_000)],
    uuid: ["x"],
    regex: ["("],
    byte: ["a", "YQ=".repeat(20_000)],
  };
  for (const [format, texts] of Object.entries(good)) {
    for (const text of texts) {
      assertEquals(parse({ format }).validate(text), [], `${format} ${text}`);
    }
  }
  for (const [format, texts] of Object.entries(bad)) {
    for (const text of texts) {
      const found = parse({ format }).validate(text);
      assertEquals(found.length, 1, `${format} ${text.slice(0, 40)}`);
    }
  }
});

Deno.test("no schema and no value make checking endless", () => {
  const doubling = parse({
    $ref: "#/definitions/n",
    definitions: {
      n: {
        anyOf: ["a", "b"].map((name) => ({
          properties: { x: { $ref: "#/definitions/n" } },
          required: [name],
        })),
      },
    },
  });
  let value: unknown = {};
  for (let i = 0; i < 60; i++) value = { x: value, a: 1, b: 1 };
  const limit = "# takes more than 200000 steps to be checked";
  assertEquals(doubling.validate(value), [limit]);
  assertEquals(doubling.validate({ a: 1 }), [], "the next value starts anew");
  const circle = parse({ allOf: [{ $ref: "#" }] });
  assertEquals(circle.validate(1), ["# is nested too deeply to be checked"]);
  const unique = parse({ uniqueItems: true });
  const numbers = Array.from({ length: 200_000 }, (_, i) => i);
  assertEquals(unique.validate(numbers), []);
  assertEquals(unique.validate([{ a: 1, b: [] }, { b: [], a: 1.0 }]), [
    "# must NOT have duplicate items",
  ]);
  const patterns = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`^p${i}`, true]));
  assertThrows(() => parse({ patternProperties: patterns }).validate({}), SchemaError, "1000");
});
