import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { startBroker } from "../../../broker/mod.ts";
import { errorCodes } from "../../../broker/protocol/errors.ts";
import { KafkaClient } from "../kafka_client.ts";
import { KafkaError } from "../kafka_error.ts";
import { BatchingProducer } from "../producer/batching_producer.ts";
import { listOffsets } from "./list_offsets.ts";
import { PartitionTail } from "./partition_tail.ts";
import { RecordReader } from "./record_reader.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

async function withBroker(use: (client: KafkaClient) => Promise<void>): Promise<void> {
  const dataDirectory = await Deno.makeTempDir();
  const broker = await startBroker({ dataDirectory });
  const client = new KafkaClient({ bootstrap: [broker.bootstrap], clientId: "test" });
  try {
    await use(client);
  } finally {
    await client.close();
    await broker.stop();
    await Deno.remove(dataDirectory, { recursive: true });
  }
}

async function fill(client: KafkaClient, topic: string, count: number): Promise<void> {
  const producer = new BatchingProducer(client);
  await producer.sendAll(
    topic,
    Array.from({ length: count }, (_, n) => ({
      key: null,
      value: encoder.encode(`value ${n}`),
      timestampMs: 1000 * (n + 1),
    })),
  );
  await producer.close();
}

Deno.test("fetchRecords() begins in the middle of a batch and keeps to bytes and records", async () => {
  await withBroker(async (client) => {
    await fill(client, "t", 1000);
    const reader = new RecordReader(client);
    const all = await reader.fetchRecords("t", 0, { offset: 0 });
    assertEquals(
      [all.records.length, all.nextOffset, all.highWatermark, all.lastStableOffset],
      [1000, 1000, 1000, 1000],
    );
    const few = await reader.fetchRecords("t", 0, { offset: 500, maxRecords: 3 });
    assertEquals(few.records.map(({ offset }) => offset), [500, 501, 502]);
    assertEquals(few.records.map(({ value }) => decoder.decode(value!))[0], "value 500");
    assertEquals([few.records[0]!.timestampMs, few.nextOffset], [501_000, 503]);
    const small = await reader.fetchRecords("t", 0, { offset: 10, maxBytes: 20 });
    assertEquals(small.records.map(({ offset }) => offset), [10, 11]);
    const single = await reader.fetchRecords("t", 0, { offset: 10, maxBytes: 1 });
    assertEquals([single.records.length, single.nextOffset], [1, 11]);
    const end = await reader.fetchRecords("t", 0, { offset: 1000 });
    assertEquals([end.records.length, end.nextOffset], [0, 1000]);
  });
});

Deno.test("fetchRecords() says what the partition holds, and what isn't there", async () => {
  await withBroker(async (client) => {
    await fill(client, "t", 10);
    const reader = new RecordReader(client);
    for (
      const [topic, partition, offset, name, message] of [
        ["t", 0, 11, "OFFSET_OUT_OF_RANGE", "its offsets go from 0 to 10"],
        ["t", 1, 0, "UNKNOWN_TOPIC_OR_PARTITION", "it has 1"],
        ["nobody", 0, 0, "UNKNOWN_TOPIC_OR_PARTITION", '"nobody"'],
      ] as const
    ) {
      const error = await assertRejects(
        () => reader.fetchRecords(topic, partition, { offset }),
        KafkaError,
        message,
      );
      assertEquals(error.name, name);
    }
  });
});

Deno.test("equal reads share one request, and a read waits for what comes", async () => {
  await withBroker(async (client) => {
    await fill(client, "t", 1);
    const reader = new RecordReader(client);
    const waiting = Array.from(
      { length: 200 },
      () => reader.fetchRecords("t", 0, { offset: 1, waitMs: 30_000 }),
    );
    const before = client.connectionCount;
    await fill(client, "t", 1);
    const read = await Promise.all(waiting);
    assertEquals(read[0]!.records.length, 1);
    for (const other of read) assertStrictEquals(other, read[0]);
    assert(client.connectionCount <= before + 2);
  });
});

Deno.test("listOffsets() finds ends, times and errors in the order of the questions", async () => {
  await withBroker(async (client) => {
    await fill(client, "t", 100);
    const at = (
      at: "earliest" | "latest" | "max_timestamp" | number,
      topic = "t",
      partition = 0,
    ) => ({
      topic,
      partition,
      at,
    });
    const listed = await listOffsets(client, [
      at("latest"),
      at("earliest"),
      at(50_500),
      at("max_timestamp"),
      at(1e12),
      at("latest", "nobody"),
      at("latest", "t", 7),
    ]);
    assertEquals(
      listed.map(({ offset, timestampMs, error }) => [offset, timestampMs, error?.code ?? 0]),
      [
        [100, -1, 0],
        [0, -1, 0],
        [50, 51_000, 0],
        [99, 100_000, 0],
        [-1, -1, 0],
        [-1, -1, errorCodes.UNKNOWN_TOPIC_OR_PARTITION],
        [-1, -1, errorCodes.UNKNOWN_TOPIC_OR_PARTITION],
      ],
    );
  });
});

Deno.test("a tail tells the end at once, then what comes, and ends when it is closed", async () => {
  await withBroker(async (client) => {
    await fill(client, "t", 3);
    const tail = new PartitionTail(client, new RecordReader(client), "t", 0, { offset: 3 });
    const told: number[][] = [];
    for await (const { records, highWatermark } of tail) {
      told.push([records.length, highWatermark]);
      if (told.length === 2) tail.close();
      else await fill(client, "t", 2);
    }
    assertEquals(told, [[0, 3], [2, 5]]);
    assertEquals([tail.position, tail.highWatermark], [5, 5]);
  });
});
