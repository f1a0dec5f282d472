// What holds for any Protobuf schema and any value of it; the schemas are made up, names of trouble among them.
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { protobufFormat, ProtobufSchema, SchemaError } from "../../formats/mod.ts";
import { protobufIncompatibilities } from "./protobuf.ts";

/** A made-up field: its text, and values that it may have in JSON. */
interface MadeField {
  readonly text: (name: string, number: number) => string;
  readonly values: fc.Arbitrary<unknown>;
  readonly inOneof: boolean;
}

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const double = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom("NaN", "Infinity", "-Infinity"),
)
  // JSON has no negative zero.
  .map((value) => value === 0 ? 0 : value);
const text = fc.string({ unit: "grapheme", maxLength: 8 });
const bytes = fc.uint8Array({ maxLength: 8 }).map((value) => value.toBase64());

const SCALARS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  int32,
  sint32: int32,
  sfixed32: int32,
  uint32,
  fixed32: uint32,
  int64,
  sint64: int64,
  sfixed64: int64,
  uint64,
  fixed64: uint64,
  double,
  // Eighths, which the shortest decimal of a float is too.
  float: fc.integer({ min: -4000, max: 4000 }).map((value) => value / 8),
  bool: fc.boolean(),
  string: text,
  bytes,
  Kind: fc.constantFrom("NONE", "SOME", "LESS"),
  "google.protobuf.Duration": fc.integer({ min: -1000, max: 1000 }).map((value) => `${value}s`),
  "google.protobuf.StringValue": text,
  Leaf: fc.record({ id: int64 }),
};

const KEYS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  string: fc.oneof(text, fc.constantFrom("__proto__", "constructor", "")),
  int32: int32.map(String),
  uint64,
  bool: fc.boolean().map(String),
};

const field: fc.Arbitrary<MadeField> = fc.oneof(
  fc.constantFrom(...Object.keys(SCALARS)).chain((type) =>
    fc.constantFrom("", "optional ").map((label): MadeField => ({
      text: (name, number) => `${label}${type} ${name} = ${number};`,
      values: SCALARS[type]!,
      inOneof: label === "",
    }))
  ),
  fc.constantFrom(...Object.keys(SCALARS)).map((type): MadeField => ({
    text: (name, number) => `repeated ${type} ${name} = ${number};`,
    values: fc.array(SCALARS[type]!, { maxLength: 4 }),
    inOneof: false,
  })),
  fc.tuple(fc.constantFrom(...Object.keys(KEYS)), fc.constantFrom(...Object.keys(SCALARS)))
    .map(([key, type]): MadeField => ({
      text: (name, number) => `map<${key}, ${type}> ${name} = ${number};`,
      values: fc.dictionary(KEYS[key]!, SCALARS[type]!, { maxKeys: 3, noNullPrototype: true }),
      inOneof: false,
    })),
);

const NAMES = [
  "a",
  "b_c",
  "message",
  "__proto__",
  "constructor",
  "D",
  "oneof",
  "x1",
  "to_string",
  "max",
];

interface MadeSchema {
  readonly text: string;
  readonly value: fc.Arbitrary<Record<string, unknown>>;
  readonly fields: readonly MadeField[];
}

/** `message Main` with made-up fields, some of them in a oneof, between other declarations. */
function schemaOf(fields: readonly MadeField[], oneofSize: number, step: number): MadeSchema {
  const named = fields.map((one, at) => ({ ...one, name: NAMES[at]!, number: 1 + at * step }));
  const members = named.filter(({ inOneof }) => inOneof).slice(0, oneofSize);
  const outside = named.filter((one) => !members.includes(one));
  const lines = (some: typeof named) =>
    some.map(({ text, name, number }) => text(name, number)).join(" ");
  const body = `${lines(outside)} ${
    members.length > 0 ? `oneof choice { ${lines(members)} }` : ""
  }`;
  const values = Object.fromEntries(
    outside.filter(({ name }) => name !== "__proto__")
      .map(({ name, values }) => [name, values]),
  );
  const one = members.length === 0
    ? fc.constant({})
    : fc.constantFrom(...members).chain(({ name, values }) =>
      values.map((value) => ({ [name]: value }))
    );
  return {
    text: `syntax = "proto3"; package made.up;
      import "google/protobuf/duration.proto"; import "google/protobuf/wrappers.proto";
      option java_package = "x";
      message Main { ${body} message Inner { Main main = 1; } reserved 1000 to 1010; }
      enum Kind { NONE = 0; SOME = 1; LESS = -1; }
      message Leaf { int64 id = 1; }`,
    value: fc.tuple(fc.record(values, { requiredKeys: [], noNullPrototype: true }), one)
      .map(([some, other]) => ({ ...some, ...other })),
    fields,
  };
}

