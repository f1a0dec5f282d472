import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { TinyRegistry } from "../testing/tiny_registry_test.ts";
import { framedValue } from "./registered_schema.ts";
import { RegistryClient } from "./registry_client.ts";
import { SchemaSource } from "./schema_source.ts";
import { SchemaSourceError } from "./schema_source_error.ts";

function sourceOf(urls: readonly string[], latestMs = 60_000): SchemaSource {
  return new SchemaSource({
    registry: new RegistryClient({ urls, authorization: null, timeoutMs: 5000 }),
    entriesMax: 100,
    latestMs,
  });
}

async function reasonOf(call: Promise<unknown>): Promise<string> {
  return (await assertRejects(() => call, SchemaSourceError)).reason;
}

Deno.test("a schema is asked for once, however many want it at a time", async () => {
  await using registry = await TinyRegistry.start();
  const id = registry.add("s", { schema: '"long"' });
  const source = sourceOf([registry.url]);
  assertEquals(source.cachedById(id), null);
  const [one, two] = await Promise.all([source.byId(id), source.byId(id)]);
  assertEquals(one === two, true);
  assertEquals(source.cachedById(id) === one, true);
  await source.byId(id);
  assertEquals(registry.requests, [`GET /schemas/ids/${id}`]);
  assertEquals([...one!.encode(1n << 40n)], [0, 0, 0, 0, id, 128, 128, 128, 128, 128, 64]);
});

Deno.test("references are read with what they refer to, Protobuf's among them", async () => {
  await using registry = await TinyRegistry.start();
  registry.add("base", { schema: '{"type":"record","name":"a.Id","fields":[]}' });
  registry.add("mid", {
    schema: '{"type":"record","name":"a.Mid","fields":[{"name":"id","type":"a.Id"}]}',
    references: [{ name: "a.Id", subject: "base", version: 1 }],
  });
  const id = registry.add("top", {
    schema: '{"type":"record","name":"a.Top","fields":[{"name":"mid","type":"a.Mid"}]}',
    references: [{ name: "a.Mid", subject: "mid", version: 1 }],
  });
  const { schema } = await sourceOf([registry.url]).byId(id);
  assertEquals(schema.recordName, "a.Top");
  assertEquals([...schema.datum().encode({ mid: { id: {} } })], []);

  registry.add("other.proto", {
    schemaType: "PROTOBUF",
    schema: 'syntax = "proto3"; message Inner { int32 n = 1; }',
  });
  const outer = registry.add("outer", {
    schemaType: "PROTOBUF",
    schema: 'syntax = "proto3"; import "other.proto"; message Outer { Inner inner = 1; }',
    references: [{ name: "other.proto", subject: "other.proto", version: 1 }],
  });
  const found = await sourceOf([registry.url]).byId(outer);
  assertEquals([...found.encode({ inner: { n: 7 } })], [0, 0, 0, 0, outer, 0, 10, 2, 8, 7]);
});

Deno.test("a schema that refers to itself is refused", async () => {
  await using registry = await TinyRegistry.start();
  const id = registry.add("loop", {
    schema: '{"type":"record","name":"A","fields":[]}',
    references: [{ name: "A", subject: "loop", version: 1 }],
  });
  const error = await assertRejects(() => sourceOf([registry.url]).byId(id), SchemaSourceError);
  assertEquals(error.reason, "invalid");
  assertStringIncludes(error.message, "refers to itself");
});

Deno.test("a text is looked up first and registered only where it is missing", async () => {
  await using registry = await TinyRegistry.start();
  const source = sourceOf([registry.url]);
  const text = { subject: "a/b-value", type: "AVRO", text: '"int"' } as const;
  const first = await source.byText(text);
  assertEquals([first.id, first.subject, first.version], [1, "a/b-value", 1]);
  await source.byText(text);
  assertEquals(registry.requests, [
    "POST /subjects/a%2Fb-value",
    "POST /subjects/a%2Fb-value/versions",
    "POST /subjects/a%2Fb-value",
  ]);
  await sourceOf([registry.url]).byText(text);
  assertEquals(registry.requests.length, 4);
});

