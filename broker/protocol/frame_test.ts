import { assertEquals, assertThrows } from "@std/assert";
import { make } from "./codec.ts";
import {
  decodeRequest,
  decodeRequestHeader,
  decodeResponse,
  encodeRequest,
  encodeResponse,
} from "./frame.ts";
import { apiVersions, fetch, heartbeat, metadata, produce } from "./messages/mod.ts";
import { ProtocolError } from "./protocol_error.ts";
import { Reader } from "./reader.ts";
import type { EncodedMessage } from "./writer.ts";

function joined(message: EncodedMessage): Uint8Array {
  const parts = message.parts as Uint8Array[];
  const bytes = Uint8Array.from(parts.flatMap((part) => [...part]));
  assertEquals(bytes.length, message.sizeBytes);
  return bytes;
}

function request(hex: string) {
  const reader = new Reader(Uint8Array.fromHex(hex));
  const { api, version, correlationId, clientId } = decodeRequestHeader(reader);
  return { api, version, correlationId, clientId, body: decodeRequest(api, version, reader) };
}

Deno.test("a request is its size, header and body", () => {
  const body = { groupId: "g", generationId: 1, memberId: "m", groupInstanceId: null };
  const header = { correlationId: 7, clientId: "x" };
  assertEquals(
    joined(encodeRequest(heartbeat, 4, header, body)).toHex(),
    "00000016" + "000c0004" + "00000007" + "000178" + "00" + "0267" + "00000001" + "026d" + "0000",
  );
  assertEquals(
    joined(encodeRequest(heartbeat, 0, { correlationId: 7, clientId: null }, body)).toHex(),
    "00000014" + "000c0000" + "00000007" + "ffff" + "000167" + "00000001" + "00016d",
  );
});

Deno.test("a response is its size, header and body", () => {
  const body = { throttleTimeMs: 0, errorCode: 3 };
  assertEquals(
    joined(encodeResponse(heartbeat, 4, 7, body)).toHex(),
    "0000000c" + "00000007" + "00" + "00000000" + "0003" + "00",
  );
  assertEquals(
    joined(encodeResponse(heartbeat, 0, 7, body)).toHex(),
    "00000006" + "00000007" + "0003",
  );
});

Deno.test("the response header of ApiVersions never has tagged fields", () => {
  const encoded = joined(encodeResponse(apiVersions, 3, 7, make(apiVersions.response, {})));
  assertEquals(encoded.toHex(), "0000000c" + "00000007" + "0000" + "01" + "00000000" + "00");
  assertEquals(decodeResponse(apiVersions, 3, encoded.subarray(4)).correlationId, 7);
});

Deno.test("requests and responses survive the way there and back", () => {
  const records = new Uint8Array(2000).fill(3);
  const sent = make(produce.request, {
    acks: -1,
    topicData: [{ name: "t", partitionData: [{ index: 1, records }, { index: 2, records: null }] }],
  });
  for (let version = 3; version <= 12; version++) {
    const frame = joined(
      encodeRequest(produce, version, { correlationId: 5, clientId: "c" }, sent),
    );
    const { api, body } = request(frame.subarray(4).toHex());
    assertEquals(api, produce as typeof api);
    assertEquals(body, sent);
  }
  const answered = make(fetch.response, {
    responses: [{ topic: "t", partitions: [{ partitionIndex: 1, records }] }],
  });
  for (let version = 4; version <= 12; version++) {
    const frame = joined(encodeResponse(fetch, version, 5, answered));
    const decoded = decodeResponse(fetch, version, frame.subarray(4));
    assertEquals(decoded, { correlationId: 5, body: answered as typeof decoded.body });
  }
});

