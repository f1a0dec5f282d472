import { assert, assertEquals, assertMatch } from "@std/assert";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { type TestProxy, withProxy } from "../../streams/proxy_world_test.ts";

const decoder = new TextDecoder();

interface Answer {
  readonly error_code: number;
  readonly message?: string;
  readonly partition_id?: number;
  readonly offset?: number;
  readonly key?: unknown;
  readonly value?: unknown;
  readonly timestamp?: string;
}

async function produce(
  proxy: TestProxy,
  topic: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Answer[]> {
  const response = await fetch(`${proxy.cluster}/topics/${topic}/records`, {
    method: "POST",
    body,
    headers: { "Content-Type": "application/json", ...headers },
  });
  assertEquals(response.status, 200);
  return answersOf(await response.text());
}

function answersOf(text: string): Answer[] {
  assert(text === "" || text.endsWith("\r\n"));
  return text.split("\r\n").slice(0, -1).map((line) => JSON.parse(line));
}

async function recordsOf(proxy: TestProxy, topic: string, partition = 0) {
  const { records } = await proxy.context.reader.fetchRecords(topic, partition, { offset: 0 });
  return records.map(({ key, value, headers, timestampMs }) => ({
    key: key && decoder.decode(key),
    value: value && decoder.decode(value),
    headers: headers.map(({ key, value }) => [key, value && decoder.decode(value)]),
    timestampMs,
  }));
}

function json(data: unknown): string {
  return JSON.stringify({ value: { type: "JSON", data } });
}

Deno.test("records of all plain types are written in order and answered in order", async () => {
  await withProxy({}, async (proxy) => {
    await proxy.topic("t");
    const answers = await produce(
      proxy,
      "t",
      [
        { key: { type: "STRING", data: "k" }, value: { type: "JSON", data: { a: [1, "é"] } } },
        { value: { type: "BINARY", data: Buffer.from("bytes").toString("base64") } },
        {
          value: { type: "STRING", data: 12 },
          headers: [{ name: "h", value: "aGk=" }, { name: "none" }],
          timestamp: "2026-01-31T12:00:00.123Z",
        },
        { key: { type: "JSON", data: null } },
        {},
      ].map((record) => JSON.stringify(record)).join(""),
    );
    assertEquals(answers.map(({ error_code, offset }) => [error_code, offset]), [
      [200, 0],
      [200, 1],
      [200, 2],
      [200, 3],
      [200, 4],
    ]);
    assertEquals(answers[0], {
      error_code: 200,
      cluster_id: proxy.clusterId,
      topic_name: "t",
      partition_id: 0,
      offset: 0,
      timestamp: answers[0]!.timestamp,
      key: { type: "STRING", size: 1 },
      value: { type: "JSON", size: 14 },
    } as Answer);
    assertEquals(answers[2]!.timestamp, "2026-01-31T12:00:00.123Z");
    assertEquals([answers[3]!.key, answers[3]!.value], [{ type: "JSON", size: 0 }, undefined]);
    const records = await recordsOf(proxy, "t");
    assertEquals(records.map(({ key, value }) => [key, value]), [
      ["k", `{"a":[1,"é"]}`],
      [null, "bytes"],
      [null, "12"],
      [null, null],
      [null, null],
    ]);
    assertEquals(records[2]!.headers, [["h", "hi"], ["none", null]]);
    assertEquals(records[2]!.timestampMs, Date.parse("2026-01-31T12:00:00.123Z"));
  });
});

Deno.test("numbers that a double can't hold are written as they came", async () => {
  await withProxy({}, async (proxy) => {
    await proxy.topic("t");
    const data = `{"n":12345678901234567890,"d":0.1234567890123456789}`;
    await produce(proxy, "t", `{"value":{"type":"JSON","data":${data}}}`);
    assertEquals((await recordsOf(proxy, "t"))[0]!.value, data);
  });
});

Deno.test("a record that is refused leaves its neighbours alone", async () => {
  await withProxy({}, async (proxy) => {
    await proxy.topic("t", 2);
    const bad: [string, number][] = [
      [`{"value":{"type":"BINARY","data":"%%"}}`, 42206],
      [`{"value":{"type":"BINARY","data":{"a":1}}}`, 42206],
      [`{"partition_id":-1}`, 40402],
      [`{"partition_id":7}`, 40402],
      [`{"partition_id":"0"}`, 400],
      [`{"partition_id":12345678901234567890}`, 400],
      [`{"partition_id":1.5}`, 400],
      [`{"values":{}}`, 422],
      [`{"value":5}`, 400],
      [`{"value":{"type":"XML","data":"a"}}`, 400],
      [`{"value":{"type":"JSON","schema_id":1,"data":1}}`, 400],
      [`{"value":{"type":"JSON","subject":"s","data":1}}`, 400],
      [`{"value":{"type":"AVRO","data":1}}`, 400],
      [`{"value":{"type":"AVRO","schema_id":1,"data":1}}`, 400],
      [`{"value":{"schema_id":1,"schema_version":1,"data":1}}`, 400],
      [`{"value":{"schema":"\\"int\\"","data":1}}`, 400],
      [`{"value":{"subject":"a","subject_name_strategy":"TOPIC_NAME","data":1}}`, 400],
      [`{"value":{"subject_name_strategy":"RECORD_NAME","data":1}}`, 400],
      [`{"value":{"subject_name_strategy":"OTHER","data":1}}`, 400],
      [`{"headers":{}}`, 400],
      [`{"headers":[{"name":1}]}`, 400],
      [`{"headers":[{"name":"a","value":"?"}]}`, 400],
      [`{"timestamp":"yesterday"}`, 400],
      [`{"timestamp":1}`, 400],
      [`{"timestamp":"1969-01-01T00:00:00Z"}`, 400],
      [`[1]`, 400],
      // No registry can be reached.
      [`{"value":{"data":1}}`, 50302],
      [`{"value":{"schema_id":1,"data":1}}`, 50302],
    ];
    const body = bad.map(([text], n) =>
      `{"partition_id":0,"value":{"type":"JSON","data":${n}}}${text}`
    );
    const answers = await produce(proxy, "t", body.join("\n"));
    assertEquals(
      answers.map(({ error_code }) => error_code),
      bad.flatMap(([, code]) => [200, code]),
    );
    for (const { error_code, message } of answers) {
      if (error_code !== 200) assert(message!.length > 10, message);
    }
    assertEquals(
      (await recordsOf(proxy, "t")).map(({ value }) => value),
      bad.map((_, n) => String(n)),
    );
    assertEquals(proxy.errors, []);
  });
});

Deno.test("what is no JSON ends the stream behind the records before it", async () => {
  await withProxy({}, async (proxy) => {
    await proxy.topic("t");
    for (
      const broken of [`{"a":}`, `,`, `nonsense`, `{"value":`, "\u0000", `{]`, `{"a":"\u0001"}`]
    ) {
      const answers = await produce(proxy, "t", `${json(1)}${broken}${json(2)}`);
      assertEquals(answers.map(({ error_code }) => error_code), [200, 400], broken);
    }
    const empty = await produce(proxy, "t", "");
    assertEquals(empty.map(({ error_code }) => error_code), [400]);
    const deep = await produce(
      proxy,
      "t",
      `${"[".repeat(100_000)}${"]".repeat(100_000)}${json(1)}`,
    );
    assertEquals(deep.map(({ error_code }) => error_code), [400, 200]);
    const deepData = `{"value":{"type":"JSON","data":${"[".repeat(100_000)}${
      "]".repeat(100_000)
    }}}`;
    const answers = await produce(proxy, "t", `${deepData}${json(1)}`);
    // How deep is too deep is V8's to say.
    assert([200, 42206].includes(answers[0]!.error_code), `${answers[0]!.error_code}`);
    assertEquals(answers[1]!.error_code, 200);
    assertEquals(proxy.errors, []);
  });
});

Deno.test("a record that is too large is refused by its JSON's size, or by the broker's limit", async () => {
  await withProxy(
    { settings: { "api.v3.produce.request.size.limit.max.bytes": "2000000" } },
    async (proxy) => {
      await proxy.topic("t");
      const answers = await produce(
        proxy,
        "t",
        [json("x".repeat(1_500_000)), json("x".repeat(3_000_000)), json("y")].join(""),
      );
      assertEquals(answers.map(({ error_code }) => error_code), [413, 413, 200]);
      assertMatch(answers[1]!.message!, /allowed: 2000000/);
    },
  );
});

Deno.test("an unknown topic is 40401 for each record, another cluster 404, another type 415", async () => {
  await withProxy({ broker: { "auto.create.topics.enable": "false" } }, async (proxy) => {
    const answers = await produce(proxy, "nobody", json(1) + json(2));
    assertEquals(answers.map(({ error_code }) => error_code), [40401, 40401]);
    const url = `${proxy.url}/v3/clusters/other/topics/t/records`;
    for (
      const [path, type, status] of [
        [url, "application/json", 404],
        [`${url}:batch`, "application/json", 404],
        [`${proxy.cluster}/topics/t/records`, "text/plain", 415],
        [`${proxy.cluster}/topics/t/records:batch`, "text/plain", 415],
      ] as const
    ) {
      const headers = { "Content-Type": type };
      const response = await fetch(path, { method: "POST", headers, body: json(1) });
      assertEquals([response.status, (await response.json()).error_code], [status, status]);
    }
    const bad = await produce(proxy, "a%2Fb", json(1));
    assertEquals(bad.map(({ error_code }) => error_code), [40002]);
  });
});

Deno.test("answers come while the body is still being sent, and a gzip body is unpacked", async () => {
  await withProxy({}, async (proxy) => {
    await proxy.topic("t");
    const { readable, writable } = new TransformStream<string, string>();
    const writer = writable.getWriter();
    const response = await fetch(`${proxy.cluster}/topics/t/records`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Accept-Encoding": "gzip" },
      body: readable.pipeThrough(new TextEncoderStream()),
    });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    for (let n = 0; n < 3; n++) {
      void writer.write(json(n));
      const { value } = await reader.read();
      assertEquals(answersOf(value!).map(({ offset }) => offset), [n]);
    }
    await writer.close();
    assertEquals((await reader.read()).done, true);
    const zipped = new Uint8Array(gzipSync(json(3) + json(4)));
    const answers = await produce(proxy, "t", zipped, { "Content-Encoding": "gzip" });
    assertEquals(answers.map(({ offset }) => offset), [3, 4]);
  });
});

