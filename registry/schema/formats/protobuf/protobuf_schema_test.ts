import { assertEquals, assertThrows } from "@std/assert";
import { DatumError, type ResolvedReference, SchemaError } from "../schema.ts";
import { protobufFormat, ProtobufSchema } from "./mod.ts";
import { wellKnownFile } from "./linker.ts";
import { wellKnownPaths } from "./well_known.ts";

// Spelled so that a line of a schema isn't taken for one of ours.
const IMPORT = "import";

function parse(
  text: string,
  references: readonly ResolvedReference[] = [],
  strict = true,
): ProtobufSchema {
  return protobufFormat.parse(text, references, { strict }) as ProtobufSchema;
}

function reference(
  name: string,
  text: string,
  references: readonly ResolvedReference[] = [],
): ResolvedReference {
  return { name, subject: name, version: 1, text, references };
}

function refusal(text: string, references: readonly ResolvedReference[] = []): string {
  return assertThrows(() => parse(text, references), SchemaError).message;
}

const MONEY = `syntax = "proto3"; package shop; message Money { int64 units = 1; }`;

Deno.test("every file that is built in links without a reference", () => {
  for (const path of wellKnownPaths()) {
    assertEquals(wellKnownFile(path)!.problems, [], path);
    parse(`syntax = "proto3"; import "${path}"; message M {}`);
  }
});

Deno.test("imports are found among the references, and among those of references", () => {
  const money = reference("money.proto", MONEY);
  const line =
    `syntax = "proto3"; package shop; import "money.proto"; message Line { Money m = 1; }`;
  const order =
    `syntax = "proto3"; import "line.proto"; message Order { repeated shop.Line l = 1; }`;
  for (
    const references of [
      [reference("line.proto", line, [money])],
      // Some clients list all at the top.
      [reference("line.proto", line), money],
      [reference("line.proto", line, [money]), money, money],
    ]
  ) {
    const schema = parse(order, references);
    assertEquals(schema.references, references);
    const datum = schema.datum();
    const bytes = datum.encode({ l: [{ m: { units: "5" } }] });
    assertEquals(bytes.toHex(), "000a040a020805");
    assertEquals(datum.decode(bytes), { l: [{ m: { units: "5" } }] });
  }
  assertEquals(
    refusal(order),
    'line 1, column 20: "line.proto" is imported, yet neither among the references nor built in; ' +
      'line 1, column 57: no message or enum is named "shop.Line" in Order.l',
  );
});

Deno.test("a public import lends what it imports", () => {
  const all = reference(
    "all.proto",
    `syntax = "proto3"; import public "money.proto";`,
    [reference("money.proto", MONEY)],
  );
  parse(`syntax = "proto3"; import "all.proto"; message M { shop.Money m = 1; }`, [all]);
});

Deno.test("imports that go in a circle are refused", () => {
  const text = (path: string) => `syntax = "proto3"; import "${path}"; message M${path[0]} {}`;
  const a = reference("a.proto", text("b.proto")), b = reference("b.proto", text("c.proto"));
  const c = reference("c.proto", text("a.proto"));
  assertEquals(
    refusal(text("a.proto"), [a, b, c]),
    "line 1: imports go in a circle: a.proto -> b.proto -> c.proto -> a.proto",
  );
});

Deno.test("a long chain of imports is refused, a wide lattice is read once", () => {
  const chain = Array.from(
    { length: 1000 },
    (_, at) => reference(`${at}.proto`, `import "${at + 1}.proto";`),
  );
  assertEquals(
    refusal(`import "0.proto";`, chain),
    'the chain of imports is longer than 256 at "256.proto"',
  );
  let level = [reference("0a.proto", "message A0 {}"), reference("0b.proto", "message B0 {}")];
  for (let at = 1; at < 60; at++) {
    const imports = `import "${at - 1}a.proto"; import "${at - 1}b.proto";`;
    const [below, beside] = [level, level];
    level = [
      reference(`${at}a.proto`, `${imports} message A${at} {}`, below),
      reference(`${at}b.proto`, `${imports} message B${at} {}`, beside),
    ];
  }
  parse(`import "59a.proto"; message M { optional A59 a = 1; }`, level);
});

