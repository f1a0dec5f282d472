import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { BatchCursor } from "./batch.ts";
import { BatchBuilder, type BatchOptions, encodeEmptyBatch } from "./builder.ts";
import { CODEC_NAMES, type CodecId } from "./compression/mod.ts";
import { encodeLegacySet } from "./legacy_builder.ts";
import { RecordCursor } from "./record.ts";
import { RecordsError } from "./records_error.ts";

const TIME = 1_700_000_000_000;

interface TestRecord {
  readonly gap: number;
  readonly timestampMs: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly { readonly key: string; readonly value: Uint8Array | null }[];
}

const bytes = fc.option(fc.uint8Array({ maxLength: 300 }));
const records: fc.Arbitrary<TestRecord[]> = fc.array(
  fc.record({
    gap: fc.oneof(fc.constant(0), fc.nat({ max: 100_000 })),
    timestampMs: fc.oneof(
      fc.integer({ min: TIME - 1_000, max: TIME + 1_000 }),
      fc.integer({ min: -1, max: 253_402_300_799_999 }),
    ),
    key: bytes,
    value: bytes,
    headers: fc.array(fc.record({ key: fc.string({ unit: "grapheme" }), value: bytes }), {
      maxLength: 4,
    }),
  }),
  { minLength: 1, maxLength: 30 },
);

function cursorAt(batch: Uint8Array): BatchCursor {
  const cursor = new BatchCursor().reset(batch);
  assert(cursor.next());
  assertEquals(cursor.sizeBytes, batch.length);
  assert(cursor.crcValid());
  return cursor;
}

function readAll(batch: BatchCursor): unknown[] {
  const found: unknown[] = [];
  const record = new RecordCursor().reset(batch);
  while (record.next()) {
    const { offset, timestampMs, key, value } = record;
    found.push({ offset, timestampMs, key, value, headers: record.headers() });
  }
  return structuredClone(found);
}

Deno.test("what is appended is read back, in any codec and with any gaps", () => {
  for (const codec of CODEC_NAMES.keys()) {
    fc.assert(
      fc.property(records, fc.nat({ max: 2 ** 40 }), (list, baseOffset) => {
        const builder = new BatchBuilder({ codec: codec as CodecId, baseOffset });
        const wanted = [];
        for (const { gap, timestampMs, key, value, headers } of list) {
          const offset = builder.nextOffset + gap;
          builder.appendAt(offset, timestampMs, key, value, headers);
          wanted.push({ offset, timestampMs, key, value, headers });
        }
        const times = list.map(({ timestampMs }) => timestampMs);
        const batch = cursorAt(builder.build());
        assertEquals(batch.recordCount, list.length);
        assertEquals(batch.baseOffset, baseOffset);
        assertEquals(batch.lastOffset, wanted.at(-1)!.offset);
        assertEquals(batch.maxTimestampMs, Math.max(...times));
        assertEquals(batch.baseTimestampMs, times[0]);
        assertEquals(builder.offsetOfMaxTimestamp === -1, Math.max(...times) === -1);
        assertEquals(readAll(batch), wanted);
      }),
      { numRuns: 40 },
    );
  }
});

Deno.test("header fields are written as they are given", () => {
  const options: BatchOptions = {
    baseOffset: 2 ** 50,
    partitionLeaderEpoch: 7,
    codec: 2,
    producerId: 4_000,
    producerEpoch: 3,
    baseSequence: 12,
    isTransactional: true,
    deleteHorizonMs: TIME + 500,
    sizeHintBytes: 10,
  };
  const builder = new BatchBuilder(options);
  assertEquals([builder.nextOffset, builder.lastOffset], [2 ** 50, -1]);
  builder.append(TIME, null, new Uint8Array(1_000));
  builder.setLastOffset(2 ** 50 + 4);
  const batch = cursorAt(builder.build());
  assertEquals(batch.partitionLeaderEpoch, 7);
  assertEquals([batch.producerId, batch.producerEpoch, batch.baseSequence], [4_000, 3, 12]);
  assertEquals([batch.lastSequence, batch.lastOffset], [16, 2 ** 50 + 4]);
  assertEquals([batch.isTransactional, batch.isControl], [true, false]);
  assertEquals([batch.hasDeleteHorizon, batch.deleteHorizonMs], [true, TIME + 500]);
  assertEquals(batch.compression, "snappy");
  assertEquals((readAll(batch)[0] as { timestampMs: number }).timestampMs, TIME);
});