Deno.test("a stream that lasts too long refuses records with 408 and ends", async () => {
  await withProxy({
    settings: {
      "streaming.connection.max.duration.ms": "300",
      "streaming.connection.max.duration.grace.period.ms": "300",
    },
  }, async (proxy) => {
    await proxy.topic("t");
    const { readable, writable } = new TransformStream<string, string>();
    const writer = writable.getWriter();
    const response = await fetch(`${proxy.cluster}/topics/t/records`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: readable.pipeThrough(new TextEncoderStream()),
    });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    const codes: number[] = [];
    // One record behind each answer, until the proxy ends the stream.
    for (;;) {
      writer.write(json(codes.length)).catch(() => {});
      const { value, done } = await reader.read();
      if (done) break;
      codes.push(...answersOf(value).map(({ error_code }) => error_code));
    }
    const first408 = codes.indexOf(408);
    assert(first408 > 0, codes.join());
    assert(codes.slice(0, first408).every((code) => code === 200));
    assert(codes.slice(first408).every((code) => code === 408));
    writer.abort().catch(() => {});
  });
});

Deno.test("stopping the service ends an open stream behind what was taken", async () => {
  await withProxy({}, async (proxy) => {
    await proxy.topic("t");
    const { readable, writable } = new TransformStream<string, string>();
    const writer = writable.getWriter();
    const response = await fetch(`${proxy.cluster}/topics/t/records`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: readable.pipeThrough(new TextEncoderStream()),
    });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    void writer.write(json(1)).catch(() => {});
    assertEquals(answersOf((await reader.read()).value!)[0]!.offset, 0);
    const stopped = proxy.stop();
    assertEquals((await reader.read()).done, true);
    writer.abort().catch(() => {});
    await stopped;
  });
});

