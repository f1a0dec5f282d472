import { assert, assertEquals, assertRejects } from "@std/assert";
import { startBroker } from "../../../broker/mod.ts";
import { KafkaClient } from "../kafka_client.ts";
import { KafkaError } from "../kafka_error.ts";
import { RecordReader } from "../reads/record_reader.ts";
import { createTopic, topicWithLeaders } from "../topics.ts";
import { BatchingProducer } from "./batching_producer.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

async function withBroker(
  use: (client: KafkaClient, bootstrap: string) => Promise<void>,
  overrides: Readonly<Record<string, string>> = {},
): Promise<void> {
  const dataDirectory = await Deno.makeTempDir();
  const broker = await startBroker({ dataDirectory, overrides });
  const { bootstrap } = broker;
  const client = new KafkaClient({ bootstrap: [bootstrap], clientId: "test" });
  try {
    await use(client, bootstrap);
  } finally {
    await client.close();
    await broker.stop();
    await Deno.remove(dataDirectory, { recursive: true });
  }
}

async function valuesOf(client: KafkaClient, topic: string, partition = 0): Promise<string[]> {
  const reader = new RecordReader(client);
  const values: string[] = [];
  for (let offset = 0;;) {
    const read = await reader.fetchRecords(topic, partition, { offset });
    for (const { value } of read.records) values.push(decoder.decode(value!));
    offset = read.nextOffset;
    if (offset >= read.highWatermark) return values;
  }
}

function record(value: string, key: string | null = null) {
  return { key: key === null ? null : encoder.encode(key), value: encoder.encode(value) };
}

Deno.test("send() makes the topic, keeps the order of the calls and tells offset and time", async () => {
  await withBroker(async (client) => {
    const producer = new BatchingProducer(client);
    const values = Array.from({ length: 2000 }, (_, n) => `value ${n}`);
    const sent = await Promise.all(
      values.map((value, n) => producer.send("new", { ...record(value), timestampMs: 1000 + n })),
    );
    assertEquals(
      sent,
      values.map((_, n) => ({ partition: 0, offset: n, timestampMs: 1000 + n })),
    );
    assertEquals(await valuesOf(client, "new"), values);
    await producer.close();
    const error = await assertRejects(() => producer.send("new", record("late")), KafkaError);
    assertEquals(error.message, "The producer is closed");
  });
});

Deno.test("keys, headers, nulls and every compression come back as they were", async () => {
  await withBroker(async (client) => {
    const reader = new RecordReader(client);
    for (const compression of ["none", "gzip", "snappy", "lz4", "zstd"] as const) {
      const producer = new BatchingProducer(client, { compression });
      const headers = [{ key: "h", value: encoder.encode("x") }, { key: "none", value: null }];
      const outcomes = await producer.sendAll(compression, [
        { ...record("value ".repeat(100), "key"), headers },
        { key: null, value: null },
        { key: new Uint8Array(0), value: new Uint8Array(0) },
      ]);
      assertEquals(outcomes.map(({ offset, error }) => [offset, error]), [
        [0, null],
        [1, null],
        [2, null],
      ]);
      const { records } = await reader.fetchRecords(compression, 0, { offset: 0 });
      assertEquals(records.map(({ key, value }) => [key && decoder.decode(key), value?.length]), [
        ["key", 600],
        [null, undefined],
        ["", 0],
      ]);
      assertEquals(records[0]!.headers, headers);
      await producer.close();
    }
  });
});

Deno.test("keys choose the partition, the record may name it, and one that isn't there is refused", async () => {
  await withBroker(async (client) => {
    await createTopic(client, { name: "three", partitions: 3 });
    await topicWithLeaders(client, "three");
    const producer = new BatchingProducer(client);
    const same = await producer.sendAll("three", Array.from({ length: 9 }, () => record("v", "k")));
    assertEquals(new Set(same.map(({ partition }) => partition)).size, 1);
    const named = await producer.sendAll(
      "three",
      [0, 1, 2, 3].map((partition) => ({
        ...record("v"),
        partition,
      })),
    );
    assertEquals(named.map(({ partition }) => partition), [0, 1, 2, null]);
    const { error } = named[3]!;
    assertEquals([error?.name, error?.retriable], ["UNKNOWN_TOPIC_OR_PARTITION", false]);
    await producer.close();
  });
});

Deno.test("an unknown topic fails after the wait for it, a bad name at once", async () => {
  await withBroker(async (client) => {
    const producer = new BatchingProducer(client, { metadataMaxWaitMs: 150 });
    const error = await assertRejects(
      () => producer.send("nobody", record("v")),
      KafkaError,
      "150 ms",
    );
    assertEquals([error.name, error.retriable], ["UNKNOWN_TOPIC_OR_PARTITION", true]);
    const bad = await assertRejects(() => producer.send("a/b", record("v")), KafkaError);
    assertEquals(bad.name, "INVALID_TOPIC_EXCEPTION");
    assertEquals(producer.bufferedBytes, 0);
    await producer.close();
  }, { "auto.create.topics.enable": "false" });
});