Deno.test("a record that does not follow, or has no time that is one, is refused", () => {
  const builder = new BatchBuilder({ baseOffset: 10 });
  assertThrows(() => builder.appendAt(9, TIME, null, null), RecordsError, "10 is next");
  builder.appendAt(12, TIME, null, null);
  assertThrows(() => builder.appendAt(12, TIME, null, null), RecordsError, "13 is next");
  assertThrows(
    () => builder.appendAt(10 + 2 ** 31, TIME, null, null),
    RecordsError,
    "starts at 10",
  );
  assertThrows(() => builder.append(-2, null, null), RecordsError, "timestamp is -2");
  assertEquals(builder.recordCount, 1);
  assertEquals(readAll(cursorAt(builder.build())).length, 1);
});

Deno.test("producer fields that contradict each other are refused", () => {
  const build = (options: BatchOptions) => {
    const builder = new BatchBuilder(options);
    builder.append(TIME, null, null);
    return builder.build();
  };
  assertThrows(() => build({ isTransactional: true }), RecordsError, "no producer id");
  assertThrows(() => build({ producerId: 1 }), RecordsError, "epoch -1");
  assertThrows(() => build({ producerId: 1, producerEpoch: 0 }), RecordsError, "sequence -1");
  cursorAt(build({ producerId: 1, producerEpoch: 0, isControl: true }));
});

Deno.test("an emptied batch keeps its range and producer and loses codec and horizon", () => {
  const builder = new BatchBuilder({
    baseOffset: 100,
    codec: 3,
    producerId: 9,
    producerEpoch: 1,
    baseSequence: 4,
    isTransactional: true,
    deleteHorizonMs: TIME,
    partitionLeaderEpoch: 2,
  });
  for (let index = 0; index < 5; index++) builder.append(TIME + index, null, new Uint8Array(9));
  const batch = cursorAt(encodeEmptyBatch(cursorAt(builder.build())));
  assertEquals([batch.baseOffset, batch.lastOffset, batch.recordCount], [100, 104, 0]);
  assertEquals([batch.producerId, batch.baseSequence, batch.lastSequence], [9, 4, 8]);
  assertEquals([batch.compression, batch.hasDeleteHorizon], ["none", false]);
  assertEquals([batch.isTransactional, batch.maxTimestampMs], [true, TIME + 4]);
  assertEquals(batch.baseTimestampMs, -1);
  assertEquals(readAll(batch), []);
});

Deno.test("records of magic 0 and 1 are read back, in any codec that they can have", () => {
  for (const magic of [0, 1] as const) {
    for (const codec of [0, 1, 2, 3] as const) {
      fc.assert(
        fc.property(records, fc.nat({ max: 2 ** 40 }), (list, baseOffset) => {
          let next = baseOffset;
          const wanted = list.map(({ gap, timestampMs, key, value }) => {
            const offset = next + gap;
            next = offset + 1;
            return { offset, timestampMs: magic === 0 ? -1 : timestampMs, key, value, headers: [] };
          });
          const batch = new BatchCursor().reset(encodeLegacySet(wanted, { magic, codec }));
          const found: unknown[] = [];
          while (batch.next()) {
            assert(batch.crcValid());
            found.push(...readAll(batch));
          }
          assertEquals(found, wanted);
          assertEquals(batch.partialBytesAtEnd, 0);
        }),
        { numRuns: 25 },
      );
    }
  }
});
