import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { Buffer } from "node:buffer";
import {
  createPartitions,
  deleteRecords,
  deleteTopics,
  make,
} from "../../../broker/protocol/mod.ts";
import { SseClient, type SseEvent } from "./sse_client_test.ts";
import { type TestProxy, withProxy } from "./test_proxy.ts";

const encoder = new TextEncoder();

async function write(
  proxy: TestProxy,
  topic: string,
  values: readonly (string | Uint8Array | null)[],
  partition = 0,
): Promise<void> {
  const outcomes = await proxy.context.producer.sendAll(
    topic,
    values.map((value) => ({
      partition,
      key: null,
      value: typeof value === "string" ? encoder.encode(value) : value,
    })),
  );
  for (const { error } of outcomes) if (error !== null) throw error;
}

function dataOf(events: readonly SseEvent[]): unknown[] {
  return events.map(({ data }) => data.value.data);
}

async function statusOf(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers });
  const { error_code: code, message } = await response.json();
  return [response.status, code, message] as const;
}

Deno.test("a stream tells records with all they have, then those that come", async () => {
  await withProxy({}, async (proxy) => {
    await proxy.topic("t");
    await proxy.context.producer.send("t", {
      key: encoder.encode("k"),
      value: encoder.encode(`{"a": 1}`),
      headers: [{ key: "h", value: encoder.encode("hi") }, { key: "none", value: null }],
      timestampMs: Date.parse("2026-01-31T12:00:00.123Z"),
    });
    await using client = await SseClient.open(
      `${proxy.cluster}/topics/t/records:stream?from=earliest`,
    );
    assertEquals(client.lastEventId, "0");
    assertEquals(await client.next(), {
      event: "message",
      id: "1",
      data: {
        topic_name: "t",
        partition_id: 0,
        offset: 0,
        timestamp: "2026-01-31T12:00:00.123Z",
        headers: [{ name: "h", value: "aGk=" }, { name: "none", value: null }],
        key: { type: "STRING", data: "k" },
        value: { type: "JSON", data: { a: 1 } },
      },
    });
    for (let n = 0; n < 5; n++) {
      await write(proxy, "t", [`${n}`]);
      assertEquals(dataOf(await client.take(1)), [n]);
    }
  });
});

Deno.test("auto tells what a value looks like, a format says what can't be read so", async () => {
  await withProxy({}, async (proxy) => {
    await proxy.topic("t");
    const values = [
      `{"a":[1]}`,
      "12345678901234567890",
      " null ",
      "text",
      "true story",
      "",
      "two\nlines",
      Uint8Array.of(0, 0, 0, 0, 1, 2),
      Uint8Array.of(0xff, 0xfe),
      null,
      `{"a":\n1}`,
    ];
    await write(proxy, "t", values);
    const url = `${proxy.cluster}/topics/t/records:stream?from=earliest`;
    async function told(format: string): Promise<string[]> {
      await using client = await SseClient.open(`${url}&value_format=${format}`);
      return (await client.take(values.length)).map(({ data: { value } }) =>
        value === null
          ? "null"
          : `${value.type} ${JSON.stringify(value.data)}${value.error ? "!" : ""}`
      );
    }
    assertEquals(await told("auto"), [
      `JSON {"a":[1]}`,
      `JSON 12345678901234567000`,
      `JSON null`,
      `STRING "text"`,
      `STRING "true story"`,
      `STRING ""`,
      `STRING "two\\nlines"`,
      `BINARY "AAAAAAEC"!`,
      `BINARY "//4="`,
      "null",
      `JSON {"a":1}`,
    ]);
    assertEquals((await told("string")).slice(6, 9), [
      `STRING "two\\nlines"`,
      `STRING "\\u0000\\u0000\\u0000\\u0000\\u0001\\u0002"`,
      `BINARY "//4="!`,
    ]);
    assertEquals((await told("json")).slice(2, 5), [
      "JSON null",
      `BINARY "dGV4dA=="!`,
      `BINARY "dHJ1ZSBzdG9yeQ=="!`,
    ]);
    assertEquals((await told("binary"))[3], `BINARY "dGV4dA=="`);
    assertEquals((await told("avro"))[3], `BINARY "dGV4dA=="!`);
    const raw = await (await fetch(`${proxy.cluster}/topics/t/partitions/0/records`)).text();
    assert(raw.includes("12345678901234567890"));
    assertEquals(proxy.errors, []);
  });
});