Deno.test("a batch answers each entry by its id", async () => {
  await withProxy({}, async (proxy) => {
    await proxy.topic("t");
    const response = await fetch(`${proxy.cluster}/topics/t/records:batch`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        entries: [
          { id: "a", value: { type: "JSON", data: 1 }, key: { type: "STRING", data: "k" } },
          { id: "b", value: { type: "BINARY", data: "%" } },
          { id: "c-_9", value: { type: "JSON", data: 2 } },
          { id: "d", partition_id: 5 },
          { id: "e", surprise: 1 },
        ],
      }),
    });
    assertEquals(response.status, 207);
    const { successes, failures } = await response.json();
    assertEquals(
      successes.map((
        { id, offset, key, value }: Record<string, unknown>,
      ) => [id, offset, key, value]),
      [
        ["a", 0, { type: "STRING", size: 1 }, { type: "JSON", size: 1 }],
        ["c-_9", 1, undefined, { type: "JSON", size: 1 }],
      ],
    );
    assertEquals(
      failures.map(({ id, error_code }: Record<string, unknown>) => [id, error_code]),
      [["b", 42206], ["d", 40402], ["e", 422]],
    );
  });
});

Deno.test("what is no batch is 422 as a whole and writes nothing", async () => {
  await withProxy({}, async (proxy) => {
    await proxy.topic("t");
    const record = { value: { type: "JSON", data: 1 } };
    const cases: [unknown, number, number][] = [
      [undefined, 422, 42208],
      [null, 422, 42208],
      [[], 422, 42208],
      [{}, 422, 42208],
      [{ entries: [] }, 422, 42208],
      [{ entries: {} }, 422, 42208],
      [{ entries: [null] }, 422, 42208],
      [{ entries: [record] }, 422, 42208],
      [{ entries: [{ id: 1, ...record }] }, 422, 42208],
      [{ entries: [{ id: "", ...record }] }, 422, 42208],
      [{ entries: [{ id: "a b", ...record }] }, 422, 42208],
      [{ entries: [{ id: "a".repeat(81), ...record }] }, 422, 42208],
      [{ entries: [{ id: "a", ...record }, { id: "a", ...record }] }, 422, 42208],
      [{ entries: Array.from({ length: 11 }, (_, n) => ({ id: `${n}`, ...record })) }, 422, 42208],
      [{ entries: [{ id: "a", ...record }], more: 1 }, 422, 422],
    ];
    for (const [body, status, code] of cases) {
      const response = await fetch(`${proxy.cluster}/topics/t/records%3Abatch`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      assertEquals([response.status, (await response.json()).error_code], [status, code]);
    }
    assertEquals(await recordsOf(proxy, "t"), []);
  });
});
