import { assert, assertEquals, assertThrows } from "@std/assert";
import { type ResolvedReference, SchemaError } from "../schema.ts";
import { avroFormat, type AvroSchema } from "./avro_schema.ts";

function read(schema: unknown, strict = true, references: readonly ResolvedReference[] = []) {
  const text = typeof schema === "string" ? schema : JSON.stringify(schema);
  return avroFormat.parse(text, references, { strict });
}

function record(...fields: unknown[]) {
  return { type: "record", name: "R", fields };
}

function messageOf(schema: unknown, strict = true): string {
  return assertThrows(() => read(schema, strict), SchemaError).message;
}

/** A reference to a text under the name of the type that it defines. */
function refer(name: string, schema: unknown, references: readonly ResolvedReference[] = []) {
  return { name, subject: name, version: 1, text: JSON.stringify(schema), references };
}

const broken: readonly [unknown, string][] = [
  ["", "found the end at line 1 column 1"],
  ["string", 'found "s" at line 1 column 1'],
  ['{"type":"int"} {}', 'expected the end of the text, found "{" at line 1 column 16'],
  ['{"type":\n "int",}', 'found "}" at line 2 column 8'],
  ["1", "/: expected the name of a type, an object or an array, found 1"],
  [{ items: "int" }, "/type: expected the name of a type, found nothing"],
  [{ type: ["null", "int"] }, "/type: expected the name of a type, found an array"],
  [record({ name: "a", type: "Foo" }), '/fields/0/type: "Foo" is neither a primitive'],
  [record({ name: "a", type: { type: "Foo" } }), '/fields/0/type/type: "Foo" is neither'],
  [["null", ["int"]], "/1: a union in a union"],
  [["int", { type: "int", logicalType: "date" }], '/1: the union has a branch "int" already'],
  [{ type: "array" }, "/items: expected the type of items, found nothing"],
  [{ type: "map", values: 3 }, "/values: expected the name of a type, an object or an array"],
  [{ type: "record", name: "R" }, "/fields: expected an array, found nothing"],
  [{ type: "record", fields: [] }, "/name: expected a name, found nothing"],
  [{ type: "record", name: "int", fields: [] }, '/name: "int" is the name of a primitive'],
  [{ type: "record", name: "a-b", fields: [] }, '/name: "a-b" is no name'],
  [{ type: "record", name: "é", fields: [] }, '/name: "é" is no name'],
  [{ type: "record", name: "R", namespace: "a..b", fields: [] }, '/name: "" is no name'],
  [{ type: "record", name: "R", aliases: "x", fields: [] }, "/aliases: expected an array"],
  [{ type: "record", name: "R", aliases: ["x-"], fields: [] }, '/aliases/0: "x-" is no name'],
  [record(1), "/fields/0: expected a field, found 1"],
  [record({ type: "int" }), "/fields/0/name: expected a name, found nothing"],
  [record({ name: "a" }), "/fields/0/type: expected a type, found nothing"],
  [record({ name: "1a", type: "int" }), '/fields/0/name: "1a" is no name'],
  [
    record({ name: "a", type: "int" }, { name: "a", type: "int" }),
    '/fields/1/name: record R has a field "a" already',
  ],
  [record({ name: "a", type: "int", order: "up" }), "/fields/0/order: expected ascending"],
  [{ type: "enum", name: "E" }, "/symbols: expected an array, found nothing"],
  [{ type: "enum", name: "E", symbols: ["A", "A"] }, '/symbols/1: enum E has a symbol "A" already'],
  [{ type: "enum", name: "E", symbols: ["A-"] }, '/symbols/0: "A-" is no name'],
  [{ type: "enum", name: "E", symbols: ["A"], default: "B" }, "/default: expected a symbol"],
  [{ type: "fixed", name: "F", size: -1 }, "/size: expected an integer from 0 to 2147483639"],
  [
    { type: "fixed", name: "F", size: "1" },
    '/size: expected an integer from 0 to 2147483639, found "1"',
  ],
  [
    [{ type: "fixed", name: "F", size: 1 }, {
      type: "array",
      items: { type: "fixed", name: "F", size: 2 },
    }],
    "/1/items: type F is defined already, differently",
  ],
];

for (const [schema, message] of broken) {
  Deno.test(`parse() refuses ${JSON.stringify(schema).slice(0, 90)}`, () => {
    const said = messageOf(schema);
    assert(said.includes(message), `${said} lacks ${message}`);
  });
}

const enumE = { type: "enum", name: "E", symbols: ["A"] };
const inner = { type: "record", name: "I", fields: [{ name: "x", type: "int" }] };

