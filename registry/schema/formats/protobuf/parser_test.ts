import { assertEquals, assertThrows } from "@std/assert";
import { SchemaError } from "../schema.ts";
import { parseProto } from "./parser.ts";
import { printFile } from "./printer.ts";

// Spelled so that a line of a schema isn't taken for one of ours.
const IMPORT = "import";

function canonical(text: string): string {
  return printFile(parseProto(text));
}

function refusal(text: string): string {
  return assertThrows(() => parseProto(text), SchemaError).message;
}

Deno.test("printFile() lays a file out as registries answer it", () => {
  const text = `// A comment goes.
    syntax = 'proto3';
    package shop.v1; /* as does
    this */
    import public "b.proto"; import "a.proto"; import weak "w.proto";
    option java_package = "com." 'shop';
    enum Side { reserved 5, 7 to 9; reserved "C"; option allow_alias = true; LEFT = 0; RIGHT = 0x10 [deprecated = true, (x) = "v"]; }
    message Empty {}
    message Order {
      message Line { string sku = 1; message Deep { int32 a = 1; oneof o { int32 b = 2; } } }
      reserved 100, 200 to 210, 500 to max; reserved "foo", "bar";
      option deprecated = true;
      option (my.opt) = { a: 1, b: "x" c { d: -1.5 } e: [1, FOO] f: [] [x.y]: <g: true>; };
      oneof pay { option (z).w = 1; string card = 7; int64 cash = 8 [deprecated = true]; }
      repeated .shop.v1.Order.Line lines = 1; map < string , Line > by_sku=2;
      optional int32 n = 011 [json_name = "N", (opt) = { a: 1 }];
      enum Kind { K = 0; }
    }
    extend google.protobuf.FieldOptions { string opt = 50000; }
    service Shop { option deprecated = true; rpc Buy (Order) returns (stream .shop.v1.Empty); rpc Sell (stream stream.X) returns (stream) { option (http) = { get: "/v1" }; } }
  `;
  assertEquals(
    canonical(text),
    `syntax = "proto3";
package shop.v1;

${IMPORT} "a.proto";
import weak "w.proto";
import public "b.proto";

option java_package = "com.shop";

message Empty {}
message Order {
  reserved 100, 200 to 210, 500 to max;
  reserved "foo", "bar";

  option deprecated = true;
  option (my.opt) = {
    a: 1,
    b: "x",
    c: {
      d: -1.5
    },
    e: [
      1,
      FOO
    ],
    f: [
    ],
    [x.y]: {
      g: true
    }
  };

  repeated .shop.v1.Order.Line lines = 1;
  map<string, Line> by_sku = 2;
  optional int32 n = 9 [
    (opt) = {
      a: 1
    },
    json_name = "N"
  ];

  oneof pay {
    option (z).w = 1;
  
    string card = 7;
    int64 cash = 8 [deprecated = true];
  }

  message Line {
    string sku = 1;
  
    message Deep {
      int32 a = 1;
    
      oneof o {
        int32 b = 2;
      }
    }
  }
  enum Kind {
    K = 0;
  }
}
enum Side {
  reserved 5, 7 to 9;
  reserved "C";
  option allow_alias = true;
  LEFT = 0;
  RIGHT = 16 [
    deprecated = true,
    (x) = "v"
  ];
}

extend google.protobuf.FieldOptions {
  string opt = 50000;
}

service Shop {
  option deprecated = true;

  rpc Buy (Order) returns (stream .shop.v1.Empty);
  rpc Sell (stream stream.X) returns (stream) {
    option (http) = {
      get: "/v1"
    };
  };
}
`,
  );
});

Deno.test("printFile() keeps groups and messages in the order in which indexes count them", () => {
  const text = `message M {
  optional int32 a = 1;

  extensions 100 to max;

  message N {}
  optional group G = 2 {
    optional int32 b = 1;
  }
  message O {}
  oneof o {
    int32 c = 3;
  
    group H = 4 {
      optional int32 d = 1;
    }
  }
}
message P {}
extend M {
  repeated group Q = 100 {}
}
message R {}
`;
  assertEquals(canonical(text), text);
  const { messages } = parseProto(text);
  assertEquals(messages.map(({ name }) => name), ["M", "P", "Q", "R"]);
  assertEquals(messages[0]!.messages.map(({ name }) => name), ["N", "G", "O", "H"]);
});