const schema: fc.Arbitrary<MadeSchema> = fc.tuple(
  fc.array(field, { maxLength: NAMES.length }),
  fc.nat({ max: 3 }),
  fc.constantFrom(1, 7, 90),
).map(([fields, oneofSize, step]) => schemaOf(fields, oneofSize, step));

function parse(text: string): ProtobufSchema {
  return protobufFormat.parse(text, [], { strict: true }) as ProtobufSchema;
}

Deno.test("a schema reads what it wrote itself", () => {
  fc.assert(fc.property(schema, ({ text }) => {
    assertEquals(protobufIncompatibilities(parse(text), parse(text), "STRICT"), []);
  }));
});

Deno.test("canonical and normalised texts stay, descriptors say the same, and read each other", () => {
  fc.assert(fc.property(schema, ({ text }) => {
    const one = parse(text);
    assertEquals(parse(one.canonicalText).canonicalText, one.canonicalText);
    assertEquals(parse(one.normalizedText()).normalizedText(), one.normalizedText());
    const serialized = parse(one.textAs("serialized"));
    assertEquals(serialized.equals(one), true);
    assertEquals(serialized.textAs("serialized"), one.textAs("serialized"));
    assertEquals(protobufIncompatibilities(serialized, one, "STRICT"), []);
    assertEquals(protobufIncompatibilities(one, parse(one.normalizedText()), "STRICT"), []);
  }));
});

Deno.test("values come back as they were, and are written alike again", () => {
  const made = schema.chain((one) => one.value.map((value) => ({ ...one, value })));
  fc.assert(fc.property(made, ({ text, value }) => {
    const datum = parse(text).datum();
    const bytes = datum.encode(value);
    const back = datum.decode(bytes) as Record<string, unknown>;
    assertEquals(datum.encode(back), bytes);
    for (const key of Object.keys(value)) {
      const json = key.replace(/_+([a-z]?)/g, (_, char: string) => char.toUpperCase());
      // Leaves show their default too.
      if (!JSON.stringify(value[key])?.includes("id")) assertEquals(back[json], value[key], key);
    }
  }));
});

Deno.test("a schema that lost its last field reads what was written with it, and the other way round", () => {
  fc.assert(fc.property(schema, fc.nat({ max: 3 }), ({ fields }, oneofSize) => {
    const plain = fields.map((one) => ({ ...one, inOneof: false }));
    const longer = parse(schemaOf(plain, oneofSize, 1).text);
    const shorter = parse(schemaOf(plain.slice(0, -1), oneofSize, 1).text);
    assertEquals(protobufIncompatibilities(longer, shorter, "STRICT"), []);
    assertEquals(protobufIncompatibilities(shorter, longer, "STRICT"), []);
  }));
});

Deno.test("a text with a piece cut out, doubled or swapped is a schema or a SchemaError", () => {
  fc.assert(
    fc.property(
      schema,
      fc.nat(),
      fc.nat({ max: 20 }),
      fc.constantFrom("", "{", '"', "/*", "\u0000", "é"),
      ({ text }, at, length, piece) => {
        const start = at % text.length;
        const broken = text.slice(0, start) + piece + text.slice(start + length);
        try {
          parse(broken).normalizedText();
        } catch (error) {
          if (!(error instanceof SchemaError)) throw error;
        }
      },
    ),
    { numRuns: 500 },
  );
});

Deno.test("a descriptor with bytes changed is a schema or a SchemaError", () => {
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(schema, edits, ({ text }, changes) => {
      const descriptor = Uint8Array.fromBase64(parse(text).textAs("serialized"));
      for (const [at, value] of changes) descriptor[at % descriptor.length] = value;
      for (const strict of [true, false]) {
        try {
          const read = protobufFormat.parse(descriptor.toBase64(), [], {
            strict,
          }) as ProtobufSchema;
          read.normalizedText();
          read.textAs("serialized");
          protobufIncompatibilities(read, parse(text), "STRICT");
        } catch (error) {
          if (!(error instanceof SchemaError)) throw error;
        }
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("bytes of a value that were changed are a value or a DatumError", () => {
  const made = schema.chain((one) => one.value.map((value) => ({ ...one, value })));
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(made, edits, ({ text, value }, changes) => {
      const datum = parse(text).datum();
      const bytes = datum.encode(value);
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      try {
        datum.decode(bytes);
      } catch (error) {
        if (!(error instanceof Error) || error.name !== "DatumError") throw error;
      }
    }),
    { numRuns: 500 },
  );
});
