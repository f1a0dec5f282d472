import { assertEquals } from "@std/assert";
import { readConfigUpdate } from "./config.ts";
import { codeOf, Registry } from "./harness_test.ts";

function set(registry: Registry, scope: string | null, body: unknown) {
  return registry.write(registry.store.decideSetConfig(scope, readConfigUpdate(body)));
}

Deno.test("what is set as compatibility is read as compatibilityLevel", () => {
  const registry = new Registry();
  assertEquals(set(registry, null, { compatibility: "FULL" }), { compatibility: "FULL" });
  assertEquals(registry.store.config(null), { compatibilityLevel: "FULL" });
  assertEquals(registry.texts(), [[
    '{"keytype":"CONFIG","magic":0}',
    '{"compatibilityLevel":"FULL"}',
  ]]);
});

Deno.test("levels may be written in lower case; what is none is 42203", () => {
  assertEquals(readConfigUpdate({ compatibility: "forward_transitive" }), {
    compatibilityLevel: "FORWARD_TRANSITIVE",
  });
  assertEquals(codeOf(() => readConfigUpdate({ compatibility: "SIDEWAYS" })), 42203);
  assertEquals(codeOf(() => readConfigUpdate({ compatibilityPolicy: "KIND" })), 42203);
});

Deno.test("a body is refused with 422 naming the field, a bad rule set with 42210", () => {
  for (
    const body of [null, "FULL", { compatibilityLevel: "FULL" }, { compatibility: 1 }, {
      normalize: "yes",
    }, { defaultMetadata: [] }]
  ) assertEquals(codeOf(() => readConfigUpdate(body)), 422, JSON.stringify(body));
  assertEquals(codeOf(() => readConfigUpdate({ colour: "red" }, true)), 0);
  assertEquals(codeOf(() => readConfigUpdate({ defaultRuleSet: { domainRules: [{}] } })), 42210);
});

Deno.test("a config that isn't set is 40408 unless it may fall back", () => {
  const registry = new Registry();
  assertEquals(codeOf(() => registry.store.config("s")), 40408);
  assertEquals(registry.store.config("s", { defaultToGlobal: true }), {
    compatibilityLevel: "BACKWARD",
  });
});

Deno.test("an absent field stays, a null one is cleared", () => {
  const registry = new Registry();
  set(registry, "s", { compatibility: "FULL", normalize: true, compatibilityGroup: "major" });
  assertEquals(set(registry, "s", { normalize: false }), { normalize: false });
  set(registry, "s", { compatibilityGroup: null });
  assertEquals(registry.store.config("s"), { compatibilityLevel: "FULL", normalize: false });
  set(registry, "s", { compatibility: null });
  set(registry, null, { compatibility: "NONE" });
  assertEquals(registry.store.config("s"), { compatibilityLevel: "NONE", normalize: false });
});

Deno.test("a subject's config is completed from its context, the global context and the settings", () => {
  const registry = new Registry({ compatibilityLevel: "FULL" });
  const { store } = registry;
  const whole = { defaultToGlobal: true };
  set(registry, ":.__GLOBAL:", { validateFields: true, compatibility: "FORWARD" });
  assertEquals(store.config("s", whole), { compatibilityLevel: "FORWARD", validateFields: true });
  set(registry, null, { normalize: true });
  set(registry, ":.c:", { compatibilityPolicy: "LENIENT" });
  set(registry, "s", { compatibility: "NONE" });
  assertEquals(store.config("s"), {
    compatibilityLevel: "NONE",
    normalize: true,
    validateFields: true,
  });
  assertEquals(store.config(":.c:s", whole), {
    compatibilityLevel: "FORWARD",
    validateFields: true,
    compatibilityPolicy: "LENIENT",
  });
  assertEquals(store.config(":.c:"), store.config(":.c:s", whole));
  const fresh = new Registry({ compatibilityLevel: "FULL" });
  assertEquals(fresh.store.config(null), { compatibilityLevel: "FULL" });
});

Deno.test("aliases, metadata and rules of a scope aren't mixed into a subject's own config", () => {
  const registry = new Registry();
  const defaultMetadata = { properties: { a: "1" } };
  set(registry, null, { defaultMetadata });
  assertEquals(registry.store.config("t", { defaultToGlobal: true }), {
    compatibilityLevel: "BACKWARD",
    defaultMetadata,
  });
  set(registry, "s", { normalize: true });
  assertEquals(registry.store.config("s"), { compatibilityLevel: "BACKWARD", normalize: true });
});

Deno.test("deleting a config answers what it was; a subject without one is 40401", () => {
  const registry = new Registry();
  const { store } = registry;
  set(registry, "s", { compatibility: "FULL" });
  assertEquals(registry.write(store.decideDeleteConfig("s")), { compatibilityLevel: "FULL" });
  assertEquals(codeOf(() => store.decideDeleteConfig("s")), 40401);
  set(registry, null, { compatibility: "NONE" });
  assertEquals(registry.write(store.decideDeleteConfig(null)), { compatibilityLevel: "NONE" });
  assertEquals(store.config(null), { compatibilityLevel: "BACKWARD" });
  const { records, result } = store.decideDeleteConfig(null);
  assertEquals([records, result], [[], { compatibilityLevel: "BACKWARD" }]);
});

Deno.test("READONLY refuses changes of configs with 42205", () => {
  const registry = new Registry();
  registry.write(registry.store.decideSetMode("s", "READONLY"));
  assertEquals(codeOf(() => set(registry, "s", { compatibility: "FULL" })), 42205);
  assertEquals(codeOf(() => registry.store.decideDeleteConfig("s")), 42205);
  set(registry, "t", { compatibility: "FULL" });
  registry.write(registry.store.decideSetMode(null, "READONLY"));
  assertEquals(codeOf(() => set(registry, null, { compatibility: "FULL" })), 42205);
});

Deno.test("only a subject can be an alias", () => {
  const registry = new Registry();
  assertEquals(codeOf(() => set(registry, null, { alias: "t" })), 422);
  assertEquals(codeOf(() => set(registry, ":.c:", { alias: "t" })), 422);
  assertEquals(codeOf(() => set(registry, "t", { alias: "t" })), 422);
});

Deno.test("a scope is checked as a subject is, but the global context has a config", () => {
  const registry = new Registry();
  assertEquals(codeOf(() => set(registry, "__EMPTY", { compatibility: "FULL" })), 42208);
  set(registry, ":.:", { compatibility: "FULL" });
  assertEquals(registry.store.config(null), { compatibilityLevel: "FULL" });
});
