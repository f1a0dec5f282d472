import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { startBroker } from "../../broker/mod.ts";
import {
  describeGroups,
  errorCodes,
  findCoordinator,
  listGroups,
  make,
  metadata,
} from "../../broker/protocol/mod.ts";
import { KafkaClient } from "./kafka_client.ts";
import { KafkaError } from "./kafka_error.ts";
import { createTopic, topicWithLeaders } from "./topics.ts";

async function withBroker(
  use: (client: KafkaClient, bootstrap: string) => Promise<void>,
  options: { readonly callTimeoutMs?: number } = {},
): Promise<void> {
  const dataDirectory = await Deno.makeTempDir();
  const broker = await startBroker({ dataDirectory });
  const { bootstrap } = broker;
  const client = new KafkaClient({ bootstrap: [bootstrap], clientId: "test", ...options });
  try {
    await use(client, bootstrap);
  } finally {
    await client.close();
    await broker.stop();
    await Deno.remove(dataDirectory, { recursive: true });
  }
}

Deno.test("call() finds any broker, one by its id, the controller and a coordinator", async () => {
  await withBroker(async (client) => {
    const { brokers, controllerId, clusterId } = await client.metadata();
    assertEquals(brokers.length, 1);
    assert(clusterId !== null);
    const ask = make(listGroups.request, {});
    for (const to of ["any", "controller", { broker: controllerId }] as const) {
      assertEquals((await client.call(listGroups, ask, { to })).groups, []);
    }
    const described = await client.call(
      describeGroups,
      make(describeGroups.request, { groups: ["g"] }),
      { to: { group: "g" } },
    );
    assertEquals(described.groups.map(({ groupId }) => groupId), ["g"]);
    assertEquals(client.connectionCount, 1);
  });
});

Deno.test("calls of one turn share a connection, and their answers find them", async () => {
  await withBroker(async (client) => {
    const names = Array.from({ length: 50 }, (_, n) => `nobody-${n}`);
    const answers = await Promise.all(names.map((name) =>
      client.call(metadata, {
        ...make(metadata.request, { allowAutoTopicCreation: false }),
        topics: [{ topicId: "AAAAAAAAAAAAAAAAAAAAAA", name }],
      })
    ));
    assertEquals(answers.map(({ topics }) => topics[0]?.name), names);
    assertEquals(client.connectionCount, 1);
  });
});

Deno.test("metadata() tells unknown topics by their code, and what it knows from its cache", async () => {
  await withBroker(async (client) => {
    const unknown = await client.metadata(["new"]);
    assertEquals(unknown.topics.get("new")?.errorCode, errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
    assertEquals(client.cachedTopic("new"), null);
    await createTopic(client, {
      name: "new",
      partitions: 3,
      configs: { "cleanup.policy": "compact" },
    });
    const topic = await topicWithLeaders(client, "new");
    assertEquals(topic.partitions.map(({ partition }) => partition), [0, 1, 2]);
    assertEquals(client.cachedTopic("new"), topic);
    assertEquals((await client.metadata(["new"])).topics.get("new"), topic);
    assertEquals([...(await client.metadata(null)).topics.keys()], ["new"]);
    const again = await assertRejects(() => createTopic(client, { name: "new" }), KafkaError);
    assertEquals(again.name, "TOPIC_ALREADY_EXISTS");
  });
});

Deno.test("call() says which versions the broker lacks", async () => {
  await withBroker(async (client) => {
    const error = await assertRejects(
      () => client.call(listGroups, make(listGroups.request, {}), { versionMin: 9 }),
      KafkaError,
      "ListGroups: versions 9",
    );
    assertEquals([error.name, error.retriable], ["UNSUPPORTED_VERSION", false]);
  });
});

Deno.test("call() names the servers when none can be reached, within its time", async () => {
  const client = new KafkaClient({
    bootstrap: ["127.0.0.1:1", "localhost:2"],
    clientId: "test",
    callTimeoutMs: 300,
  });
  const error = await assertRejects(
    () => client.metadata(),
    KafkaError,
    "127.0.0.1:1, localhost:2",
  );
  assertEquals([error.name, error.retriable], ["BROKER_NOT_AVAILABLE", true]);
  await client.close();
});

Deno.test("a server that never answers costs the request's time, and its outcome is unknown", async () => {
  const server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const sockets: Deno.Conn[] = [];
  const accepting = (async () => {
    for await (const socket of server) sockets.push(socket);
  })();
  const client = new KafkaClient({
    bootstrap: [`127.0.0.1:${server.addr.port}`],
    clientId: "test",
    connectTimeoutMs: 100,
    callTimeoutMs: 200,
  });
  const error = await assertRejects(() => client.metadata(), KafkaError);
  assertEquals(error.retriable, true);
  await client.close();
  for (const socket of sockets) socket.close();
  server.close();
  await accepting;
});

Deno.test("what isn't Kafka is told from what is", async () => {
  const server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepting = (async () => {
    for await (const socket of server) {
      await socket.read(new Uint8Array(1024));
      await socket.write(new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\n\r\n"));
      socket.close();
    }
  })();
  const client = new KafkaClient({
    bootstrap: [`127.0.0.1:${server.addr.port}`],
    clientId: "test",
    callTimeoutMs: 100,
  });
  await assertRejects(() => client.metadata(), KafkaError, "does not speak Kafka's protocol");
  await client.close();
  server.close();
  await accepting;
});

Deno.test("a closed client refuses calls, those under way too", async () => {
  await withBroker(async (client) => {
    await client.metadata();
    const underWay = client.call(
      findCoordinator,
      make(findCoordinator.request, {
        key: "g",
        coordinatorKeys: ["g"],
      }),
    );
    const isRefused = assertRejects(() => underWay, KafkaError);
    await client.close();
    await isRefused;
    const error = await assertRejects(
      () => client.metadata([], { maxAgeMs: 0 }),
      KafkaError,
      "closed",
    );
    assertEquals(error.retriable, false);
  });
});

Deno.test("a bootstrap server that is none is refused at once", () => {
  for (const server of ["localhost", "localhost:0", "a:b", ":9092", "http://x:1/"]) {
    assertThrows(() => new KafkaClient({ bootstrap: [server], clientId: "t" }), Error, server);
  }
});