Deno.test("batches that the topic finds too large are split, and the record too large fails alone", async () => {
  await withBroker(async (client) => {
    await createTopic(client, {
      name: "small",
      partitions: 1,
      configs: { "max.message.bytes": "2000" },
    });
    await topicWithLeaders(client, "small");
    const producer = new BatchingProducer(client);
    const values = Array.from(
      { length: 200 },
      (_, n) => n === 77 ? "x".repeat(5000) : `value ${n}`,
    );
    const outcomes = await producer.sendAll("small", values.map((value) => record(value)));
    assertEquals(
      outcomes.flatMap(({ error }, n) => error === null ? [] : [[n, error.name]]),
      [[77, "MESSAGE_TOO_LARGE"]],
    );
    assertEquals(await valuesOf(client, "small"), values.filter((_, n) => n !== 77));
    const huge = await assertRejects(
      () => producer.send("small", record("x".repeat(1024 * 1024))),
      KafkaError,
      "at most 1048576",
    );
    assertEquals(huge.name, "MESSAGE_TOO_LARGE");
    await producer.close();
  });
});

Deno.test("a record that the topic refuses leaves the others of its batch alone", async () => {
  await withBroker(async (client) => {
    await createTopic(client, {
      name: "c",
      partitions: 1,
      configs: { "cleanup.policy": "compact" },
    });
    await topicWithLeaders(client, "c");
    const producer = new BatchingProducer(client);
    const outcomes = await producer.sendAll("c", [
      record("a", "1"),
      record("b"),
      record("c", "3"),
      record("d"),
    ]);
    assertEquals(outcomes.map(({ offset, error }) => [offset, error?.name ?? null]), [
      [0, null],
      [null, "INVALID_RECORD"],
      [1, null],
      [null, "INVALID_RECORD"],
    ]);
    assertEquals(await valuesOf(client, "c"), ["a", "c"]);
    await producer.close();
  });
});

Deno.test("a full buffer refuses at once, and ready() resolves when there is room again", async () => {
  await withBroker(async (client) => {
    const producer = new BatchingProducer(client, { bufferBytesMax: 100_000 });
    const value = "x".repeat(1000);
    const sends: Promise<unknown>[] = [];
    while (!producer.isBackedUp) sends.push(producer.send("t", record(value)));
    const room = producer.ready();
    while (producer.bufferedBytes < 98_900) sends.push(producer.send("t", record(value)));
    await assertRejects(() => producer.send("t", record(value)), KafkaError, "at most 100000 may");
    await room;
    assert(!producer.isBackedUp);
    await Promise.all(sends);
    await producer.flush();
    assertEquals(producer.bufferedBytes, 0);
    await producer.close();
  });
});

Deno.test("answers that are lost bring no record twice and change no order", async () => {
  using proxy = new CuttingProxy();
  await withBroker(async (client, bootstrap) => {
    // The broker tells the proxy's address as its own, so that everything goes through it.
    proxy.passTo(bootstrap);
    await createTopic(client, { name: "t", partitions: 1 });
    await topicWithLeaders(client, "t");
    const producer = new BatchingProducer(client);
    await producer.send("t", record("first"));
    proxy.isCutting = true;
    const values = Array.from({ length: 400 }, (_, n) => `value ${n}`);
    const sends: Promise<unknown>[] = [];
    for (const [n, value] of values.entries()) {
      sends.push(producer.send("t", record(value)));
      if (n % 50 === 49) await Promise.all(sends.splice(0));
    }
    proxy.isCutting = false;
    assert(proxy.cutCount >= 2, `${proxy.cutCount} answers were lost`);
    assertEquals(await valuesOf(client, "t"), ["first", ...values]);
    await producer.close();
  }, { "advertised.listeners": `PLAINTEXT://localhost:${proxy.port}` });
});

/** Passes bytes on; while it is cutting, every fourth answer is swallowed and the connection cut. */
class CuttingProxy {
  isCutting = false;
  cutCount = 0;
  readonly #listener = Deno.listen({ hostname: "localhost", port: 0 });
  readonly #sockets = new Set<Deno.TcpConn>();
  #answerCount = 0;

  get port(): number {
    return this.#listener.addr.port;
  }

  passTo(target: string): void {
    const [hostname, port] = target.split(":") as [string, string];
    void this.#accept({ hostname, port: Number(port) });
  }

  [Symbol.dispose](): void {
    this.#listener.close();
    for (const socket of this.#sockets) close(socket);
  }

  async #accept(target: Deno.ConnectOptions): Promise<void> {
    for await (const near of this.#listener) {
      const far = await Deno.connect(target);
      this.#sockets.add(near).add(far);
      void this.#pass(near, far, false);
      void this.#pass(far, near, true);
    }
  }

  async #pass(from: Deno.TcpConn, to: Deno.TcpConn, isAnswer: boolean): Promise<void> {
    const buffer = new Uint8Array(64 * 1024);
    try {
      for (;;) {
        const count = await from.read(buffer);
        if (count === null) break;
        if (isAnswer && this.isCutting && ++this.#answerCount % 4 === 0) {
          this.cutCount++;
          break;
        }
        for (let at = 0; at < count;) at += await to.write(buffer.subarray(at, count));
      }
    } catch {
      // The other direction has closed both.
    }
    close(from);
    close(to);
  }
}

function close(socket: Deno.TcpConn): void {
  try {
    socket.close();
  } catch {
    // It is closed already.
  }
}
