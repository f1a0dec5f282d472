import { assertEquals, assertStringIncludes } from "@std/assert";
import { KafkaClient, RecordReader } from "../../kafka/mod.ts";
import { records, type RestWorld, startRestWorld } from "../testing/rest_world_test.ts";

Deno.test("POST /topics", async (t) => {
  await using world = await startRestWorld();
  const { ask, refused, registry } = world;
  await using client = closing(
    new KafkaClient({
      bootstrap: [world.broker.bootstrap],
      clientId: "test",
    }),
  );
  const reader = new RecordReader(client);
  async function bytesOf(topic: string) {
    const { records } = await reader.fetchRecords(topic, 0, { offset: 0 });
    return records.map(({ key, value }) => [key && [...key], value && [...value]]);
  }
  async function textOf(topic: string) {
    const { records } = await reader.fetchRecords(topic, 0, { offset: 0 });
    return records.map(({ value }) => new TextDecoder().decode(value!));
  }

  await t.step("JSON is written compact, its numbers as they were", async () => {
    const body = '{"records":[{"key":"k","value":{ "n": 12345678901234567890, "u": "\\u00e9" }}]}';
    const told = await ask("POST", "/topics/json", { type: records("json"), body });
    assertEquals([told.status, told.type], [200, "application/vnd.kafka.v2+json"]);
    assertEquals(told.json, {
      offsets: [{ partition: 0, offset: 0, error_code: null, error: null }],
      key_schema_id: null,
      value_schema_id: null,
    });
    assertEquals(await textOf("json"), ['{"n":12345678901234567890,"u":"é"}']);
  });

  await t.step("missing and null keys and values are no bytes", async () => {
    const body = { records: [{ key: null, value: "YQ==" }, { key: "" }, { value: null }] };
    await ask("POST", "/topics/binary", { type: records("binary"), body });
    assertEquals(await bytesOf("binary"), [[null, [97]], [[], null], [null, null]]);
  });

  await t.step("Avro, JSON Schema and Protobuf go behind the id of their schema", async () => {
    const cases = [
      ["avro", '["null","string"]', { string: "a" }, [2, 2, 97]],
      ["jsonschema", '{"type":"string"}', "a", [34, 97, 34]],
      ["protobuf", 'syntax = "proto3"; message M { string s = 1; }', { s: "a" }, [0, 10, 1, 97]],
    ] as const;
    for (const [format, schema, value, expected] of cases) {
      const first = await ask("POST", `/topics/s-${format}`, {
        type: records(format),
        body: { value_schema: schema, records: [{ value }, { value: null }] },
      });
      const id = first.json.value_schema_id;
      const second = await ask("POST", `/topics/s-${format}`, {
        type: records(format),
        body: { value_schema_id: id, value_schema: "the id wins", records: [{ value }] },
      });
      assertEquals(second.json.value_schema_id, id);
      const bytes = [0, 0, 0, 0, id, ...expected];
      assertEquals(await bytesOf(`s-${format}`), [[null, bytes], [null, null], [null, bytes]]);
    }
  });

  await t.step("keys have a schema of their own", async () => {
    const body = {
      key_schema: '"string"',
      value_schema: '"int"',
      records: [{ key: "k", value: 3 }],
    };
    const { json } = await ask("POST", "/topics/keyed", { type: records("avro"), body });
    assertEquals(json.key_schema_id === json.value_schema_id, false);
    assertEquals(await bytesOf("keyed"), [
      [[0, 0, 0, 0, json.key_schema_id, 2, 107], [0, 0, 0, 0, json.value_schema_id, 6]],
    ]);
  });

  await t.step("a record that fails leaves the others alone, with status 200", async () => {
    const body = {
      records: [{ value: 1, partition: 0 }, { value: 2, partition: 9 }, { value: 3 }],
    };
    const { status, json } = await ask("POST", "/topics/some", { type: records("json"), body });
    assertEquals(status, 200);
    const [first, second, third] = json.offsets;
    assertEquals([first.offset, third.offset], [0, 1]);
    assertEquals([second.partition, second.offset, second.error_code], [null, null, 50002]);
    assertStringIncludes(second.error, "partition 9");
  });

  await t.step("a record's partition wins over the path's", async () => {
    const path = "/topics/some/partitions/7";
    const body = { records: [{ value: 1 }, { value: 2, partition: 0 }] };
    const { json } = await ask("POST", path, { type: records("json"), body });
    assertEquals(json.offsets.map((one: { partition: number }) => one.partition), [null, 0]);
  });

  await t.step("bad requests are refused by their codes", async () => {
    await refuseBadRequests(world);
  });

  await t.step("a schema is not registered for what can't be a topic", async () => {
    const before = registry.requests.length;
    const body = { value_schema: '"int"', records: [{ value: 1 }] };
    for (const name of ["..", "%00", "a%2Fb", "x".repeat(10_000), "%C3%A9"]) {
      const path = name === ".." ? "/topics/..%2F" : `/topics/${name}`;
      await refused("POST", path, [404, 40401], { type: records("avro"), body });
    }
    assertEquals(registry.requests.length, before);
  });

  await t.step("without a registry 503 is told, and all is well when it is back", async () => {
    registry.broken = 503;
    const ask503 = { type: records("avro"), body: { value_schema_id: 1, records: [{ value: 1 }] } };
    const avro = { ...ask503, body: { ...ask503.body, value_schema_id: 999 } };
    await refused("POST", "/topics/gone", [503, 50302], avro);
    registry.broken = null;
    await refused("POST", "/topics/gone", [422, 42205], avro);
  });
  assertEquals(world.bugs, []);
});

