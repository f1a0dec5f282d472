import { assertEquals } from "@std/assert";
import { protobufFormat, ProtobufSchema, type ResolvedReference } from "../../formats/mod.ts";
import { protobufIncompatibilities } from "./protobuf.ts";

function parse(text: string, references: readonly ResolvedReference[] = []): ProtobufSchema {
  return protobufFormat.parse(text, references, { strict: true }) as ProtobufSchema;
}

/** What stands against the new text reading what the old one wrote: `TYPE path`. */
function found(
  before: string,
  after: string,
  references: { before?: readonly ResolvedReference[]; after?: readonly ResolvedReference[] } = {},
): string[] {
  const reader = parse(after, references.after), writer = parse(before, references.before);
  return protobufIncompatibilities(reader, writer, "STRICT")
    .map(({ errorType, path }) => `${errorType} ${path}`);
}

/** A claim, the old text, the new text, and what stands against the new one. */
type Row = readonly [claim: string, before: string, after: string, expected: readonly string[]];

const P3 = 'syntax = "proto3"; ', P2 = 'syntax = "proto2"; ';

function field(before: string, after: string): [string, string] {
  const scope = (one: string) =>
    `${P3}message M { ${one} } message N {} message O {} enum E { Z = 0; }`;
  return [scope(before), scope(after)];
}

function proto2(before: string, after: string): [string, string] {
  return [`${P2}message M { ${before} } message N {}`, `${P2}message M { ${after} } message N {}`];
}