const defaults: readonly [unknown, unknown, string | null][] = [
  ["null", null, null],
  ["null", 0, "null, found 0"],
  ["boolean", 0, "a boolean, found 0"],
  ["int", 2 ** 31 - 1, null],
  ["int", 2 ** 31, "an int, found 2147483648"],
  ["int", 1.5, "an int, found 1.5"],
  ["long", 2 ** 40, null],
  ["long", "1", 'a long, found "1"'],
  ["double", "1.5", null],
  ["double", "NaN", null],
  ["double", "abc", 'a double, found "abc"'],
  ["string", 1, "a string, found 1"],
  ["bytes", "\u00ff", null],
  ["bytes", "\u0100", "a string of characters up to U+00FF"],
  [{ type: "fixed", name: "F", size: 2 }, "abc", "a string of 2 characters"],
  [enumE, "A", null],
  [enumE, "B", 'a symbol of enum E, found "B"'],
  [["null", "int"], null, null],
  [["null", "int"], 1, "null, found 1"],
  [["int", "null"], 1, null],
  [["int", "null"], null, "an int, found null"],
  [{ type: "array", items: "int" }, [1, "b"], 'an int, found "b"'],
  [{ type: "map", values: "int" }, { a: 1 }, null],
  [{ type: "map", values: "int" }, [], "an object, found an array"],
  [inner, { x: 1 }, null],
  [inner, {}, "the default lacks field x"],
  [inner, { x: "1" }, 'an int, found "1"'],
];

for (const [type, value, problem] of defaults) {
  Deno.test(`a default of ${JSON.stringify(value)} for ${JSON.stringify(type)} ${problem ? "is refused" : "is taken"}`, () => {
    const schema = record({ name: "a", type, default: value });
    if (problem === null) read(schema);
    else {
      const said = messageOf(schema);
      assert(said.startsWith("/fields/0/default") && said.includes(problem), said);
    }
    read(schema, false);
  });
}

Deno.test("stored schemas are not held to names and defaults", () => {
  const odd = {
    type: "record",
    name: "a-b",
    fields: [{ name: "1", type: { type: "enum", name: "E", symbols: ["x y"] }, default: 3 }],
  };
  assertEquals(read(odd, false).fieldNames, ["1"]);
});

Deno.test("the canonical text has the library's order, drops what means nothing and keeps properties", () => {
  const schema = read(`// a comment
    {"zz": 1e3, "aliases": ["Old", "x.Y"], "fields": [
      {"custom": {"b": 1, "a": []}, "aliases": ["h"], "default": 1.50, "order": "Descending",
       "doc": "e", "type": {"type": "double"}, "name": "f"},
      {"name": "g", "type": {"namespace": "", "name": "In", "type": "fixed", "size": 2}},
      {"name": "h", "type": "In"}, {"name": "i", "type": ["null", "shop.Order"]}
    ], "doc": "d" /* another */, "name": "shop.Order", "type": "record", "items": 1}`);
  assertEquals(
    schema.canonicalText,
    '{"type":"record","name":"Order","namespace":"shop","doc":"d","fields":[' +
      '{"name":"f","type":"double","doc":"e","default":1.5,"order":"descending","aliases":["h"],' +
      '"custom":{"b":1,"a":[]}},' +
      '{"name":"g","type":{"type":"fixed","name":"In","namespace":"","size":2}},' +
      '{"name":"h","type":"In"},{"name":"i","type":["null","Order"]}],' +
      '"zz":1000.0,"aliases":["Old","x.Y"]}',
  );
  assertEquals(schema.recordName, "shop.Order");
  assertEquals(schema.fieldNames, ["f", "g", "h", "i"]);
});

Deno.test("the normalised text has full names, one order, and properties sorted", () => {
  const schema = read({
    aliases: ["z.Z", "A"],
    namespace: "shop",
    name: "Order",
    type: "record",
    zz: 1,
    aa: 2,
    fields: [
      {
        name: "p",
        doc: "price",
        type: { scale: 2, q: 1, precision: 9, type: "bytes", logicalType: "decimal" },
      },
      {
        name: "s",
        type: { type: "bytes", scale: 0, logicalType: "decimal", precision: 4 },
        default: "",
      },
      { name: "u", type: { type: "int", logicalType: "own", b: 1 } },
      {
        name: "e",
        type: { type: "enum", name: "E", default: "A", symbols: ["A"], doc: "d" },
        aliases: ["y", "x"],
      },
    ],
  });
  assertEquals(
    schema.normalizedText(),
    '{"name":"shop.Order","type":"record","fields":[' +
      '{"name":"p","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2,"q":1},' +
      '"order":"ascending","doc":"price"},' +
      '{"name":"s","type":{"type":"bytes","logicalType":"decimal","precision":4},' +
      '"order":"ascending","default":""},' +
      '{"name":"u","type":{"type":"int","b":1,"logicalType":"own"},"order":"ascending"},' +
      '{"name":"e","type":{"name":"shop.E","type":"enum","symbols":["A"],"doc":"d","default":"A"},' +
      '"order":"ascending","aliases":["x","y"]}],' +
      '"aliases":["shop.A","z.Z"],"aa":2,"zz":1}',
  );
});

