import { assert, assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { DatumError, type ResolvedReference, SchemaError } from "../schema.ts";
import { jsonFormat, type JsonSchema } from "./mod.ts";

function parse(schema: unknown, references: readonly ResolvedReference[] = []): JsonSchema {
  const text = typeof schema === "string" ? schema : JSON.stringify(schema);
  return jsonFormat.parse(text, references, { strict: true });
}

function reference(
  name: string,
  schema: unknown,
  references: readonly ResolvedReference[] = [],
): ResolvedReference {
  return { name, subject: `${name}-subject`, version: 1, text: JSON.stringify(schema), references };
}

function refused(schema: unknown, references: readonly ResolvedReference[] = []): string {
  return assertThrows(() => parse(schema, references), SchemaError).message;
}

const URIS = {
  4: "http://json-schema.org/draft-04/schema#",
  6: "http://json-schema.org/draft-06/schema",
  7: "https://json-schema.org/draft-07/schema#",
  2019: "https://json-schema.org/draft/2019-09/schema",
  2020: "https://json-schema.org/draft/2020-12/schema",
};

Deno.test("the draft is what $schema says, 7 without it", () => {
  for (const [draft, $schema] of Object.entries(URIS)) {
    assertEquals(parse({ $schema }).draft, Number(draft));
  }
  assertEquals(parse({}).draft, 7);
  assertEquals(parse({ $schema: "http://example.com/own" }).draft, 7);
  parse({ $schema: URIS[4], maximum: 3, exclusiveMaximum: true });
  assertEquals(
    refused({ $schema: URIS[6], maximum: 3, exclusiveMaximum: true }),
    "Not a JSON Schema of draft 6: #/exclusiveMaximum must be number",
  );
});

Deno.test("what is no schema is refused with its place", () => {
  assertEquals(
    refused({ properties: { a: { type: "strin" } } }),
    "Not a JSON Schema of draft 7: #/properties/a/type must be equal to one of the allowed " +
      'values: ["array","boolean","integer","null","number","object","string"]',
  );
  for (const text of ['"string"', "5", "null", "[]", "", "{", "{'a':1}"]) refused(text);
  assertEquals(refused({ pattern: "([" }), '#/pattern: "([" is not a regular expression');
  jsonFormat.parse('{"pattern":"(["}', [], { strict: false });
  parse({ pattern: "(?i)java or RE2", patternProperties: { "(?<=a)b(?!c)": true } });
  for (const schema of [true, false, {}]) assertEquals(parse(schema).fieldNames, []);
});

Deno.test("forms of the text", () => {
  const schema = parse(
    '{ "title": "A", "type":"object", "properties": {"b":{}, "1":{"minimum":1.0}} }',
  );
  assertEquals(
    schema.canonicalText,
    '{"title":"A","type":"object","properties":{"b":{},"1":{"minimum":1.0}}}',
  );
  assertEquals(
    schema.normalizedText(),
    '{"properties":{"1":{"minimum":1.0},"b":{}},"title":"A","type":"object"}',
  );
  assertEquals(schema.textAs("serialized"), schema.canonicalText);
  assertEquals(schema.recordName, "A");
  assertEquals(schema.fieldNames, ["b", "1"]);
  assert(schema.equals(parse(schema.normalizedText())));
  assert(!schema.equals(parse({ title: "A" })));
});

Deno.test("canonical and normalised texts are fixpoints", () => {
  fc.assert(fc.property(fc.json(), (text) => {
    const schema = parse(`{"default":${text},"properties":{"a":{"enum":[${text}]}}}`);
    assertEquals(parse(schema.canonicalText).canonicalText, schema.canonicalText);
    const normalized = schema.normalizedText();
    assertEquals(parse(normalized).canonicalText, normalized);
    assertEquals(parse(normalized).normalizedText(), normalized);
  }));
});

Deno.test("references within a schema", () => {
  parse({ $ref: "#/definitions/a~1b", definitions: { "a/b": { $ref: "#" } } });
  parse({
    $ref: "#/x/y%20z/0",
    x: { "y z": [{ $ref: "#/definitions/c" }] },
    definitions: { c: {} },
  });
  parse({ $ref: "#here", definitions: { a: { $id: "#here" } } });
  parse({ $schema: URIS[4], $ref: "#here", definitions: { a: { id: "#here" } } });
  parse({
    $schema: URIS[2020],
    $id: "http://a.b/root.json",
    $defs: { c: { $id: "c.json", $defs: { d: { $anchor: "d" } } } },
    allOf: [
      { $ref: "c.json#d" },
      { $ref: "http://a.b/c.json" },
      { $ref: "/root.json" },
      { $dynamicRef: "c.json#d" },
    ],
  });
  parse({ $schema: URIS[2019], properties: { a: { $recursiveRef: "#" } } });
  parse({ properties: { $ref: { type: "string" } }, enum: [{ $ref: "nowhere" }] });
});

Deno.test("references to what isn't there are refused, never fetched", () => {
  assertEquals(
    refused({ properties: { a: { $ref: "http://a.b/c.json" } } }),
    'Cannot resolve reference "http://a.b/c.json" at #/properties/a: it is neither in the schema ' +
      "nor the name of one of its references",
  );
  for (const uri of ["#/definitions/x", "#x", "other.json", "", "urn:a:b", "http://[", "%"]) {
    if (uri !== "") refused({ allOf: [{ $ref: uri }] });
  }
  assertEquals(
    refused({ $ref: "#/required", required: ["a"] }),
    'Reference "#/required" at # means something that is no schema',
  );
});

Deno.test("references by name: URI, relative path, with what they refer to in turn", () => {
  const inner = reference("inner.json", { type: "string" });
  const outer = reference("outer.json", { definitions: { o: { $ref: "inner.json" } } }, [inner]);
  for (
    const [$id, uri] of [
      [undefined, "outer.json"],
      [undefined, "./outer.json"],
      ["http://a.b/root.json", "outer.json"],
      ["http://a.b/root.json", "http://a.b/outer.json"],
    ]
  ) {
    const schema = parse({ $id, allOf: [{ $ref: `${uri}#/definitions/o` }] }, [outer]);
    assertEquals(schema.validate("x"), []);
    assertEquals(schema.validate(1), ["# must be string"]);
  }
  const absolute = reference("http://x.y/z", { $id: "http://other/id", type: "null" });
  assertEquals(parse({ $ref: "http://x.y/z#" }, [absolute]).validate(null), []);
  assertEquals(parse({ $ref: "http://other/id" }, [absolute]).validate(null), []);
  assertEquals(
    parse({ $ref: "http://json-schema.org/draft-07/schema#" }).validate({ type: 1 }).length > 0,
    true,
  );
  assert(
    refused({ $ref: "a" }, [{ ...reference("a", {}), text: "{" }]).startsWith(
      'Reference "a" (subject "a-subject", version 1): Cannot read JSON',
    ),
  );
});

Deno.test("the same name may mean different texts to different referrers", () => {
  const [one, two] = [reference("c", { const: 1 }), {
    ...reference("c", { const: 2 }),
    version: 2,
  }];
  const schema = parse(
    { properties: { a: { $ref: "a" }, c: { $ref: "c" } } },
    [reference("a", { $ref: "c" }, [one]), two],
  );
  assertEquals(schema.validate({ a: 1, c: 2 }), []);
  assert(schema.validate({ a: 2 }).length > 0);
});

Deno.test("references that double at each step are read once", () => {
  let last = reference("r0", {});
  for (let i = 1; i < 60; i++) {
    const text = { allOf: [{ $ref: `r${i - 1}` }, { $ref: `r${i - 1}` }] };
    last = reference(`r${i}`, text, [last, last]);
  }
  parse({ $ref: "r59" }, [last]);
});

Deno.test("hostile texts take no stack", () => {
  const many = Array.from({ length: 5000 }, (_, i) => `"p${i}":{"type":"string"}`).join();
  assertEquals(parse(`{"properties":{${many}}}`).fieldNames.length, 5000);
  refused(`{"title":"${"x".repeat(10_000_000)}"}`);
  refused('{"not":'.repeat(10_000) + "{}" + "}".repeat(10_000));
  const numbers = Array.from({ length: 300_000 }, (_, i) => i).join();
  parse(`{"$schema":"${URIS[4]}","enum":[${numbers}]}`);
  const deep = '{"properties":{"a":'.repeat(490) + "{}" + "}}".repeat(490);
  parse(deep).normalizedText();
  const proto = parse(
    '{"properties":{"__proto__":{"type":"string"},"constructor":{"type":"null"}}}',
  );
  assertEquals(proto.fieldNames, ["__proto__", "constructor"]);
  assertEquals(proto.validate({}), []);
  assertEquals(proto.validate(JSON.parse('{"__proto__":1}')), ["#/__proto__ must be string"]);
});

Deno.test("fieldNames follows $ref and allOf; reservedProperties() finds all that start with $$", () => {
  const schema = parse({
    allOf: [{ $ref: "#/definitions/a" }, { properties: { b: { properties: { $$c: {} } } } }],
    definitions: { a: { properties: { a: {}, $$d: true } } },
  });
  assertEquals([...schema.fieldNames].sort(), ["$$d", "a", "b"]);
  assertEquals(schema.reservedProperties().sort(), [
    "#/allOf/1/properties/b/properties/$$c",
    "#/definitions/a/properties/$$d",
  ]);
});

Deno.test("datum() writes compact JSON and reads it back", () => {
  const datum = parse({ type: "object" }).datum();
  const bytes = datum.encode({ a: [1, "é"] });
  assertEquals(new TextDecoder().decode(bytes), '{"a":[1,"é"]}');
  assertEquals(datum.decode(bytes), { a: [1, "é"] });
  assertEquals(datum.encode(1).length, 1, "values aren't checked");
  const circular: unknown[] = [];
  circular.push(circular);
  for (const value of [undefined, 1n, circular]) {
    assertThrows(() => datum.encode(value), DatumError);
  }
  for (const bytes of [[], [0x7b], [0xff], [0x22, 0xc3, 0x22]]) {
    assertThrows(() => datum.decode(new Uint8Array(bytes)), DatumError);
  }
});
