import { assertEquals } from "@std/assert";
import { jsonFormat } from "../../formats/mod.ts";
import type { CompatibilityPolicy } from "../incompatibility.ts";
import { jsonIncompatibilities } from "./mod.ts";

function faults(
  reader: unknown,
  writer: unknown,
  policy: CompatibilityPolicy = "STRICT",
): string[] {
  const parse = (schema: unknown) => jsonFormat.parse(JSON.stringify(schema), [], { strict: true });
  return jsonIncompatibilities(parse(reader), parse(writer), policy)
    .map(({ errorType, path }) => `${errorType} ${path}`);
}

/** What changed, the schema before, the one after, what BACKWARD says to it, what FORWARD says. */
type Row = [string, unknown, unknown, string[], string[]];

function check(rows: readonly Row[], policy: CompatibilityPolicy = "STRICT"): void {
  for (const [name, before, after, backward, forward] of rows) {
    assertEquals(faults(after, before, policy), backward, `BACKWARD ${name}`);
    assertEquals(faults(before, after, policy), forward, `FORWARD ${name}`);
  }
}

const string = { type: "string" }, integer = { type: "integer" }, number = { type: "number" };

Deno.test("what only describes a schema may change", () => {
  check([
    [
      "title, description, default, id",
      { $id: "http://a/b", title: "A", default: 1, ...integer },
      {
        description: "x",
        examples: [3],
        ...integer,
      },
      [],
      [],
    ],
    ["format", { ...string, format: "date" }, { ...string, format: "time" }, [], []],
  ]);
});

Deno.test("types widen and never narrow", () => {
  check([
    ["integer to number", integer, number, [], ["TYPE_NARROWED #/type"]],
    ["string to integer", string, integer, ["TYPE_CHANGED #"], ["TYPE_CHANGED #"]],
    ["anything", string, {}, [], ["TYPE_CHANGED #"]],
    ["true", string, true, [], ["TYPE_CHANGED #"]],
    ["from false", false, string, [], ["TYPE_CHANGED #"]],
    ["{} is true", {}, true, [], []],
    ["union extended", { type: ["string", "null"] }, { type: ["string", "null", "integer"] }, [], [
      "SUM_TYPE_NARROWED #",
    ]],
    ["type to union", string, { type: ["null", "string"] }, [], ["SUM_TYPE_NARROWED #"]],
    ["union of one", string, { type: ["string"] }, [], []],
    ["boolean and null", { type: "boolean" }, { type: "null" }, ["TYPE_CHANGED #"], [
      "TYPE_CHANGED #",
    ]],
    [
      "an object without a type",
      { properties: { a: string } },
      {
        type: "object",
        properties: { a: string },
      },
      [],
      [],
    ],
    [
      "Connect's bytes",
      { ...string, "connect.type": "bytes" },
      { ...integer, "connect.type": "bytes" },
      [],
      [],
    ],
    ["bytes on one side", { ...string, "connect.type": "bytes" }, integer, ["TYPE_CHANGED #"], [
      "TYPE_CHANGED #",
    ]],
  ]);
});

Deno.test("strings", () => {
  check([
    ["maxLength up", { ...string, maxLength: 5 }, { ...string, maxLength: 9 }, [], [
      "MAX_LENGTH_DECREASED #/maxLength",
    ]],
    ["maxLength removed", { ...string, maxLength: 5 }, string, [], [
      "MAX_LENGTH_ADDED #/maxLength",
    ]],
    ["minLength down", { ...string, minLength: 5 }, { ...string, minLength: 2 }, [], [
      "MIN_LENGTH_INCREASED #/minLength",
    ]],
    ["minLength removed", { ...string, minLength: 5 }, string, [], [
      "MIN_LENGTH_ADDED #/minLength",
    ]],
    ["pattern removed", { ...string, pattern: "a" }, string, [], ["PATTERN_ADDED #/pattern"]],
    ["pattern changed", { ...string, pattern: "a" }, { ...string, pattern: "b" }, [
      "PATTERN_CHANGED #/pattern",
    ], ["PATTERN_CHANGED #/pattern"]],
  ]);
});

