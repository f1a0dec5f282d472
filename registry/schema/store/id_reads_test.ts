import { assertEquals } from "@std/assert";
import { readConfigUpdate } from "./config.ts";
import { codeOf, Registry } from "./harness_test.ts";

const INT = { schema: '"int"' };
const LONG = { schema: '"long"' };

/** Id 1 is INT in the default context and LONG in `.c`; id 2 is LONG, and INT there. */
function twoContexts(): Registry {
  const registry = new Registry();
  registry.put("s", INT);
  registry.put("s", LONG);
  registry.put("t", INT);
  registry.put(":.c:s", LONG);
  registry.write(
    registry.store.decideSetConfig(":.c:", readConfigUpdate({ compatibility: "none" })),
  );
  registry.put(":.c:s", INT);
  registry.put(":.c:only", { schema: '"float"' });
  return registry;
}

Deno.test("schemaById() answers the schema without a subject, unless one is named", () => {
  const { store } = twoContexts();
  const { guid, ...answer } = store.schemaById(1);
  assertEquals(answer, { schemaType: "AVRO", schema: '"int"' });
  assertEquals(typeof guid, "string");
  const named = store.schemaById(1, { subject: "t" });
  assertEquals([named["subject"], named["version"]], ["t", 1]);
  assertEquals(codeOf(() => store.schemaById(9)), 40403);
});

Deno.test("schemaById() answers a schema though the subject that is named doesn't have it", () => {
  const { store } = twoContexts();
  const answer = store.schemaById(2, { subject: "t" });
  assertEquals([answer["schema"], answer["subject"]], ['"long"', undefined]);
});

Deno.test("an id without a context is that of the default one, else of any that has it", () => {
  const { store } = twoContexts();
  assertEquals(store.schemaById(1)["schema"], '"int"');
  assertEquals(store.schemaById(3)["schema"], '"float"');
  assertEquals(store.schemaById(3, { subject: "only" })["subject"], ":.c:only");
});

Deno.test("an id with a context is that context's alone", () => {
  const { store } = twoContexts();
  assertEquals(store.schemaById(1, { subject: ":.c:" })["schema"], '"long"');
  assertEquals(store.schemaById(1, { subject: ":.c:s" })["version"], 1);
  assertEquals(store.schemaById(1, { subject: ":.:s" })["schema"], '"int"');
  assertEquals(codeOf(() => store.schemaById(3, { subject: ":.:" })), 40403);
  assertEquals(codeOf(() => store.schemaById(1, { subject: ":.unknown:" })), 40403);
});

Deno.test("fetchMaxId adds the largest id of the context", () => {
  const { store } = twoContexts();
  assertEquals(store.schemaById(1, { fetchMaxId: true })["maxId"], 2);
  assertEquals(store.schemaById(1, { fetchMaxId: true, subject: ":.c:" })["maxId"], 3);
});

Deno.test("subjectsOfId() and versionsOfId() list live users, or all, or one subject's", () => {
  const registry = twoContexts();
  const { store } = registry;
  assertEquals(store.subjectsOfId(1), ["s", "t"]);
  assertEquals(store.versionsOfId(1), [
    { subject: "s", version: 1 },
    { subject: "t", version: 1 },
  ]);
  registry.write(store.decideDeleteVersion("s", 1));
  assertEquals(store.subjectsOfId(1), ["t"]);
  assertEquals(store.subjectsOfId(1, { deleted: true }), ["s", "t"]);
  assertEquals(store.versionsOfId(1, { deleted: true, subject: "s" }), [
    { subject: "s", version: 1 },
  ]);
  assertEquals(store.subjectsOfId(1, { deleted: true, offset: 1 }), ["t"]);
  assertEquals(store.subjectsOfId(1, { subject: ":.c:" }), [":.c:s"]);
  assertEquals(codeOf(() => store.subjectsOfId(9)), 40403);
  assertEquals(codeOf(() => store.versionsOfId(9)), 40403);
});

Deno.test("a soft-deleted schema stays readable by its id until it goes for good", () => {
  const registry = twoContexts();
  const { store } = registry;
  registry.write(store.decideDeleteSubject("s"));
  assertEquals(store.schemaById(2)["schema"], '"long"');
  assertEquals(store.subjectsOfId(2), []);
  registry.write(store.decideDeleteSubject("s", { permanent: true }));
  assertEquals(store.schemaById(1)["schema"], '"int"');
  assertEquals(codeOf(() => store.schemaById(2, { subject: ":.:" })), 40403);
});

Deno.test("a GUID is one in all contexts", () => {
  const { store } = twoContexts();
  const guid = store.version("s", 1)["guid"] as string;
  assertEquals(store.version(":.c:s", 2)["guid"], guid);
  assertEquals(store.idsOfGuid(guid), [{ context: ".", id: 1 }, { context: ".c", id: 2 }]);
  assertEquals(store.schemaByGuid(guid.toUpperCase()), {
    guid,
    schemaType: "AVRO",
    schema: '"int"',
  });
  for (const unknown of ["", "x", guid.replaceAll(/[0-9a-f]/g, "0")]) {
    assertEquals(codeOf(() => store.schemaByGuid(unknown)), 40403, unknown);
  }
});
