import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { records, type RestWorld, startRestWorld } from "../../testing/rest_world_test.ts";

/** Longer than any step takes. */
const DEADLINE_MS = 30_000;

interface Read {
  readonly topic: string;
  readonly key: unknown;
  readonly value: unknown;
  readonly partition: number;
  readonly offset: number;
}

/** Makes an instance; gives the path that it is reached by. */
async function makeInstance(world: RestWorld, group: string, body: unknown): Promise<string> {
  const { status, json } = await world.ask("POST", `/consumers/${group}`, { body });
  assertEquals(status, 200, JSON.stringify(json));
  assert(json.base_uri.startsWith(`${world.url}/consumers/`));
  return json.base_uri.slice(world.url.length);
}

async function read(world: RestWorld, base: string, format: string, query = ""): Promise<Read[]> {
  const told = await world.ask("GET", `${base}/records${query}`, { accept: records(format) });
  assertEquals([told.status, told.type], [200, records(format)], JSON.stringify(told.json));
  return told.json;
}

async function readUntil(world: RestWorld, base: string, count: number, format = "json") {
  const found: Read[] = [];
  const deadlineMs = performance.now() + DEADLINE_MS;
  while (found.length < count) {
    assert(performance.now() < deadlineMs, `${found.length} of ${count} records came`);
    found.push(...await read(world, base, format, "?timeout=100"));
  }
  return found;
}

async function produce(world: RestWorld, topic: string, values: readonly unknown[]) {
  const body = { records: values.map((value) => ({ value })) };
  const { json } = await world.ask("POST", `/topics/${topic}`, { type: records("json"), body });
  assertEquals(json.offsets.filter((one: { error: unknown }) => one.error !== null), []);
}

function part(topic: string, partition = 0) {
  return { topic, partition };
}