Deno.test("numbers", () => {
  const draft4 = { $schema: "http://json-schema.org/draft-04/schema#", ...number };
  check([
    ["maximum up", { ...number, maximum: 5 }, { ...number, maximum: 5.5 }, [], [
      "MAXIMUM_DECREASED #/maximum",
    ]],
    ["maximum removed", { ...number, maximum: 5 }, number, [], ["MAXIMUM_ADDED #/maximum"]],
    ["minimum down", { ...number, minimum: 5 }, { ...number, minimum: -5 }, [], [
      "MINIMUM_INCREASED #/minimum",
    ]],
    ["minimum removed", { ...number, minimum: 5 }, number, [], ["MINIMUM_ADDED #/minimum"]],
    [
      "exclusiveMaximum up",
      { ...number, exclusiveMaximum: 5 },
      {
        ...number,
        exclusiveMaximum: 6,
      },
      [],
      ["EXCLUSIVE_MAXIMUM_DECREASED #/exclusiveMaximum"],
    ],
    ["exclusiveMaximum removed", { ...number, exclusiveMaximum: 5 }, number, [], [
      "EXCLUSIVE_MAXIMUM_ADDED #/exclusiveMaximum",
    ]],
    [
      "exclusiveMinimum down",
      { ...number, exclusiveMinimum: 5 },
      {
        ...number,
        exclusiveMinimum: 4,
      },
      [],
      ["EXCLUSIVE_MINIMUM_INCREASED #/exclusiveMinimum"],
    ],
    ["exclusiveMinimum removed", { ...number, exclusiveMinimum: 5 }, number, [], [
      "EXCLUSIVE_MINIMUM_ADDED #/exclusiveMinimum",
    ]],
    [
      "draft 4's flag removed",
      { ...draft4, maximum: 5, exclusiveMaximum: true },
      {
        ...draft4,
        maximum: 5,
      },
      [],
      ["EXCLUSIVE_MAXIMUM_ADDED #/exclusiveMaximum"],
    ],
    ["multipleOf removed", { ...integer, multipleOf: 4 }, integer, [], [
      "MULTIPLE_OF_ADDED #/multipleOf",
    ]],
    [
      "multipleOf to a divisor",
      { ...number, multipleOf: 0.4 },
      { ...number, multipleOf: 0.1 },
      [],
      [
        "MULTIPLE_OF_EXPANDED #/multipleOf",
      ],
    ],
    ["multipleOf changed", { ...integer, multipleOf: 4 }, { ...integer, multipleOf: 6 }, [
      "MULTIPLE_OF_CHANGED #/multipleOf",
    ], ["MULTIPLE_OF_CHANGED #/multipleOf"]],
  ]);
  const big = (digit: string) => `{"type":"integer","maximum":900719925474099${digit}}`;
  const parse = (text: string) => jsonFormat.parse(text, [], { strict: true });
  const found = jsonIncompatibilities(parse(big("2")), parse(big("3")), "STRICT");
  assertEquals(found.map((one) => one.errorType), ["MAXIMUM_DECREASED"]);
});

const object = { type: "object" };
const closed = { type: "object", additionalProperties: false };

Deno.test("limits on properties", () => {
  check([
    ["maxProperties up", { ...object, maxProperties: 1 }, { ...object, maxProperties: 2 }, [], [
      "MAX_PROPERTIES_DECREASED #/maxProperties",
    ]],
    ["maxProperties removed", { ...object, maxProperties: 1 }, object, [], [
      "MAX_PROPERTIES_ADDED #/maxProperties",
    ]],
    ["minProperties down", { ...object, minProperties: 2 }, { ...object, minProperties: 1 }, [], [
      "MIN_PROPERTIES_INCREASED #/minProperties",
    ]],
    ["minProperties removed", { ...object, minProperties: 2 }, object, [], [
      "MIN_PROPERTIES_ADDED #/minProperties",
    ]],
    ["propertyNames removed", { ...object, propertyNames: { maxLength: 3 } }, object, [], [
      "SCHEMA_ADDED #/propertyNames",
    ]],
    [
      "propertyNames compared",
      { ...object, propertyNames: { maxLength: 3 } },
      {
        ...object,
        propertyNames: { maxLength: 4 },
      },
      [],
      ["MAX_LENGTH_DECREASED #/propertyNames/maxLength"],
    ],
  ]);
});

