import { assert, assertEquals } from "@std/assert";
import { avroFormat } from "../../formats/mod.ts";
import type { CompatibilityPolicy } from "../incompatibility.ts";
import { avroIncompatibilities } from "./avro.ts";

function read(schema: unknown) {
  return avroFormat.parse(JSON.stringify(schema), [], { strict: true });
}

/** Kinds and places of what stands against a reader and a writer. */
function found(reader: unknown, writer: unknown, policy: CompatibilityPolicy = "STRICT") {
  return avroIncompatibilities(read(reader), read(writer), policy)
    .map(({ errorType, path }) => `${errorType} ${path}`);
}

function record(fields: unknown[], name = "R", more: object = {}) {
  return { type: "record", name, fields, ...more };
}

function field(name: string, type: unknown, more: object = {}) {
  return { name, type, ...more };
}

function fixed(size: number, name = "F") {
  return { type: "fixed", name, size };
}

function enumOf(symbols: string[], more: object = {}) {
  return { type: "enum", name: "E", symbols, ...more };
}

const array = (items: unknown) => ({ type: "array", items });
const map = (values: unknown) => ({ type: "map", values });
const a = field("a", "int");

/** What it is about, the reader, the writer, and what stands against them. */
const rows: readonly [string, unknown, unknown, string[]][] = [
  ["array items recurse", array("long"), array("int"), []],
  ["array items differ", array("int"), array("long"), ["TYPE_MISMATCH /items"]],
  ["map values recurse", map(array("int")), map(array("string")), ["TYPE_MISMATCH /values/items"]],
  ["array and map", array("int"), map("int"), ["TYPE_MISMATCH /"]],
  ["fixed of one size", fixed(2), fixed(2), []],
  ["fixed of two sizes", fixed(2), fixed(3), ["FIXED_SIZE_MISMATCH /size"]],
  ["fixed of two names", fixed(2), fixed(2, "G"), ["NAME_MISMATCH /name"]],
  ["fixed in other namespaces", fixed(2, "x.F"), fixed(2, "y.F"), []],
  ["reader has more symbols", enumOf(["A", "B"]), enumOf(["A"]), []],
  ["reader lacks a symbol", enumOf(["A"]), enumOf(["A", "B"]), ["MISSING_ENUM_SYMBOLS /symbols"]],
  ["reader's enum has a default", enumOf(["A"], { default: "A" }), enumOf(["B"]), []],
  ["enum of another name", enumOf(["A"]), { ...enumOf(["A"]), name: "X" }, ["NAME_MISMATCH /name"]],
  ["a field with a default is added", record([field("a", "int", { default: 1 })]), record([]), []],
  ["a field without default is added", record([a]), record([]), [
    "READER_FIELD_MISSING_DEFAULT_VALUE /fields/0",
  ]],
  ["a field is removed", record([]), record([a]), []],
  ["a field's type differs", record([a]), record([field("a", "string")]), [
    "TYPE_MISMATCH /fields/0/type",
  ]],
  ["a default changes", record([field("a", "int", { default: 1 })]), record([a]), []],
  [
    "a field is renamed with an alias",
    record([field("b", "int", { aliases: ["a"] })]),
    record([a]),
    [],
  ],
  [
    "the alias is the writer's alone",
    record([a]),
    record([field("b", "int", { aliases: ["a"] })]),
    [
      "READER_FIELD_MISSING_DEFAULT_VALUE /fields/0",
    ],
  ],
  [
    "an alias names a second field",
    record([field("a", "int", { aliases: ["b"] })]),
    record([
      a,
      field("b", "int"),
    ]),
    ["READER_FIELD_AMBIGUOUS /fields/0"],
  ],
  [
    "fields change places",
    record([a, field("b", "string")]),
    record([field("b", "string"), a]),
    [],
  ],
  [
    "an enum's default is none of the field",
    record([field("e", enumOf(["A"], { default: "A" }))]),
    record([]),
    [
      "READER_FIELD_MISSING_DEFAULT_VALUE /fields/0",
    ],
  ],
  ["a record is renamed", record([], "Q"), record([], "R"), ["NAME_MISMATCH /name"]],
  ["a record is renamed with an alias", record([], "Q", { aliases: ["R"] }), record([]), []],
  ["an alias is a full name", record([], "Q", { aliases: ["R"] }), record([], "n.R"), [
    "NAME_MISMATCH /name",
  ]],
  ["a record changes its namespace", record([], "x.R"), record([], "y.R"), []],
  [
    "documentation, order and properties",
    record([{ ...a, doc: "d", order: "ignore", p: 1 }]),
    record([a]),
    [],
  ],
  ["logical types", { type: "int", logicalType: "date" }, {
    type: "int",
    logicalType: "time-millis",
  }, []],
  ["writer's union, each branch read", "double", ["int", "float"], []],
  ["writer's union, a branch not read", "int", ["int", "string"], ["TYPE_MISMATCH /1"]],
  ["reader's union has the type", ["null", "string"], "string", []],
  ["reader's union reads by promotion", ["null", "double"], "int", []],
  ["reader's union lacks the type", ["null", "int"], "boolean", ["MISSING_UNION_BRANCH /"]],
  ["unions in other order", ["int", "null"], ["null", "int"], []],
  ["reader's union lacks branches", ["int", "string"], ["int", "boolean", "null"], [
    "MISSING_UNION_BRANCH /1",
    "MISSING_UNION_BRANCH /2",
  ]],
  ["union of the same record, changed", [record([a])], [record([])], [
    "MISSING_UNION_BRANCH /0",
    "READER_FIELD_MISSING_DEFAULT_VALUE /0/fields/0",
  ]],
  [
    "all differences are listed",
    record([a, field("f", fixed(1)), field("e", enumOf([]))]),
    record([
      field("f", fixed(2)),
      field("e", enumOf(["A"])),
    ]),
    [
      "READER_FIELD_MISSING_DEFAULT_VALUE /fields/0",
      "FIXED_SIZE_MISMATCH /fields/1/type/size",
      "MISSING_ENUM_SYMBOLS /fields/2/type/symbols",
    ],
  ],
  [
    "records within records",
    record([field("r", record([a], "I"))]),
    record([field("r", record([], "I"))]),
    [
      "READER_FIELD_MISSING_DEFAULT_VALUE /fields/0/type/fields/0",
    ],
  ],
  [
    "recursive records",
    record([field("next", ["null", "R"])]),
    record([field("next", ["null", "R"])]),
    [],
  ],
  [
    "recursive records that differ",
    record([field("next", ["null", "R"]), a]),
    record([field("next", ["null", "R"])]),
    [
      "MISSING_UNION_BRANCH /fields/0/type/1",
      "READER_FIELD_MISSING_DEFAULT_VALUE /fields/1",
    ],
  ],
];

