import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { jsonFormat, type JsonSchema } from "../../formats/mod.ts";
import { jsonIncompatibilities } from "./mod.ts";

function parse(schema: unknown): JsonSchema {
  return jsonFormat.parse(JSON.stringify(schema), [], { strict: true });
}

function faults(reader: unknown, writer: unknown): string[] {
  return jsonIncompatibilities(parse(reader), parse(writer), "STRICT").map((one) => one.errorType);
}

const name = fc.constantFrom("a", "b", "ab", "__proto__");
const bound = fc.integer({ min: 0, max: 4 });

/** A schema of any of the keywords, with names and bounds so few that two of them often meet. */
const { schema } = fc.letrec<{ schema: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom<unknown>(true, false, {}, { type: "null" }, { type: "boolean" }),
    fc.record({ type: fc.constant("string"), maxLength: bound, minLength: bound }, {
      requiredKeys: ["type"],
    }),
    fc.record({ type: fc.constant("string"), pattern: fc.constantFrom("a", "^b") }),
    fc.record({
      type: fc.constantFrom("integer", "number"),
      maximum: bound,
      exclusiveMinimum: bound,
      multipleOf: fc.constantFrom(0.5, 1, 2, 3),
    }, { requiredKeys: ["type"] }),
    fc.record({
      enum: fc.uniqueArray(fc.constantFrom<unknown>("a", 1, null, true), { minLength: 1 }),
    }),
    fc.record({ const: fc.constantFrom<unknown>("a", 1, null) }),
    fc.record({
      type: fc.uniqueArray(fc.constantFrom("string", "null", "integer", "object"), {
        minLength: 1,
      }),
      maxLength: bound,
    }, { requiredKeys: ["type"] }),
    fc.record({ $ref: fc.constantFrom("#", "#/properties/self") }),
  ),
  schema: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    tie("leaf"),
    fc.record({
      type: fc.constant("object"),
      properties: fc.dictionary(name, tie("schema"), { maxKeys: 3 }),
      additionalProperties: tie("schema"),
      patternProperties: fc.dictionary(fc.constantFrom("^a", "b$"), tie("schema"), { maxKeys: 1 }),
      propertyNames: fc.record({ maxLength: bound }),
      required: fc.uniqueArray(name, { maxLength: 2 }),
      minProperties: bound,
      maxProperties: bound,
      dependencies: fc.dictionary(
        name,
        fc.oneof(fc.uniqueArray(name, { maxLength: 2 }), tie("schema")),
        { maxKeys: 1 },
      ),
    }, { requiredKeys: ["type"] }),
    fc.record({
      type: fc.constant("array"),
      items: fc.oneof(tie("schema"), fc.array(tie("schema"), { minLength: 1, maxLength: 2 })),
      additionalItems: tie("schema"),
      contains: tie("schema"),
      maxItems: bound,
      minItems: bound,
      uniqueItems: fc.boolean(),
    }, { requiredKeys: ["type"] }),
    fc.record({ not: tie("schema") }),
    fc.record({ anyOf: fc.array(tie("schema"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ allOf: fc.array(tie("schema"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ if: tie("leaf"), then: tie("schema"), else: tie("schema") }, {
      requiredKeys: ["if"],
    }),
  ),
}));

/** A root that its own parts can refer to. */
const root = schema.map((one) => ({ type: "object", properties: { self: one } }));

/** Values that such schemas tell apart. */
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<unknown>(null, true, "a", "ab", "b", "bbbbb", "", 0, 1, 2, 3, 0.5, 6, -1),
    fc.dictionary(name, tie("value"), { maxKeys: 3 }),
    fc.array(tie("value"), { maxLength: 3 }),
  ),
}));

Deno.test("a schema is compatible with itself", () => {
  fc.assert(fc.property(root, (one) => assertEquals(faults(one, one), [])), { numRuns: 1000 });
});

Deno.test("what a reader is said to read, it reads", () => {
  let readableCount = 0;
  fc.assert(
    fc.property(
      fc.oneof(
        fc.tuple(schema, schema),
        schema.chain((one) => fc.tuple(fc.constant(one), vary(one))),
      ),
      fc.array(value, { minLength: 20, maxLength: 20 }),
      ([before, after], values) => {
        const writer = parse({ type: "object", properties: { self: before } });
        const reader = parse({ type: "object", properties: { self: after } });
        if (jsonIncompatibilities(reader, writer, "STRICT").length > 0) return;
        readableCount++;
        for (const one of values.map((self) => ({ self }))) {
          if (writer.validate(one).length > 0) continue;
          const found = reader.validate(one);
          // A circle of nothing but `$ref`s demands nothing, yet can't be checked.
          if (!found.includes("# is nested too deeply to be checked")) assertEquals(found, []);
        }
      },
    ),
    { numRuns: 1000 },
  );
  assert(readableCount > 100, `only ${readableCount} pairs were compatible`);
});

