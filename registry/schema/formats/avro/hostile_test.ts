/** Schemas made to break the reader. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { type ResolvedReference, SchemaError } from "../schema.ts";
import { avroFormat } from "./avro_schema.ts";

function refused(text: string): string {
  return assertThrows(() => avroFormat.parse(text, [], { strict: true }), SchemaError).message;
}

Deno.test("a text of 10 MB is refused by its length", () => {
  const fields = '{"name":"a","type":"int"},'.repeat(400_000);
  assert(refused(`{"type":"record","name":"R","fields":[${fields}]}`).includes("is too long"));
});

Deno.test("types nested 10,000 deep are refused, arrays as well as records", () => {
  const arrays = `${'{"type":"array","items":'.repeat(10_000)}"int"${"}".repeat(10_000)}`;
  assert(refused(arrays).includes("nested deeper"));
  let records = '"int"';
  for (let at = 0; at < 10_000; at++) {
    records = `{"type":"record","name":"R${at}","fields":[{"name":"f","type":${records}}]}`;
  }
  assert(refused(records).includes("nested deeper"));
  assert(refused("[".repeat(100_000)).includes("nested deeper"));
  assert(refused(`{"type":"int","x":${"[".repeat(5000)}`).includes("nested deeper"));
});

Deno.test("names used ahead of their definitions don't nest without end", () => {
  const chain = Array.from({ length: 5000 }, (_, at) => ({
    type: "record",
    name: `R${at}`,
    fields: at === 4999 ? [] : [{ name: "next", type: `R${at + 1}` }],
  }));
  const text = JSON.stringify({
    type: "record",
    name: "Top",
    fields: [{ name: "all", type: chain }],
  });
  assert(refused(text).includes("nested deeper than 500 levels"));
});

Deno.test("a chain of 20,000 records, each defined before its use, is read", () => {
  const chain = Array.from({ length: 20_000 }, (_, at) => ({
    type: "record",
    name: `R${at}`,
    fields: at === 0 ? [] : [{ name: "next", type: ["null", `R${at - 1}`], default: null }],
  }));
  const schema = avroFormat.parse(JSON.stringify(chain), [], { strict: true });
  assertEquals(schema.canonicalText, JSON.stringify(chain));
  assertEquals(schema.datum().encode({ R3: { next: { R2: { next: null } } } }).toHex(), "060200");
});

Deno.test("references that nest deeply leave the resolved form as the canonical one", () => {
  let references: ResolvedReference[] = [];
  for (let at = 0; at < 99; at++) {
    // Each brings 50 levels of its own.
    let text = at === 0 ? '"int"' : `"R${at - 1}x0"`;
    for (let level = 49; level >= 0; level--) {
      text = `{"type":"record","name":"R${at}x${level}","fields":[{"name":"f","type":${text}}]}`;
    }
    references = [{ name: `R${at}`, subject: `R${at}`, version: 1, text, references }];
  }
  const schema = avroFormat.parse('{"type":"array","items":"R98x0"}', references, { strict: true });
  assertEquals(schema.textAs("resolved"), schema.canonicalText);
  assert(schema.equals(schema));
});

Deno.test("circular names with no end are schemas, whose values can't be written", () => {
  const text = '{"type":"record","name":"R","fields":[{"name":"r","type":"R"}]}';
  const schema = avroFormat.parse(text, [], { strict: true });
  assertEquals(schema.canonicalText, text);
  let value: Record<string, unknown> = {};
  for (let at = 0; at < 5000; at++) value = { r: value };
  assertThrows(() => schema.datum().encode(value), Error, "nested deeper than 1000 levels");
  assertThrows(() => schema.datum().decode(new Uint8Array(100)), Error, "nested deeper");
});

Deno.test("a default of a record that holds itself ends", () => {
  const text = '{"type":"record","name":"R","fields":[{"name":"r","type":"R","default":{}}]}';
  avroFormat.parse(text, [], { strict: true });
});

Deno.test("a long string in a text with comments is read in one go", () => {
  const doc = '/*\\"'.repeat(200_000);
  const text = `/* one */{"type":"record","name":"R","doc":"${doc}","fields":[]}`;
  const schema = avroFormat.parse(text, [], { strict: true });
  assert(schema.canonicalText.includes(doc));
  assert(refused('{"type":"int" /* open').includes("at line 1 column 15"));
});
