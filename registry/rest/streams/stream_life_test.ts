import { assertEquals, assertMatch } from "@std/assert";
import {
  createPartitions,
  deleteRecords,
  deleteTopics,
  make,
} from "../../../broker/protocol/mod.ts";
import { SseClient } from "./sse_client_test.ts";
import { dataOf, statusOf, write } from "./stream_asking_test.ts";
import { withProxy } from "./proxy_world_test.ts";

Deno.test("an idle stream shows that it lives, and ends with `end` when the service stops", async () => {
  await withProxy({ limits: { heartbeatMs: 50 } }, async (proxy) => {
    await proxy.topic("t");
    await write(proxy, "t", ["1"]);
    await using client = await SseClient.open(
      `${proxy.cluster}/topics/t/records:stream?from=earliest`,
      {
        "Accept-Encoding": "gzip",
      },
    );
    assertEquals(client.response.headers.get("Content-Encoding"), null);
    assertEquals(dataOf(await client.take(1)), [1]);
    assertEquals(await client.next(), { event: "comment", id: "", data: ": heartbeat" });
    await client.next();
    const stopped = proxy.stop();
    let last = await client.next();
    while (last?.event === "comment") last = await client.next();
    assertEquals(last, { event: "end", id: "1", data: { reason: "the server stops" } });
    assertEquals(await client.next(), null);
    await stopped;
  });
});

Deno.test("records that expire under a stream are told of by `reset`, a deleted topic by `error`", async () => {
  await withProxy({ broker: { "auto.create.topics.enable": "false" } }, async (proxy) => {
    await proxy.topic("t");
    const { client: kafka } = proxy.context;
    await write(proxy, "t", ["0", "1", "2", "3", "4"]);
    await kafka.call(
      deleteRecords,
      make(deleteRecords.request, {
        timeoutMs: 5000,
        topics: [{ name: "t", partitions: [{ partitionIndex: 0, offset: 3 }] }],
      }),
    );
    const url = `${proxy.cluster}/topics/t/records`;
    await using client = await SseClient.open(`${url}:stream`, { "Last-Event-ID": "1" });
    const [reset, ...rest] = await client.take(3);
    assertEquals(reset, {
      event: "reset",
      id: "3",
      data: { partition_id: 0, requested_offset: 1, offset: 3, reason: "expired" },
    });
    assertEquals(dataOf(rest), [3, 4]);
    await using late = await SseClient.open(`${url}:stream`, { "Last-Event-ID": "zz" });
    assertEquals((await late.next())!.data, {
      partition_id: 0,
      requested_offset: 1295,
      offset: 5,
      reason: "truncated",
    });
    const [status, code, message] = await statusOf(
      `${proxy.cluster}/topics/t/partitions/0/records?offset=1`,
    );
    assertEquals([status, code], [416, 416]);
    assertMatch(message, /from 3 to 5; 1 is outside/);
    const again = await statusOf(`${url}?cursor=1`);
    assertEquals(again.slice(0, 2), [416, 416]);
    await kafka.call(
      deleteTopics,
      make(deleteTopics.request, {
        timeoutMs: 5000,
        topicNames: ["t"],
        topics: [{ name: "t" }],
      }),
    );
    const event = await client.next();
    assertEquals([event!.event, event!.data.error_code], ["error", 40403]);
    assertEquals(await client.next(), null);
    assertEquals(proxy.errors, []);
  });
});

Deno.test("streams live on through a broker that is away for a while", async () => {
  await withProxy({ limits: { heartbeatMs: 50 } }, async (proxy) => {
    await proxy.topic("t");
    await write(proxy, "t", ["1"]);
    await using client = await SseClient.open(
      `${proxy.cluster}/topics/t/records:stream?from=earliest`,
    );
    assertEquals(dataOf(await client.take(1)), [1]);
    await proxy.restartBroker(async () => {
      assertEquals((await client.next())!.event, "comment");
    });
    const writing = write(proxy, "t", ["2"]);
    let event = await client.next();
    while (event?.event === "comment") event = await client.next();
    assertEquals(event?.data?.value?.data, 2, JSON.stringify(event));
    await writing;
    assertEquals(proxy.errors, []);
  });
});

Deno.test("a stream of all partitions ends when there are more of them, and goes on with those", async () => {
  await withProxy({ limits: { heartbeatMs: 30 } }, async (proxy) => {
    await proxy.topic("t");
    await write(proxy, "t", ["1"]);
    const url = `${proxy.cluster}/topics/t/records:stream`;
    await using client = await SseClient.open(`${url}?from=earliest`);
    assertEquals(dataOf(await client.take(1)), [1]);
    await proxy.context.client.call(
      createPartitions,
      make(createPartitions.request, {
        timeoutMs: 5000,
        topics: [{ name: "t", count: 2, assignments: null }],
      }),
    );
    const { client: kafka } = proxy.context;
    while ((await kafka.topic("t", { maxAgeMs: 0 })).partitions.length < 2);
    await write(proxy, "t", ["2"], 1);
    let event = await client.next();
    while (event?.event === "comment") event = await client.next();
    assertEquals([event!.event, event!.data.reason], ["end", "the topic has more partitions now"]);
    assertEquals(await client.next(), null);
    await using resumed = await SseClient.open(url, { "Last-Event-ID": event!.id });
    assertEquals(resumed.lastEventId, "1.0");
    assertEquals(dataOf(await resumed.take(1)), [2]);
  });
});

Deno.test("readers that read get everything, whatever one beside them does", async () => {
  await withProxy({}, async (proxy) => {
    await proxy.topic("t", 2);
    const url = `${proxy.cluster}/topics/t/records:stream`;
    await using sleeper = await SseClient.open(url);
    const clients = await Promise.all(Array.from({ length: 40 }, () => SseClient.open(url)));
    assertEquals(proxy.gauge("rest_streams_open"), 41);
    assertEquals(proxy.gauge("rest_topics_watched"), 1);
    const reading = Promise.all(clients.map((client) => client.take(2000)));
    const values = Array.from({ length: 50 }, (_, n) => `"${"x".repeat(2000)}${n}"`);
    for (let n = 0; n < 40; n++) await write(proxy, "t", values, n % 2);
    for (const events of await reading) {
      const offsets = events.map(({ data }) => [data.partition_id, data.offset]);
      assertEquals(new Set(offsets.map(String)).size, 2000);
    }
    assertEquals((await sleeper.take(2000)).length, 2000);
    for (const client of clients) await client[Symbol.asyncDispose]();
    while (proxy.gauge("rest_streams_open") > 1) await write(proxy, "t", ["1"]);
    assertEquals(proxy.errors, []);
  });
});