const ROWS: readonly Row[] = [
  ["a message added", `${P3}message M {}`, `${P3}message M {} message N {}`, []],
  [
    "messages in another order",
    `${P3}message M {} message N {}`,
    `${P3}message N {} message M {}`,
    [],
  ],
  ["a message removed", `${P3}message M {} message N {}`, `${P3}message M {}`, [
    "MESSAGE_REMOVED #/N",
  ]],
  ["a nested message removed", ...field("message I { message J {} }", "message I {}"), [
    "MESSAGE_REMOVED #/M/I/J",
  ]],
  ["an entry of a map removed", ...field("map<string, int32> a = 1;", ""), []],
  ["a package changed", `${P3}package a; message M {}`, `${P3}package b; message M {}`, [
    "PACKAGE_CHANGED #/",
  ]],
  ["a package added", `${P3}message M {}`, `${P3}package b; message M {}`, ["PACKAGE_CHANGED #/"]],
  ["an enum added", ...field("", "enum F { A = 0; }"), []],
  ["an enum removed", ...field("enum F { A = 0; }", ""), []],
  [
    "enum values added, renamed, removed",
    `${P3}message M {} enum E { A = 0; B = 1; C = 2; }`,
    `${P3}message M {} enum E { A = 0; BB = 1; D = 5; }`,
    [],
  ],
  ["a field added", ...field("", "int32 a = 1;"), []],
  ["a field removed", ...field("int32 a = 1;", ""), []],
  ["a field renamed", ...field("int32 a = 1;", "int32 b = 1;"), []],
  ["a field under another number", ...field("int32 a = 1;", "int32 a = 2;"), []],
  ["a required field added", ...proto2("", "required int32 a = 1;"), [
    "REQUIRED_FIELD_ADDED #/M/1",
  ]],
  ["a required field removed", ...proto2("required int32 a = 1;", ""), [
    "REQUIRED_FIELD_REMOVED #/M/1",
  ]],
  ["a string that became required", ...proto2("optional string a = 1;", "required string a = 1;"), [
    "REQUIRED_FIELD_ADDED #/M/1",
  ]],
  ["a message that became required", ...proto2("optional N a = 1;", "required N a = 1;"), [
    "REQUIRED_FIELD_ADDED #/M/1",
  ]],
  [
    "a string that became optional",
    ...proto2("required string a = 1;", "optional string a = 1;"),
    [],
  ],
  ["a scalar that became a message", ...field("int32 a = 1;", "N a = 1;"), [
    "FIELD_KIND_CHANGED #/M/1",
  ]],
  ["a message that became a scalar", ...field("N a = 1;", "string a = 1;"), [
    "FIELD_KIND_CHANGED #/M/1",
  ]],
  ["a message that became a map", ...field("repeated N a = 1;", "map<string, N> a = 1;"), [
    "FIELD_KIND_CHANGED #/M/1",
  ]],
  ["a map that became a scalar", ...field("map<string, N> a = 1;", "bytes a = 1;"), [
    "FIELD_KIND_CHANGED #/M/1",
  ]],
  ["a message that became an enum", ...field("N a = 1;", "E a = 1;"), ["FIELD_KIND_CHANGED #/M/1"]],
  [
    "a group that became a message",
    `${P2}message M { optional group G = 1 {} }`,
    `${P2}message M { optional G g = 1; message G {} }`,
    ["FIELD_KIND_CHANGED #/M/1"],
  ],
  ["a group removed", ...proto2("optional group G = 1 {}", ""), []],
  [
    "a field in a group changed",
    ...proto2(
      "optional group G = 1 { optional int32 x = 1; }",
      "optional group G = 1 { optional string x = 1; }",
    ),
    ["FIELD_SCALAR_KIND_CHANGED #/M/G/1"],
  ],
  [
    "the key of a map changed in its group",
    ...field("map<int32, N> a = 1;", "map<uint64, N> a = 1;"),
    [],
  ],
  ["the key of a map changed", ...field("map<int32, N> a = 1;", "map<string, N> a = 1;"), [
    "FIELD_SCALAR_KIND_CHANGED #/M/1",
  ]],
  ["the value of a map changed", ...field("map<int32, int32> a = 1;", "map<int32, float> a = 1;"), [
    "FIELD_SCALAR_KIND_CHANGED #/M/1",
  ]],
  [
    "the value of a map changed its kind",
    ...field("map<int32, int32> a = 1;", "map<int32, N> a = 1;"),
    ["FIELD_KIND_CHANGED #/M/1"],
  ],
  [
    "the value of a map changed its name",
    ...field("map<int32, N> a = 1;", "map<int32, O> a = 1;"),
    ["FIELD_NAMED_TYPE_CHANGED #/M/1"],
  ],
  ["the type of a field changed its name", ...field("N a = 1;", "O a = 1;"), [
    "FIELD_NAMED_TYPE_CHANGED #/M/1",
  ]],
  [
    "the type of an enum changed its name",
    ...field("E a = 1;", "E2 a = 1; enum E2 { ZZ = 0; }"),
    [],
  ],
  [
    "a type that moved into a message",
    `${P3}message M { N a = 1; } message N { int32 x = 1; }`,
    `${P3}message M { N a = 1; message N { int32 x = 1; } } message N { int32 x = 1; }`,
    [],
  ],
  [
    "a type that moved and changed",
    `${P3}message M { N a = 1; } message N { int32 x = 1; }`,
    `${P3}message M { N a = 1; message N { string x = 1; } } message N { int32 x = 1; }`,
    ["FIELD_SCALAR_KIND_CHANGED #/M/1/1"],
  ],
  ["a message that refers to itself", ...field("M m = 1; int32 a = 2;", "M m = 1; string a = 2;"), [
    "FIELD_SCALAR_KIND_CHANGED #/M/2",
  ]],
  ["a string that became repeated", ...field("string a = 1;", "repeated string a = 1;"), []],
  ["bytes that became optional", ...field("repeated bytes a = 1;", "optional bytes a = 1;"), []],
  [
    "a number without a label that became repeated",
    ...field("int32 a = 1;", "repeated int32 a = 1;"),
    [],
  ],
  [
    "an optional number that became repeated",
    ...field("optional int32 a = 1;", "repeated int32 a = 1;"),
    ["FIELD_NUMERIC_LABEL_CHANGED #/M/1"],
  ],
  [
    "a repeated number that became optional",
    ...field("repeated bool a = 1;", "optional bool a = 1;"),
    ["FIELD_NUMERIC_LABEL_CHANGED #/M/1"],
  ],
  [
    "a required number that became optional",
    ...proto2("required int32 a = 1;", "optional int32 a = 1;"),
    ["FIELD_NUMERIC_LABEL_CHANGED #/M/1"],
  ],
  ["a message that became repeated", ...field("N a = 1;", "repeated N a = 1;"), []],
  [
    "a oneof added",
    ...field("int32 x = 3;", "int32 x = 3; oneof o { int32 a = 1; int32 b = 2; }"),
    [],
  ],
  ["a oneof removed", ...field("oneof o { int32 a = 1; int32 b = 2; }", ""), []],
  [
    "a oneof renamed",
    ...field("oneof o { int32 a = 1; int32 b = 2; }", "oneof p { int32 a = 1; int32 b = 2; }"),
    [],
  ],
  [
    "a oneof dissolved",
    ...field("oneof o { int32 a = 1; int32 b = 2; }", "int32 a = 1; int32 b = 2;"),
    [],
  ],
  [
    "a oneof that took in a new field",
    ...field("oneof o { int32 a = 1; }", "oneof o { int32 a = 1; int32 b = 2; }"),
    [],
  ],
  [
    "a member that left its oneof",
    ...field("oneof o { int32 a = 1; int32 b = 2; }", "oneof o { int32 a = 1; } int32 b = 2;"),
    [],
  ],
  [
    "a member removed",
    ...field("oneof o { int32 a = 1; int32 b = 2; }", "oneof o { int32 a = 1; }"),
    ["ONEOF_FIELD_REMOVED #/M/o/2"],
  ],
  [
    "a member removed as its oneof dissolved",
    ...field("oneof o { int32 a = 1; int32 b = 2; }", "int32 a = 1;"),
    ["ONEOF_FIELD_REMOVED #/M/o/2"],
  ],
  ["all members replaced", ...field("oneof o { int32 a = 1; }", "oneof o { int32 b = 2; }"), [
    "ONEOF_FIELD_REMOVED #/M/o/1",
  ]],
  [
    "one field that moved into a new oneof",
    ...field("int32 a = 1; int32 b = 2;", "oneof o { int32 a = 1; } int32 b = 2;"),
    [],
  ],
  [
    "one field that moved into a new oneof with others",
    ...field("int32 a = 1;", "oneof o { int32 a = 1; int32 b = 2; }"),
    [],
  ],
  [
    "two fields that moved into a new oneof",
    ...field("int32 a = 1; int32 b = 2;", "oneof o { int32 a = 1; int32 b = 2; }"),
    ["MULTIPLE_FIELDS_MOVED_TO_ONEOF #/M/o"],
  ],
  [
    "a field that moved into a oneof that was there",
    ...field("int32 a = 1; oneof o { int32 b = 2; }", "oneof o { int32 a = 1; int32 b = 2; }"),
    ["FIELD_MOVED_TO_EXISTING_ONEOF #/M/o/1"],
  ],
  [
    "two oneofs that became one",
    ...field(
      "oneof o { int32 a = 1; } oneof p { int32 b = 2; }",
      "oneof o { int32 a = 1; int32 b = 2; }",
    ),
    ["FIELD_MOVED_TO_EXISTING_ONEOF #/M/o/2"],
  ],
  [
    "a oneof that was split",
    ...field(
      "oneof o { int32 a = 1; int32 b = 2; }",
      "oneof o { int32 a = 1; } oneof p { int32 b = 2; }",
    ),
    [],
  ],
  [
    "proto3's optional, which is no oneof",
    ...field("optional int32 a = 1; optional int32 b = 2;", "int32 a = 1; optional int32 b = 2;"),
    [],
  ],
  [
    "a member of a oneof that changed",
    ...field("oneof o { int32 a = 1; }", "oneof o { string a = 1; }"),
    ["FIELD_SCALAR_KIND_CHANGED #/M/1"],
  ],
  [
    "services, options, reserved numbers and comments",
    `${P3}message M { int32 a = 1; } service S { rpc R (M) returns (M); }`,
    `${P3}option java_package = "x"; message M { reserved 5; int32 a = 1 [deprecated = true]; /* c */ }`,
    [],
  ],
  [
    "proto2 that became proto3",
    `${P2}message M { optional int32 a = 1; }`,
    `${P3}message M { int32 a = 1; }`,
    [],
  ],
  [
    "several at once",
    `${P3}package a; message M { int32 a = 1; N n = 2; } message N { bool x = 1; }`,
    `${P3}package b; message M { string a = 1; N n = 2; } message N { float x = 1; }`,
    ["PACKAGE_CHANGED #/", "FIELD_SCALAR_KIND_CHANGED #/M/1", "FIELD_SCALAR_KIND_CHANGED #/N/1"],
  ],
];

