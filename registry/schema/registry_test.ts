/** A registry as a whole: its start, its topic, its broker gone and back. */
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { gunzipSync } from "node:zlib";
import { BatchingProducer, createTopic, KafkaClient } from "../kafka/mod.ts";
import { ask, avro, Caller, ID, testBroker, testRegistry } from "./harness_test.ts";
import { startRegistry } from "./registry.ts";

Deno.test("what was registered is there after a restart", async () => {
  await using broker = await testBroker();
  const body = { schema: avro("Kept", ID) };
  {
    await using first = await testRegistry(broker);
    const { id } = await new Caller(first.urls[0]!).is(
      200,
      "POST",
      "/subjects/kept/versions",
      body,
    );
    assertEquals(id, 1);
  }
  await using second = await testRegistry(broker);
  const { is } = bound(second.urls[0]!);
  assertEquals((await is(200, "GET", "/subjects/kept/versions/1")).id, 1);
  const other = { schema: avro("Other", ID) };
  assertEquals((await is(200, "POST", "/subjects/other/versions", other)).id, 2);
});

function bound(url: string) {
  const caller = new Caller(url);
  return { is: caller.is.bind(caller), refused: caller.refused.bind(caller) };
}

function vector(name: string): string {
  const path = new URL(`../../tests/vectors/${name}.gz`, import.meta.url);
  return gunzipSync(Deno.readFileSync(path)).toString();
}

Deno.test("a topic that another registry wrote is served, and written on", async () => {
  await using broker = await testBroker();
  const client = new KafkaClient({ bootstrap: [broker.bootstrap], clientId: "test" });
  const configs = { "cleanup.policy": "compact" };
  await createTopic(client, { name: "_schemas", partitions: 1, replicationFactor: 1, configs });
  const producer = new BatchingProducer(client);
  const records: { key: string; value: string | null }[] = vector("schemas_topic_records.jsonl")
    .trim().split("\n").map((line) => JSON.parse(line));
  const bytes = (text: string | null) => text === null ? null : new TextEncoder().encode(text);
  await producer.sendAll(
    "_schemas",
    records.map(({ key, value }) => ({ key: bytes(key), value: bytes(value) })),
  );
  await producer.close();
  await client.close();
  const calls: { method: string; path: string; status: number; answer: unknown }[] = JSON.parse(
    vector("schemas_topic_requests.json"),
  );
  await using service = await testRegistry(broker);
  const { is, refused } = bound(service.urls[0]!);
  const expected = calls.at(-1)!.answer as { subject: string; id: number; schema: string }[];
  const held = await is(200, "GET", "/schemas");
  const facts = (list: typeof expected) =>
    list.map(({ subject, id, schema }) => ({ subject, id, schema })).sort((a, b) => a.id - b.id);
  assertEquals(facts(held), facts(expected));
  for (const { id, schema } of expected) {
    assertEquals((await is(200, "GET", `/schemas/ids/${id}`)).schema, schema);
  }
  await refused([404, 40401], "GET", "/subjects/orders-copy-value/versions?deleted=true");
  const made = await is(200, "POST", "/subjects/new/versions", { schema: avro("New", ID) });
  assertEquals(made.id, 8);
});

Deno.test("a registry without its broker answers reads, refuses writes in time, and goes on when it is back", async () => {
  const dataDirectory = await Deno.makeTempDir();
  let broker = await testBroker({ dataDirectory });
  const { port } = broker;
  await using service = await testRegistry(broker, "kafkastore.timeout.ms=1000");
  const url = service.urls[0]!;
  const { is } = bound(url);
  await is(200, "POST", "/subjects/a/versions", { schema: avro("A", ID) });
  await broker.stop();
  assertEquals((await is(200, "GET", "/subjects/a/versions/1")).id, 1);
  // Many at once: none waits for those before it longer than for its own.
  const startedMs = performance.now();
  const refusals = await Promise.all(
    Array.from(
      { length: 50 },
      (_, n) => ask(url, "POST", `/subjects/b${n}/versions`, { schema: avro(`B${n}`, ID) }),
    ),
  );
  assert(performance.now() - startedMs < 10_000);
  for (const { status, json } of refusals) {
    assertEquals(status, 500);
    assert(json.error_code >= 50001 && json.error_code <= 50004, JSON.stringify(json));
  }
  // What is there already is told without a write.
  assertEquals((await is(200, "POST", "/subjects/a/versions", { schema: avro("A", ID) })).id, 1);
  broker = await testBroker({ dataDirectory, port });
  try {
    const body = { schema: avro("C", ID) };
    let told = await ask(url, "POST", "/subjects/c/versions", body);
    while (told.status !== 200) {
      assertEquals(told.status, 500);
      told = await ask(url, "POST", "/subjects/c/versions", body);
    }
    assertEquals(await is(200, "GET", "/subjects/c/versions"), [1]);
    const ids = (await is(200, "GET", "/schemas")).map(({ id }: { id: number }) => id);
    assertEquals(new Set(ids).size, ids.length);
  } finally {
    await broker.stop();
  }
});

Deno.test("a registry that starts before its broker waits, and says what for", async () => {
  const dataDirectory = await Deno.makeTempDir();
  const first = await testBroker({ dataDirectory });
  const { port, bootstrap } = first;
  await first.stop();
  const waits = Promise.withResolvers<string>();
  const quiet = () => {};
  const starting = startRegistry({
    overrides: ["listeners=http://127.0.0.1:0", `kafkastore.bootstrap.servers=${bootstrap}`],
    logger: { debug: quiet, info: waits.resolve, warn: quiet, error: quiet },
  });
  assertEquals(await waits.promise, `Waiting for brokers at ${bootstrap}`);
  await using _broker = await testBroker({ dataDirectory, port });
  await using service = await starting;
  assertEquals(await new Caller(service.urls[0]!).is(200, "GET", "/subjects"), []);
});

Deno.test("a registry that can't start says why", async () => {
  const start = (...overrides: string[]) =>
    startRegistry({ overrides: ["listeners=http://127.0.0.1:0", ...overrides] });
  const nobody = await assertRejects(
    () => start("kafkastore.bootstrap.servers=127.0.0.1:1", "kafkastore.init.timeout.ms=200"),
    Error,
  );
  assertMatch(nobody.message, /^Cannot read _schemas: No broker of 127\.0\.0\.1:1/);
  const level = await assertRejects(() => start("schema.compatibility.level=much"), Error);
  assertMatch(level.message, /^Option schema.compatibility.level=much: allowed is one of none, /);
  await using broker = await testBroker();
  const client = new KafkaClient({ bootstrap: [broker.bootstrap], clientId: "test" });
  await createTopic(client, { name: "two", partitions: 2, replicationFactor: 1 });
  await createTopic(client, {
    ...{ name: "old", partitions: 1, replicationFactor: 1 },
    configs: { "cleanup.policy": "delete" },
  });
  await client.close();
  const with2 = await assertRejects(() => testRegistry(broker, "kafkastore.topic=two"), Error);
  assertEquals(with2.message, "Topic two has 2 partitions; a registry's has one");
  const losing = await assertRejects(() => testRegistry(broker, "kafkastore.topic=old"), Error);
  assertMatch(losing.message, /^Topic old has cleanup.policy=delete: it would lose schemas/);
});
