import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { type RunningBroker, startBroker } from "../../broker/mod.ts";
import type { RunningService } from "../http/mod.ts";
import { startRegistry } from "./registry.ts";

const TYPE = "application/vnd.schemaregistry.v1+json";

async function testBroker(): Promise<RunningBroker> {
  return await startBroker({
    dataDirectory: await Deno.makeTempDir(),
    overrides: { "group.initial.rebalance.delay.ms": "0" },
  });
}

function testRegistry(broker: RunningBroker, ...overrides: string[]): Promise<RunningService> {
  return startRegistry({
    overrides: [
      "listeners=http://127.0.0.1:0",
      "host.name=127.0.0.1",
      `kafkastore.bootstrap.servers=${broker.bootstrap}`,
      ...overrides,
    ],
  });
}

interface Told {
  readonly status: number;
  readonly type: string;
  // deno-lint-ignore no-explicit-any
  readonly json: any;
}

async function ask(
  service: RunningService,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Told> {
  const answer = await fetch(`${service.urls[0]}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { "Content-Type": TYPE }), ...headers },
    body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    type: answer.headers.get("Content-Type") ?? "",
    json: text === "" ? null : JSON.parse(text),
  };
}

function avro(name: string, ...fields: readonly unknown[]): string {
  return JSON.stringify({ type: "record", name, fields });
}

const ID = { name: "id", type: "long" };
const NOTE = { name: "note", type: ["null", "string"], default: null };

Deno.test("a registry serves what the calls of its clients ask", async (t) => {
  await using broker = await testBroker();
  await using service = await testRegistry(broker);
  const is = async (status: number, method: string, path: string, body?: unknown) => {
    const told = await ask(service, method, path, body);
    assertEquals(told.status, status, `${method} ${path}: ${JSON.stringify(told.json)}`);
    return told.json;
  };
  const refused = async (
    [status, code]: readonly [number, number],
    method: string,
    path: string,
    body?: unknown,
  ) => assertEquals((await is(status, method, path, body)).error_code, code, `${method} ${path}`);

  await t.step("what it is", async () => {
    assertEquals(await is(200, "GET", "/"), {});
    assertEquals(await is(200, "GET", "/schemas/types"), ["JSON", "PROTOBUF", "AVRO"]);
    const { scope } = await is(200, "GET", "/v1/metadata/id");
    assertEquals(scope.clusters["kafka-cluster"], broker.clusterId);
    assertEquals((await ask(service, "GET", "/subjects")).type, TYPE);
  });

  await t.step(
    "schemas are registered once and found by id, GUID, subject and content",
    async () => {
      const schema = avro("Order", ID);
      const made = await is(200, "POST", "/subjects/orders/versions", { schema });
      assertEquals([made.id, made.version, made.schemaType], [1, 1, "AVRO"]);
      assertEquals((await is(200, "POST", "/subjects/orders/versions", { schema })).version, 1);
      assertEquals((await is(200, "POST", "/subjects/copies/versions", { schema })).id, 1);
      assertEquals((await is(200, "GET", "/schemas/ids/1")).schema, made.schema);
      assertEquals(await is(200, "GET", "/schemas/ids/1/schema"), JSON.parse(made.schema));
      assertEquals(await is(200, "GET", "/schemas/ids/1/subjects"), ["copies", "orders"]);
      assertEquals((await is(200, "GET", `/schemas/guids/${made.guid}`)).schema, made.schema);
      assertEquals((await is(200, "POST", "/subjects/orders?normalize=False", { schema })).id, 1);
      assertEquals((await is(200, "GET", "/subjects/orders/versions/latest")).version, 1);
      assertEquals(await is(200, "GET", "/subjects"), ["copies", "orders"]);
      assertEquals((await is(200, "GET", "/schemas")).length, 2);
    },
  );

  await t.step("what doesn't get along is refused, and tested without registering", async () => {
    const test = "/compatibility/subjects/orders/versions/latest";
    const good = { schema: avro("Order", ID, NOTE) },
      bad = { schema: avro("Order", ID, { name: "x", type: "int" }) };
    assertEquals(await is(200, "POST", test, good), { is_compatible: true });
    const told = await is(200, "POST", `${test}?verbose=true`, bad);
    assertEquals(told.is_compatible, false);
    assert(told.messages.length > 1);
    await refused([409, 409], "POST", "/subjects/orders/versions", bad);
    assertEquals((await is(200, "POST", "/subjects/orders/versions", good)).version, 2);
  });

  await t.step("subjects may hold slashes, and contexts have ids of their own", async () => {
    const body = { schema: avro("Other", ID) };
    await is(200, "POST", "/subjects/a%2Fb/versions", body);
    assertEquals(await is(200, "GET", "/subjects/a%2Fb/versions"), [1]);
    const inside = await is(200, "POST", "/contexts/.test/subjects/orders/versions", body);
    assertEquals(inside.id, 1);
    assertEquals(await is(200, "GET", "/contexts"), [".", ".test"]);
    assertEquals((await is(200, "GET", "/contexts/.test/schemas/ids/1")).schema, inside.schema);
    assertEquals(await is(200, "GET", "/contexts/.test/subjects"), [":.test:orders"]);
    await refused([400, 400], "GET", "/contexts/test/subjects");
  });

  await t.step("configs and modes by scope", async () => {
    assertEquals(await is(200, "GET", "/config"), { compatibilityLevel: "BACKWARD" });
    assertEquals(await is(200, "PUT", "/config/orders", { compatibility: "FULL" }), {
      compatibility: "FULL",
    });
    assertEquals(await is(200, "GET", "/config/orders"), { compatibilityLevel: "FULL" });
    await refused([404, 40408], "GET", "/config/copies");
    await is(200, "GET", "/config/copies?defaultToGlobal=true");
    await refused([422, 42203], "PUT", "/config", { compatibility: "SOMEWHAT" });
    assertEquals(await is(200, "PUT", "/mode/copies", { mode: "READONLY" }), { mode: "READONLY" });
    await refused([422, 42205], "POST", "/subjects/copies/versions", { schema: '"int"' });
    await refused([422, 42204], "PUT", "/mode", { mode: "ASLEEP" });
    assertEquals(await is(200, "DELETE", "/mode/copies"), { mode: "READONLY" });
    await refused([404, 40409], "GET", "/mode/copies");
  });

  await t.step("deletions are soft, then permanent", async () => {
    await refused([404, 40405], "DELETE", "/subjects/copies?permanent=true");
    assertEquals(await is(200, "DELETE", "/subjects/copies"), [1]);
    await refused([404, 40404], "DELETE", "/subjects/copies");
    await refused([404, 40401], "GET", "/subjects/copies/versions");
    assertEquals(await is(200, "GET", "/subjects/copies/versions?deleted=true"), [1]);
    assertEquals(await is(200, "DELETE", "/subjects/copies?permanent=true"), [1]);
    assertEquals(await is(200, "DELETE", "/subjects/orders/versions/2"), 2);
    await refused([404, 40406], "DELETE", "/subjects/orders/versions/2");
    await refused([422, 42202], "GET", "/subjects/orders/versions/two");
    await refused([404, 40402], "GET", "/subjects/orders/versions/9");
  });

  await t.step("bad requests get their codes", async () => {
    const path = "/subjects/bad/versions";
    await refused([422, 42201], "POST", path, { schema: "{" });
    await refused([422, 42201], "POST", path, { schema: '"int"', schemaType: "XML" });
    await refused([422, 422], "POST", path, { scheme: "int" });
    await refused([422, 422], "POST", path, "");
    await refused([400, 400], "POST", path, '{"schema"');
    await refused([422, 42209], "POST", path, { schema: `"${"x".repeat(1_000_001)}"` });
    await refused([422, 42201], "POST", path, {
      schema: avro("R", { name: "other", type: "Other" }),
      references: [{ name: "Other", subject: "nobody", version: 1 }],
    });
    await refused([404, 40403], "GET", "/schemas/ids/999");
    await refused([404, 40403], "GET", "/schemas/ids/one");
    await refused([404, 404], "GET", "/nothing");
    await refused([405, 405], "PATCH", "/subjects");
    const plain = await ask(service, "POST", path, "x", { "Content-Type": "text/plain" });
    assertEquals([plain.status, plain.json.error_code], [415, 415]);
    const image = await ask(service, "GET", "/subjects", undefined, { Accept: "image/png" });
    assertEquals(image.status, 406);
    await refused([422, 422], "GET", "/subjects?limit=many");
  });
});

Deno.test("what was registered is there after a restart", async () => {
  await using broker = await testBroker();
  const body = { schema: avro("Kept", ID) };
  {
    await using first = await testRegistry(broker);
    assertEquals((await ask(first, "POST", "/subjects/kept/versions", body)).json.id, 1);
  }
  await using second = await testRegistry(broker);
  assertEquals((await ask(second, "GET", "/subjects/kept/versions/1")).json.id, 1);
  const other = { schema: avro("Other", ID) };
  assertEquals((await ask(second, "POST", "/subjects/other/versions", other)).json.id, 2);
});

Deno.test("instances share the work: any takes writes, and one that goes loses nothing", async () => {
  await using broker = await testBroker();
  const services = [
    await testRegistry(broker),
    await testRegistry(broker),
    await testRegistry(broker),
  ];
  await using stack = new AsyncDisposableStack();
  for (const service of services) stack.use(service);
  const acknowledged = new Map<string, number>();
  let next = 0;
  /** Registers new schemas through one instance until told to stop; a refusal is tried again elsewhere. */
  async function work(count: number, live: readonly RunningService[]): Promise<void> {
    for (let done = 0; done < count;) {
      const n = next++;
      const service = live[n % live.length]!;
      const subject = `s${n % 5}`, schema = avro(`R${n}`, ID);
      const told = await ask(service, "POST", `/subjects/${subject}/versions?force=true`, {
        schema,
      })
        .catch(() => null);
      if (told?.status !== 200) continue;
      acknowledged.set(`${subject} ${told.json.schema}`, told.json.id);
      done += 1;
    }
  }
  await Promise.all([work(20, services), work(20, services)]);
  // The first to come is primary; it goes while others write.
  await Promise.all([
    services[0]!.stop(),
    work(20, services.slice(1)),
    work(20, services.slice(1)),
  ]);
  await services[1]!.stop();
  const last = services[2]!;
  await work(5, [last]);
  const { json } = await ask(last, "GET", "/schemas");
  const held = new Map<string, number>(
    json.map((
      one: { subject: string; schema: string; id: number },
    ) => [`${one.subject} ${one.schema}`, one.id]),
  );
  for (const [key, id] of acknowledged) assertEquals(held.get(key), id, key);
  const ids = [...held.values()];
  assertEquals(new Set(ids).size, ids.length);
  for (const subject of ["s0", "s1", "s2", "s3", "s4"]) {
    const versions = (await ask(last, "GET", `/subjects/${subject}/versions`)).json;
    assertEquals(versions, versions.map((_: number, index: number) => index + 1));
  }
});

Deno.test("a registry without its broker answers reads, refuses writes, and goes on when it is back", async () => {
  const dataDirectory = await Deno.makeTempDir();
  const overrides = { "group.initial.rebalance.delay.ms": "0" };
  let broker = await startBroker({ dataDirectory, overrides });
  const { port } = broker;
  await using service = await testRegistry(
    broker,
    "kafkastore.timeout.ms=1000",
    "kafkastore.init.timeout.ms=30000",
  );
  await ask(service, "POST", "/subjects/a/versions", { schema: avro("A", ID) });
  await broker.stop();
  assertEquals((await ask(service, "GET", "/subjects/a/versions/1")).status, 200);
  const refusal = await ask(service, "POST", "/subjects/b/versions", { schema: avro("B", ID) });
  assertEquals(refusal.status, 500);
  assert(refusal.json.error_code >= 50001 && refusal.json.error_code <= 50004);
  broker = await startBroker({ dataDirectory, overrides, port });
  try {
    let told = await ask(service, "POST", "/subjects/b/versions", { schema: avro("B", ID) });
    while (told.status !== 200) {
      assertEquals(told.status, 500);
      told = await ask(service, "POST", "/subjects/b/versions", { schema: avro("B", ID) });
    }
    assertEquals((await ask(service, "GET", "/subjects/b/versions")).json, [1]);
  } finally {
    await broker.stop();
  }
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
});