Deno.test("consumer instances", async (t) => {
  await using world = await startRestWorld(["consumer.request.timeout.ms=300"]);
  const { ask, refused } = world;

  await t.step("a subscribed one reads, and leaves its place to the next", async () => {
    await produce(world, "sub", [1, 2, 3]);
    const options = { format: "json", "auto.offset.reset": "earliest" };
    const base = await makeInstance(world, "sub-group", options);
    const body = { topics: ["sub"] };
    assertEquals((await ask("POST", `${base}/subscription`, { body })).status, 204);
    assertEquals((await ask("GET", `${base}/subscription`)).json, { topics: ["sub"] });
    const got = await readUntil(world, base, 3);
    assertEquals(got[2], { topic: "sub", key: null, value: 3, partition: 0, offset: 2 });
    assertEquals((await ask("GET", `${base}/assignments`)).json, { partitions: [part("sub")] });
    assertEquals((await ask("DELETE", base)).status, 204);
    await refused("DELETE", base, [404, 40403]);
    await produce(world, "sub", [4]);
    const next = await makeInstance(world, "sub-group", options);
    await ask("POST", `${next}/subscription`, { body });
    assertEquals((await readUntil(world, next, 1)).map(({ value }) => value), [4]);
    assertEquals((await ask("DELETE", `${next}/subscription`)).status, 204);
    assertEquals((await ask("GET", `${next}/subscription`)).json, { topics: [] });
    await refused("GET", `${next}/records`, [409, 40903], { accept: records("json") });
  });

  await t.step("a pattern takes the topics whose whole name matches", async () => {
    await produce(world, "pattern-a", [1]);
    await produce(world, "pattern-b", [2]);
    await produce(world, "not-pattern-a", [3]);
    const base = await makeInstance(world, "pattern-group", {
      format: "json",
      "auto.offset.reset": "earliest",
    });
    await ask("POST", `${base}/subscription`, { body: { topic_pattern: "pattern-[ab]" } });
    const topics = { topics: ["pattern-a", "pattern-b"] };
    assertEquals((await ask("GET", `${base}/subscription`)).json, topics);
    const values = (await readUntil(world, base, 2)).map(({ value }) => value);
    assertEquals(values.sort(), [1, 2]);
  });

  await t.step("bytes end an answer before the record that is too much", async () => {
    await produce(world, "sized", ["a".repeat(8), "b".repeat(8), "c".repeat(98), "d"]);
    const base = await assigned(world, "sized");
    const lengths: number[] = [];
    const deadlineMs = performance.now() + DEADLINE_MS;
    while (lengths.reduce((sum, one) => sum + one, 0) < 4) {
      assert(performance.now() < deadlineMs);
      const got = await read(world, base, "json", "?max_bytes=21");
      if (got.length > 0) lengths.push(got.length);
    }
    // Two of ten bytes; one of a hundred alone; the last.
    assertEquals(lengths, [2, 1, 1]);
  });

  await t.step("with enough bytes a read doesn't last its time", async () => {
    await produce(world, "enough", ["x".repeat(100)]);
    const base = await assigned(world, "enough", {
      "fetch.min.bytes": "50",
      "consumer.request.timeout.ms": 20_000,
    });
    const startedMs = performance.now();
    assertEquals((await read(world, base, "json")).length, 1);
    assert(performance.now() - startedMs < 15_000);
  });

  await t.step("offsets are committed as the last ones read, and told as the next", async () => {
    await produce(world, "commits", [0, 1, 2, 3]);
    const base = await assigned(world, "commits", { "auto.commit.enable": "false" }, "commits");
    const committed = async () =>
      (await ask("GET", `${base}/offsets?topic=commits&partition=0`)).json.offsets;
    assertEquals(await committed(), []);
    await readUntil(world, base, 4);
    assertEquals(await committed(), []);
    const offsets = [{ ...part("commits"), offset: 1, metadata: "m" }];
    const told = await ask("POST", `${base}/offsets`, { body: { offsets } });
    assertEquals([told.status, told.json], [200, []]);
    assertEquals(await committed(), [{ ...part("commits"), offset: 2, metadata: "m" }]);
    await ask("POST", `${base}/offsets`);
    assertEquals(await committed(), [{ ...part("commits"), offset: 4, metadata: "" }]);
  });

  await t.step("GET takes a body", async () => {
    const base = await assigned(world, "commits", {}, "commits");
    const answer = await getWithBody(`${world.url}${base}/offsets`, {
      partitions: [part("commits"), part("nothing")],
    });
    assertEquals(answer, { offsets: [{ ...part("commits"), offset: 4, metadata: "" }] });
  });

  await t.step("positions move, and what was read is read again", async () => {
    await produce(world, "seeks", [0, 1, 2]);
    const base = await assigned(world, "seeks");
    const values = async (count: number) =>
      (await readUntil(world, base, count)).map(({ value }) => value);
    assertEquals(await values(3), [0, 1, 2]);
    await moved(world, `${base}/positions`, { offsets: [{ ...part("seeks"), offset: 1 }] });
    assertEquals(await values(2), [1, 2]);
    await moved(world, `${base}/positions/beginning`, { partitions: [part("seeks")] });
    assertEquals(await values(3), [0, 1, 2]);
    await moved(world, `${base}/positions/end`, { partitions: [part("seeks")] });
    await produce(world, "seeks", [3]);
    assertEquals(await values(1), [3]);
    const timestamp = "2020-01-01T00:00:00+01:00";
    await moved(world, `${base}/positions`, { timestamps: [{ ...part("seeks"), timestamp }] });
    assertEquals(await values(4), [0, 1, 2, 3]);
    // A wrong one among them moves none.
    await refused("POST", `${base}/positions`, [409, 40903], {
      body: { offsets: [{ ...part("seeks"), offset: 0 }, { ...part("other"), offset: 0 }] },
    });
    assertEquals(await read(world, base, "json", "?timeout=100"), []);
  });

  await t.step("what can't be read stops the reader before it, and skips nothing", async () => {
    await produce(world, "poison", [1]);
    const poison = { records: [{ value: "AAAAAAE=" }] };
    await ask("POST", "/topics/poison", { type: records("binary"), body: poison });
    await produce(world, "poison", [3]);
    const base = await assigned(world, "poison");
    assertEquals((await readUntil(world, base, 1)).map(({ value }) => value), [1]);
    const accept = records("json");
    for (let n = 0; n < 2; n++) {
      const why = await refused("GET", `${base}/records`, [422, 42207], { accept });
      assertStringIncludes(why, 'offset 1 of partition 0 of "poison"');
    }
    await moved(world, `${base}/positions`, { offsets: [{ ...part("poison"), offset: 2 }] });
    assertEquals((await readUntil(world, base, 1)).map(({ value }) => value), [3]);
  });

  await t.step("Avro is read by its schema, which the registry has to have", async () => {
    const type = records("avro");
    const schema = '["null",{"type":"record","name":"R","fields":[{"name":"n","type":"long"}]}]';
    const value = '{"R":{"n":9223372036854775807}}';
    const body = `{"value_schema":${JSON.stringify(schema)},"records":[{"value":${value}}]}`;
    const { json } = await ask("POST", "/topics/avro", { type, body });
    const unknown = { records: [{ value: "AAAAAwkC" }] };
    await ask("POST", "/topics/avro", { type: records("binary"), body: unknown });
    const base = await assigned(world, "avro", { format: "avro" });
    world.registry.broken = 503;
    const texts: string[] = [];
    const deadlineMs = performance.now() + DEADLINE_MS;
    while (texts.length === 0) {
      assert(performance.now() < deadlineMs);
      const response = await fetch(`${world.url}${base}/records`, { headers: { Accept: type } });
      const text = await response.text();
      assertEquals(response.status, 200);
      if (text !== "[]") texts.push(text);
    }
    // The writer's schema is at hand here; the other one is not.
    assertStringIncludes(texts[0]!, `"value":${value}`);
    await refused("GET", `${base}/records`, [503, 50302], { accept: type });
    world.registry.broken = null;
    await refused("GET", `${base}/records`, [422, 42207], { accept: type });
    assertEquals(json.value_schema_id > 0, true);
  });

  await t.step("requests that race for one instance wait for each other", async () => {
    await produce(world, "race", Array.from({ length: 100 }, (_, n) => n));
    const base = await assigned(world, "race", { "fetch.min.bytes": 0 });
    const reads = Array.from({ length: 8 }, () => read(world, base, "json", "?max_bytes=20"));
    const got = (await Promise.all(reads)).flat().map(({ value }) => value);
    const rest = await readUntil(world, base, 100 - got.length);
    assertEquals(
      [...got, ...rest.map(({ value }) => value)],
      Array.from({ length: 100 }, (_, n) => n),
    );
    const makes = await Promise.all(
      [1, 2].map(() => ask("POST", "/consumers/racers", { body: { name: "one" } })),
    );
    assertEquals(makes.map(({ status }) => status).sort(), [200, 409]);
    const deletes = await Promise.all([1, 2].map(() => ask("DELETE", base)));
    assertEquals(deletes.map(({ status }) => status).sort(), [204, 404]);
  });

  await t.step("bad requests are refused by their codes", () => refuseBadRequests(world));
  assertEquals(world.bugs, []);
});