Deno.test("required", () => {
  const a = { ...object, properties: { a: string } };
  check([
    ["dropped", { ...a, required: ["a"] }, a, [], ["REQUIRED_ATTRIBUTE_ADDED #/required/a"]],
    [
      "added with a default",
      { ...object, properties: { a: { ...string, default: "x" } } },
      { ...object, properties: { a: { ...string, default: "x" } }, required: ["a"] },
      [],
      [],
    ],
    [
      "default behind a $ref",
      { ...object, properties: { a: string } },
      {
        ...object,
        properties: { a: { $ref: "#/definitions/d" } },
        definitions: { d: { ...string, default: "x" } },
        required: ["a"],
      },
      [],
      [],
    ],
    ["of what has no schema", object, { ...object, required: ["z"] }, [
      "REQUIRED_ATTRIBUTE_ADDED #/required/z",
    ], []],
  ]);
});

Deno.test("properties come and go by the content model", () => {
  const withX = { properties: { x: string } };
  const partial = { ...object, additionalProperties: string };
  const pattern = { ...closed, patternProperties: { "^x": string } };
  check([
    ["added to open", object, { ...object, ...withX }, [
      "PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL #/properties/x",
    ], []],
    ["required one added to open", object, { ...object, ...withX, required: ["x"] }, [
      "PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL #/properties/x",
    ], []],
    [
      "one with a default added to open",
      object,
      {
        ...object,
        properties: { x: { ...string, default: "" } },
      },
      ["PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL #/properties/x"],
      [],
    ],
    ["{} added to open", object, { ...object, properties: { x: {} } }, [], []],
    ["optional one added to closed", closed, { ...closed, ...withX }, [], [
      "PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL #/properties/x",
    ]],
    ["required one added to closed", closed, { ...closed, ...withX, required: ["x"] }, [
      "REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL #/properties/x",
    ], ["PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL #/properties/x"]],
    [
      "required one with a default added to closed",
      closed,
      {
        ...closed,
        properties: { x: { ...string, default: "" } },
        required: ["x"],
      },
      [],
      ["PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL #/properties/x"],
    ],
    ["false added to closed", closed, { ...closed, properties: { x: false } }, [], []],
    ["covered by partial", partial, { ...partial, ...withX }, [], []],
    ["wider than partial", partial, { ...partial, properties: { x: {} } }, [], [
      "PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL #/properties/x",
    ]],
    [
      "narrower than partial",
      partial,
      {
        ...partial,
        properties: { x: { ...string, maxLength: 3 } },
      },
      ["PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL #/properties/x"],
      [],
    ],
    ["matched by a pattern", pattern, { ...pattern, ...withX }, [], []],
    ["matched by none", pattern, { ...pattern, properties: { y: integer } }, [], [
      "PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL #/properties/y",
    ]],
    ["against its pattern", pattern, { ...pattern, properties: { x1: integer } }, [
      "PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL #/properties/x1",
    ], ["PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL #/properties/x1"]],
    [
      "changed",
      { ...closed, properties: { "a/b~": integer } },
      {
        ...closed,
        properties: { "a/b~": number },
      },
      [],
      ["TYPE_NARROWED #/properties/a~1b~0/type"],
    ],
  ]);
});

Deno.test("other properties may be let in, not shut out", () => {
  const strings = { ...object, additionalProperties: string };
  const u = "https://json-schema.org/draft/2020-12/schema";
  const open2020 = { $schema: u, ...object };
  const closed2020 = { ...open2020, unevaluatedProperties: false };
  const partial2020 = { ...open2020, unevaluatedProperties: string };
  check([
    ["opened", closed, object, [], ["ADDITIONAL_PROPERTIES_REMOVED #/additionalProperties"]],
    ["let in partly", closed, strings, [], [
      "ADDITIONAL_PROPERTIES_REMOVED #/additionalProperties",
    ]],
    ["extended", strings, object, [], ["ADDITIONAL_PROPERTIES_NARROWED #/additionalProperties"]],
    [
      "compared",
      { ...object, additionalProperties: integer },
      {
        ...object,
        additionalProperties: number,
      },
      [],
      ["TYPE_NARROWED #/additionalProperties/type"],
    ],
    ["unevaluated opened", closed2020, open2020, [], [
      "UNEVALUATED_PROPERTIES_REMOVED #/unevaluatedProperties",
    ]],
    ["unevaluated extended", partial2020, open2020, [], [
      "UNEVALUATED_PROPERTIES_NARROWED #/unevaluatedProperties",
    ]],
    [
      "added where unevaluated is false",
      closed2020,
      {
        ...closed2020,
        properties: { x: string },
      },
      [],
      ["PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL #/properties/x"],
    ],
    ["pattern added", object, { ...object, patternProperties: { "^x": string } }, [
      "SCHEMA_ADDED #/patternProperties/^x",
    ], []],
    ["pattern added to closed", closed, { ...closed, patternProperties: { "^x": string } }, [], [
      "SCHEMA_REMOVED #/patternProperties/^x",
    ]],
  ]);
});