/** The schema with one keyword at the top taken from another, or dropped. */
function vary(one: unknown): fc.Arbitrary<unknown> {
  if (typeof one !== "object" || one === null) return schema;
  return fc.tuple(
    schema,
    fc.constantFrom(...Object.keys(one).filter((key) => key !== "type"), "none"),
  ).map(([other, key]) => {
    const left = Object.entries(one).filter(([held]) => held !== key);
    const taken = typeof other === "object" ? Object.entries(other ?? {}).slice(0, 1) : [];
    return Object.fromEntries(left.length % 2 === 0 ? [...left, ...taken] : left);
  });
}

Deno.test("BACKWARD of a and b is FORWARD of b and a", () => {
  fc.assert(fc.property(root, root, (a, b) => {
    const [first, second] = [parse(a), parse(b)];
    const backward = jsonIncompatibilities(second, first, "STRICT");
    assertEquals(jsonIncompatibilities(parse(b), parse(a), "STRICT"), backward);
  }));
});

Deno.test("5,000 properties compare", () => {
  const many = (maxLength: number) => ({
    type: "object",
    properties: Object.fromEntries(
      Array.from({ length: 5000 }, (_, i) => [`p${i}`, { type: "string", maxLength }]),
    ),
  });
  const [small, large] = [parse(many(5)), parse(many(6))];
  assertEquals(jsonIncompatibilities(large, small, "STRICT"), []);
  assertEquals(jsonIncompatibilities(small, large, "STRICT").length, 100);
});

Deno.test("long choices pair, or are given up in bounded time", () => {
  const choice = (count: number, first: number) => ({
    oneOf: Array.from(
      { length: count },
      (_, i) => ({
        type: "object",
        properties: { [`p${first + i}`]: { type: "string" } },
        additionalProperties: false,
      }),
    ),
  });
  assertEquals(faults(choice(2000, 0), choice(2000, 0)), []);
  const reversed = { oneOf: choice(300, 0).oneOf.reverse() };
  assertEquals(faults(reversed, choice(300, 0)), []);
  assertEquals(faults(choice(5000, 9000), choice(5000, 0)), [
    "COMPARISON_LIMIT_EXCEEDED",
  ]);
});

Deno.test("circles of different lengths meet without recursion", () => {
  const circle = (length: number, last: unknown) => ({
    $ref: "#/definitions/n0",
    definitions: Object.fromEntries(
      Array.from({ length }, (_, i) => [`n${i}`, {
        type: "object",
        properties: {
          next: { $ref: `#/definitions/n${(i + 1) % length}` },
          ...i === length - 1 ? { last } : {},
        },
      }]),
    ),
  });
  const number = { type: "number" };
  assertEquals(faults(circle(97, {}), circle(101, {})), []);
  const found = faults(circle(97, number), circle(101, number));
  assertEquals(found[0], "PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL");
});

Deno.test("schemas that double at each step are compared once", () => {
  const doubling = (leaf: unknown) => ({
    $ref: "#/definitions/n0",
    definitions: Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => {
        const next = i === 59 ? leaf : { $ref: `#/definitions/n${i + 1}` };
        return [`n${i}`, { type: "object", properties: { a: next, b: next } }];
      }),
    ),
  });
  const [integer, number] = [{ type: "integer" }, { type: "number" }];
  assertEquals(faults(doubling(number), doubling(integer)), []);
  assert(faults(doubling(integer), doubling(number)).length <= 100);
});

Deno.test("deep schemas and patterns that blow up elsewhere are no trouble", () => {
  let deep: unknown = { type: "integer" };
  for (let i = 0; i < 300; i++) deep = { type: "array", items: { allOf: [deep, {}] } };
  assertEquals(faults(deep, deep), []);
  const pattern = (properties: object) => ({
    type: "object",
    patternProperties: { "^(a+)+$": { type: "string" } },
    additionalProperties: false,
    properties,
  });
  const long = "a".repeat(5000) + "!";
  const found = faults(pattern({}), pattern({ [long]: { type: "string" } }));
  assertEquals(found, ["PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL"]);
});

Deno.test("at most 100 incompatibilities are listed", () => {
  const many = (type: string) => ({
    type: "object",
    properties: Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`p${i}`, { type }])),
  });
  assertEquals(faults(many("string"), many("null")).length, 100);
});
