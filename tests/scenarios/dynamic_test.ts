/** What is changed while the broker runs holds from then on, without a restart. */
import { assertEquals } from "@std/assert";
import { startBroker } from "../../broker/mod.ts";
import { Asker, first } from "./asking.ts";

const TOPIC = 2;
const BROKER = 4;
const LOGGER = 8;
const CLIENT_METRICS = 16;
const GROUP = 32;
const SET = 0;
const DELETE = 1;

async function openBroker() {
  const dataDirectory = await Deno.makeTempDir({ prefix: "kafkats-dynamic-" });
  const broker = await startBroker({ dataDirectory });
  const asker = new Asker({ host: "127.0.0.1", port: broker.port });
  return {
    broker,
    asker,
    async [Symbol.asyncDispose]() {
      await asker.end();
      await broker.stop();
      await Deno.remove(dataDirectory, { recursive: true });
    },
  };
}

type Resource = { readonly type: number; readonly name: string };

/** The error code of setting an option, or (null) of deleting it. */
async function refusal(
  asker: Asker,
  resource: Resource,
  name: string,
  value: string | null,
): Promise<number> {
  const configs = [{ name, configOperation: value === null ? DELETE : SET, value }];
  const resources = [{ resourceType: resource.type, resourceName: resource.name, configs }];
  const answer = await asker.ask({
    api: "IncrementalAlterConfigs",
    version: 1,
    body: { resources },
  });
  return first(answer.responses).errorCode as number;
}

async function alter(
  asker: Asker,
  resource: Resource,
  name: string,
  value: string | null,
): Promise<void> {
  assertEquals(await refusal(asker, resource, name, value), 0, `${name}=${value}`);
}

const LARGE = { records: [{ value: { repeat: "x", times: 5000 } }] };
const MESSAGE_TOO_LARGE = 10;

Deno.test("max.message.bytes of a topic and of the broker hold at once and go back", async () => {
  await using node = await openBroker();
  const { asker } = node;
  await asker.createTopic("sized");
  const produce = async () => (await asker.produce("sized", LARGE)).errorCode;
  assertEquals(await produce(), 0);
  await alter(asker, { type: TOPIC, name: "sized" }, "max.message.bytes", "1000");
  assertEquals(await produce(), MESSAGE_TOO_LARGE);
  await alter(asker, { type: TOPIC, name: "sized" }, "max.message.bytes", null);
  assertEquals(await produce(), 0);
  await alter(asker, { type: BROKER, name: "" }, "message.max.bytes", "2000");
  assertEquals(await produce(), MESSAGE_TOO_LARGE, "the broker's option stands behind the topic's");
  await alter(asker, { type: TOPIC, name: "sized" }, "max.message.bytes", "9000");
  assertEquals(await produce(), 0, "the topic's own option counts more");
});

Deno.test("compression.type of a topic packs what comes after", async () => {
  await using node = await openBroker();
  const { asker } = node;
  await asker.createTopic("packed");
  await alter(asker, { type: TOPIC, name: "packed" }, "compression.type", "zstd");
  assertEquals((await asker.produce("packed", LARGE)).errorCode, 0);
  const answer = await asker.ask({
    api: "Fetch",
    version: 12,
    body: {
      maxWaitMs: 100,
      minBytes: 1,
      maxBytes: 1_000_000,
      topics: [{
        topic: "packed",
        partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1_000_000 }],
      }],
    },
  });
  const { records } = first(first(answer.responses).partitions);
  assertEquals(first((records as { batches: never }).batches).compression, "zstd");
});

Deno.test("a topic that is deleted and made again under its name begins empty", async () => {
  await using node = await openBroker();
  const { asker } = node;
  for (let life = 0; life < 3; life++) {
    await asker.createTopic("again");
    assertEquals(await asker.produce("again", LARGE), { errorCode: 0, baseOffset: 0 });
    const deleted = await asker.ask({
      api: "DeleteTopics",
      version: 6,
      body: { topics: [{ name: "again" }], timeoutMs: 5000 },
    });
    assertEquals(first(deleted.responses).errorCode, 0);
  }
});

Deno.test("max.connections.per.ip closes new connections once it is lowered", async () => {
  await using node = await openBroker();
  const { asker, broker } = node;
  await alter(asker, { type: BROKER, name: "" }, "max.connections.per.ip", "1");
  const second = new Asker({ host: "127.0.0.1", port: broker.port });
  const refused = await second.ask({ api: "ApiVersions", version: 0 }).then(
    () => false,
    () => true,
  );
  assertEquals(refused, true);
  await second.end();
  await alter(asker, { type: BROKER, name: "" }, "max.connections.per.ip", null);
  const third = new Asker({ host: "127.0.0.1", port: broker.port });
  assertEquals((await third.ask({ api: "ApiVersions", version: 0 })).errorCode, 0);
  await third.end();
});

Deno.test("the root logger's level is told and set, and can't be taken away (KIP-412)", async () => {
  await using node = await openBroker();
  const { asker } = node;
  const level = async () => {
    const answer = await asker.ask({
      api: "DescribeConfigs",
      version: 4,
      body: { resources: [{ resourceType: LOGGER, resourceName: "1", configurationKeys: null }] },
    });
    return first(first(answer.results).configs).value;
  };
  await alter(asker, { type: LOGGER, name: "1" }, "root", "DEBUG");
  assertEquals(await level(), "DEBUG");
  await alter(asker, { type: LOGGER, name: "1" }, "root", "ERROR");
  assertEquals(await level(), "ERROR");
  assertEquals(await refusal(asker, { type: LOGGER, name: "1" }, "root", null), 42);
  assertEquals(await level(), "ERROR");
});

Deno.test("what can have no options is refused by its name", async () => {
  await using node = await openBroker();
  const { asker } = node;
  const code = (type: number, name: string) => refusal(asker, { type, name }, "retention.ms", "1");
  assertEquals(await code(TOPIC, ""), 42);
  assertEquals(await code(TOPIC, "no topic"), 17);
  assertEquals(await code(TOPIC, "missing"), 3);
  assertEquals(await code(GROUP, ""), 42);
  assertEquals(await code(CLIENT_METRICS, ""), 42);
});
