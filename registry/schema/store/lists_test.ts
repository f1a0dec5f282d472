import { assertEquals } from "@std/assert";
import { readConfigUpdate } from "./config.ts";
import { Registry } from "./harness_test.ts";
import type { SchemaListOptions } from "./lists.ts";

function filled(): Registry {
  const registry = new Registry();
  const rule = { name: "r", kind: "TRANSFORM", mode: "WRITEREAD", type: "ENCRYPT" };
  registry.put("orders-value", { schema: '"int"' });
  registry.put("orders-value", { schema: '"long"', ruleSet: { encodingRules: [rule] } });
  registry.put("orders-key", { schema: '"string"' });
  registry.put("gone", { schema: '"int"' });
  registry.put(":.c:orders-value", { schema: '"bytes"' });
  registry.write(registry.store.decideDeleteSubject("gone"));
  registry.write(registry.store.decideDeleteVersion("orders-value", 2));
  return registry;
}

Deno.test("subjects() lists live ones of all contexts, sorted", () => {
  const { store } = filled();
  assertEquals(store.subjects(), [":.c:orders-value", "orders-key", "orders-value"]);
  assertEquals(store.subjects({ deleted: true }), [
    ":.c:orders-value",
    "gone",
    "orders-key",
    "orders-value",
  ]);
  assertEquals(store.subjects({ deletedOnly: true }), ["gone"]);
  assertEquals(store.subjects({ deleted: true, deletedOnly: true }), ["gone"]);
});

Deno.test("a prefix names a context, a name's beginning, or both", () => {
  const { store } = filled();
  const list = (subjectPrefix: string) => store.subjects({ subjectPrefix });
  assertEquals(list(""), ["orders-key", "orders-value"]);
  assertEquals(list(":.:"), ["orders-key", "orders-value"]);
  assertEquals(list("orders-k"), ["orders-key"]);
  assertEquals(list(":.c:"), [":.c:orders-value"]);
  assertEquals(list(":.c:x"), []);
  assertEquals(list(":*:orders-v"), [":.c:orders-value", "orders-value"]);
  assertEquals(list(":.unknown:"), []);
});

Deno.test("offset and limit cut a list", () => {
  const { store } = filled();
  assertEquals(store.subjects({ offset: 1, limit: 1 }), ["orders-key"]);
  assertEquals(store.subjects({ limit: 0 }), []);
  assertEquals(store.subjects({ offset: -1, limit: -1 }).length, 3);
  const { store: small } = new Registry({ schemaPage: { default: 1, max: 2 } });
  assertEquals(small.schemas(), []);
});

Deno.test("schemas() are at most as many as the settings allow", () => {
  const registry = new Registry({ schemaPage: { default: 2, max: 3 } });
  for (let index = 0; index < 5; index++) registry.put(`s${index}`, { schema: '"int"' });
  assertEquals(registry.store.schemas().length, 2);
  assertEquals(registry.store.schemas({ limit: 100 }).length, 3);
  assertEquals(registry.store.schemas({ limit: 100, offset: 4 }).length, 1);
});

Deno.test("schemas() lists what a filter lets through, by subject and version", () => {
  const { store } = filled();
  const list = (options: SchemaListOptions) =>
    store.schemas(options).map(({ subject, version }) => `${subject} ${version}`);
  assertEquals(list({}), ["orders-key 1", "orders-value 1"]);
  assertEquals(list({ deleted: true }), [
    "gone 1",
    "orders-key 1",
    "orders-value 1",
    "orders-value 2",
  ]);
  assertEquals(list({ latestOnly: true, deleted: true, subjectPrefix: "orders-v" }), [
    "orders-value 2",
  ]);
  assertEquals(list({ latestOnly: true, subjectPrefix: "orders-v" }), ["orders-value 1"]);
  assertEquals(list({ subjectPrefix: ":*:", latestOnly: true }), [
    ":.c:orders-value 1",
    "orders-key 1",
    "orders-value 1",
  ]);
  assertEquals(list({ ruleType: "ENCRYPT" }), []);
  assertEquals(list({ ruleType: "ENCRYPT", deleted: true }), ["orders-value 2"]);
  assertEquals(list({ resourceType: "topic" }), []);
});

Deno.test("schemas() names aliases when asked to", () => {
  const registry = filled();
  const { store } = registry;
  for (const old of ["z", "a"]) {
    registry.write(store.decideSetConfig(old, readConfigUpdate({ alias: "orders-key" })));
  }
  assertEquals(store.schemas({ aliases: true })[0]!["aliases"], ["a", "z"]);
  assertEquals(store.schemas()[0]!["aliases"], undefined);
  registry.write(store.decideDeleteConfig("a"));
  assertEquals(store.schemas({ aliases: true })[0]!["aliases"], ["z"]);
});

Deno.test("types() are in the order of other registries", () => {
  assertEquals(new Registry().store.types(), ["JSON", "PROTOBUF", "AVRO"]);
});
