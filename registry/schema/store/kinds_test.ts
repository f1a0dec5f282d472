/** The store with JSON Schema and Protobuf; its other tests use Avro. */
import { assertEquals } from "@std/assert";
import { readConfigUpdate } from "./config.ts";
import { codeOf, Registry } from "./harness_test.ts";
import type { JsonObject } from "./json.ts";
import { readSchemaRequest } from "./request.ts";

function json(schema: JsonObject, references: JsonObject[] = []): JsonObject {
  return { schemaType: "JSON", schema: JSON.stringify(schema), references };
}

function protobuf(schema: string, references: JsonObject[] = []): JsonObject {
  return { schemaType: "PROTOBUF", schema, references };
}

const COMMON = 'syntax = "proto3";\npackage shop;\n\nmessage Money {\n  int64 units = 1;\n}\n';
const INVOICE = 'syntax = "proto3";\npackage shop;\n\nimport "common.proto";\n\n' +
  "message Invoice {\n  Money total = 1;\n}\n";
const TO_COMMON = { name: "common.proto", subject: "common", version: 1 };

Deno.test("an optional property may come to a closed content model, not to an open one", () => {
  const registry = new Registry();
  const model = (open: boolean, ...names: string[]) =>
    json({
      type: "object",
      properties: Object.fromEntries(names.map((name) => [name, { type: "string" }])),
      additionalProperties: open,
    });
  registry.put("open", model(true, "a"));
  assertEquals(codeOf(() => registry.register("open", model(true, "a", "b"))), 409);
  registry.put("closed", model(false, "a"));
  assertEquals(registry.put("closed", model(false, "a", "b")).at(1), 2);
});

Deno.test("JSON schemas refer to each other by URI or path", () => {
  const registry = new Registry();
  registry.put("address", json({ type: "object", properties: { city: { type: "string" } } }));
  const person = json({ type: "object", properties: { home: { $ref: "address.json" } } }, [
    { name: "address.json", subject: "address", version: 1 },
  ]);
  assertEquals(registry.put("person", person), [2, 1]);
  assertEquals(registry.store.referencedBy("address", 1), [2]);
  assertEquals(registry.put("other", person), [2, 1]);
});

Deno.test("normalised, JSON schemas with keys in another order are one", () => {
  const registry = new Registry();
  const one = { schemaType: "JSON", schema: '{"type":"object","title":"T"}' };
  const two = { schemaType: "JSON", schema: '{"title":"T", "type":"object"}' };
  assertEquals(registry.put("s", one, { normalize: true }), [1, 1]);
  assertEquals(registry.put("s", two, { normalize: true }), [1, 1]);
  const request = readSchemaRequest(two);
  assertEquals(registry.store.lookup("s", request, { normalize: true })["version"], 1);
});

Deno.test("Protobuf schemas import each other, and protect what they import", () => {
  const registry = new Registry();
  registry.put("common", protobuf(COMMON));
  assertEquals(codeOf(() => registry.register("invoice", protobuf(INVOICE))), 42201);
  assertEquals(registry.put("invoice", protobuf(INVOICE, [TO_COMMON])), [2, 1]);
  assertEquals(registry.store.version("invoice", 1)["references"], [TO_COMMON]);
  assertEquals(codeOf(() => registry.store.decideDeleteSubject("common")), 42206);
});

Deno.test("Protobuf schemas change by field numbers", () => {
  const registry = new Registry();
  registry.put("s", protobuf('syntax = "proto3";\nmessage M {\n  string a = 1;\n}\n'));
  const renamed = protobuf('syntax = "proto3";\nmessage M {\n  string b = 1;\n  int32 c = 2;\n}\n');
  assertEquals(registry.put("s", renamed), [2, 2]);
  const changed = protobuf('syntax = "proto3";\nmessage M {\n  double b = 1;\n}\n');
  assertEquals(codeOf(() => registry.register("s", changed)), 409);
});

Deno.test("a Protobuf schema comes back serialized where that form is asked for", () => {
  const registry = new Registry();
  registry.put("s", protobuf(COMMON));
  const serialized = registry.store.versionText("s", 1, { format: "serialized" });
  const bytes = Uint8Array.from(atob(serialized), (character) => character.charCodeAt(0));
  assertEquals(new TextDecoder().decode(bytes).includes("shop"), true);
  assertEquals(registry.put("s", protobuf(serialized)), [1, 1]);
});

Deno.test("each kind of schema may follow another at level NONE", () => {
  const registry = new Registry();
  registry.write(registry.store.decideSetConfig(null, readConfigUpdate({ compatibility: "NONE" })));
  assertEquals(registry.put("s", { schema: '"int"' }), [1, 1]);
  assertEquals(registry.put("s", json({ type: "integer" })), [2, 2]);
  assertEquals(registry.put("s", protobuf(COMMON)), [3, 3]);
});
