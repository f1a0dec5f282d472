import { assert, assertEquals } from "@std/assert";
import { type RunningBroker, startBroker } from "../../../broker/mod.ts";
import { freePortPair } from "../../../tests/one_node.ts";
import { startRest } from "../rest.ts";

const DEADLINE_MS = 30_000;
const JSON_TYPE = "application/vnd.kafka.json.v2+json";
const V2 = "application/vnd.kafka.v2+json";

Deno.test("a broker that goes is told as such, and all goes on when it is back", async () => {
  const port = freePortPair();
  const dataDirectory = await Deno.makeTempDir();
  const start = () =>
    startBroker({ port, dataDirectory, overrides: { "group.initial.rebalance.delay.ms": "0" } });
  let broker: RunningBroker = await start();
  const rest = await startRest({
    overrides: [
      "listeners=http://127.0.0.1:0",
      `bootstrap.servers=127.0.0.1:${port}`,
      "client.default.api.timeout.ms=500",
      "producer.delivery.timeout.ms=500",
      "producer.max.block.ms=500",
      "consumer.request.timeout.ms=200",
    ],
  });
  const url = rest.urls[0]!;
  async function ask(method: string, path: string, body?: unknown, type = V2) {
    const response = await fetch(path.startsWith("http") ? path : `${url}${path}`, {
      method,
      headers: { "Content-Type": type, Accept: path.endsWith("/records") ? JSON_TYPE : V2 },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, json: text === "" ? null : JSON.parse(text) };
  }
  const produce = (value: unknown) =>
    ask("POST", "/topics/t", { records: [{ value }] }, JSON_TYPE).then(({ status, json }) => ({
      status,
      code: json.offsets[0].error_code,
    }));

  assertEquals(await produce(1), { status: 200, code: null });
  const made = await ask("POST", "/consumers/g", {
    format: "json",
    "auto.offset.reset": "earliest",
  });
  const base = made.json.base_uri as string;
  const partitions = [{ topic: "t", partition: 0 }];
  await ask("POST", `${base}/assignments`, { partitions });
  const got: unknown[] = [];
  async function readUntil(count: number): Promise<void> {
    const deadlineMs = performance.now() + DEADLINE_MS;
    while (got.length < count) {
      assert(performance.now() < deadlineMs, `${got.length} records came`);
      const { status, json } = await ask("GET", `${base}/records`);
      assertEquals(status, 200, JSON.stringify(json));
      got.push(...json.map(({ value }: { value: unknown }) => value));
    }
  }
  await readUntil(1);

  await broker.stop();
  for (
    const [method, path, body] of [
      ["GET", "/topics", undefined],
      ["GET", "/topics/t", undefined],
      ["GET", "/brokers", undefined],
      ["GET", "/topics/t/partitions/0/offsets", undefined],
      ["POST", `${base}/offsets`, { offsets: [{ ...partitions[0], offset: 0 }] }],
      ["POST", `${base}/positions/end`, { partitions }],
    ] as const
  ) {
    const { status, json } = await ask(method, path, body);
    assertEquals([status, json.error_code], [503, 50302], `${path}: ${json.message}`);
  }
  assertEquals(await produce(2), { status: 200, code: 50003 });
  assertEquals(await ask("GET", `${base}/records`), { status: 200, json: [] });
  assertEquals((await ask("GET", "/health")).status, 503);

  broker = await start();
  const deadlineMs = performance.now() + DEADLINE_MS;
  while ((await produce(3)).code !== null) assert(performance.now() < deadlineMs);
  // The value of which 50003 was told may have been written, or not.
  await readUntil(2);
  if (got.at(-1) === 2) await readUntil(3);
  assertEquals(got.at(-1), 3);
  assertEquals((await ask("DELETE", base)).status, 204);

  // Without a broker a stop doesn't wait for one.
  await ask("POST", "/consumers/g", { name: "last" });
  await ask("POST", "/consumers/g/instances/last/subscription", { topics: ["t"] });
  await broker.stop();
  const stopMs = performance.now();
  await rest.stop();
  assert(performance.now() - stopMs < 15_000);
  await Deno.remove(dataDirectory, { recursive: true });
});
