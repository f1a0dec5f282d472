import { assertEquals, assertThrows } from "@std/assert";
import { make } from "./codec.ts";
import { fromJson, type JsonValue, toJson } from "./json.ts";
import { envelope, fetch, produce } from "./messages/mod.ts";
import { partitionRecord } from "./metadata_records/mod.ts";
import { ProtocolError } from "./protocol_error.ts";
import { INT64_MAX } from "./schema.ts";

Deno.test("toJson() leaves out what the version lacks and tagged fields at their default", () => {
  const partition = make(partitionRecord, { replicas: [1], lastKnownElr: [2] });
  const old = toJson(partitionRecord, 0, partition) as Record<string, JsonValue>;
  assertEquals(Object.keys(old).includes("directories"), false);
  assertEquals(Object.keys(old).includes("lastKnownElr"), false);
  const latest = toJson(partitionRecord, 2, partition) as Record<string, JsonValue>;
  assertEquals([latest.directories, latest.lastKnownElr], [[], [2]]);
  assertEquals(Object.keys(latest).includes("leaderRecoveryState"), false);
});

Deno.test("toJson() writes bytes in base64 and refuses a source", () => {
  const value = (records: Uint8Array) =>
    make(produce.request, { topicData: [{ partitionData: [{ records }] }] });
  const json = JSON.stringify(toJson(produce.request, 9, value(new Uint8Array([1, 2, 255]))));
  assertEquals(json.includes('"records":"AQL/"'), true);
  const response = make(fetch.response, {
    responses: [{ partitions: [{ records: { sizeBytes: 1, read: () => {} } }] }],
  });
  assertThrows(() => toJson(fetch.response, 12, response), ProtocolError, "records source");
});

Deno.test("fromJson() fills in defaults and comes back", () => {
  const json: JsonValue = { partitionId: 3, topicId: "4bHkDsASJQ8NrstBhgx0Cw", isr: [1, 2] };
  const partition = fromJson(partitionRecord, 2, json);
  assertEquals(partition, make(partitionRecord, json as { partitionId: number }));
  const again = fromJson(partitionRecord, 2, toJson(partitionRecord, 2, partition));
  assertEquals(again, partition);
});

Deno.test("an absent int64 with the largest value as default survives both ways", () => {
  const request = make(fetch.request, { topics: [{ partitions: [{ partition: 1 }] }] });
  assertEquals(request.topics[0]!.partitions[0]!.highWatermark, INT64_MAX);
  const json = toJson(fetch.request, 18, request);
  assertEquals(JSON.stringify(json).includes("highWatermark"), false);
});

Deno.test("fromJson() says where a value is wrong", () => {
  const wrong: [JsonValue, string][] = [
    [{ isr: [1, "2"] }, "Cannot read PartitionRecord.isr[1]: got 2, expected a number"],
    [{ isr: null }, "Cannot read PartitionRecord.isr: got null, expected array in version 2"],
    [{ topicId: 5 }, "Cannot read PartitionRecord.topicId: got 5, expected a string"],
    [{ wrong: 1 }, "Cannot read PartitionRecord.wrong: version 2 has no such field"],
    [{ toString: 1 }, "Cannot read PartitionRecord.toString: version 2 has no such field"],
    [[], "Cannot read PartitionRecord: got [], expected an object"],
    [{ isr: {} }, "Cannot read PartitionRecord.isr: got {}, expected an array"],
  ];
  for (const [json, message] of wrong) {
    assertThrows(() => fromJson(partitionRecord, 2, json), ProtocolError, message);
  }
  assertThrows(
    () => fromJson(envelope.request, 0, { requestData: "*" }),
    ProtocolError,
    "Cannot read EnvelopeRequest.requestData: not base64",
  );
  assertThrows(
    () => fromJson(partitionRecord, 0, { directories: [] }),
    ProtocolError,
    "version 0 has no such field",
  );
});
