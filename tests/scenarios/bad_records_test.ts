/** Records that are wrong are refused with Kafka's error codes, and the broker goes on. */
import { assert, assertEquals } from "@std/assert";
import { gzipSync } from "node:zlib";
import { crc32c } from "../../broker/base/crc32c.ts";
import { BatchBuilder } from "../../broker/protocol/records/mod.ts";
import type { JsonObject } from "../wire/json_text.ts";
import { openTarget } from "../wire/target.ts";
import { Asker } from "./asking.ts";

// What Apache Kafka 4.4.0 answers to the same bytes.
const UNKNOWN_SERVER_ERROR = -1;
const CORRUPT_MESSAGE = 2;
const MESSAGE_TOO_LARGE = 10;
const INVALID_RECORD = 87;
const CRC = 17, ATTRIBUTES = 21, LAST_OFFSET_DELTA = 23, RECORD_COUNT = 57, HEADER_BYTES = 61;
const GZIP = 1;
const TRANSACTIONAL = 0x10;

/** A good batch of three records. */
function goodBatch(): Uint8Array {
  const builder = new BatchBuilder();
  for (const value of ["a", "b", "c"]) {
    builder.append(1_700_000_000_000, null, new TextEncoder().encode(value));
  }
  return builder.build().slice();
}

/** The batch with something changed and its CRC made right again. */
function changed(change: (view: DataView, bytes: Uint8Array) => void): Uint8Array {
  const bytes = goodBatch();
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  change(view, bytes);
  view.setUint32(CRC, crc32c(bytes, ATTRIBUTES));
  return bytes;
}

/** A batch whose records are these bytes, packed, and whose header says `count`. */
function packed(records: Uint8Array, count: number): Uint8Array {
  const body = gzipSync(records, { level: 9 });
  const bytes = new Uint8Array(HEADER_BYTES + body.length);
  bytes.set(goodBatch().subarray(0, HEADER_BYTES));
  bytes.set(body, HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setInt32(8, bytes.length - 12);
  view.setInt16(ATTRIBUTES, GZIP);
  view.setInt32(LAST_OFFSET_DELTA, count - 1);
  view.setInt32(RECORD_COUNT, count);
  view.setUint32(CRC, crc32c(bytes, ATTRIBUTES));
  return bytes;
}

/** Zeros that pack to almost nothing: as records they are a count's worth of empty ones. */
const BOMB_BYTES = 256 * 2 ** 20;

/** The good batch's records with another offset delta in the second one: 4 where 1 should be. */
function outOfOrder(): Uint8Array {
  const records = goodBatch().slice(HEADER_BYTES);
  // A record here has 8 bytes; length, attributes and time stand before its offset.
  records[8 + 3] = 4 << 1;
  return records;
}

const CASES: readonly [what: string, records: () => Uint8Array, errorCodes: readonly number[]][] = [
  ["a wrong CRC", () => {
    const bytes = goodBatch();
    bytes[CRC]! ^= 1;
    return bytes;
  }, [CORRUPT_MESSAGE]],
  ["half a batch", () => goodBatch().subarray(0, 40), [INVALID_RECORD]],
  ["a count too large", () => changed((view) => view.setInt32(RECORD_COUNT, 9)), [INVALID_RECORD]],
  ["a count too small", () => changed((view) => view.setInt32(RECORD_COUNT, 1)), [INVALID_RECORD]],
  ["a negative count", () => changed((view) => view.setInt32(RECORD_COUNT, -1)), [INVALID_RECORD]],
  [
    "a last offset that the records do not reach",
    () => changed((view) => view.setInt32(LAST_OFFSET_DELTA, 7)),
    [INVALID_RECORD],
  ],
  // Kafka itself trips over these and answers -1.
  ["offsets out of order in a packed batch", () => packed(outOfOrder(), 3), [
    INVALID_RECORD,
    UNKNOWN_SERVER_ERROR,
  ]],
  ["an unknown codec", () => changed((view) => view.setInt16(ATTRIBUTES, 5)), [
    UNKNOWN_SERVER_ERROR,
  ]],
  [
    "packed bytes that are no gzip",
    () => changed((view) => view.setInt16(ATTRIBUTES, GZIP)),
    [UNKNOWN_SERVER_ERROR],
  ],
  // Kafka reads three records of it and finds more; ours unpacks no further than its limit.
  [
    "a bomb",
    () => packed(new Uint8Array(BOMB_BYTES), 3),
    [INVALID_RECORD, MESSAGE_TOO_LARGE],
  ],
];

for (const [what, records, expected] of CASES) {
  Deno.test(`produced records with ${what} get error ${expected.join(" or ")}`, async () => {
    await using target = await openTarget({});
    const asker = new Asker(target);
    const topic = `bad-${crypto.randomUUID()}`;
    await asker.createTopic(topic);
    const { errorCode } = await asker.produce(topic, records().toHex());
    assert(expected.includes(errorCode), `${what}: error ${errorCode}`);
    const after = await asker.produce(topic, goodBatch().toHex());
    assertEquals(after, { errorCode: 0, baseOffset: 0 }, "a good batch after it");
    assertEquals((await asker.readAll(topic)).map(({ value }) => value), ["a", "b", "c"]);
    await asker.end();
  });
}

Deno.test("records that begin with no batch fail the request for all its partitions", async () => {
  await using target = await openTarget({});
  const asker = new Asker(target);
  const topic = `bad-${crypto.randomUUID()}`;
  await asker.createTopic(topic, 2);
  const good = goodBatch();
  const noBatch = goodBatch();
  noBatch[16] = 9;
  const produceBoth = async (first: Uint8Array, second: Uint8Array) => {
    const partitionData = [first, second].map((records, index) => ({
      index,
      records: records.toHex(),
    }));
    const { responses } = await asker.ask({
      api: "Produce",
      version: 11,
      body: { acks: -1, timeoutMs: 5_000, topicData: [{ name: topic, partitionData }] },
    });
    const [{ partitionResponses }] = responses as [{ partitionResponses: JsonObject[] }];
    return partitionResponses
      .map(({ index, errorCode, errorMessage }) => [index, errorCode, errorMessage !== null])
      .sort();
  };

  assertEquals(await produceBoth(good, noBatch), [
    [0, CORRUPT_MESSAGE, true],
    [1, CORRUPT_MESSAGE, true],
  ]);
  assertEquals((await asker.offsets(topic, 0)).end, 0);
  // Behind a whole batch it is that partition's matter, and so is a batch that is cut.
  const second = new Uint8Array([...good, ...noBatch]);
  assertEquals(await produceBoth(good, second), [[0, 0, false], [1, CORRUPT_MESSAGE, false]]);
  const cut = goodBatch().subarray(0, 50);
  cut[ATTRIBUTES + 1] = TRANSACTIONAL;
  assertEquals(await produceBoth(good, cut), [[0, 0, false], [1, INVALID_RECORD, false]]);
  await asker.end();
});
