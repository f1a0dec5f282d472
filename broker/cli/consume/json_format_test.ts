import { assertEquals } from "@std/assert";
import { ByteSink, type ConsumedRecord } from "./consumed_record.ts";
import { jsonFormat } from "./json_format.ts";

const encoder = new TextEncoder();

function printed(record: ConsumedRecord): string {
  const sink = new ByteSink();
  jsonFormat.append(record, sink);
  return new TextDecoder().decode(sink.take());
}

Deno.test("a record is one line of JSON", () => {
  const line = printed({
    topic: "orders",
    partition: 0,
    offset: 5,
    leaderEpoch: 2,
    timestampMs: 1700000000000,
    timestampType: "CreateTime",
    key: encoder.encode("k\n"),
    value: null,
    headers: [{ key: "h", value: encoder.encode("ü") }, { key: "h", value: null }],
  });
  assertEquals(line.split("\n").length, 2);
  assertEquals(JSON.parse(line), {
    topic: "orders",
    partition: 0,
    offset: 5,
    leaderEpoch: 2,
    timestamp: 1700000000000,
    timestampType: "CreateTime",
    key: "k\n",
    value: null,
    headers: [{ key: "h", value: "ü" }, { key: "h", value: null }],
  });
});

Deno.test("bytes that are no UTF-8 are in base64 under another name", () => {
  const json = JSON.parse(printed({
    topic: "t",
    partition: 0,
    offset: 0,
    leaderEpoch: -1,
    timestampMs: -1,
    timestampType: "NoTimestampType",
    key: null,
    value: new Uint8Array([0xff, 0xfe]),
    headers: [],
  }));
  assertEquals(json.valueBase64, "//4=");
  assertEquals("value" in json, false);
  assertEquals([json.timestamp, json.timestampType, json.leaderEpoch], [null, null, null]);
});
