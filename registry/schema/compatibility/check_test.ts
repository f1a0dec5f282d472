import { assertEquals } from "@std/assert";
import { avroFormat, jsonFormat, type ParsedSchema, protobufFormat } from "../formats/mod.ts";
import { incompatibilities } from "./check.ts";

const strict = { strict: true };
const schemas: readonly ParsedSchema[] = [
  avroFormat.parse('{"type":"record","name":"R","fields":[]}', [], strict),
  jsonFormat.parse('{"type":"object"}', [], strict),
  protobufFormat.parse('syntax = "proto3"; message R {}', [], strict),
];

Deno.test("each kind reads itself, and no other kind", () => {
  for (const reader of schemas) {
    for (const writer of schemas) {
      const types = incompatibilities(reader, writer, "STRICT").map(({ errorType }) => errorType);
      assertEquals(types, reader === writer ? [] : ["SCHEMA_TYPE_MISMATCH"]);
    }
  }
});