async function refuseBadRequests({ refused, registry }: RestWorld): Promise<void> {
  const json = records("json"), avro = records("avro"), binary = records("binary");
  const incompatible = '{"type":"record","name":"Incompatible","fields":[]}';
  const protobufId = registry.add("p", {
    schemaType: "PROTOBUF",
    schema: 'syntax = "proto3"; message M {}',
  });
  const one = [{ value: 1 }];
  const cases: readonly [[number, number], string | null, unknown][] = [
    [[415, 415], "application/json", { records: one }],
    [[415, 415], "application/vnd.kafka.v2+json", { records: one }],
    [[415, 415], "text/plain", { records: one }],
    [[400, 400], json, '{"records":['],
    [[400, 400], json, `${"[".repeat(100_000)}12345678901234567890${"]".repeat(100_000)}`],
    [[422, 422], json, ""],
    [[422, 422], json, "null"],
    [[422, 422], json, "7"],
    [[422, 422], json, []],
    [[422, 422], json, {}],
    [[422, 422], json, { records: [] }],
    [[422, 422], json, { records: [3] }],
    [[422, 422], json, { records: one, more: 1 }],
    [[422, 422], json, { records: [{ value: 1, headers: [] }] }],
    [[422, 422], json, { records: [{ value: 1, partition: -1 }] }],
    [[422, 422], json, { records: [{ value: 1, partition: 2 ** 31 }] }],
    [[422, 422], json, { records: [{ value: 1, partition: "0" }] }],
    [[400, 400], binary, { records: [{ value: "!" }] }],
    [[400, 400], binary, { records: [{ value: 7 }] }],
    [[422, 42201], avro, { value_schema: '"int"', records: [{ key: 1, value: 1 }] }],
    [[422, 42202], avro, { records: one }],
    [[422, 42203], avro, { value_schema: '"int"', records: [{ value: 2 ** 31 }] }],
    [[422, 42203], avro, { value_schema: '"int"', records: [{ value: "1" }] }],
    [[422, 42203], avro, '{"value_schema":"\\"long\\"","records":[{"value":9223372036854775808}]}'],
    [[422, 42203], avro, '{"value_schema":"\\"double\\"","records":[{"value":1e400}]}'],
    [[422, 42205], avro, { value_schema: '"nope"', records: one }],
    [[422, 42205], avro, { value_schema: "{", records: one }],
    [[422, 42205], avro, { value_schema: incompatible, records: one }],
    [[422, 42205], avro, { value_schema_id: 424242, records: one }],
    [[422, 42205], avro, { value_schema_id: protobufId, records: one }],
    [[422, 422], avro, { value_schema_id: "1", records: one }],
    [[422, 422], avro, { value_schema: 1, records: one }],
  ];
  for (const [codes, type, body] of cases) {
    await refused("POST", "/topics/bad", codes, { type, body });
  }
  await refused("POST", "/topics/bad", [415, 415], { type: null, body: new Date() });
  await refused("POST", "/topics/bad", [406, 406], {
    type: json,
    body: { records: one },
    accept: "text/html",
  });
  await refused("POST", "/topics/bad/partitions/x", [404, 404], { type: json, body: {} });
  await refused("POST", "/topics/bad/partitions/-1", [404, 40402], { type: json, body: {} });
  await refused("PUT", "/topics/bad", [405, 405]);
}

function closing(client: KafkaClient): KafkaClient & AsyncDisposable {
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}
