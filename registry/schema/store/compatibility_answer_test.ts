import { assertEquals, assertStringIncludes } from "@std/assert";
import { readConfigUpdate } from "./config.ts";
import { avro, codeOf, Registry } from "./harness_test.ts";
import type { JsonObject } from "./json.ts";
import { readSchemaRequest } from "./request.ts";

const ONE = avro("R", "a:int");
const TWO = avro("R", "a:int", "b:int?");
const BREAKS = avro("R", "a:int", "must:string");

function setUp(compatibility = "BACKWARD"): Registry {
  const registry = new Registry();
  registry.put("s", ONE);
  registry.put("s", TWO);
  registry.write(registry.store.decideSetConfig("s", readConfigUpdate({ compatibility })));
  return registry;
}

function test(registry: Registry, version: number | null, body: JsonObject, subject = "s") {
  return registry.store.compatibility(subject, version, readSchemaRequest(body)).is_compatible;
}

Deno.test("compatibility() compares with one version, with the latest, or with what the level names", () => {
  const registry = setUp();
  // `b` without a default can be read where it was written: in version 2.
  const fields = [{ name: "a", type: "int" }, { name: "b", type: ["null", "int"] }];
  const body = { schema: JSON.stringify({ type: "record", name: "R", fields }) };
  assertEquals([1, 2, -1, null].map((version) => test(registry, version, body)), [
    ...[false, true, true, true],
  ]);
  const transitive = setUp("BACKWARD_TRANSITIVE");
  assertEquals([1, 2, -1, null].map((version) => test(transitive, version, body)), [
    ...[false, true, true, false],
  ]);
});

Deno.test("compatibility() with a version or a subject that isn't there is 40402, with latest it is true", () => {
  const registry = setUp();
  assertEquals(codeOf(() => test(registry, 3, ONE)), 40402);
  assertEquals(codeOf(() => test(registry, 1, ONE, "unknown")), 40402);
  assertEquals(test(registry, -1, ONE, "unknown"), true);
  assertEquals(test(registry, null, ONE, "unknown"), true);
});

Deno.test("compatibility() never counts soft-deleted versions", () => {
  const registry = setUp("BACKWARD_TRANSITIVE");
  registry.write(registry.store.decideDeleteVersion("s", 2));
  assertEquals(codeOf(() => test(registry, 2, ONE)), 40402);
  registry.write(registry.store.decideDeleteVersion("s", 1));
  assertEquals(test(registry, null, BREAKS), true);
  assertEquals(test(registry, -1, BREAKS), true);
});

Deno.test("compatibility() is true at level NONE", () => {
  assertEquals(test(setUp("NONE"), null, { schema: '"int"' }), true);
});

Deno.test("compatibility() goes both ways at level FULL, and only the other way at FORWARD", () => {
  assertEquals(test(setUp("FORWARD"), null, BREAKS), true);
  assertEquals(test(setUp("FULL"), null, BREAKS), false);
  const without = avro("R", "b:int?");
  assertEquals(test(setUp("FORWARD"), null, without), false);
  assertEquals(test(setUp("BACKWARD"), null, without), true);
});

Deno.test("compatibility() of another kind of schema is false, but at NONE", () => {
  const json = { schema: '{"type":"object"}', schemaType: "JSON" };
  assertEquals(test(setUp(), null, json), false);
  assertEquals(test(setUp("NONE"), null, json), true);
});

Deno.test("verbose answers say why, against which version, and under which config", () => {
  const { store } = setUp();
  const verbose = { verbose: true };
  const { is_compatible, messages } = store.compatibility(
    "s",
    null,
    readSchemaRequest(BREAKS),
    verbose,
  );
  assertEquals(is_compatible, false);
  assertStringIncludes(
    messages![0]!,
    "{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', description:'",
  );
  assertEquals(messages!.slice(-3, -2), ["{oldSchemaVersion: 2}"]);
  assertStringIncludes(messages!.at(-2)!, '{oldSchema: \'{"type":"record"');
  assertEquals(messages!.at(-1), "{validateFields: 'false', compatibility: 'BACKWARD'}");
  assertEquals(store.compatibility("s", null, readSchemaRequest(TWO), verbose), {
    is_compatible: true,
  });
});

Deno.test("a long schema is quoted up to 10 KiB", () => {
  const registry = new Registry();
  registry.put("s", { schema: JSON.stringify({ type: "int", note: "x".repeat(20_000) }) });
  const { messages } = registry.store.compatibility(
    "s",
    1,
    readSchemaRequest({ schema: '"string"' }),
    { verbose: true },
  );
  assertEquals(messages!.at(-2)!.length, "{oldSchema: ''}".length + 10 * 1024);
});

Deno.test("an unreadable candidate is 42201, or verbosely not compatible", () => {
  const { store } = setUp();
  const request = readSchemaRequest({ schema: '{"type":"record"}' });
  assertEquals(codeOf(() => store.compatibility("s", null, request)), 42201);
  const answer = store.compatibility("s", null, request, { verbose: true });
  assertEquals([answer.is_compatible, answer.messages?.length], [false, 1]);
});

Deno.test("an unreadable version stands in the way, and says so", () => {
  const registry = new Registry();
  registry.foreign({ keytype: "SCHEMA", subject: "s", version: 1, magic: 1 }, {
    ...{ subject: "s", version: 1, id: 1, schema: "{", deleted: false },
  });
  const { messages } = registry.store.compatibility("s", null, readSchemaRequest(ONE), {
    verbose: true,
  });
  assertStringIncludes(messages![0]!, "UNREADABLE_SCHEMA");
});

Deno.test("reasons say which of the schemas reads", () => {
  const { store } = setUp("FULL");
  const request = readSchemaRequest(avro("R", "must:string"));
  const { messages } = store.compatibility("s", null, request, { verbose: true });
  assertStringIncludes(messages![0]!, "at path '/fields/0' of the new schema, which reads");
  assertStringIncludes(messages![1]!, "at path '/fields/0' of the old schema, which reads");
});