Deno.test("a broken reference is named", () => {
  assertEquals(
    refusal(`import "x.proto";`, [reference("x.proto", "message {")]),
    'in the import "x.proto": line 1, column 9: expected the name of a message, found "{"',
  );
});

Deno.test("what is built in stands before references of the same path", () => {
  const other = reference("google/protobuf/timestamp.proto", `message Timestamp {}`);
  const schema = parse(
    `syntax = "proto3"; import "google/protobuf/timestamp.proto";
    message M { google.protobuf.Timestamp t = 1; }`,
    [other],
  );
  assertEquals(schema.datum().encode({ t: "1970-01-01T00:00:01Z" }).toHex(), "000a020801");
});

Deno.test("a schema that isn't strictly read keeps its text when its names lead nowhere", () => {
  const text = `import "gone.proto";\n\nmessage M {\n  optional Gone g = 1;\n}\n`;
  const schema = parse(text, [], false);
  assertEquals(schema.canonicalText, text);
  assertEquals(
    parse(schema.textAs("serialized"), [], false).canonicalText.includes("Gone g"),
    true,
  );
  assertThrows(() => schema.datum(), SchemaError, "Gone");
  assertEquals(schema.equals(parse(text, [], false)), true);
});

Deno.test("base64 of a descriptor is read with the options that use extensions", () => {
  const text = `syntax = "proto3";
package p;

${IMPORT} "confluent/meta.proto";
${IMPORT} "opts.proto";

message M {
  string ssn = 1 [
    (.confluent.field_meta) = {
      tags: [
        "PII"
      ]
    },
    (.o.level) = HIGH
  ];
}
`;
  const opts = reference(
    "opts.proto",
    `syntax = "proto3"; package o; import "google/protobuf/descriptor.proto";
    enum Level { LOW = 0; HIGH = 1; } extend google.protobuf.FieldOptions { Level level = 50001; }`,
  );
  const schema = parse(text, [opts]);
  const other = parse(schema.textAs("serialized"), [opts]);
  assertEquals(other.canonicalText, text);
  assertEquals(other.equals(schema), true);
  // References may be descriptors too.
  const serialized = reference("opts.proto", parse(opts.text).textAs("serialized"));
  assertEquals(parse(schema.textAs("serialized"), [serialized]).canonicalText, text);
  assertEquals(
    schema.textAs("ignore_extensions"),
    text.replace(/ \[\n[^]*\n {2}\]/, ""),
  );
  assertEquals(schema.textAs("no such format"), text);
});

Deno.test("what is neither text nor descriptor is refused", () => {
  const table: [string, string][] = [
    ["", "the schema is empty"],
    [" \n", "the schema is empty"],
    ["AAAA", "the descriptor can't be read: at 0 stands no tag of a field"],
    [
      "CgR4",
      "the descriptor can't be read: the bytes end early: at 2, 4 are needed and 1 are left",
    ],
    ["AAAAA", "the schema is neither a .proto text nor base64 of a descriptor"],
    ["IgA=", `the descriptor can't be read: "" can't be the name of a message`],
    ["IgUKA2EuYg==", `the descriptor can't be read: "a.b" can't be the name of a message`],
    ["{}", 'line 1, column 1: expected a declaration such as message, enum or import, found "{"'],
    [
      `{"type":"record"}`,
      'line 1, column 1: expected a declaration such as message, enum or import, found "{"',
    ],
  ];
  for (const [text, message] of table) assertEquals(refusal(text), message, text);
});

