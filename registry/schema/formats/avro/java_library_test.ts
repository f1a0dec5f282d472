/** What Avro's Java library 1.12.0 makes of generated schemas and values, recorded. */
import { assertEquals, assertThrows } from "@std/assert";
import { gunzipSync } from "node:zlib";
import { SchemaError } from "../schema.ts";
import { avroFormat } from "./avro_schema.ts";
import { parseExactJson, writeExactJson } from "./exact_json.ts";

type Recorded =
  | { kind: "text"; text: string; strict: boolean; canonical: string | null }
  | { kind: "value"; schema: string; json: string; bytes: string }
  | { kind: "pair" };

const path = new URL("../../../../tests/vectors/avro_java_library.jsonl.gz", import.meta.url);
const recorded: readonly Recorded[] = gunzipSync(Deno.readFileSync(path)).toString()
  .trim().split("\n").map((line) => JSON.parse(line));

Deno.test("canonical texts are those of the Java library", () => {
  let count = 0;
  for (const entry of recorded) {
    if (entry.kind !== "text") continue;
    count++;
    const read = () => avroFormat.parse(entry.text, [], { strict: entry.strict });
    if (entry.canonical === null) assertThrows(read, SchemaError);
    else assertEquals(read().canonicalText, entry.canonical);
  }
  assertEquals(count, 900);
});

Deno.test("canonical and normalised texts are read as what they are texts of", () => {
  for (const entry of recorded) {
    if (entry.kind !== "text" || entry.canonical === null) continue;
    const schema = avroFormat.parse(entry.text, [], { strict: false });
    const again = avroFormat.parse(schema.canonicalText, [], { strict: false });
    assertEquals(again.canonicalText, schema.canonicalText);
    assertEquals(again.equals(schema), true);
    const normalized = avroFormat.parse(schema.normalizedText(), [], { strict: false });
    assertEquals(normalized.normalizedText(), schema.normalizedText());
  }
});

Deno.test("values have the bytes of the Java library, and are read back from them", () => {
  let count = 0;
  for (const entry of recorded) {
    if (entry.kind !== "value") continue;
    count++;
    const codec = avroFormat.parse(entry.schema, [], { strict: false }).datum();
    const json = parseExactJson(entry.json);
    assertEquals(codec.encode(json).toHex(), entry.bytes);
    assertEquals(writeExactJson(codec.decode(Uint8Array.fromHex(entry.bytes))), entry.json);
  }
  assertEquals(count, 500);
});