Deno.test("an idle instance is gone after its time", async () => {
  await using world = await startRestWorld(["consumer.instance.timeout.ms=1"]);
  const base = await makeInstance(world, "idle", {});
  const deadlineMs = performance.now() + DEADLINE_MS;
  // Asking refreshes it: the name shows that it is gone.
  const body = { name: base.split("/").at(-1) };
  for (;;) {
    const { status } = await world.ask("POST", "/consumers/idle", { body });
    if (status === 200) break;
    assert(performance.now() < deadlineMs);
  }
});

async function assigned(
  world: RestWorld,
  topic: string,
  options: Readonly<Record<string, unknown>> = {},
  group = `group-of-${topic}`,
): Promise<string> {
  const base = await makeInstance(world, group, {
    format: "json",
    "auto.offset.reset": "earliest",
    ...options,
  });
  await moved(world, `${base}/assignments`, { partitions: [part(topic)] });
  return base;
}

async function moved(world: RestWorld, path: string, body: unknown): Promise<void> {
  const { status, json } = await world.ask("POST", path, { body });
  assertEquals(status, 204, JSON.stringify(json));
}

async function refuseBadRequests(world: RestWorld): Promise<void> {
  const { ask, refused } = world;
  const create: readonly [[number, number], unknown][] = [
    [[422, 42204], { format: "xml" }],
    [[422, 42204], { "auto.offset.reset": "none" }],
    [[422, 42204], { "auto.commit.enable": "maybe" }],
    [[422, 42204], { name: "n".repeat(1001) }],
    [[422, 42204], { name: ".." }],
    [[422, 40001], { "fetch.min.bytes": -2 }],
    [[422, 40001], { "fetch.min.bytes": "10000001" }],
    [[422, 40001], { "consumer.request.timeout.ms": 0 }],
    [[422, 422], { name: 7 }],
    [[422, 422], { more: 1 }],
    [[422, 422], []],
    [[400, 400], "{"],
  ];
  for (const [codes, body] of create) await refused("POST", "/consumers/bad", codes, { body });
  const text = { type: "text/plain", body: {} };
  await refused("POST", "/consumers/bad", [415, 415], text);
  await refused("POST", `/consumers/${"g".repeat(10_000)}`, [422, 42204], { body: {} });

  const base = await makeInstance(world, "bad", { name: "a/b é%", format: "json" });
  await refused("GET", `${base}/records`, [406, 40601]);
  await refused("GET", `${base}/records`, [406, 40601], { accept: records("avro") });
  await refused("GET", `${base}/records`, [406, 406], { accept: "text/html" });
  const accept = records("json");
  await refused("GET", `${base}/records`, [409, 40903], { accept });
  await refused("GET", `${base}/records?timeout=soon`, [400, 400], { accept });
  const posts: readonly [string, [number, number], unknown][] = [
    ["subscription", [422, 422], {}],
    ["subscription", [422, 422], { topics: "a" }],
    ["subscription", [422, 422], { topics: ["a b"] }],
    ["subscription", [422, 422], { topic_pattern: "(" }],
    ["assignments", [422, 422], {}],
    ["assignments", [422, 422], { partitions: [{ topic: "a" }] }],
    ["assignments", [422, 422], { partitions: [{ topic: "a", partition: -1 }] }],
    ["positions", [422, 422], {}],
    ["positions", [422, 422], { offsets: [{ ...part("a"), offset: -1 }] }],
    ["positions", [422, 422], { timestamps: [{ ...part("a"), timestamp: "soon" }] }],
    ["positions/end", [409, 40903], { partitions: [part("a")] }],
    ["offsets", [422, 422], { offsets: [{ ...part("a") }] }],
    ["offsets", [404, 40401], { offsets: [{ ...part("nowhere"), offset: 1 }] }],
  ];
  for (const [path, codes, body] of posts) {
    await refused("POST", `${base}/${path}`, codes, { body });
  }
  await ask("POST", `${base}/assignments`, { body: { partitions: [part("sub")] } });
  await refused("POST", `${base}/subscription`, [409, 40903], { body: { topics: ["sub"] } });
  const other = await makeInstance(world, "bad", {});
  await ask("POST", `${other}/subscription`, { body: { topics: ["sub"] } });
  await refused("POST", `${other}/assignments`, [409, 40903], {
    body: { partitions: [part("sub")] },
  });
  for (const path of ["subscription", "assignments", "offsets", "records"]) {
    await refused("GET", `/consumers/bad/instances/none/${path}?topic=a&partition=0`, [404, 40403]);
  }
}

/** `fetch` sends no body with GET. */
async function getWithBody(url: string, body: unknown): Promise<unknown> {
  const { hostname, port, pathname } = new URL(url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const text = JSON.stringify(body);
  const head = `GET ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n` +
    `Content-Type: application/vnd.kafka.v2+json\r\nContent-Length: ${text.length}\r\n\r\n`;
  await connection.write(new TextEncoder().encode(head + text));
  const answer = await new Response(connection.readable).text();
  return JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4));
}