Deno.test("equals() looks through spelling, not through meaning", () => {
  const text = `syntax = "proto3"; package p; message M { N n = 1; int32 a = 2; } message N {}`;
  const equal = [
    `syntax="proto3";package p;message M{.p.N n=1;int32 a=0x2;}message N{}`,
    `syntax = "proto3"; package p; /* doc */ message M { p.N n = 1; int32 a = 2 [json_name="a"]; } message N {}`,
  ];
  const different = [
    `syntax = "proto3"; package p; message M { int32 a = 2; N n = 1; } message N {}`,
    `syntax = "proto3"; package p; message N {} message M { N n = 1; int32 a = 2; }`,
    `syntax = "proto3"; package p; message M { N n = 1; int32 b = 2; } message N {}`,
  ];
  for (const other of equal) assertEquals(parse(text).equals(parse(other)), true, other);
  for (const other of different) assertEquals(parse(text).equals(parse(other)), false, other);
  assertEquals(parse("message M {}").equals(parse(`syntax = "proto2"; message M {}`)), true);
});

Deno.test("normalizedText() sorts what has no order and spells everything one way", () => {
  const text = `syntax = "proto2"; package p;
    import "google/protobuf/timestamp.proto"; import "google/protobuf/any.proto";
    option java_package = "x"; option deprecated = true;
    message M {
      reserved "z", "y"; reserved 30, 20 to 25, 26; extensions 100 to 120, 90;
      oneof second { N d = 9; } oneof first { google.protobuf.Any c = 5; string b = 4 [json_name = "B", deprecated = true]; }
      optional int64 last = 12 [default = 0x10]; required M.N e = 2;
      map<int32, N> m = 1;
      message N { optional E x = 1; }
    }
    enum E { B = 1; A = 0; }
    extend M { optional int32 two = 101; optional int32 one = 100; }
    service S { rpc R (M) returns (M.N); }`;
  assertEquals(
    parse(text).normalizedText(),
    `package p;

${IMPORT} "google/protobuf/any.proto";
${IMPORT} "google/protobuf/timestamp.proto";

option deprecated = true;
option java_package = "x";

message M {
  reserved 20 to 26;
  reserved 30;
  reserved "y";
  reserved "z";

  map<int32, .p.M.N> m = 1;
  required .p.M.N e = 2;
  optional int64 last = 12 [default = 16];

  oneof first {
    string b = 4 [
      deprecated = true,
      json_name = "B"
    ];
    .google.protobuf.Any c = 5;
  }
  oneof second {
    .p.M.N d = 9;
  }

  extensions 90;
  extensions 100 to 120;

  message N {
    optional .p.E x = 1;
  }
}
enum E {
  B = 1;
  A = 0;
}

extend .p.M {
  optional int32 one = 100;
  optional int32 two = 101;
}

service S {
  rpc R (.p.M) returns (.p.M.N);
}
`,
  );
});

Deno.test("recordName and fieldNames are those of the first message", () => {
  const schema = parse(
    `syntax = "proto3"; package a.b; enum E { Z = 0; } message M { int32 x = 1; oneof o { int32 y = 2; } }`,
  );
  assertEquals([schema.recordName, schema.fieldNames], ["a.b.M", ["x", "y"]]);
  const none = parse(`enum E { Z = 0; }`);
  assertEquals([none.recordName, none.fieldNames], [null, []]);
  assertThrows(() => none.datum(), SchemaError, "the schema declares no message");
});

Deno.test("message indexes pick the message that was written", () => {
  const datum = parse(`syntax = "proto3";
    message A { message B { int32 b = 1; } message C { message D { int32 d = 1; } } map<int32, int32> m = 2; }
    message E { int32 e = 1; }`).datum();
  const decode = (hex: string) => datum.decode(Uint8Array.fromHex(hex));
  assertEquals(decode("00"), { m: {} });
  assertEquals(decode("0200"), { m: {} });
  assertEquals(decode("02020805"), { e: 5 });
  assertEquals(decode("0400000805"), { b: 5 });
  assertEquals(decode("060002000805"), { d: 5 });
  // Python counts the entry of the map, which stands first in such a text.
  assertEquals(decode("0400040805"), {});
  for (const hex of ["", "0204", "0201", "03", "040006", "8080808080808080808080", "ffff03"]) {
    assertThrows(() => decode(hex), DatumError);
  }
});