Deno.test("values of schemas are told by the registry, whatever kind they are of", async () => {
  await withProxy({ registry: true }, async (proxy) => {
    await proxy.topic("t");
    const avro = `{"type":"record","name":"R","fields":[{"name":"a","type":["null","int"]}]}`;
    const proto = `syntax = "proto3"; message M { int32 a = 1; }`;
    const response = await fetch(`${proxy.cluster}/topics/t/records`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: [
        { value: { type: "AVRO", schema: avro, data: { a: { int: 5 } } } },
        { value: { type: "PROTOBUF", subject: "p", schema: proto, data: { a: 6 } } },
        {
          value: { type: "JSONSCHEMA", subject: "j", schema: `{"type":"object"}`, data: { a: 7 } },
        },
        { value: { data: { a: { int: 8 } } } },
        {
          value: {
            type: "AVRO",
            subject_name_strategy: "RECORD_NAME",
            schema: avro,
            data: { a: null },
          },
        },
        { value: { type: "AVRO", schema: avro, data: { a: "five" } } },
        { value: { schema_id: 12345, data: 1 } },
        { value: { type: "AVRO", schema: "no schema", data: 1 } },
        { value: { schema_id: 1, data: { a: { int: 9 } } } },
        { value: { subject: "nobody", data: 1 } },
      ].map((record) => JSON.stringify(record)).join("\n"),
    });
    const answers = (await response.text()).trim().split("\r\n").map((line) => JSON.parse(line));
    assertEquals(
      answers.map(({ error_code, value, message }) =>
        error_code === 200 ? value : [error_code, typeof message]
      ),
      [
        { type: "AVRO", subject: "t-value", schema_id: 1, schema_version: 1, size: 7 },
        { type: "PROTOBUF", subject: "p", schema_id: 2, schema_version: 1, size: 8 },
        { type: "JSONSCHEMA", subject: "j", schema_id: 3, schema_version: 1, size: 12 },
        { type: "AVRO", subject: "t-value", schema_id: 1, schema_version: 1, size: 7 },
        { type: "AVRO", subject: "R", schema_id: 1, schema_version: 1, size: 6 },
        [42206, "string"],
        [42205, "string"],
        [42205, "string"],
        { type: "AVRO", subject: "t-value", schema_id: 1, schema_version: 1, size: 7 },
        [42205, "string"],
      ],
    );
    await write(proxy, "t", [Uint8Array.of(0, 0, 0, 0, 99, 1)]);
    const url = `${proxy.cluster}/topics/t/records:stream?from=earliest`;
    async function told(format: string): Promise<unknown[]> {
      await using client = await SseClient.open(`${url}&value_format=${format}`);
      return (await client.take(7)).map(({ data: { value } }) => [
        value.type,
        value.schema_id,
        value.error === undefined ? value.data : "error",
      ]);
    }
    assertEquals(await told("auto"), [
      ["AVRO", 1, { a: { int: 5 } }],
      ["PROTOBUF", 2, { a: 6 }],
      ["JSONSCHEMA", 3, { a: 7 }],
      ["AVRO", 1, { a: { int: 8 } }],
      ["AVRO", 1, { a: null }],
      ["AVRO", 1, { a: { int: 9 } }],
      ["BINARY", undefined, "error"],
    ]);
    assertEquals((await told("protobuf")).slice(0, 2), [
      ["BINARY", undefined, "error"],
      ["PROTOBUF", 2, { a: 6 }],
    ]);
    assertEquals(proxy.errors, []);
  });
});

