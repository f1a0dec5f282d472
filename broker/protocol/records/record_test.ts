import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { crc32c } from "../../base/crc32c.ts";
import { errorCodes } from "../errors.ts";
import { BatchCursor } from "./batch.ts";
import { BatchBuilder } from "./builder.ts";
import { CODEC_GZIP, CODEC_LZ4, CODEC_NONE, CODEC_SNAPPY } from "./compression/mod.ts";
import { encodeLegacySet } from "./legacy_builder.ts";
import { forEachRecord, RecordCursor } from "./record.ts";
import { RecordsError } from "./records_error.ts";

const TIME = 1_700_000_000_000;
const text = new TextEncoder();

function cursorAt(bytes: Uint8Array): BatchCursor {
  const batch = new BatchCursor().reset(bytes);
  assert(batch.next());
  return batch;
}

/** A batch of magic 2 whose records are just these bytes. */
function batchAround(records: Uint8Array | readonly number[], count: number): Uint8Array {
  const builder = new BatchBuilder();
  builder.append(TIME, null, null);
  const bytes = new Uint8Array(61 + records.length);
  bytes.set(builder.build().subarray(0, 61));
  bytes.set(records, 61);
  const view = new DataView(bytes.buffer);
  view.setInt32(8, bytes.length - 12);
  view.setInt32(57, count);
  view.setUint32(17, crc32c(bytes, 21, bytes.length));
  return bytes;
}

function readAll(bytes: Uint8Array): number {
  const records = new RecordCursor().reset(cursorAt(bytes));
  let count = 0;
  while (records.next()) {
    records.headers();
    count++;
  }
  return count;
}

Deno.test("keys, values and headers are views of the batch's own memory", () => {
  const builder = new BatchBuilder();
  builder.append(TIME, text.encode("key"), text.encode("value"), [
    { key: "é", value: text.encode("x") },
    { key: "", value: null },
  ]);
  const bytes = builder.build();
  const records = new RecordCursor().reset(cursorAt(bytes));
  assert(records.next());
  assertEquals([records.keySize, records.valueSize, records.headerCount], [3, 5, 2]);
  assertEquals(records.key, text.encode("key"));
  assertEquals(records.value?.buffer, bytes.buffer);
  assertEquals(records.headers(), [
    { key: "é", value: text.encode("x") },
    { key: "", value: null },
  ]);
  assertEquals(records.headers()[0]!.value!.buffer, bytes.buffer);
  assertEquals(records.tail.length, records.sizeBytes - 4);
  assertEquals(records.next(), false);
});

Deno.test("one cursor reads batches of any kind in turn", () => {
  const record = { offset: 3, timestampMs: TIME, key: null, value: text.encode("old") };
  const builder = (codec: 0 | 3) => {
    const made = new BatchBuilder({
      codec,
      baseOffset: 8,
      producerId: 1,
      producerEpoch: 2,
      baseSequence: 30,
    });
    made.append(TIME, text.encode("k"), text.encode("new"));
    made.appendAt(10, TIME + 5, null, null);
    return made.build();
  };
  const records = new RecordCursor();
  const seen: unknown[] = [];
  for (
    const bytes of [
      builder(CODEC_NONE),
      encodeLegacySet([record], { magic: 0 }),
      builder(CODEC_LZ4),
      encodeLegacySet([record], { magic: 1, codec: CODEC_SNAPPY }),
    ]
  ) {
    records.reset(cursorAt(bytes));
    while (records.next()) {
      const { offset, timestampMs, sequence, keySize, valueSize, magic } = records;
      seen.push([magic, offset, timestampMs - TIME, sequence, keySize, valueSize]);
    }
  }
  const both = [[2, 8, 0, 30, 1, 3], [2, 10, 5, 32, -1, -1]];
  assertEquals(seen, [...both, [0, 3, -1 - TIME, -1, -1, 3], ...both, [1, 3, 0, -1, -1, 3]]);
});