Deno.test("dependencies", () => {
  const list = (...names: string[]) => ({ ...object, dependencies: { a: names } });
  const schema = (one: unknown) => ({ ...object, dependencies: { a: one } });
  const split = { $schema: "https://json-schema.org/draft/2019-09/schema", ...object };
  check([
    ["list removed", list("b"), object, [], ["DEPENDENCY_ARRAY_ADDED #/dependencies/a"]],
    ["list narrowed", list("b", "c"), list("b"), [], [
      "DEPENDENCY_ARRAY_EXTENDED #/dependencies/a",
    ]],
    ["list changed", list("b"), list("c"), ["DEPENDENCY_ARRAY_CHANGED #/dependencies/a"], [
      "DEPENDENCY_ARRAY_CHANGED #/dependencies/a",
    ]],
    ["schema removed", schema({ maxProperties: 3 }), object, [], [
      "DEPENDENCY_SCHEMA_ADDED #/dependencies/a",
    ]],
    ["schema compared", schema({ maxProperties: 3 }), schema({ maxProperties: 4 }), [], [
      "MAX_PROPERTIES_DECREASED #/dependencies/a/maxProperties",
    ]],
    ["dependentRequired", { ...split, dependentRequired: { a: ["b"] } }, split, [], [
      "DEPENDENCY_ARRAY_ADDED #/dependentRequired/a",
    ]],
    ["dependentSchemas", { ...split, dependentSchemas: { a: { maxProperties: 3 } } }, split, [], [
      "DEPENDENCY_SCHEMA_ADDED #/dependentSchemas/a",
    ]],
  ]);
});

Deno.test("arrays", () => {
  const array = { type: "array" };
  check([
    ["items compared", { ...array, items: integer }, { ...array, items: number }, [], [
      "TYPE_NARROWED #/items/type",
    ]],
    ["items removed", { ...array, items: integer }, array, [], ["SCHEMA_ADDED #/items"]],
    ["maxItems up", { ...array, maxItems: 1 }, { ...array, maxItems: 2 }, [], [
      "MAX_ITEMS_DECREASED #/maxItems",
    ]],
    ["maxItems removed", { ...array, maxItems: 1 }, array, [], ["MAX_ITEMS_ADDED #/maxItems"]],
    ["minItems down", { ...array, minItems: 2 }, { ...array, minItems: 1 }, [], [
      "MIN_ITEMS_INCREASED #/minItems",
    ]],
    ["minItems removed", { ...array, minItems: 2 }, array, [], ["MIN_ITEMS_ADDED #/minItems"]],
    ["uniqueItems removed", { ...array, uniqueItems: true }, array, [], [
      "UNIQUE_ITEMS_ADDED #/uniqueItems",
    ]],
    ["contains removed", { ...array, contains: integer }, array, [], ["SCHEMA_ADDED #/contains"]],
    [
      "maxContains up",
      { $schema: "https://json-schema.org/draft/2020-12/schema", ...array, maxContains: 1 },
      { $schema: "https://json-schema.org/draft/2020-12/schema", ...array, maxContains: 2 },
      [],
      ["MAX_CONTAINS_DECREASED #/maxContains"],
    ],
  ]);
});

/** Tuples as drafts up to 2019-09 write them, and as 2020-12 does. */
const TUPLES = {
  "draft 7": {
    tuple: (items: unknown[], rest?: unknown) => ({
      type: "array",
      items,
      ...rest === undefined ? {} : { additionalItems: rest },
    }),
    prefix: "items",
    rest: "additionalItems",
  },
  "2020-12": {
    tuple: (items: unknown[], rest?: unknown) => ({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "array",
      prefixItems: items,
      ...rest === undefined ? {} : { items: rest },
    }),
    prefix: "prefixItems",
    rest: "items",
  },
};