Deno.test("Last-Event-ID takes a stream of several partitions up without loss or repeats", async () => {
  await withProxy({}, async (proxy) => {
    await proxy.topic("t", 3);
    const url = `${proxy.cluster}/topics/t/records:stream`;
    let id: string;
    {
      // Who saw nothing yet has a place, too.
      await using client = await SseClient.open(url);
      id = client.lastEventId;
      assertEquals(id, "0.0.0");
    }
    const expected: string[] = [];
    for (let n = 0; n < 60; n++) {
      await write(proxy, "t", [`"${n}"`], n % 3);
      expected.push(`${n % 3} ${n}`);
    }
    const seen: string[] = [];
    for (let n = 0; seen.length < 60; n++) {
      const resumed = n % 2 === 0
        ? SseClient.open(url, { "Last-Event-ID": id })
        : SseClient.open(`${url}?last_event_id=${id}`);
      await using client = await resumed;
      assertEquals(client.lastEventId, id);
      const events = await client.take(Math.min(7, 60 - seen.length));
      seen.push(...events.map(({ data }) => `${data.partition_id} ${data.value.data}`));
      id = client.lastEventId;
    }
    assertEquals(seen.sort(), expected.sort());
    assertEquals(id, "k.k.k");
  });
});

Deno.test("from says where to begin, partition which ones are read", async () => {
  await withProxy({}, async (proxy) => {
    await proxy.topic("t", 4);
    for (let partition = 0; partition < 4; partition++) {
      for (let n = 0; n < 3; n++) {
        await proxy.context.producer.send("t", {
          partition,
          key: null,
          value: encoder.encode(`"${partition}.${n}"`),
          timestampMs: Date.parse("2026-01-01T00:00:00Z") + n * 1000,
        });
      }
    }
    const url = `${proxy.cluster}/topics/t/records:stream`;
    async function told(query: string, count: number): Promise<unknown[]> {
      await using client = await SseClient.open(`${url}?${query}`);
      return dataOf(await client.take(count)).sort();
    }
    assertEquals(await told("from=1&partition=2", 2), ["2.1", "2.2"]);
    assertEquals(await told("from=offset:2&partition=1,3", 2), ["1.2", "3.2"]);
    assertEquals(await told("from=2", 4), ["0.2", "1.2", "2.2", "3.2"]);
    assertEquals(await told("from=2026-01-01T00:00:01Z&partition=0", 2), ["0.1", "0.2"]);
    assertEquals(await told("from=2026-01-01T01:00:00.5%2B01:00&partition=0", 2), ["0.1", "0.2"]);
    assertEquals(await told(`from=${Date.parse("2026-01-01T00:00:02Z")}`, 4), [
      "0.2",
      "1.2",
      "2.2",
      "3.2",
    ]);
    const ends: [string, string][] = [
      ["from=latest", "3.3.3.3"],
      ["from=timestamp:1", "0.0.0.0"],
      ["from=2030-01-01", "3.3.3.3"],
      ["from=3&partition=3", "3-3"],
      ["partition=1,3", "1-3.3-3"],
      // All beyond the end, in a topic of several partitions.
      ["from=1000", "3.3.3.3"],
    ];
    for (const [query, id] of ends) {
      await using client = await SseClient.open(`${url}?${query}`);
      assertEquals(client.lastEventId, id, query);
    }
  });
});

Deno.test("requests that make no sense are refused before anything is streamed", async () => {
  await withProxy({ limits: { streamsMax: 1 } }, async (proxy) => {
    await proxy.topic("t", 2);
    const url = `${proxy.cluster}/topics/t/records:stream`;
    const cases: [string, number, number][] = [
      [`${proxy.url}/v3/clusters/other/topics/t/records:stream`, 404, 404],
      [`${proxy.cluster}/topics/nobody/records:stream`, 404, 40403],
      [`${proxy.cluster}/topics/a%2F..%00/records:stream`, 404, 40403],
      [`${proxy.cluster}/topics/${"x".repeat(10_000)}/records:stream`, 404, 40403],
      [`${url}?partition=2`, 404, 40403],
      [`${url}?partition=a`, 400, 400],
      [`${url}?partition=99999999999`, 400, 400],
      [`${url}?from=sometimes`, 400, 400],
      [`${url}?from=-1`, 400, 400],
      [`${url}?from=offset:now`, 400, 400],
      [`${url}?from=2026-13-45`, 400, 400],
      [`${url}?from=1&partition=0`, 416, 416],
      [`${url}?value_format=xml`, 400, 400],
      [`${url}?key_format=`, 400, 400],
      [`${url}?isolation=none`, 400, 400],
      [`${url}?last_event_id=nonsense!`, 400, 400],
    ];
    for (const [path, status, code] of cases) {
      const [itsStatus, itsCode, message] = await statusOf(path);
      assertEquals([itsStatus, itsCode], [status, code], path.slice(0, 200));
      assert(message.length < 500);
    }
    assertEquals((await statusOf(url, { Accept: "application/json" }))[0], 406);
    const head = await fetch(url, { method: "HEAD" });
    assertEquals([head.status, head.headers.get("Content-Type")], [200, "text/event-stream"]);
    await using _client = await SseClient.open(url);
    assertEquals((await statusOf(url))[0], 429);
    assertEquals(proxy.errors, []);
  });
});

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

