import { assert, assertEquals, assertRejects } from "@std/assert";
import { SseClient } from "./sse_client_test.ts";
import { dataOf, statusOf, write } from "./stream_asking_test.ts";
import { withProxy } from "./proxy_world_test.ts";

const encoder = new TextEncoder();

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