const address = {
  type: "record",
  name: "shop.Address",
  fields: [{ name: "city", type: "shop.City" }],
};
const city = { type: "enum", name: "shop.City", symbols: ["ULM"] };
const cityReference = refer("shop.City", city);
const addressReference = refer("shop.Address", address, [cityReference]);
const customer = {
  type: "record",
  name: "Customer",
  namespace: "shop",
  fields: [{ name: "home", type: "Address" }, { name: "work", type: "shop.Address" }, {
    name: "city",
    type: "City",
  }],
};

Deno.test("types of references stay names, and are put in place in the resolved form", () => {
  const schema = read(customer, true, [addressReference, cityReference]);
  assertEquals(
    schema.canonicalText,
    '{"type":"record","name":"Customer","namespace":"shop","fields":[' +
      '{"name":"home","type":"Address"},{"name":"work","type":"Address"},{"name":"city","type":"City"}]}',
  );
  const resolved = schema.textAs("resolved");
  assert(resolved.includes('{"name":"home","type":{"type":"record","name":"Address","fields"'));
  assertEquals(schema.textAs("unheard-of"), schema.canonicalText);
  const inlined = read(resolved);
  assert(inlined.equals(schema) && schema.equals(inlined));
  assertEquals(inlined.textAs("resolved"), resolved);
});

Deno.test("references that are missing, or define a type otherwise, are named", () => {
  assert(messageOf(customer).startsWith('/fields/0/type: "Address" is neither'));
  const other = refer("shop.City2", { ...city, symbols: ["BONN"] });
  const error = assertThrows(() => read(customer, true, [addressReference, other]), SchemaError);
  assertEquals(error.message, "/: type shop.City is defined already, differently");
  read(customer, true, [addressReference, refer("again", city)]);
});

function same(a: AvroSchema, b: AvroSchema): boolean {
  assertEquals(a.equals(b), b.equals(a));
  return a.equals(b);
}

Deno.test("equals() minds documentation, aliases, order, defaults and properties, not the writing", () => {
  const base = { type: "record", name: "R", namespace: "n", fields: [{ name: "a", type: "int" }] };
  const one = read(base);
  const field = (more: unknown) =>
    read({ ...base, fields: [{ name: "a", type: "int", ...more as object }] });
  assert(
    same(
      one,
      read({
        fields: [{ type: { type: "int" }, name: "a", order: "ascending" }],
        name: "n.R",
        type: "record",
      }),
    ),
  );
  assert(!same(one, read({ ...base, doc: "d" })));
  assert(!same(one, read({ ...base, aliases: ["Q"] })));
  assert(!same(one, read({ ...base, x: 1 })));
  assert(!same(one, read({ ...base, namespace: "m" })));
  for (
    const more of [{ doc: "d" }, { default: 1 }, { order: "ignore" }, { aliases: ["b"] }, { x: 1 }]
  ) {
    assert(!same(one, field(more)));
  }
  assert(same(field({ x: 1, y: 2 }), field({ y: 2, x: 1 })));
});

Deno.test("a name may be used ahead of its definition, and bare where its namespace has none", () => {
  const schema = read({
    type: "record",
    name: "n.R",
    fields: [{ name: "a", type: "B" }, {
      name: "b",
      type: { type: "enum", name: "B", symbols: [] },
    }],
  });
  assertEquals(
    schema.canonicalText,
    '{"type":"record","name":"R","namespace":"n","fields":[' +
      '{"name":"a","type":{"type":"enum","name":"B","symbols":[]}},{"name":"b","type":"B"}]}',
  );
});

Deno.test("names without a namespace keep being so inside of one", () => {
  const bare = { type: "fixed", name: "D", namespace: "", size: 1, aliases: ["C"] };
  const schema = read({
    type: "record",
    name: "n.R",
    aliases: [".Q"],
    fields: [
      { name: "a", type: bare },
      { name: "b", type: { type: "fixed", name: "n.D", size: 2 } },
      { name: "c", type: ".D" },
      { name: "d", type: "D" },
    ],
  });
  for (const text of [schema.canonicalText, schema.normalizedText()]) {
    assert(read(text).equals(schema), text);
  }
});

Deno.test("names of Object.prototype are names like others", () => {
  const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
  const schema = read(
    `[${
      names.map((name) =>
        `{"type":"record","name":"${name}","__proto__":1,"fields":[{"name":"${name}","type":"int"}]}`
      )
    }]`,
  );
  assertEquals(read(schema.canonicalText).canonicalText, schema.canonicalText);
  assert(schema.canonicalText.includes('"__proto__":1'));
  assert(messageOf(record({ name: "a", type: "constructor" })).includes("neither a primitive"));
});