for (const [claim, before, after, expected] of ROWS) {
  Deno.test(`protobufIncompatibilities() ${expected.length === 0 ? "lets pass" : "tells of"} ${claim}`, () => {
    assertEquals(found(before, after), expected);
  });
}

Deno.test("scalars read as each other within their groups alone", () => {
  const groups = [
    ["int32", "int64", "uint32", "uint64", "bool", "E"],
    ["sint32", "sint64"],
    ["string", "bytes"],
    ["fixed32", "sfixed32"],
    ["fixed64", "sfixed64"],
    ["float"],
    ["double"],
  ];
  const all = groups.flat();
  for (const before of all) {
    for (const after of all) {
      const same = groups.some((group) => group.includes(before) && group.includes(after));
      assertEquals(
        found(...field(`${before} a = 1;`, `${after} a = 1;`)),
        same ? [] : ["FIELD_SCALAR_KIND_CHANGED #/M/1"],
        `${before} to ${after}`,
      );
    }
  }
});

function reference(name: string, version: number, text: string): ResolvedReference {
  return { name, subject: name, version, text, references: [] };
}

Deno.test("types of imports are compared by what they hold, whatever their package", () => {
  const main = (type: string) =>
    `${P3}import "n.proto"; message M { ${type} n = 1; map<string, ${type}> m = 2; }`;
  const first = reference(
    "n.proto",
    1,
    `${P3}package a; message N { int32 x = 1; I i = 2; message I { bool b = 1; } }`,
  );
  const moved = reference(
    "n.proto",
    2,
    `${P3}package b; message N { int64 y = 1; I i = 2; message I { bool b = 1; } }`,
  );
  const changed = reference(
    "n.proto",
    3,
    `${P3}package a; message N { string x = 1; I i = 2; message I { float b = 1; } }`,
  );
  const removed = reference("n.proto", 4, `${P3}package a; message N { int32 x = 1; }`);
  const after = (one: ResolvedReference, type: string) =>
    found(main("a.N"), main(type), { before: [first], after: [one] });
  assertEquals(after(moved, "b.N"), []);
  assertEquals(after(changed, "a.N"), [
    "FIELD_SCALAR_KIND_CHANGED #/M/1/1",
    "FIELD_SCALAR_KIND_CHANGED #/M/1/I/1",
  ]);
  assertEquals(after(removed, "a.N"), ["MESSAGE_REMOVED #/M/1/I"]);
  // The same version of the same subject isn't looked into.
  assertEquals(after({ ...changed, version: 1 }, "a.N"), []);
  const inlined =
    `${P3}message M { N n = 1; map<string, N> m = 2; } message N { int32 x = 1; I i = 2; message I { bool b = 1; } }`;
  assertEquals(found(main("a.N"), inlined, { before: [first] }), []);
});

