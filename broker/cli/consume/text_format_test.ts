import { assertEquals, assertThrows } from "@std/assert";
import { CommandError } from "../command_error.ts";
import { ByteSink, type ConsumedRecord } from "./consumed_record.ts";
import { TextFormat } from "./text_format.ts";

const encoder = new TextEncoder();

const RECORD: ConsumedRecord = {
  topic: "orders",
  partition: 3,
  offset: 42,
  leaderEpoch: 7,
  timestampMs: 1700000000000,
  timestampType: "CreateTime",
  key: encoder.encode("k"),
  value: encoder.encode("v"),
  headers: [{ key: "h1", value: encoder.encode("a") }, { key: "h2", value: null }],
};

const ALL = {
  "print.timestamp": "true",
  "print.key": "true",
  "print.offset": "true",
  "print.epoch": "true",
  "print.partition": "true",
  "print.headers": "true",
};

function printed(properties: Record<string, string>, more: Partial<ConsumedRecord> = {}): string {
  const sink = new ByteSink();
  new TextFormat(new Map(Object.entries(properties))).append({ ...RECORD, ...more }, sink);
  return new TextDecoder().decode(sink.take());
}

Deno.test("a record is its value on a line", () => {
  assertEquals(printed({}), "v\n");
  assertEquals(printed({}, { value: null }), "null\n");
  assertEquals(printed({}, { value: new Uint8Array(0) }), "\n");
});

Deno.test("parts are printed in Kafka's order with the key separator between them", () => {
  assertEquals(
    printed(ALL),
    "CreateTime:1700000000000\tPartition:3\tOffset:42\tEpoch:7\th1:a,h2:null\tk\tv\n",
  );
  assertEquals(printed({ ...ALL, "print.value": "false" }).endsWith("\tk\n"), true);
  assertEquals(printed({ "print.value": "false" }), "");
});

Deno.test("what a record lacks has a name", () => {
  assertEquals(
    printed(ALL, {
      timestampType: "NoTimestampType",
      timestampMs: -1,
      leaderEpoch: -1,
      headers: [],
      key: null,
    }),
    "NO_TIMESTAMP\tPartition:3\tOffset:42\tEpoch:NOT_PRESENT\tNO_HEADERS\tnull\tv\n",
  );
  assertEquals(
    printed({ "print.timestamp": "true" }, { timestampType: "LogAppendTime" }),
    "LogAppendTime:1700000000000\tv\n",
  );
});

Deno.test("separators and the word for null can be chosen", () => {
  assertEquals(
    printed({
      "print.key": "TRUE",
      "print.headers": "true",
      "key.separator": " | ",
      "line.separator": ";",
      "headers.separator": "&",
      "null.literal": "-",
    }, { value: null }),
    "h1:a&h2:- | k | -;",
  );
});

Deno.test("deserializers read keys, values and headers; nulls stay the null literal", () => {
  const long = new Uint8Array([0, 0, 0, 0, 0, 0, 1, 0]);
  const properties = {
    "print.key": "true",
    "key.deserializer": "org.apache.kafka.common.serialization.LongDeserializer",
    "value.deserializer": "IntegerDeserializer",
  };
  assertEquals(
    printed(properties, { key: long, value: new Uint8Array([255, 255, 255, 255]) }),
    "256\t-1\n",
  );
  assertEquals(printed(properties, { key: null, value: null }), "null\tnull\n");
  assertThrows(() => printed(properties), CommandError, "1 bytes as a number of 8 bytes");
  assertThrows(
    () => printed({ "key.deserializer": "com.example.Custom" }),
    CommandError,
    "key.deserializer=com.example.Custom",
  );
});

Deno.test("bytes that are no text are printed as they are", () => {
  const sink = new ByteSink();
  new TextFormat(new Map()).append({ ...RECORD, value: new Uint8Array([0xff, 0]) }, sink);
  assertEquals([...sink.take()], [0xff, 0, 0x0a]);
});

Deno.test("a switch is true or false", () => {
  assertThrows(() => printed({ "print.key": "yes" }), CommandError, "print.key=yes");
});

Deno.test("ByteSink grows, cuts and starts over", () => {
  const sink = new ByteSink();
  sink.writeText("é".repeat(50_000));
  sink.write(new Uint8Array(200_000).fill(65));
  assertEquals(sink.sizeBytes, 300_000);
  sink.cutTo(2);
  assertEquals(new TextDecoder().decode(sink.take()), "é");
  assertEquals(sink.sizeBytes, 0);
});