Deno.test("forEachRecord() visits each record with one cursor", () => {
  const builder = new BatchBuilder({ codec: CODEC_GZIP });
  for (let index = 0; index < 3; index++) builder.append(TIME, null, Uint8Array.of(index));
  const seen: [RecordCursor, number][] = [];
  forEachRecord(cursorAt(builder.build()), (record) => seen.push([record, record.value![0]!]));
  assertEquals(seen.map(([, value]) => value), [0, 1, 2]);
  assertEquals(new Set(seen.map(([record]) => record)).size, 1);
});

Deno.test("a batch that unpacks to more than allowed is refused", () => {
  const builder = new BatchBuilder({ codec: CODEC_GZIP });
  builder.append(TIME, null, new Uint8Array(5_000_000));
  const batch = cursorAt(builder.build());
  const error = assertThrows(() => new RecordCursor().reset(batch, 1_000_000), RecordsError);
  assertEquals(error.errorCode, errorCodes.MESSAGE_TOO_LARGE);
  assertThrows(() => forEachRecord(batch, () => {}, 1_000_000), RecordsError);
});

Deno.test("damaged records are refused with what is wrong", () => {
  // length, attributes, timestamp, offset, key length, key, value length, header count
  const cases: readonly (readonly [string, readonly number[], number])[] = [
    ["-1 bytes", [1, 0, 0, 0, 1, 1, 0], 1],
    ["is empty", [0], 1],
    ["7 bytes where 6 are left", [14, 0, 0, 0, 1, 1, 0], 1],
    ["ends inside a field", [8, 0, 0, 0, 1, 1, 0], 1],
    ["says 7 bytes and has 6", [14, 0, 0, 0, 1, 1, 0, 0], 1],
    ["key has 5 bytes where 2 are left", [12, 0, 0, 0, 10, 1, 0], 1],
    ["value has 9 bytes where 1 are left", [12, 0, 0, 0, 1, 18, 0], 1],
    ["has -1 headers", [12, 0, 0, 0, 1, 1, 1], 1],
    ["has 8 headers", [12, 0, 0, 0, 1, 1, 16], 1],
    ["header's key has -1 bytes", [16, 0, 0, 0, 1, 1, 2, 1, 1], 1],
    ["header's key has 3 bytes", [16, 0, 0, 0, 1, 1, 2, 6, 1], 1],
    ["longer than 5 bytes", [255, 255, 255, 255, 255, 1, 0, 0], 1],
    ["longer than 10 bytes", [30, 0, ...new Array(14).fill(255)], 1],
    ["1 bytes follow the last record", [12, 0, 0, 0, 1, 1, 0, 9], 1],
    ["ends inside a field", [12, 0, 0, 0, 1, 1, 0], 2],
    ["record count is -1", [12, 0, 0, 0, 1, 1, 0], -1],
  ];
  assertEquals(readAll(batchAround([12, 0, 0, 0, 1, 1, 0], 1)), 1);
  for (const [message, bytes, count] of cases) {
    const error = assertThrows(() => readAll(batchAround(bytes, count)), RecordsError, message);
    assertEquals(error.errorCode, errorCodes.INVALID_RECORD);
  }
});

Deno.test("a count of 2^31 - 1 ends with the bytes, not with the memory", () => {
  const records = new Array(100).fill([12, 0, 0, 0, 1, 1, 0]).flat();
  assertThrows(() => readAll(batchAround(records, 0x7fffffff)), RecordsError);
});

