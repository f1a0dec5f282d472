import { assertEquals } from "@std/assert";
import { readConfigUpdate } from "./config.ts";
import { avro, codeOf, errorOf, Registry } from "./harness_test.ts";

function twoVersions(): Registry {
  const registry = new Registry();
  registry.put("s", { schema: '"int"' });
  registry.put("s", { schema: '"long"' });
  return registry;
}

Deno.test("soft-deleting a version writes its record again, marked", () => {
  const registry = twoVersions();
  assertEquals(registry.write(registry.store.decideDeleteVersion("s", 1)), 1);
  const [key, value] = registry.texts(2)[0]!;
  assertEquals(key, '{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}');
  const { deleted, schema } = JSON.parse(value!);
  assertEquals([deleted, schema], [true, '"int"']);
});

Deno.test("soft-deleting a subject writes one watermark and answers the versions that went", () => {
  const registry = twoVersions();
  registry.write(registry.store.decideDeleteVersion("s", 1));
  const before = registry.topic.length;
  assertEquals(registry.write(registry.store.decideDeleteSubject("s")), [2]);
  assertEquals(registry.texts(before), [[
    '{"keytype":"DELETE_SUBJECT","subject":"s","magic":0}',
    '{"subject":"s","version":2}',
  ]]);
  assertEquals(registry.store.subjects(), []);
});

Deno.test("what isn't there can't be deleted", () => {
  const { store } = twoVersions();
  assertEquals(codeOf(() => store.decideDeleteSubject("t")), 40401);
  assertEquals(codeOf(() => store.decideDeleteVersion("t", 1)), 40401);
  assertEquals(codeOf(() => store.decideDeleteVersion("s", 3)), 40402);
});

Deno.test("what is soft-deleted can't be soft-deleted again", () => {
  const registry = twoVersions();
  registry.write(registry.store.decideDeleteSubject("s"));
  assertEquals(codeOf(() => registry.store.decideDeleteSubject("s")), 40404);
  assertEquals(codeOf(() => registry.store.decideDeleteVersion("s", 1)), 40406);
});

Deno.test("what is live can't be deleted for good", () => {
  const registry = twoVersions();
  const permanent = { permanent: true };
  assertEquals(codeOf(() => registry.store.decideDeleteSubject("s", permanent)), 40405);
  assertEquals(codeOf(() => registry.store.decideDeleteVersion("s", 1, permanent)), 40407);
  registry.write(registry.store.decideDeleteVersion("s", 1));
  assertEquals(codeOf(() => registry.store.decideDeleteSubject("s", permanent)), 40405);
});

Deno.test("permanent deletion takes records, and with the last one config and mode", () => {
  const registry = twoVersions();
  const { store } = registry;
  registry.write(store.decideSetConfig("s", readConfigUpdate({ compatibility: "FULL" })));
  registry.write(store.decideSetMode("s", "IMPORT", { force: true }));
  registry.write(store.decideDeleteSubject("s"));
  assertEquals(store.config("s"), { compatibilityLevel: "FULL" });
  assertEquals(registry.write(store.decideDeleteVersion("s", 1, { permanent: true })), 1);
  assertEquals(store.mode("s"), { mode: "IMPORT" });
  assertEquals(registry.write(store.decideDeleteVersion("s", 2, { permanent: true })), 2);
  assertEquals([codeOf(() => store.config("s")), codeOf(() => store.mode("s"))], [40408, 40409]);
  assertEquals(store.subjects({ deleted: true }), []);
  assertEquals(registry.restarted(true).subjects({ deleted: true }), []);
});

Deno.test("permanent deletion of a subject answers its versions and removes its config", () => {
  const registry = twoVersions();
  const { store } = registry;
  registry.write(store.decideSetConfig("s", readConfigUpdate({ compatibility: "FULL" })));
  registry.write(store.decideDeleteSubject("s"));
  assertEquals(registry.write(store.decideDeleteSubject("s", { permanent: true })), [1, 2]);
  assertEquals(codeOf(() => store.config("s")), 40408);
});

Deno.test("what is referred to stays: live referrers against soft, all against permanent deletion", () => {
  const registry = new Registry();
  const { store } = registry;
  registry.put("base", avro("Base", "a:int"));
  registry.put("user", {
    ...avro("User", "base:Base"),
    references: [{ name: "Base", subject: "base", version: 1 }],
  });
  const error = errorOf(() => store.decideDeleteVersion("base", 1));
  assertEquals(error?.errorCode, 42206);
  assertEquals(error!.message.includes('version 1 of "user"'), true);
  assertEquals(codeOf(() => store.decideDeleteSubject("base")), 42206);
  registry.write(store.decideDeleteSubject("user"));
  assertEquals(registry.write(store.decideDeleteSubject("base")), [1]);
  assertEquals(codeOf(() => store.decideDeleteVersion("base", 1, { permanent: true })), 42206);
  assertEquals(codeOf(() => store.decideDeleteSubject("base", { permanent: true })), 42206);
  registry.write(store.decideDeleteSubject("user", { permanent: true }));
  assertEquals(registry.write(store.decideDeleteSubject("base", { permanent: true })), [1]);
});

Deno.test("a subject goes though its own versions refer to each other", () => {
  const registry = new Registry();
  const { store } = registry;
  registry.write(store.decideSetConfig("s", readConfigUpdate({ compatibility: "NONE" })));
  registry.put("s", avro("Base", "a:int"));
  registry.put("s", {
    ...avro("User", "base:Base"),
    references: [{ name: "Base", subject: "s", version: 1 }],
  });
  assertEquals(codeOf(() => store.decideDeleteVersion("s", 1)), 42206);
  assertEquals(registry.write(store.decideDeleteSubject("s")), [1, 2]);
  assertEquals(registry.write(store.decideDeleteSubject("s", { permanent: true })), [1, 2]);
});

Deno.test("READONLY refuses deletions with 42205, IMPORT doesn't", () => {
  const registry = twoVersions();
  const { store } = registry;
  registry.write(store.decideSetMode(null, "READONLY"));
  assertEquals(codeOf(() => store.decideDeleteSubject("s")), 42205);
  assertEquals(codeOf(() => store.decideDeleteVersion("s", 1)), 42205);
  registry.write(store.decideSetMode(null, "IMPORT", { force: true }));
  assertEquals(registry.write(store.decideDeleteVersion("s", 1)), 1);
});

Deno.test("latest names the newest live version to delete; for good, the newest of all", () => {
  const registry = twoVersions();
  const { store } = registry;
  assertEquals(registry.write(store.decideDeleteVersion("s", -1)), 2);
  assertEquals(registry.write(store.decideDeleteVersion("s", -1, { permanent: true })), 2);
  assertEquals(store.versions("s", { deleted: true }), [1]);
});