for (const [name, reader, writer, expected] of rows) {
  Deno.test(`Avro compatibility: ${name}`, () => assertEquals(found(reader, writer), expected));
}

const PRIMITIVES = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"];
const PROMOTIONS = [
  "int long",
  "int float",
  "int double",
  "long float",
  "long double",
  "float double",
]
  .concat("string bytes", "bytes string");

Deno.test("primitives read themselves and what is promoted to them, nothing else", () => {
  for (const writer of PRIMITIVES) {
    for (const reader of PRIMITIVES) {
      const isFine = writer === reader || PROMOTIONS.includes(`${writer} ${reader}`);
      assertEquals(found(reader, writer), isFine ? [] : ["TYPE_MISMATCH /"], `${writer} ${reader}`);
    }
  }
});

Deno.test("the policy LOGICAL minds logical types, precision and scale", () => {
  const decimal = (precision: number, scale?: number) => ({
    ...{ type: "bytes", logicalType: "decimal", precision },
    ...(scale === undefined ? {} : { scale }),
  });
  const date = { type: "int", logicalType: "date" };
  const logical = (reader: unknown, writer: unknown) => found(reader, writer, "LOGICAL");
  assertEquals(logical(date, date), []);
  assertEquals(logical(date, "int"), ["LOGICAL_TYPE_MISMATCH /"]);
  assertEquals(logical(record([field("a", date)]), record([a])), [
    "LOGICAL_TYPE_MISMATCH /fields/0/type",
  ]);
  assertEquals(logical(decimal(4, 0), decimal(4)), []);
  assertEquals(logical(decimal(5), decimal(4)), ["LOGICAL_TYPE_MISMATCH /"]);
  assertEquals(logical(["null", date], ["null", "int"]), [
    "MISSING_UNION_BRANCH /1",
    "LOGICAL_TYPE_MISMATCH /1",
  ]);
  assertEquals(found(["null", date], ["null", "int"]), []);
});

Deno.test("reasons name what they are about", () => {
  const [one] = avroIncompatibilities(read(record([a])), read(record([])), "STRICT");
  assertEquals(one, {
    errorType: "READER_FIELD_MISSING_DEFAULT_VALUE",
    path: "/fields/0",
    description:
      "Field a of the reader's record R has no default value and is missing in the writer's",
    additionalInfo: "a",
  });
  const [two] = avroIncompatibilities(read(enumOf(["A"])), read(enumOf(["A", "B", "C"])), "STRICT");
  assertEquals(two!.additionalInfo, "[B, C]");
});

Deno.test("a union's second candidate is taken once the first turns out not to fit", () => {
  // x.R reads n.R only if its own field does, which recurs; y.R has all that it needs.
  const writer = record([field("next", ["null", "R"])], "n.R");
  const reader = [
    record([field("next", ["null", "R"]), field("must", "int")], "x.R"),
    record([field("next", ["null", "R"])], "y.R"),
  ];
  assertEquals(found(reader, writer), []);
});

Deno.test("5,000 fields are read and compared", () => {
  const fields = Array.from(
    { length: 5000 },
    (_, at) => field(`f${at}`, ["null", "string"], { default: null }),
  );
  const text = JSON.stringify(record(fields));
  const reader = avroFormat.parse(text, [], { strict: true });
  const writer = avroFormat.parse(text, [], { strict: true });
  assertEquals(avroIncompatibilities(reader, writer, "STRICT"), []);
});

Deno.test("long chains of records, and many of one name, are compared in bounded time", () => {
  const chain = (last: string) =>
    Array.from(
      { length: 20_000 },
      (_, at) => record(at === 0 ? [field("end", last)] : [field("next", `R${at - 1}`)], `R${at}`),
    );
  assertEquals(found(chain("int"), chain("int")), []);
  assert(found(chain("int"), chain("string")).length > 0);
  const alike = (extra: unknown[]) =>
    Array.from({ length: 3000 }, (_, at) => record([field("f", "int"), ...extra], `n${at}.R`));
  assertEquals(found(alike([field("g", "int")]), alike([])), ["TOO_COMPLEX /"]);
});