for (const [draft, { tuple, prefix, rest }] of Object.entries(TUPLES)) {
  Deno.test(`tuples of ${draft}`, () => {
    check([
      ["place compared", tuple([integer]), tuple([number]), [], [
        `TYPE_NARROWED #/${prefix}/0/type`,
      ]],
      ["place added to open", tuple([integer]), tuple([integer, string]), [
        `ITEM_ADDED_TO_OPEN_CONTENT_MODEL #/${prefix}/1`,
      ], []],
      ["{} added to open", tuple([integer]), tuple([integer, {}]), [], []],
      ["place added to closed", tuple([integer], false), tuple([integer, string], false), [], [
        `ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL #/${prefix}/1`,
      ]],
      ["covered place", tuple([integer], string), tuple([integer, string], string), [], []],
      [
        "place that isn't covered",
        tuple([integer], string),
        tuple([integer, integer], string),
        [`ITEM_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL #/${prefix}/1`],
        [`ITEM_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL #/${prefix}/1`],
      ],
      ["opened", tuple([integer], false), tuple([integer]), [], [
        `ADDITIONAL_ITEMS_REMOVED #/${rest}`,
      ]],
      ["extended", tuple([integer], string), tuple([integer]), [], [
        `ADDITIONAL_ITEMS_NARROWED #/${rest}`,
      ]],
    ]);
  });
}

Deno.test("enum, const and not", () => {
  check([
    ["enum extended", { enum: ["a"] }, { enum: ["b", "a"] }, [], ["ENUM_ARRAY_NARROWED #/enum"]],
    ["enum changed", { enum: ["a", "b"] }, { enum: ["b", "c"] }, ["ENUM_ARRAY_CHANGED #/enum"], [
      "ENUM_ARRAY_CHANGED #/enum",
    ]],
    [
      "enum written otherwise",
      { enum: [1, { a: 1, b: 2 }] },
      { enum: [{ b: 2, a: 1 }, 1] },
      [],
      [],
    ],
    ["const changed", { const: 1 }, { const: 2 }, ["ENUM_ARRAY_CHANGED #/const"], [
      "ENUM_ARRAY_CHANGED #/const",
    ]],
    ["enum added to a type", { ...string, enum: ["a"] }, string, [], ["PRODUCT_TYPE_EXTENDED #"]],
    ["not narrower", { not: number }, { not: integer }, [], ["NOT_TYPE_EXTENDED #/not"]],
    ["not removed", { not: number }, {}, [], ["TYPE_CHANGED #"]],
  ]);
});

Deno.test("allOf, anyOf and oneOf", () => {
  const all = (...allOf: unknown[]) => ({ allOf });
  const any = (...anyOf: unknown[]) => ({ anyOf });
  const one = (...oneOf: unknown[]) => ({ oneOf });
  const short = { ...string, maxLength: 3 };
  check([
    [
      "product narrowed",
      all(string, { maxLength: 3 }, { minLength: 1 }),
      all(string, {
        maxLength: 3,
      }),
      [],
      ["PRODUCT_TYPE_EXTENDED #"],
    ],
    ["sum extended", any(string, integer), any({ type: "null" }, integer, string), [], [
      "SUM_TYPE_NARROWED #",
    ]],
    ["oneOf extended", one(string, integer), one(string, integer, { type: "null" }), [], [
      "SUM_TYPE_NARROWED #",
    ]],
    ["one to a choice", string, one(string, integer), [], ["SUM_TYPE_NARROWED #"]],
    ["several to one", all(short, { minLength: 1 }), string, [], ["TYPE_CHANGED #"]],
    ["lone members", all(string), one(any(string)), [], []],
    ["oneOf to anyOf", one(string, integer), any(integer, string), [], ["COMBINED_TYPE_CHANGED #"]],
    ["allOf to oneOf", all(string, { maxLength: 3 }), one({ type: "null" }, integer), [
      "COMBINED_TYPE_CHANGED #",
    ], ["COMBINED_TYPE_CHANGED #"]],
    [
      "what has members may become nullable",
      { ...string, enum: ["a"] },
      {
        anyOf: [{ type: "null" }, { ...string, enum: ["a"] }],
      },
      [],
      ["COMBINED_TYPE_CHANGED #"],
    ],
    ["members changed", any(string, integer), any(short, { type: "boolean" }), [
      "COMBINED_TYPE_SUBSCHEMAS_CHANGED #",
      "MAX_LENGTH_ADDED #/anyOf/0/maxLength",
      "TYPE_CHANGED #/anyOf/1",
    ], ["COMBINED_TYPE_SUBSCHEMAS_CHANGED #", "TYPE_CHANGED #/anyOf/1"]],
    [
      "a pairing that takes moving others",
      any(integer, { ...integer, maximum: 5 }),
      any(number, { ...integer, maximum: 9 }),
      [],
      [
        "COMBINED_TYPE_SUBSCHEMAS_CHANGED #",
        "TYPE_NARROWED #/anyOf/0/type",
        "MAXIMUM_DECREASED #/anyOf/1/maximum",
      ],
    ],
  ]);
});