Deno.test("versions are kept, the latest one for a while", async () => {
  await using registry = await TinyRegistry.start();
  const source = sourceOf([registry.url], 0);
  registry.add("s", { schema: '"int"' });
  assertEquals((await source.latest("s")).version, 1);
  registry.add("s", { schema: '"long"' });
  assertEquals((await source.latest("s")).version, 2);
  assertEquals((await source.byVersion("s", 1)).schema.canonicalText, '"int"');
  const asked = registry.requests.length;
  await source.byVersion("s", 1);
  assertEquals(registry.requests.length, asked);
  const patient = sourceOf([registry.url]);
  await patient.latest("s");
  await patient.latest("s");
  assertEquals(registry.requests.length, asked + 1);
});

Deno.test("each problem has its reason", async () => {
  await using registry = await TinyRegistry.start();
  const source = sourceOf([registry.url]);
  assertEquals(await reasonOf(source.byId(77)), "unknown");
  assertEquals(await reasonOf(source.byId(-1)), "unknown");
  assertEquals(await reasonOf(source.byId(1.5)), "unknown");
  assertEquals(await reasonOf(source.byVersion("s", 1)), "unknown");
  assertEquals(await reasonOf(source.latest("s")), "unknown");
  const subject = "s", type = "AVRO";
  assertEquals(await reasonOf(source.byText({ subject, type, text: "{" })), "invalid");
  const incompatible = '{"type":"record","name":"Incompatible","fields":[]}';
  assertEquals(await reasonOf(source.byText({ subject, type, text: incompatible })), "invalid");
  registry.add("none", { schemaType: "PROTOBUF", schema: 'syntax = "proto3";' });
  const empty = await source.byId(1);
  assertEquals(await reasonOf(Promise.try(() => empty.encode({}))), "invalid");
  registry.broken = 500;
  assertEquals(await reasonOf(source.byId(2)), "unreachable");
  registry.broken = 401;
  assertEquals(await reasonOf(source.byId(2)), "unreachable");
  assertEquals(await reasonOf(sourceOf([]).byId(2)), "unreachable");
});

Deno.test("of several registries the next is asked, and asked first from then on", async () => {
  await using down = await TinyRegistry.start();
  await using up = await TinyRegistry.start();
  down.broken = 503;
  up.add("s", { schema: '"int"' });
  up.add("s", { schema: '"long"' });
  const source = sourceOf([down.url, up.url]);
  await source.byId(1);
  await source.byId(2);
  assertEquals([down.requests.length, up.requests.length], [1, 2]);
});

Deno.test("a registry that never answers is given up", async () => {
  const server = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const registry = new RegistryClient({
    urls: [`http://127.0.0.1:${server.addr.port}`],
    authorization: null,
    timeoutMs: 50,
  });
  const error = await assertRejects(() => registry.request("GET", "/x"), SchemaSourceError);
  assertStringIncludes(error.message, "does not answer in time");
  server.close();
});

Deno.test("a value's schema is named by its first bytes, or by a header", async () => {
  const guid = [...new Array(15).fill(0), 7];
  const bytes = new Uint8Array([0, 0, 0, 0, 9, 1, 2]);
  assertEquals(framedValue(bytes, null), { key: 9, value: new Uint8Array([1, 2]) });
  const byGuid = framedValue(bytes, new Uint8Array([1, ...guid]))!;
  assertEquals(byGuid, { key: "00000000-0000-0000-0000-000000000007", value: bytes });
  const withIndexes = framedValue(bytes, new Uint8Array([1, ...guid, 2, 4]))!;
  assertEquals([...withIndexes.value], [2, 4, ...bytes]);
  assertEquals(framedValue(new Uint8Array([1, 2, 3]), null), null);
  assertEquals(framedValue(new Uint8Array([0, 0xff, 0, 0, 0]), null), null);

  await using registry = await TinyRegistry.start();
  registry.add("s", { schema: '"int"' });
  const source = sourceOf([registry.url]);
  const key = "00000000-0000-0000-0000-000000000001";
  assertEquals((await source.byKey(key)).decode(new Uint8Array([6])), 3);
  assertEquals(source.cachedByKey(key)?.type, "AVRO");
  assertEquals(await reasonOf(source.byKey("00000000-0000-0000-0000-000000000002")), "unknown");
});