Deno.test("random bytes as records are read or refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.integer(), (bytes, count) => {
      try {
        return readAll(batchAround(bytes, count)) >= 0;
      } catch (error) {
        return error instanceof RecordsError;
      }
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("records of a batch with append time have that time, whatever they say", () => {
  const builder = new BatchBuilder({ logAppendTimeMs: TIME + 99 });
  builder.append(TIME, null, null);
  builder.append(-1, null, null);
  const times: number[] = [];
  forEachRecord(cursorAt(builder.build()), ({ timestampMs }) => times.push(timestampMs - TIME));
  assertEquals(times, [99, 99]);
});

const OLD = [20, 21, 25].map((offset, index) => ({
  offset,
  timestampMs: TIME + index,
  key: index === 1 ? text.encode("k") : null,
  value: index === 2 ? null : text.encode(`v${index}`),
}));

Deno.test("compressed messages give their records absolute offsets in magic 0 and 1", () => {
  for (const magic of [0, 1] as const) {
    for (const codec of [CODEC_GZIP, CODEC_SNAPPY, CODEC_LZ4] as const) {
      const seen: unknown[] = [];
      forEachRecord(cursorAt(encodeLegacySet(OLD, { magic, codec })), (record) => {
        assert(record.crcValid());
        const { offset, timestampMs, key, value } = record;
        seen.push({ offset, timestampMs: magic === 0 ? -1 : timestampMs, key, value });
      });
      const wanted = OLD.map((record) => magic === 0 ? { ...record, timestampMs: -1 } : record);
      assertEquals(seen, wanted);
    }
  }
});

Deno.test("a compressed message of magic 1 with append time gives it to its records", () => {
  const options = { magic: 1, codec: CODEC_GZIP, logAppendTimeMs: TIME + 50 } as const;
  const batch = cursorAt(encodeLegacySet(OLD, options));
  batch.setMaxTimestamp("LogAppendTime", TIME + 70); // As a broker does, outside alone.
  const times: number[] = [];
  forEachRecord(batch, ({ timestampMs }) => times.push(timestampMs - TIME));
  assertEquals(times, [70, 70, 70]);
});

Deno.test("offsets inside a compressed message of magic 1 are relative, from 0 or from the outer one", () => {
  const batch = cursorAt(encodeLegacySet(OLD, { magic: 1, codec: CODEC_GZIP }));
  const offsets = (outer: number) => {
    batch.setLastOffset(outer);
    const seen: number[] = [];
    forEachRecord(batch, ({ offset }) => seen.push(offset));
    return seen;
  };
  assertEquals(offsets(1_005), [1_000, 1_001, 1_005]);
  assertEquals(offsets(0), [0, 1, 5]);
  assertThrows(() => offsets(4), RecordsError, "last message inside has offset 5");
});

Deno.test("compressed messages may not hold compressed ones, zstd, nothing, or no value", () => {
  const inner = encodeLegacySet(OLD, { magic: 1, codec: CODEC_GZIP });
  const nested = cursorAt(nest(inner));
  assertThrows(() => forEachRecord(nested, () => {}), RecordsError, "inside a compressed one");
  assertThrows(
    () => forEachRecord(cursorAt(nest(new Uint8Array(0))), () => {}),
    RecordsError,
    "no message is inside",
  );
  assertThrows(
    () => forEachRecord(cursorAt(nest(inner.subarray(0, 30))), () => {}),
    RecordsError,
    "no message is inside",
  );
  const plain = encodeLegacySet([OLD[2]!], { magic: 1 });
  plain[17] = CODEC_GZIP;
  assertThrows(() => forEachRecord(cursorAt(plain), () => {}), RecordsError, "value is null");
  plain[17] = 4;
  assertThrows(() => forEachRecord(cursorAt(plain), () => {}), RecordsError, "zstd needs magic 2");
});

/** A compressed message of magic 1 around any bytes: snappy's own form of them, as literals. */
function nest(inside: Uint8Array): Uint8Array {
  const length = inside.length;
  const packed = length === 0
    ? [0]
    : [length & 0x7f | 0x80, length >>> 7, 61 << 2, length - 1 & 0xff, length - 1 >>> 8, ...inside];
  const bytes = encodeLegacySet(
    [{ offset: 30, timestampMs: TIME, key: null, value: Uint8Array.from(packed) }],
    { magic: 1 },
  );
  bytes[17] = CODEC_SNAPPY;
  return bytes;
}

Deno.test("clear() lets go of the batch", () => {
  const records = new RecordCursor().reset(cursorAt(batchAround([12, 0, 0, 0, 1, 1, 0], 1)));
  records.clear();
  assertEquals(records.next(), false);
});