Deno.test("reads follow each other by their cursors, and wait for what isn't there yet", async () => {
  await withProxy({}, async (proxy) => {
    await proxy.topic("t", 3);
    for (let n = 0; n < 30; n++) await write(proxy, "t", [`${n}`], n % 3);
    const seen: number[] = [];
    let url = `${proxy.cluster}/topics/t/records?max_records=7&value_format=json`;
    for (;;) {
      const response = await fetch(url);
      const { kind, metadata, data, next_cursor } = await response.json();
      assertEquals([response.status, kind, metadata.self], [200, "KafkaRecordList", url]);
      assert(data.length <= 7);
      // deno-lint-ignore no-explicit-any
      seen.push(...data.map(({ value }: any) => value.data));
      url = metadata.next;
      assertEquals(new URL(url).searchParams.get("cursor"), next_cursor);
      if (data.length === 0) break;
    }
    assertEquals(seen.sort((a, b) => a - b), Array.from({ length: 30 }, (_, n) => n));
    const waiting = fetch(`${url}&wait_ms=20000`);
    await write(proxy, "t", ["30"], 1);
    const { data } = await (await waiting).json();
    assertEquals([data.length, data[0].value.data], [1, 30]);
    const one = `${proxy.cluster}/topics/t/partitions/1/records`;
    async function countOf(query: string): Promise<number> {
      return (await (await fetch(`${one}?${query}`)).json()).data.length;
    }
    assertEquals(await countOf("offset=4"), 7);
    assertEquals(await countOf("offset=latest"), 0);
    assertEquals(await countOf("offset=earliest&max_bytes=1"), 1);
    // One byte each, then a record of two.
    assertEquals(await countOf("max_bytes=4"), 3);
    assertEquals(await countOf("offset=latest&wait_ms=30"), 0);
    const page = await (await fetch(`${one}?offset=4&max_records=2`)).json();
    assertEquals([page.next_cursor, page.data[0].offset], ["1-6", 4]);
    for (
      const [query, status] of [
        ["offset=100", 416],
        ["offset=x", 400],
        ["max_bytes=0", 400],
        ["max_bytes=1e3", 400],
        ["max_records=10001", 400],
        ["wait_ms=30001", 400],
        ["cursor=!", 400],
      ] as const
    ) {
      assertEquals((await statusOf(`${one}?${query}`))[0], status, query);
    }
    for (const partition of ["7", "x", "-1", "1.5", "99999999999"]) {
      const [status] = await statusOf(`${proxy.cluster}/topics/t/partitions/${partition}/records`);
      assertEquals(status, 404, partition);
    }
    const big = `"${"x".repeat(3000)}"`;
    await write(proxy, "t", [big], 1);
    const packed = await fetch(`${one}?offset=11`, { headers: { "Accept-Encoding": "gzip" } });
    assertEquals(packed.headers.get("Content-Encoding") ?? packed.headers.get("Vary"), "gzip");
    await packed.body?.cancel();
    assertEquals(proxy.errors, []);
  });
});

