import { assertEquals } from "@std/assert";
import { readConfigUpdate } from "./config.ts";
import { avro, codeOf, Registry } from "./harness_test.ts";
import { readSchemaRequest } from "./request.ts";
import type { JsonObject } from "./json.ts";
import type { LookupOptions } from "./lookup.ts";

const INT = { schema: '"int"' };

function versionOf(
  registry: Registry,
  subject: string,
  body: JsonObject,
  options: Partial<LookupOptions> = {},
): unknown {
  return registry.store.lookup(subject, readSchemaRequest(body), options)["version"];
}

Deno.test("lookup() answers the version in full", () => {
  const registry = new Registry();
  const { guid } = registry.register("s", INT);
  assertEquals(registry.store.lookup("s", readSchemaRequest(INT)), {
    subject: "s",
    version: 1,
    id: 1,
    guid,
    schemaType: "AVRO",
    schema: '"int"',
  });
});

Deno.test("lookup() tells an unknown subject (40401) from an unknown schema (40403) and a bad one (42201)", () => {
  const registry = new Registry();
  registry.put("s", INT);
  assertEquals(codeOf(() => versionOf(registry, "t", INT)), 40401);
  assertEquals(codeOf(() => versionOf(registry, "s", { schema: '"long"' })), 40403);
  assertEquals(codeOf(() => versionOf(registry, "s", { schema: "{" })), 42201);
  assertEquals(codeOf(() => versionOf(registry, "s", { ...INT, schemaType: "X" })), 42201);
});

Deno.test("lookup() sees soft-deleted versions when asked to", () => {
  const registry = new Registry();
  registry.put("s", INT);
  registry.put("s", { schema: '"long"' });
  registry.write(registry.store.decideDeleteVersion("s", 1));
  assertEquals(codeOf(() => versionOf(registry, "s", INT)), 40403);
  assertEquals(versionOf(registry, "s", INT, { deleted: true }), 1);
  registry.write(registry.store.decideDeleteSubject("s"));
  assertEquals(codeOf(() => versionOf(registry, "s", INT)), 40401);
  const found = registry.store.lookup("s", readSchemaRequest(INT), { deleted: true });
  assertEquals(found["deleted"], true);
});

Deno.test("lookup() finds a schema that another registry stored in its own form", () => {
  const registry = new Registry();
  const schema = '{"fields":[{"name":"id","type":"long"}],"name":"Order","type":"record"}';
  registry.foreign({ keytype: "SCHEMA", subject: "s", version: 1, magic: 1 }, {
    ...{ subject: "s", version: 1, id: 1, schema, deleted: false },
  });
  const mine = '{"type":"record","name":"Order","fields":[{"name":"id","type":{"type":"long"}}]}';
  assertEquals(versionOf(registry, "s", { schema: mine }), 1);
  assertEquals(registry.put("s", { schema: mine }), [1, 1]);
});

Deno.test("lookup() compares references by what they lead to", () => {
  const registry = new Registry();
  registry.put("base", avro("Base", "a:int"));
  const user = (subject: string, version: number) => ({
    ...avro("User", "base:Base"),
    references: [{ name: "Base", subject, version }],
  });
  registry.put("s", user("base", 1));
  assertEquals(versionOf(registry, "s", user("base", -1)), 1);
  assertEquals(versionOf(registry, "s", user(":.:base", 1)), 1);
  registry.put("base", avro("Base", "a:int", "b:int?"));
  assertEquals(codeOf(() => versionOf(registry, "s", user("base", -1))), 40403);
});

Deno.test("lookup() finds a schema with references by its text with those inlined", () => {
  const registry = new Registry();
  registry.put("base", avro("Base", "a:int"));
  registry.put("s", {
    ...avro("User", "base:Base"),
    references: [{ name: "Base", subject: "base", version: 1 }],
  });
  const inlined = {
    schema: JSON.stringify({
      type: "record",
      name: "User",
      fields: [{
        name: "base",
        type: { type: "record", name: "Base", fields: [{ name: "a", type: "int" }] },
      }],
    }),
  };
  assertEquals(versionOf(registry, "s", inlined), 1);
});

Deno.test("lookup() asks for equal metadata, or for none", () => {
  const registry = new Registry();
  const metadata = { properties: { owner: "ana" } };
  registry.put("s", { ...INT, metadata });
  assertEquals(versionOf(registry, "s", { ...INT, metadata }), 1);
  assertEquals(versionOf(registry, "s", INT), 1);
  const other = { properties: { owner: "bob" } };
  assertEquals(codeOf(() => versionOf(registry, "s", { ...INT, metadata: other })), 40403);
});

Deno.test("lookup() minds documentation, and spelling only unless normalised", () => {
  const registry = new Registry();
  const union = (order: string[]) => ({
    schema: JSON.stringify({ type: "record", name: "R", aliases: order, fields: [] }),
  });
  registry.put("s", union(["a", "b"]));
  registry.put("doc", { schema: '{"type":"record","name":"R","doc":"x","fields":[]}' });
  assertEquals(versionOf(registry, "s", union(["b", "a"]), { normalize: true }), 1);
  assertEquals(codeOf(() => versionOf(registry, "doc", avro("R"))), 40403);
});

Deno.test("lookup() follows an alias", () => {
  const registry = new Registry();
  registry.put("new", INT);
  registry.write(registry.store.decideSetConfig("old", readConfigUpdate({ alias: "new" })));
  assertEquals(registry.store.lookup("old", readSchemaRequest(INT))["subject"], "new");
});

Deno.test("lookup() of many versions reads each stored text once", () => {
  const registry = new Registry();
  for (let index = 0; index < 50; index++) {
    registry.put("s", avro("R", ...Array.from({ length: index + 1 }, (_, at) => `f${at}:int?`)));
  }
  for (let round = 0; round < 3; round++) {
    assertEquals(codeOf(() => versionOf(registry, "s", avro("R", `new${round}:int?`))), 40403);
  }
  assertEquals(versionOf(registry, "s", avro("R", "f0:int?")), 1);
});
