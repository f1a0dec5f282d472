import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { startBroker } from "../../../broker/mod.ts";
import { KafkaClient } from "../kafka_client.ts";
import { KafkaError } from "../kafka_error.ts";
import { BatchingProducer } from "../producer/batching_producer.ts";
import { createTopic, topicWithLeaders } from "../topics.ts";
import { ConsumerStateError } from "./consumer_state_error.ts";
import { GroupConsumer, type GroupConsumerOptions } from "./group_consumer.ts";
import { committedOffsets } from "./group_offsets.ts";
import type { ConsumedRecord } from "./record_supply.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

async function withBroker(use: (client: KafkaClient) => Promise<void>): Promise<void> {
  const dataDirectory = await Deno.makeTempDir();
  const broker = await startBroker({
    dataDirectory,
    overrides: { "group.initial.rebalance.delay.ms": "0", "group.min.session.timeout.ms": "100" },
  });
  const client = new KafkaClient({ bootstrap: [broker.bootstrap], clientId: "test" });
  try {
    await use(client);
  } finally {
    await client.close();
    await broker.stop();
    await Deno.remove(dataDirectory, { recursive: true });
  }
}

async function makeTopic(client: KafkaClient, name: string, partitions: number): Promise<void> {
  await createTopic(client, { name, partitions });
  await topicWithLeaders(client, name);
}

async function fill(
  client: KafkaClient,
  topic: string,
  partition: number,
  count: number,
): Promise<void> {
  const producer = new BatchingProducer(client);
  await producer.sendAll(
    topic,
    Array.from({ length: count }, (_, n) => ({
      partition,
      key: null,
      value: encoder.encode(`${partition}-${n}`),
      timestampMs: 1000 * (n + 1),
    })),
  );
  await producer.close();
}

function consumerOf(
  client: KafkaClient,
  options: Partial<GroupConsumerOptions> = {},
): GroupConsumer {
  return new GroupConsumer(client, {
    groupId: "g",
    autoOffsetReset: "earliest",
    heartbeatIntervalMs: 50,
    ...options,
  });
}

/** Polls until there are `count` records. */
async function take(consumer: GroupConsumer, count: number): Promise<ConsumedRecord[]> {
  const records: ConsumedRecord[] = [];
  while (records.length < count) records.push(...await consumer.poll({ maxWaitMs: 1000 }));
  return records;
}

function places(consumer: GroupConsumer): string[] {
  return consumer.assignment.map(({ topic, partition }) => `${topic}-${partition}`).sort();
}

/** Polls all of them until they have what is wanted. */
async function untilAssigned(
  consumers: readonly GroupConsumer[],
  wanted: (places: string[][]) => boolean,
): Promise<string[][]> {
  for (;;) {
    await Promise.all(consumers.map((consumer) => consumer.poll({ maxWaitMs: 20 })));
    const found = consumers.map(places);
    if (wanted(found)) return found;
  }
}

Deno.test("a consumer reads all partitions, commits when it closes, and the next one goes on", async () => {
  await withBroker(async (client) => {
    await makeTopic(client, "t", 2);
    for (const partition of [0, 1]) await fill(client, "t", partition, 50);
    const first = consumerOf(client);
    await first.subscribe({ topics: ["t"] });
    const read = await take(first, 100);
    assertEquals(
      read.map(({ partition, value }) => [partition, decoder.decode(value!)])
        .filter(([partition]) => partition === 1).map(([, text]) => text),
      Array.from({ length: 50 }, (_, n) => `1-${n}`),
    );
    assertEquals(places(first), ["t-0", "t-1"]);
    await first.close();
    assertEquals(
      (await committedOffsets(client, "g", null)).map(({ offset }) => offset),
      [50, 50],
    );
    await fill(client, "t", 1, 1);
    const second = consumerOf(client);
    await second.subscribe({ topics: ["t"] });
    const next = await take(second, 1);
    assertEquals(next.map(({ partition, offset }) => [partition, offset]), [[1, 50]]);
    await second.close();
  });
});

Deno.test("the position moves over what poll gives out, and accept() leaves the rest", async () => {
  await withBroker(async (client) => {
    await makeTopic(client, "t", 1);
    await fill(client, "t", 0, 20);
    const consumer = consumerOf(client, { autoCommit: false });
    const place = { topic: "t", partition: 0 };
    consumer.assign([place]);
    assertEquals(consumer.position(place), null);
    let bytes = 0;
    const some = await consumer.poll({
      maxWaitMs: 5000,
      accept: ({ value }) => (bytes += value!.length) <= 9,
    });
    assertEquals(some.map(({ offset }) => offset), [0, 1, 2]);
    assertEquals(consumer.position(place), 3);
    const none = await consumer.poll({ maxWaitMs: 5000, accept: () => false });
    assertEquals([none.length, consumer.position(place)], [0, 3]);
    const two = await consumer.poll({ maxWaitMs: 5000, maxRecords: 2 });
    assertEquals(two.map(({ offset }) => offset), [3, 4]);
    await consumer.commit();
    await consumer.commit([{ ...place, offset: 4, metadata: "by hand" }]);
    assertEquals(await consumer.committed([place, { topic: "t", partition: 5 }]), [
      { ...place, offset: 4, metadata: "by hand" },
    ]);
    await consumer.close();
    assertEquals((await committedOffsets(client, "g", [place]))[0]?.offset, 4);
  });
});