Deno.test("printFile() escapes strings so that they are read back as they were", () => {
  const text = String
    .raw`option a = "q\"\\\n\r\t\0\x7f\u00e9\U0001F600é\'\?";option b = "\376\xff";`;
  const once = canonical(text);
  assertEquals(
    once,
    String.raw`option a = "q\"\\\n\r\t\000\177éé😀é'?";`.replace("éé😀é", "é😀é") +
      "\n" + String.raw`option b = "\376\377";` + "\n",
  );
  assertEquals(canonical(once), once);
});

Deno.test("parseProto() reads editions", () => {
  const text = `edition = "2024";
package a;

${IMPORT} "x.proto";
import option "y.proto";

option features.field_presence = IMPLICIT;

export message M {
  reserved foo, bar;

  int32 a = 1 [features.(pb.java).x = Y];
  local b = 2;
  export.c d = 3;

  local message N {}
}
local enum E {
  Z = 0;
}
`;
  assertEquals(canonical(text), text);
});

Deno.test("parseProto() lets fields bear the names of keywords", () => {
  const text = `syntax = "proto3";

message M {
  int32 message = 1;
  int32 enum = 2;
  int32 optional = 3;
  int32 map = 4;
  map group = 5;
  int32 __proto__ = 6;
}
message map {}
`;
  assertEquals(canonical(text), text);
});

Deno.test("parseProto() passes over a byte order mark and line ends of other systems", () => {
  assertEquals(canonical("\ufeffmessage M {\r\n}\r\n// end"), "message M {}\n");
  assertEquals(
    refusal("message M {}\r\n\r\n x"),
    'line 3, column 2: expected a declaration such as message, enum or import, found "x"',
  );
});

Deno.test("parseProto() tells the place of what it refuses", () => {
  const table: [string, string][] = [
    ["message M {\n  int32 a = 1\n}", 'line 3, column 1: expected ";", found "}"'],
    ["message M {", "line 1, column 12: expected a type, found the end of the text"],
    ["\n/* a", "line 2, column 1: the comment that starts here never ends with */"],
    ['option a = "x\n";', "line 1, column 12: the string that starts here never ends on its line"],
    [
      "message M { int32 a = 99999999999999999999999999; }",
      "line 1, column 23: 99999999999999999999… is outside 0 to 2147483647, where the number of a field must be",
    ],
    ["message M { int32 a = 0x; }", 'line 1, column 23: "0x" is no number'],
    [
      'syntax = "proto4";',
      'line 1, column 10: syntax "proto4" is unknown; allowed: proto2, proto3',
    ],
    ['edition = "2099";', 'line 1, column 11: edition "2099" is unknown; allowed: 2023, 2024'],
    ["package a; package b;", "line 1, column 12: a second package is declared"],
    [
      String.raw`option a = "\q";`,
      String.raw`line 1, column 12: the string holds an unknown escape "\q"`,
    ],
    ["option a = {b 1};", 'line 1, column 15: expected ":" after "b", found "1"'],
    ["message M { optional map<a, b> c = 1; }", "line 1, column 13: a map has no label"],
  ];
  for (const [text, message] of table) assertEquals(refusal(text), message);
});

Deno.test("parseProto() ends soon on what is hostile", () => {
  const table = [
    "message M {".repeat(10_000),
    `option a = ${"{a".repeat(100_000)}`,
    `option a = ${"{a:[".repeat(100_000)}`,
    `option ${"a.".repeat(100_000)}`,
    "(".repeat(1_000_000),
    `option a = "${"x".repeat(1_000_000)}`,
    `/*${"\n".repeat(1_000_000)}`,
    `message M { int32 a = ${"9".repeat(1_000_000)}; }`,
    `message M { optional group A = 1 {`.repeat(10_000),
    `message M { oneof o { group A = 1 {`.repeat(10_000),
  ];
  for (const text of table) refusal(text);
});