Deno.test("a long chain of messages needs no deep stack", () => {
  const chain = (type: string, from: string) =>
    Array.from({ length: 20_000 }, (_, at) => `message ${from}${at} { ${from}${at + 1} m = 1; }`)
      .join(" ") + ` message ${from}20000 { ${type} x = 1; }`;
  const main = `${P3}import "c.proto"; message M { A0 a = 1; }`;
  const before = [reference("c.proto", 1, P3 + chain("int32", "A"))];
  const after = [reference("c.proto", 2, P3 + chain("string", "A"))];
  const [first, ...rest] = found(main, main, { before, after });
  assertEquals(first?.startsWith("FIELD_SCALAR_KIND_CHANGED #/M/1/1/1/1/1"), true);
  assertEquals(rest, []);
});

Deno.test("each item says what is wrong in a sentence", () => {
  const [item] = protobufIncompatibilities(
    parse(`${P3}package p; message M { string a = 1; }`),
    parse(`${P3}package p; message M { int32 a = 1; }`),
    "STRICT",
  );
  assertEquals(item, {
    errorType: "FIELD_SCALAR_KIND_CHANGED",
    path: "#/M/1",
    description:
      `"p.M.a" is of type string in the reader's schema and of type int32 in the writer's`,
    additionalInfo: "What reads it: int32, int64, uint32, uint64, bool, enum",
  });
});