Deno.test("single messages that occur twice are merged, and the last member of a oneof stays", () => {
  const datum = parse(`syntax = "proto3";
    message M { N n = 1; oneof o { int32 a = 2; N b = 3; } repeated int32 r = 4; }
    message N { optional int32 x = 1; repeated int32 y = 2; }`).datum();
  const decode = (hex: string) => datum.decode(Uint8Array.fromHex(`00${hex}`));
  assertEquals(decode("0a0408011001" + "0a0408021002"), { n: { x: 2, y: [1, 2] }, r: [] });
  assertEquals(decode("1005" + "1a020801"), { b: { x: 1, y: [] }, r: [] });
  assertEquals(decode("1a020801" + "1005"), { a: 5, r: [] });
  // Packed or not, and unknown fields between.
  assertEquals(decode("2001" + "22020203" + "2805" + "2004"), { r: [1, 2, 3, 4] });
});

Deno.test("bytes that are no message are refused, not thrown over", () => {
  const datum = parse(
    `syntax = "proto3"; message M { M m = 1; string s = 2; map<string, M> x = 3; }`,
  )
    .datum();
  const nested = (depth: number) => {
    let bytes: number[] = [];
    for (let at = 0; at < depth; at++) {
      const length = bytes.length;
      const size = length < 128 ? [length] : [length % 128 | 128, length >> 7];
      bytes = [10, ...size, ...bytes];
    }
    return Uint8Array.from([0, ...bytes]);
  };
  datum.decode(nested(99));
  assertThrows(() => datum.decode(nested(101)), DatumError, "deeper than 100");
  for (
    const hex of [
      "000a",
      "000aff",
      "0012028001",
      "0012ffffffff0f",
      "0003",
      "001202c328",
      "000c",
      "00ff",
    ]
  ) {
    assertThrows(() => datum.decode(Uint8Array.fromHex(hex)), DatumError);
  }
  const groups = Uint8Array.from([0, ...new Array(10_000).fill(0x2b)]);
  assertThrows(() => datum.decode(groups), DatumError, "groups nest deeper");
});

Deno.test("values name the path of what doesn't fit", () => {
  const datum = parse(
    `syntax = "proto3"; message M { repeated M list = 1; map<string, int32> x = 2; }`,
  )
    .datum();
  const { message } = assertThrows(
    () => datum.encode({ list: [{}, { list: [{ x: { k: "z" } }] }] }),
    DatumError,
  );
  assertEquals(message, 'at $.list[1].list[0].x.k: "z" is no integer');
  let deep: unknown = {};
  for (let at = 0; at < 200; at++) deep = { list: [deep] };
  assertThrows(() => datum.encode(deep), DatumError, "nests deeper than 100");
  assertThrows(() => datum.encode(JSON.parse(`{"__proto__": {}}`)), DatumError, "__proto__");
  assertThrows(() => datum.encode({ constructor: 1 }), DatumError, "constructor");
  assertThrows(() => datum.encode({ x: { a: 2 ** 60 } }), DatumError, "write it as a string");
});

Deno.test("5,000 fields are read, 10 MB end", () => {
  const fields = Array.from({ length: 5000 }, (_, at) => `string field_${at} = ${at + 1};`);
  const text = `syntax = "proto3"; message M { ${fields.join(" ")} }`;
  assertEquals(parse(text).fieldNames.length, 5000);
  const messages = Array.from(
    { length: 100_000 },
    (_, at) => `message M${at} { /* ${"x".repeat(60)} */ M${at >> 1} m = 1; }`,
  );
  parse(`syntax = "proto3"; ${messages.join("\n")}`);
});
