import { assert, assertEquals, assertThrows } from "@std/assert";
import { errorCodes } from "../errors.ts";
import { BatchCursor } from "./batch.ts";
import { BatchBuilder } from "./builder.ts";
import { CODEC_GZIP, CODEC_SNAPPY } from "./compression/mod.ts";
import { encodeLegacySet } from "./legacy_builder.ts";
import { RecordsError } from "./records_error.ts";

const TIME = 1_700_000_000_000;

function batchOf(count: number, baseOffset = 0): Uint8Array {
  const builder = new BatchBuilder({ baseOffset });
  for (let index = 0; index < count; index++) builder.append(TIME + index, null, new Uint8Array(5));
  return builder.build();
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function cursorAt(bytes: Uint8Array): BatchCursor {
  const batch = new BatchCursor().reset(bytes);
  assert(batch.next());
  return batch;
}

Deno.test("next() walks from batch to batch and tells what is left", () => {
  const [first, second] = [batchOf(2), batchOf(3, 2)];
  const bytes = join(new Uint8Array(7), first, second, second.subarray(0, 30));
  const batch = new BatchCursor().reset(bytes, 7);
  assert(batch.next());
  assertEquals([batch.position, batch.sizeBytes, batch.recordCount], [7, first.length, 2]);
  assertEquals(batch.bytes, first);
  assert(batch.next());
  assertEquals([batch.baseOffset, batch.lastOffset], [2, 4]);
  assertEquals(batch.next(), false);
  assertEquals(batch.next(), false);
  assertEquals(batch.partialBytesAtEnd, 30);
  assertEquals(batch.nextPosition, bytes.length - 30);
});

Deno.test("next() refuses lengths and magics that are no batch's, and stays in front of them", () => {
  const good = batchOf(1);
  const spoilt = (change: (view: DataView) => void) => {
    const bad = good.slice();
    change(new DataView(bad.buffer));
    return join(good, bad);
  };
  for (
    const [bytes, text] of [
      [spoilt((view) => view.setInt32(8, -1)), "length is -1"],
      [spoilt((view) => view.setInt32(8, 13)), "length is 13"],
      [spoilt((view) => view.setInt32(8, 0x7fffffff)), "length is 2147483647"],
      [spoilt((view) => view.setInt32(8, 48)), "it has 60 bytes"],
      [spoilt((view) => view.setInt8(16, 3)), "magic is 3"],
      [spoilt((view) => view.setInt8(16, -2)), "magic is -2"],
    ] as const
  ) {
    const batch = cursorAt(bytes);
    const error = assertThrows(() => batch.next(), RecordsError, text);
    assertEquals(error.errorCode, errorCodes.CORRUPT_MESSAGE);
    assertEquals(batch.nextPosition, good.length);
  }
});

Deno.test("offset and leader epoch are patched in place, outside the checksum", () => {
  const bytes = batchOf(3);
  const crc = cursorAt(bytes).crc;
  const batch = cursorAt(bytes);
  batch.setLastOffset(2 ** 40 + 2);
  batch.setPartitionLeaderEpoch(9);
  assertEquals([batch.baseOffset, batch.lastOffset], [2 ** 40, 2 ** 40 + 2]);
  assertEquals(batch.partitionLeaderEpoch, 9);
  batch.setBaseOffset(7);
  assertEquals(new DataView(bytes.buffer).getBigInt64(0), 7n);
  assertEquals(batch.crc, crc);
  assert(batch.crcValid());
});

Deno.test("setMaxTimestamp() keeps the checksum right and drops bits that mean nothing", () => {
  const builder = new BatchBuilder({
    codec: CODEC_SNAPPY,
    producerId: 5,
    producerEpoch: 1,
    baseSequence: 0,
    isTransactional: true,
  });
  builder.append(TIME, null, new Uint8Array(50));
  const bytes = builder.build();
  const batch = cursorAt(bytes);
  const before = bytes.slice();
  batch.setMaxTimestamp("CreateTime", TIME);
  assertEquals(bytes, before);

  new DataView(bytes.buffer).setInt16(21, 0x7f00 | batch.attributes | 0x80);
  batch.setMaxTimestamp("LogAppendTime", TIME + 9);
  assert(batch.crcValid());
  assertEquals(new DataView(bytes.buffer).getInt16(21), CODEC_SNAPPY | 0x08 | 0x10);
  assertEquals([batch.timestampType, batch.maxTimestampMs], ["LogAppendTime", TIME + 9]);
  assertEquals(batch.isTransactional, true);
  batch.setMaxTimestamp("CreateTime", TIME);
  assert(batch.crcValid());
  assertEquals(batch.isLogAppendTime, false);
});

Deno.test("crcValid() sees a change of any byte behind the checksum, and of it", () => {
  const good = batchOf(2);
  for (let at = 17; at < good.length; at++) {
    const bytes = good.slice();
    bytes[at]! ^= 0x20;
    assertEquals(cursorAt(bytes).crcValid(), false, `byte ${at}`);
  }
});

Deno.test("messages of magic 0 and 1 are batches of one record, patched in place too", () => {
  const records = [{ offset: 4, timestampMs: TIME, key: null, value: new Uint8Array(3) }];
  const bytes = encodeLegacySet(records, { magic: 1 });
  const batch = cursorAt(bytes);
  assertEquals([batch.magic, batch.baseOffset, batch.lastOffset], [1, 4, 4]);
  assertEquals([batch.recordCount, batch.producerId, batch.partitionLeaderEpoch], [-1, -1, -1]);
  assertEquals([batch.isControl, batch.isTransactional, batch.lastSequence], [false, false, -1]);
  batch.setLastOffset(77);
  batch.setMaxTimestamp("LogAppendTime", TIME + 1);
  assert(batch.crcValid());
  assertEquals(
    [batch.lastOffset, batch.timestampType, batch.maxTimestampMs],
    [77, "LogAppendTime", TIME + 1],
  );

  const old = cursorAt(encodeLegacySet(records, { magic: 0 }));
  assertEquals([old.timestampType, old.maxTimestampMs], ["NoTimestampType", -1]);
});

Deno.test("baseOffset of a compressed message is read from its inside", () => {
  const records = [11, 12, 15].map((offset) => ({
    offset,
    timestampMs: TIME,
    key: null,
    value: new Uint8Array(3),
  }));
  for (const magic of [0, 1] as const) {
    const batch = cursorAt(encodeLegacySet(records, { magic, codec: CODEC_GZIP }));
    assertEquals([batch.baseOffset, batch.lastOffset], [11, 15]);
  }
});

Deno.test("an unknown codec is an error only for those who ask for it", () => {
  const bytes = batchOf(1);
  new DataView(bytes.buffer).setInt16(21, 6);
  const batch = cursorAt(bytes);
  assertEquals([batch.codecBits, batch.isCompressed], [6, true]);
  assertThrows(() => batch.codec, RecordsError, "compression 6 is unknown");
});

Deno.test("sequences wrap at 2^31", () => {
  const builder = new BatchBuilder({ producerId: 1, producerEpoch: 0, baseSequence: 0x7ffffffe });
  for (let index = 0; index < 4; index++) builder.append(TIME, null, null);
  assertEquals(cursorAt(builder.build()).lastSequence, 1);
});

Deno.test("clear() lets go of the buffer", () => {
  const batch = cursorAt(batchOf(1));
  batch.clear();
  assertEquals([batch.buffer.length, batch.sizeBytes, batch.next()], [0, 0, false]);
});
