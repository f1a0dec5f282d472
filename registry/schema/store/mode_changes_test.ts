import { assertEquals } from "@std/assert";
import { avro, codeOf, Registry } from "./harness_test.ts";
import { type Mode, readMode } from "./mode.ts";

const INT = { schema: '"int"' };

function set(registry: Registry, scope: string | null, mode: Mode, force = false) {
  return registry.write(registry.store.decideSetMode(scope, mode, { force }));
}

Deno.test("readMode() takes the modes, and refuses others with 42204", () => {
  assertEquals(readMode({ mode: "READWRITE" }), "READWRITE");
  assertEquals(readMode({ mode: "readonly" }), "READONLY");
  assertEquals(codeOf(() => readMode({ mode: "WRITEONLY" })), 42204);
  assertEquals(codeOf(() => readMode({})), 42204);
  assertEquals(codeOf(() => readMode({ mode: 1 })), 42204);
  assertEquals(codeOf(() => readMode([])), 422);
  assertEquals(codeOf(() => readMode({ mode: "IMPORT", x: 1 })), 422);
});

Deno.test("the mode is READWRITE until another is set, for a subject or for all", () => {
  const registry = new Registry();
  const { store } = registry;
  assertEquals(store.mode(null), { mode: "READWRITE" });
  assertEquals(codeOf(() => store.mode("s")), 40409);
  assertEquals(store.mode("s", { defaultToGlobal: true }), { mode: "READWRITE" });
  assertEquals(set(registry, null, "READONLY"), { mode: "READONLY" });
  assertEquals(store.mode("s", { defaultToGlobal: true }), { mode: "READONLY" });
  set(registry, "s", "READWRITE");
  assertEquals(store.mode("s"), { mode: "READWRITE" });
  assertEquals(registry.texts().at(-1), [
    '{"keytype":"MODE","subject":"s","magic":0}',
    '{"subject":"s","mode":"READWRITE"}',
  ]);
});

Deno.test("a context's mode holds for its subjects, the global context's for all", () => {
  const registry = new Registry();
  const mode = (scope: string) => registry.store.mode(scope, { defaultToGlobal: true }).mode;
  set(registry, ":.c:", "READONLY");
  assertEquals([mode(":.c:s"), mode("s")], ["READONLY", "READWRITE"]);
  set(registry, ":.__GLOBAL:", "READONLY");
  assertEquals([mode(":.d:s"), mode("s")], ["READONLY", "READONLY"]);
  set(registry, null, "READWRITE");
  assertEquals([mode(":.d:s"), mode("s")], ["READONLY", "READWRITE"]);
});

Deno.test("READONLY_OVERRIDE lies above the modes of subjects", () => {
  const registry = new Registry();
  set(registry, "s", "READWRITE");
  set(registry, null, "READONLY_OVERRIDE");
  assertEquals(codeOf(() => registry.register("s", INT)), 42205);
  assertEquals(registry.store.mode("s", { defaultToGlobal: true }).mode, "READONLY_OVERRIDE");
  set(registry, null, "READWRITE");
  assertEquals(registry.put("s", INT), [1, 1]);
});

Deno.test("modes stay as they are where the settings say so", () => {
  const { store } = new Registry({ modeMutability: false });
  assertEquals(codeOf(() => store.decideSetMode(null, "READONLY")), 42205);
  assertEquals(codeOf(() => store.decideDeleteMode(null)), 42205);
});

Deno.test("FORWARD is for the whole registry alone", () => {
  const registry = new Registry();
  assertEquals(codeOf(() => set(registry, "s", "FORWARD")), 42204);
  assertEquals(set(registry, null, "FORWARD"), { mode: "FORWARD" });
});

Deno.test("IMPORT needs a scope without live schemas, or force", () => {
  const registry = new Registry();
  registry.put("s", INT);
  registry.put(":.c:s", INT);
  assertEquals(codeOf(() => set(registry, null, "IMPORT")), 42205);
  assertEquals(codeOf(() => set(registry, "s", "IMPORT")), 42205);
  assertEquals(codeOf(() => set(registry, ":.c:", "IMPORT")), 42205);
  assertEquals(codeOf(() => set(registry, ":.__GLOBAL:", "IMPORT")), 42205);
  assertEquals(set(registry, "t", "IMPORT"), { mode: "IMPORT" });
  assertEquals(set(registry, null, "IMPORT", true), { mode: "IMPORT" });
  assertEquals(registry.store.subjects(), [":.c:s", "s"]);
  // It is on already: nothing to refuse.
  assertEquals(set(registry, null, "IMPORT"), { mode: "IMPORT" });
});

Deno.test("IMPORT takes soft-deleted versions of its scope away for good", () => {
  const registry = new Registry();
  registry.put("s", INT);
  registry.put(":.c:s", INT);
  registry.write(registry.store.decideDeleteSubject("s"));
  registry.write(registry.store.decideDeleteSubject(":.c:s"));
  const before = registry.topic.length;
  set(registry, null, "IMPORT");
  assertEquals(registry.texts(before), [
    ['{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}', null],
    ['{"keytype":"CLEAR_SUBJECT","subject":"s","magic":0}', '{"subject":"s"}'],
    ['{"keytype":"MODE","magic":0}', '{"mode":"IMPORT"}'],
  ]);
  assertEquals(registry.store.subjects({ deleted: true }), [":.c:s"]);
});

Deno.test("IMPORT keeps away from what something outside of its scope refers to", () => {
  const registry = new Registry();
  registry.put("base", avro("Base", "a:int"));
  registry.put(":.c:user", {
    ...avro("User", "base:Base"),
    references: [{ name: "Base", subject: ":.:base", version: 1 }],
  });
  registry.write(registry.store.decideDeleteSubject(":.c:user"));
  registry.write(registry.store.decideDeleteSubject("base"));
  assertEquals(codeOf(() => set(registry, null, "IMPORT")), 42206);
  set(registry, ":.__GLOBAL:", "IMPORT");
  assertEquals(registry.store.subjects({ deleted: true }), []);
});

Deno.test("deleting a mode answers what it was; a subject without one is 40401", () => {
  const registry = new Registry();
  const { store } = registry;
  set(registry, "s", "READONLY");
  assertEquals(registry.write(store.decideDeleteMode("s")), { mode: "READONLY" });
  assertEquals(codeOf(() => store.decideDeleteMode("s")), 40401);
  assertEquals(registry.write(store.decideDeleteMode(null)), { mode: "READWRITE" });
});

Deno.test("deleting a context's mode recursively clears those of its subjects", () => {
  const registry = new Registry();
  const { store } = registry;
  for (const scope of [":.c:", ":.c:s", ":.d:s", "s", null]) set(registry, scope, "READONLY");
  registry.write(store.decideDeleteMode(":.c:", { recursive: true }));
  assertEquals(codeOf(() => store.mode(":.c:s")), 40409);
  assertEquals(store.mode(":.d:s"), { mode: "READONLY" });
  registry.write(store.decideDeleteMode(null, { recursive: true }));
  assertEquals(codeOf(() => store.mode("s")), 40409);
  assertEquals(store.mode(":.d:s"), { mode: "READONLY" });
});

Deno.test("a mode may be changed in mode READONLY", () => {
  const registry = new Registry();
  set(registry, null, "READONLY");
  set(registry, null, "READWRITE");
  assertEquals(registry.put("s", INT), [1, 1]);
});