Deno.test("seek() and seekTo() go on by offset, at both ends and by time", async () => {
  await withBroker(async (client) => {
    await makeTopic(client, "t", 1);
    await fill(client, "t", 0, 10);
    const consumer = consumerOf(client);
    const place = { topic: "t", partition: 0 };
    consumer.assign([place]);
    await take(consumer, 10);
    consumer.seek(place, 7);
    assertEquals((await take(consumer, 3)).map(({ offset }) => offset), [7, 8, 9]);
    for (
      const [at, position] of [["earliest", 0], ["latest", 10], [4500, 4], [99_999, 10]] as const
    ) {
      await consumer.seekTo([place], at);
      assertEquals(consumer.position(place), position, `at ${at}`);
    }
    assertThrows(() => consumer.seek({ topic: "t", partition: 1 }, 0), ConsumerStateError, "1 of");
    // Beyond the end the reset policy decides.
    consumer.seek(place, 500);
    assertEquals((await take(consumer, 10))[0]?.offset, 0);
    await consumer.close();
  });
});

Deno.test("latest begins at the end, and none refuses to begin", async () => {
  await withBroker(async (client) => {
    await makeTopic(client, "t", 1);
    await fill(client, "t", 0, 5);
    const place = { topic: "t", partition: 0 };
    const latest = consumerOf(client, { autoOffsetReset: "latest" });
    latest.assign([place]);
    while (latest.position(place) === null) await latest.poll({ maxWaitMs: 20 });
    assertEquals(latest.position(place), 5);
    await latest.close();
    const none = consumerOf(client, { groupId: "other", autoOffsetReset: "none" });
    none.assign([place]);
    await assertRejects(
      () => none.poll({ maxWaitMs: 5000 }),
      KafkaError,
      "auto.offset.reset is none",
    );
    await none.close();
  });
});

Deno.test("two consumers share the partitions, and one gets all when the other leaves", async () => {
  await withBroker(async (client) => {
    await makeTopic(client, "t", 4);
    const [a, b] = [consumerOf(client), consumerOf(client)];
    await a.subscribe({ topics: ["t"] });
    await untilAssigned([a], ([first]) => first!.length === 4);
    await b.subscribe({ topics: ["t"] });
    const shared = await untilAssigned(
      [a, b],
      (found) => found.every(({ length }) => length === 2),
    );
    assertEquals(shared.flat().sort(), ["t-0", "t-1", "t-2", "t-3"]);
    await a.close();
    await untilAssigned([b], ([first]) => first!.length === 4);
    await b.close();
  });
});

Deno.test("a pattern takes in topics that come later, and topics that grow", async () => {
  await withBroker(async (client) => {
    await makeTopic(client, "log-a", 1);
    await makeTopic(client, "other", 1);
    const consumer = consumerOf(client, { topicRefreshMs: 50 });
    await consumer.subscribe({ pattern: "^log-", matches: (topic) => topic.startsWith("log-") });
    assertEquals(consumer.subscription, ["log-a"]);
    await untilAssigned([consumer], ([first]) => first!.length === 1);
    await makeTopic(client, "log-b", 2);
    const found = await untilAssigned([consumer], ([first]) => first!.length === 3);
    assertEquals(found, [["log-a-0", "log-b-0", "log-b-1"]]);
    await consumer.close();
  });
});

Deno.test("subscribing and assigning by hand exclude each other", async () => {
  await withBroker(async (client) => {
    await makeTopic(client, "t", 1);
    const consumer = consumerOf(client);
    await assertRejects(() => consumer.poll({ maxWaitMs: 0 }), ConsumerStateError, "neither");
    consumer.assign([{ topic: "t", partition: 0 }]);
    await assertRejects(() => consumer.subscribe({ topics: ["t"] }), ConsumerStateError);
    await consumer.unsubscribe();
    await assertRejects(() => consumer.subscribe({ topics: ["a/b"] }), KafkaError, '"a/b"');
    assertEquals(consumer.isReading, false);
    await consumer.subscribe({ topics: ["t"] });
    assertThrows(() => consumer.assign([{ topic: "t", partition: 0 }]), ConsumerStateError);
    await consumer.close();
    await assertRejects(() => consumer.poll({ maxWaitMs: 0 }), ConsumerStateError, "closed");
  });
});