// Frames that were sent to Apache Kafka 4.4.0: these it answered,
const ANSWERED: Record<string, string> = {
  "ApiVersions 0": "0012000000000007000178",
  "a byte too many": "001200000000000700017800",
  "Metadata 1, all topics": "0003000100000007000178ffffffff",
  "array of -2": "0003000100000007000178fffffffe",
  "text that is not UTF-8": "0003000100000007000178000000010001ff",
  "Metadata 12, no topics": "0003000c00000007000178000101000000",
  "unknown tag 5": "0003000c000000070001780000010000010503aabbcc",
  "tags in the header": "0003000c00000007000178020501aa0601bb0001000000",
  "header tags out of order": "0003000c00000007000178020601aa0501bb0001000000",
  "null client id": "0012000000000007ffff",
  "client id of length -2": "0012000000000007fffe",
};

// and on these it closed the connection.
const REFUSED: Record<string, string> = {
  "two bytes of header": "0012",
  "ApiVersions 3 without its body": "001200030000000700017800",
  "unknown api key": "03e7000000000007000178",
  "api key -1": "ffff000000000007000178",
  "unknown Metadata version": "0003006300000007000178",
  "Metadata version -1": "0003ffff00000007000178",
  "array of 2^31-1": "00030001000000070001787fffffff",
  "null topic name": "000300010000000700017800000001ffff",
  "text longer than the frame": "00030001000000070001780000000100ff61",
  "varint too long": "0003000c0000000700017800ffffffffff7f",
  "Metadata 12 without its tags": "0003000c0000000700017800010000",
  "LeaderAndIsr, gone since 4.0": "0004000000000007000178",
};

Deno.test("what Kafka answers is read, what it closes the connection for is refused", () => {
  for (const [name, hex] of Object.entries(ANSWERED)) {
    assertEquals(request(hex).correlationId, 7, name);
  }
  for (const [name, hex] of Object.entries(REFUSED)) {
    assertThrows(() => request(hex), ProtocolError, "Cannot decode", name);
  }
  assertEquals(request(ANSWERED["array of -2"]!).body.topics, null);
  assertEquals(request(ANSWERED["client id of length -2"]!).clientId, null);
});

Deno.test("the header of an ApiVersions newer than all is read: its client must be answered", () => {
  const reader = new Reader(Uint8Array.fromHex("0012" + "03e7" + "00000007" + "000178" + "00"));
  const header = decodeRequestHeader(reader);
  assertEquals(
    header,
    { api: apiVersions, version: 999, correlationId: 7, clientId: "x" } as typeof header,
  );
});

Deno.test("errors name the message, its version and the place", () => {
  assertThrows(
    () => decodeRequest(metadata, 1, new Reader(Uint8Array.fromHex("00000002ffff"))),
    ProtocolError,
    "Cannot decode MetadataRequest version 1: Cannot read an array at byte 4: 2 elements",
  );
  assertThrows(
    () => decodeRequest(heartbeat, 9, new Reader(new Uint8Array(9))),
    ProtocolError,
    "Cannot decode HeartbeatRequest version 9: Cannot code HeartbeatRequest: version 9, supported are 0-4",
  );
});

Deno.test("a response that its version cannot carry is refused, and the next one is whole", () => {
  const body = make(metadata.response, { topics: [{ name: null }] });
  assertThrows(
    () => encodeResponse(metadata, 1, 7, body),
    ProtocolError,
    "Cannot encode MetadataResponse version 1: Cannot write name: null is not allowed",
  );
  const next = joined(encodeResponse(heartbeat, 0, 7, { throttleTimeMs: 0, errorCode: 3 }));
  assertEquals(next.toHex(), "00000006" + "00000007" + "0003");
});

Deno.test("a frame larger than its size can say is refused", () => {
  const records = { sizeBytes: 2 ** 31, read: () => {} };
  const body = make(fetch.response, { responses: [{ partitions: [{ records }] }] });
  assertThrows(
    () => encodeResponse(fetch, 12, 7, body),
    ProtocolError,
    "bytes, at most 2147483647 fit a frame",
  );
});
