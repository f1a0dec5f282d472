import { assertEquals, assertRejects } from "@std/assert";
import { type RunningBroker, startBroker } from "../../broker/mod.ts";
import { listGroups, make } from "../../broker/protocol/mod.ts";
import { GroupConsumer } from "./group/group_consumer.ts";
import { KafkaClient } from "./kafka_client.ts";
import { KafkaError } from "./kafka_error.ts";
import { BatchingProducer } from "./producer/batching_producer.ts";
import { PartitionTail } from "./reads/partition_tail.ts";
import { RecordReader } from "./reads/record_reader.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

Deno.test("producer, tail and consumer go on when the broker comes back on its port", async () => {
  const dataDirectory = await Deno.makeTempDir();
  const overrides = { "group.initial.rebalance.delay.ms": "0" };
  let broker: RunningBroker = await startBroker({ dataDirectory, overrides });
  const { port, bootstrap } = broker;
  const client = new KafkaClient({ bootstrap: [bootstrap], clientId: "test" });
  const producer = new BatchingProducer(client);
  const send = (text: string) => producer.send("t", { key: null, value: encoder.encode(text) });
  const expected = Array.from({ length: 300 }, (_, n) => `value ${n}`);
  await Promise.all(expected.slice(0, 100).map(send));

  const tail = new PartitionTail(client, new RecordReader(client), "t", 0, { offset: 0 });
  const tailed: string[] = [];
  const tailing = (async () => {
    for await (const { records } of tail) {
      for (const { value } of records) tailed.push(decoder.decode(value!));
      if (tailed.length >= expected.length) tail.close();
    }
  })();
  const consumer = new GroupConsumer(client, {
    groupId: "g",
    autoOffsetReset: "earliest",
    heartbeatIntervalMs: 100,
  });
  await consumer.subscribe({ topics: ["t"] });
  const consumed: string[] = [];
  const consume = async (count: number) => {
    while (consumed.length < count) {
      for (const { value } of await consumer.poll({ maxWaitMs: 200 })) {
        consumed.push(decoder.decode(value!));
      }
    }
  };
  await consume(100);

  // These are on their way, or wait, while it stops.
  const pending = expected.slice(100, 200).map(send);
  await broker.stop();
  const refused = await assertRejects(
    () => client.call(listGroups, make(listGroups.request, {}), { timeoutMs: 100 }),
    KafkaError,
  );
  assertEquals(refused.retriable, true);
  pending.push(...expected.slice(200).map(send));
  broker = await startBroker({ dataDirectory, port, overrides });

  const offsets = (await Promise.all(pending)).map(({ offset }) => offset);
  assertEquals(offsets, Array.from({ length: 200 }, (_, n) => 100 + n));
  await Promise.all([tailing, consume(expected.length)]);
  assertEquals(tailed, expected);
  assertEquals(consumed, expected);
  await consumer.close();
  await producer.close();
  await client.close();
  await broker.stop();
  await Deno.remove(dataDirectory, { recursive: true });
});
