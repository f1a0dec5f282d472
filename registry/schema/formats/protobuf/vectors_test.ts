// What protoc (of grpcio-tools 1.85) and Python's protobuf 7.36 say of the same texts and values.
import { assertEquals, assertThrows } from "@std/assert";
import { gunzipSync } from "node:zlib";
import { DatumError, SchemaError } from "../schema.ts";
import { protobufFormat, ProtobufSchema } from "./mod.ts";

interface FileVector {
  readonly kind: "file";
  readonly text: string;
  readonly ok: boolean;
  /** The descriptor as protoc wrote it, and without what ours leaves out: default names in JSON. */
  readonly protoc?: string;
  readonly descriptor?: string;
  readonly error?: string;
}

interface ValuesVector {
  readonly kind: "values";
  readonly text: string;
  /** A JSON value, its bytes in hexadecimal, and the JSON value of these. */
  readonly values: readonly (readonly [unknown, string, unknown])[];
  readonly refused: readonly unknown[];
}

const VECTORS: readonly (FileVector | ValuesVector)[] = new TextDecoder().decode(
  gunzipSync(
    Deno.readFileSync(new URL("../../../../tests/vectors/protobuf.jsonl.gz", import.meta.url)),
  ),
).trim().split("\n").map((line) => JSON.parse(line));

const FILES = VECTORS.filter((vector) => vector.kind === "file");
const VALUES = VECTORS.filter((vector) => vector.kind === "values");

/** Refused by protoc and taken by us, each for a reason. */
const TAKEN = [
  // Extensions that nothing declares: registries keep such options.
  /\[\(foo\) = 1\]/,
  /option \(x\) = 1;$/,
  // Harmless in a schema.
  /\/\* a \/\* b \*\//,
  /\(m\)\.b\.a = 7/,
  /jstype = JS_STRING/,
  /int32 a = 1 \[lazy = true\]/,
];

/** Descriptors that differ, each for a reason. */
const DIFFERENT = [
  // protoc drops options that only sources hold.
  /extensions 4 to 10 \[/,
  // An empty pair of braces is no options.
  /rpc A \(stream M\) returns \(stream M\) \{\}/,
  // Message sets, which nothing uses any more, may go further.
  /message_set_wire_format/,
];

function parse(text: string): ProtobufSchema {
  return protobufFormat.parse(text, [], { strict: true }) as ProtobufSchema;
}

Deno.test("parse() takes what protoc takes, and refuses what it refuses", () => {
  for (const { text, ok, error } of FILES) {
    if (ok || TAKEN.some((one) => one.test(text))) parse(text);
    else assertThrows(() => parse(text), SchemaError, undefined, `${error}: ${text}`);
  }
});

Deno.test("parse() tells the line of what it refuses", () => {
  for (const { text, ok } of FILES) {
    if (ok || TAKEN.some((one) => one.test(text))) continue;
    const { message } = assertThrows(() => parse(`\n\n${text}`), SchemaError);
    assertEquals(/^line \d+, column \d+: /.test(message), true, message);
  }
});

Deno.test("textAs(serialized) is protoc's descriptor to the byte", () => {
  for (const { text, descriptor } of FILES) {
    if (descriptor === undefined || DIFFERENT.some((one) => one.test(text))) continue;
    assertEquals(parse(text).textAs("serialized"), descriptor, text);
  }
});

Deno.test("a text and protoc's descriptor of it are equal, in their normalised form too", () => {
  for (const { text, protoc } of FILES) {
    if (protoc === undefined || DIFFERENT[0]!.test(text)) continue;
    const schema = parse(text), other = parse(protoc);
    assertEquals(other.comparable(), schema.comparable());
    assertEquals(other.equals(schema), true, text);
    assertEquals(other.normalizedText(), schema.normalizedText(), text);
  }
});

Deno.test("canonical and normalised texts are read back as themselves", () => {
  for (const { text, ok } of FILES) {
    if (!ok) continue;
    const schema = parse(text);
    assertEquals(parse(schema.canonicalText).canonicalText, schema.canonicalText);
    assertEquals(parse(schema.normalizedText()).normalizedText(), schema.normalizedText());
  }
});

Deno.test("datum() writes and reads values as Python does", () => {
  for (const { text, values } of VALUES) {
    const datum = parse(text).datum();
    for (const [json, hex, shown] of values) {
      assertEquals(datum.encode(json).toHex(), `00${hex}`, JSON.stringify(json));
      assertEquals(datum.decode(Uint8Array.fromHex(`00${hex}`)), shown, JSON.stringify(json));
    }
  }
});

Deno.test("datum() refuses values that don't fit", () => {
  for (const { text, refused } of VALUES) {
    const datum = parse(text).datum();
    for (const json of refused) {
      assertThrows(() => datum.encode(json), DatumError, undefined, JSON.stringify(json));
    }
  }
});
