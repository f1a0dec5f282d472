import { assertEquals } from "@std/assert";
import { readConfigUpdate } from "./config.ts";
import { avro, codeOf, Registry } from "./harness_test.ts";
import { readVersion } from "./request.ts";

/** Versions 1 to 3 of subject `s`; the second is soft-deleted. */
function threeVersions(): Registry {
  const registry = new Registry();
  registry.put("s", { schema: '"int"' });
  registry.put("s", { schema: '"long"' });
  registry.put("s", { schema: '"float"' });
  registry.write(registry.store.decideDeleteVersion("s", 2));
  return registry;
}

Deno.test("readVersion() takes 1 to 2147483647, latest and -1", () => {
  assertEquals(["1", "2147483647", "latest", "-1"].map(readVersion), [1, 2147483647, -1, -1]);
  for (const text of ["0", "-2", "2147483648", "one", "", "1.5", "99999999999", "1e3"]) {
    assertEquals(codeOf(() => readVersion(text)), 42202, text);
  }
});

Deno.test("version() tells an unknown subject (40401) from an unknown version (40402)", () => {
  const { store } = threeVersions();
  assertEquals(codeOf(() => store.version("t", 1)), 40401);
  assertEquals(codeOf(() => store.version("s", 4)), 40402);
  assertEquals(codeOf(() => store.version("s", 2)), 40402);
  assertEquals(store.version("s", 2, { deleted: true })["deleted"], true);
});

Deno.test("latest is the newest live version, or the newest of all with deleted=true", () => {
  const registry = threeVersions();
  const { store } = registry;
  assertEquals(store.version("s", -1)["version"], 3);
  registry.write(store.decideDeleteVersion("s", 3));
  assertEquals(store.version("s", -1)["version"], 1);
  assertEquals(store.version("s", -1, { deleted: true })["version"], 3);
  registry.write(store.decideDeleteVersion("s", -1));
  assertEquals(codeOf(() => store.version("s", -1)), 40401);
  assertEquals(codeOf(() => store.version("s", 1)), 40401);
});

Deno.test("versions() lists live ones, soft-deleted ones, or both", () => {
  const { store } = threeVersions();
  assertEquals(store.versions("s"), [1, 3]);
  assertEquals(store.versions("s", { deleted: true }), [1, 2, 3]);
  assertEquals(store.versions("s", { deletedOnly: true }), [2]);
  assertEquals(store.versions("s", { deleted: true, deletedOnly: true }), [2]);
  assertEquals(store.versions("s", { deletedAsNegative: true }), [1, -2, 3]);
  assertEquals(store.versions("s", { deleted: true, offset: 1, limit: 1 }), [2]);
  assertEquals(store.versions("s", { offset: 5 }), []);
  assertEquals(codeOf(() => store.versions("t")), 40401);
});

Deno.test("versionText() is the text alone, in the form asked for", () => {
  const registry = new Registry();
  registry.put("base", avro("Base", "a:int"));
  registry.put("s", {
    ...avro("User", "base:Base"),
    references: [{ name: "Base", subject: "base", version: 1 }],
  });
  const { store } = registry;
  const plain = '{"type":"record","name":"User","fields":[{"name":"base","type":"Base"}]}';
  assertEquals(store.versionText("s", 1), plain);
  assertEquals(store.versionText("s", 1, { format: "nothing-known" }), plain);
  const resolved = store.versionText("s", -1, { format: "resolved" });
  assertEquals(JSON.parse(resolved).fields[0].type.fields[0].name, "a");
  assertEquals(store.schemaTextById(2, { format: "resolved" }), resolved);
  assertEquals(store.version("s", 1, { format: "resolved" })["schema"], resolved);
});

Deno.test("referenceFormat=qualified names the context of what is referred to", () => {
  const registry = new Registry();
  registry.put(":.c:base", avro("Base", "a:int"));
  const references = [{ name: "Base", subject: "base", version: 1 }];
  registry.put(":.c:s", { ...avro("User", "base:Base"), references });
  const { store } = registry;
  assertEquals(store.version(":.c:s", 1)["references"], references);
  assertEquals(store.version(":.c:s", 1, { referenceFormat: "qualified" })["references"], [
    { name: "Base", subject: ":.c:base", version: 1 },
  ]);
});

Deno.test("referencedBy() lists ids of live referrers, or of all", () => {
  const registry = new Registry();
  registry.put("base", avro("Base", "a:int"));
  const user = (name: string) => ({
    ...avro(name, "base:Base"),
    references: [{ name: "Base", subject: "base", version: 1 }],
  });
  for (const name of ["B", "A", "C"]) registry.put(name, user(name));
  registry.put("copy", user("A"));
  const { store } = registry;
  assertEquals(store.referencedBy("base", 1), [2, 3, 4]);
  assertEquals(store.referencedBy("base", -1, { offset: 1, limit: 1 }), [3]);
  registry.write(store.decideDeleteSubject("C"));
  assertEquals(store.referencedBy("base", 1), [2, 3]);
  assertEquals(store.referencedBy("base", 1, { deleted: true }), [2, 3, 4]);
  assertEquals(store.referencedBy("A", 1), []);
  assertEquals(codeOf(() => store.referencedBy("base", 2)), 40402);
  assertEquals(codeOf(() => store.referencedBy("nobody", 1)), 40401);
});

Deno.test("versionByMetadata() is the newest version with all the values", () => {
  const registry = new Registry();
  const tagged = (schema: string, properties: Record<string, string>) => ({
    schema,
    metadata: { properties },
  });
  registry.put("s", tagged('"int"', { major: "1", team: "a" }));
  registry.put("s", tagged('"long"', { major: "1", team: "b" }));
  registry.put("s", tagged('"float"', { major: "2", team: "b" }));
  const { store } = registry;
  const found = (...pairs: [string, string][]) => store.versionByMetadata("s", pairs)["version"];
  assertEquals(found(["major", "1"]), 2);
  assertEquals(found(["major", "1"], ["team", "a"]), 1);
  assertEquals(codeOf(() => found(["major", "3"])), 40402);
  registry.write(store.decideDeleteVersion("s", 2));
  assertEquals(found(["major", "1"]), 1);
  assertEquals(store.versionByMetadata("s", [["major", "1"]], { deleted: true })["version"], 2);
  assertEquals(codeOf(() => store.versionByMetadata("t", [])), 40401);
});

Deno.test("paths of a subject that is an alias are served from what it stands for", () => {
  const registry = threeVersions();
  const { store } = registry;
  registry.write(store.decideSetConfig("old", readConfigUpdate({ alias: "s" })));
  registry.write(store.decideSetConfig(":.c:old", readConfigUpdate({ alias: "s" })));
  assertEquals(store.versions("old"), [1, 3]);
  assertEquals(store.version("old", 1)["subject"], "s");
  // An alias in a context is of a subject in it.
  assertEquals(codeOf(() => store.versions(":.c:old")), 40401);
  registry.write(store.decideSetConfig("old", readConfigUpdate({ alias: null })));
  assertEquals(codeOf(() => store.versions("old")), 40401);
});
