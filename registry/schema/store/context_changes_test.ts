import { assertEquals } from "@std/assert";
import { readConfigUpdate } from "./config.ts";
import { codeOf, Registry } from "./harness_test.ts";

const INT = { schema: '"int"' };

Deno.test("contexts() lists the default one and those with schemas or an announcement", () => {
  const registry = new Registry();
  const { store } = registry;
  assertEquals(store.contexts(), ["."]);
  registry.put(":.b:s", INT);
  registry.foreign({ keytype: "CONTEXT", tenant: "default", context: ".a", magic: 0 }, {
    tenant: "default",
    context: ".a",
  });
  assertEquals(store.contexts(), [".", ".a", ".b"]);
  assertEquals(store.contexts({ contextPrefix: ".b" }), [".b"]);
  assertEquals(store.contexts({ offset: 1, limit: 1 }), [".a"]);
});

Deno.test("an empty context can be deleted, with its config and mode", () => {
  const registry = new Registry();
  const { store } = registry;
  registry.put(":.c:s", INT);
  registry.write(store.decideSetConfig(":.c:", readConfigUpdate({ compatibility: "FULL" })));
  assertEquals(codeOf(() => store.decideDeleteContext(".c")), 42211);
  registry.write(store.decideDeleteSubject(":.c:s"));
  assertEquals(codeOf(() => store.decideDeleteContext(".c")), 42211);
  registry.write(store.decideDeleteSubject(":.c:s", { permanent: true }));
  assertEquals(registry.write(store.decideDeleteContext(".c")), null);
  assertEquals(store.contexts(), ["."]);
  assertEquals(codeOf(() => store.config(":.c:")), 40408);
  assertEquals(registry.restarted(true).contexts(), ["."]);
  assertEquals(registry.put(":.c:s", INT), [2, 1]);
});

Deno.test("a context that isn't there, has a bad name or is the default one can't be deleted", () => {
  const { store } = new Registry();
  assertEquals(codeOf(() => store.decideDeleteContext(".c")), 404);
  assertEquals(codeOf(() => store.decideDeleteContext("c")), 400);
  assertEquals(codeOf(() => store.decideDeleteContext(".")), 42205);
});