Deno.test("conditions", () => {
  const schema = (then: unknown, extra: object = {}) => ({
    if: { properties: { kind: { const: "a" } } },
    then,
    ...extra,
  });
  check([
    ["branch compared", schema({ maxProperties: 3 }), schema({ maxProperties: 4 }), [], [
      "MAX_PROPERTIES_DECREASED #/then/maxProperties",
    ]],
    ["branch removed", schema({}, { else: { maxProperties: 3 } }), schema({}), [], [
      "SCHEMA_ADDED #/else",
    ]],
    [
      "condition changed",
      schema({ maxProperties: 3 }),
      {
        if: { properties: { kind: { const: "b" } } },
        then: { maxProperties: 3 },
      },
      ["CONDITION_CHANGED #/if"],
      ["CONDITION_CHANGED #/if"],
    ],
    ["removed", schema({ maxProperties: 3 }), {}, [], ["TYPE_CHANGED #"]],
  ]);
});

Deno.test("references are followed, circles too", () => {
  const list = (item: unknown) => ({
    $ref: "#/definitions/node",
    definitions: {
      node: { ...closed, properties: { value: item, next: { $ref: "#/definitions/node" } } },
    },
  });
  check([
    [
      "inlined",
      { ...object, properties: { a: { $ref: "#/definitions/s" } }, definitions: { s: string } },
      {
        ...object,
        properties: { a: string },
      },
      [],
      [],
    ],
    ["circle widened", list(integer), list(number), [], [
      "TYPE_NARROWED #/properties/value/type",
    ]],
    [
      "circle unrolled",
      list(integer),
      {
        ...closed,
        properties: { value: integer, next: { $ref: "#" } },
      },
      [],
      [],
    ],
    ["a circle of nothing else", { allOf: [{ $ref: "#" }] }, { $ref: "#" }, [], []],
  ]);
});

Deno.test("beside a $ref other keywords count from 2019-09 on", () => {
  const schema = (uri: string, maxLength: number) => ({
    $schema: uri,
    properties: { a: { $ref: "#/$defs/s", maxLength } },
    $defs: { s: string },
  });
  const modern = "https://json-schema.org/draft/2020-12/schema";
  const old = "http://json-schema.org/draft-07/schema#";
  assertEquals(faults(schema(old, 3), schema(old, 9)), []);
  assertEquals(faults(schema(modern, 3), schema(modern, 9)), [
    "COMBINED_TYPE_SUBSCHEMAS_CHANGED #/properties/a",
    "MAX_LENGTH_DECREASED #/properties/a/maxLength",
  ]);
});

Deno.test("LENIENT lets content models move", () => {
  const withX = { properties: { x: string } };
  check([
    ["added to open", object, { ...object, ...withX }, [], []],
    ["required one added to open", object, { ...object, ...withX, required: ["x"] }, [
      "REQUIRED_ATTRIBUTE_ADDED #/required/x",
    ], []],
    [
      "required one with a default added to open",
      object,
      {
        ...object,
        properties: { x: { ...string, default: "" } },
        required: ["x"],
      },
      [],
      [],
    ],
    ["removed from closed", { ...closed, ...withX }, closed, [], []],
    ["closed", object, closed, [], []],
    ["narrowed", object, { ...object, additionalProperties: string }, [], []],
    [
      "not covered",
      { ...object, additionalProperties: integer, ...withX },
      {
        ...object,
        additionalProperties: integer,
      },
      [],
      [],
    ],
    ["types still count", { ...object, ...withX }, { ...object, properties: { x: integer } }, [
      "TYPE_CHANGED #/properties/x",
    ], ["TYPE_CHANGED #/properties/x"]],
  ], "LENIENT");
});