Deno.test("a WebSocket tells the same as messages, and takes up where another stream was", async () => {
  await withProxy({ limits: { heartbeatMs: 50 } }, async (proxy) => {
    await proxy.topic("t");
    await write(proxy, "t", ["1", "2"]);
    const url = `${proxy.cluster.replace("http", "ws")}/topics/t/records:stream`;
    const socket = new SocketClient(`${url}?from=earliest`);
    assertEquals(await socket.next(), { event: "start", id: "0", data: null });
    const [first, second] = [await socket.next(), await socket.next()];
    assertEquals([first.id, first.data.value.data, second.id], ["1", 1, "2"]);
    socket.close();
    await write(proxy, "t", ["3"]);
    const resumed = new SocketClient(`${url}?last_event_id=${first.id}`);
    assertEquals((await resumed.next()).id, "1");
    assertEquals([(await resumed.next()).data.offset, (await resumed.next()).data.offset], [1, 2]);
    const stopped = proxy.stop();
    assertEquals(await resumed.next(), {
      event: "end",
      id: "3",
      data: { reason: "the server stops" },
    });
    assertEquals(await resumed.closed, 1001);
    await stopped;
    assertEquals(proxy.errors, []);
  });
});

Deno.test("a WebSocket is refused to pages of other origins, and where a stream would be", async () => {
  await withProxy({
    settings: { "access.control.allow.origin": "https://friend.example" },
  }, async (proxy) => {
    await proxy.topic("t");
    const path = new URL(`${proxy.cluster}/topics/t/records:stream`);
    async function upgrade(query: string, headers: string): Promise<string> {
      const socket = await Deno.connect({ hostname: path.hostname, port: Number(path.port) });
      await socket.write(encoder.encode(
        `GET ${path.pathname}${query} HTTP/1.1\r\nHost: ${path.host}\r\nConnection: Upgrade\r\n` +
          `Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
          `Sec-WebSocket-Key: ${
            Buffer.from("0123456789abcdef").toString("base64")
          }\r\n${headers}\r\n`,
      ));
      const bytes = new Uint8Array(4096);
      const count = await socket.read(bytes);
      socket.close();
      return new TextDecoder().decode(bytes.subarray(0, count ?? 0)).split(" ")[1]!;
    }
    assertEquals(await upgrade("", ""), "101");
    assertEquals(await upgrade("", `Origin: http://${path.host}\r\n`), "101");
    assertEquals(await upgrade("", "Origin: https://friend.example\r\n"), "101");
    assertEquals(await upgrade("", "Origin: https://evil.example\r\n"), "403");
    assertEquals(await upgrade("", "Origin: null\r\n"), "403");
    assertEquals(await upgrade("?from=never", ""), "400");
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

Deno.test("the OpenAPI document has every route of records", async () => {
  await withProxy({}, async (proxy) => {
    const { openapi, paths } = await (await fetch(`${proxy.url}/openapi.json`)).json();
    assertEquals(openapi, "3.1.0");
    const topic = "/v3/clusters/{cluster_id}/topics/{topic_name}";
    assertEquals(Object.keys(paths).sort(), [
      `${topic}/partitions/{partition_id}/records`,
      `${topic}/records`,
      `${topic}/records:batch`,
      `${topic}/records:stream`,
    ]);
    assertEquals(Object.keys(paths[`${topic}/records`]).sort(), ["get", "post"]);
  });
});

Deno.test("opening a stream rejects what it can't be", async () => {
  await withProxy({}, async (proxy) => {
    await assertRejects(
      () => SseClient.open(`${proxy.cluster}/topics/t/records:stream`),
      Error,
      "404",
    );
  });
});

/** Messages of a WebSocket one by one. */
class SocketClient {
  readonly closed: Promise<number>;
  readonly #socket: WebSocket;
  readonly #messages: string[] = [];
  #isClosed = false;
  #wake: () => void = () => {};

  constructor(url: string) {
    this.#socket = new WebSocket(url);
    this.#socket.onmessage = ({ data }) => {
      this.#messages.push(data);
      this.#wake();
    };
    this.closed = new Promise((resolve) => {
      this.#socket.onclose = ({ code }) => {
        this.#isClosed = true;
        resolve(code);
        this.#wake();
      };
    });
  }

  // deno-lint-ignore no-explicit-any
  async next(): Promise<any> {
    while (this.#messages.length === 0) {
      if (this.#isClosed) throw new Error("The socket is closed");
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    return JSON.parse(this.#messages.shift()!);
  }

  close(): void {
    this.#socket.close();
  }
}
