import { assert, assertEquals, assertThrows } from "@std/assert";
import { BatchCursor } from "./batch.ts";
import {
  type ControlType,
  decodeControlKey,
  decodeEndTxnMarker,
  encodeControlBatch,
  encodeControlKey,
  encodeEndTxnMarker,
} from "./control.ts";
import { RecordCursor } from "./record.ts";
import { RecordsError } from "./records_error.ts";

const TIME = 1_700_000_000_000;

Deno.test("the key of a control record is a version and a type, in Kafka's numbers", () => {
  const types: readonly ControlType[] = [
    "abort",
    "commit",
    "leaderChange",
    "snapshotHeader",
    "snapshotFooter",
    "kraftVersion",
    "kraftVoters",
  ];
  for (const [id, type] of types.entries()) {
    assertEquals([...encodeControlKey(type)], [0, 0, 0, id]);
    assertEquals(decodeControlKey(encodeControlKey(type)), type);
  }
  assertEquals(decodeControlKey(Uint8Array.of(0, 9, 0, 1, 5, 5)), "commit");
  assertEquals(decodeControlKey(Uint8Array.of(0, 0, 0, 99)), null);
  assertEquals(decodeControlKey(Uint8Array.of(0, 0, 1, 0)), null);
  assertThrows(() => decodeControlKey(null), RecordsError, "0 bytes");
  assertThrows(() => decodeControlKey(Uint8Array.of(0, 0, 0)), RecordsError, "3 bytes");
  assertThrows(() => decodeControlKey(Uint8Array.of(0x80, 0, 0, 1)), RecordsError, "negative");
});

Deno.test("a transaction's end is a control batch of its producer", () => {
  const bytes = encodeEndTxnMarker("abort", {
    baseOffset: 500,
    partitionLeaderEpoch: 3,
    timestampMs: TIME,
    producerId: 7_000,
    producerEpoch: 2,
    coordinatorEpoch: 41,
  });
  const batch = new BatchCursor().reset(bytes);
  assert(batch.next() && batch.crcValid());
  assertEquals([batch.isControl, batch.isTransactional, batch.recordCount], [true, true, 1]);
  assertEquals([batch.producerId, batch.producerEpoch, batch.baseSequence], [7_000, 2, -1]);
  assertEquals([batch.baseOffset, batch.partitionLeaderEpoch], [500, 3]);
  const record = new RecordCursor().reset(batch);
  assert(record.next());
  assertEquals(decodeControlKey(record.key), "abort");
  assertEquals(decodeEndTxnMarker(record.value), { coordinatorEpoch: 41 });
});

Deno.test("a marker's value may be longer, not shorter, and its version not negative", () => {
  const longer = Uint8Array.of(0, 1, 0, 0, 0, 5, 9, 9);
  assertEquals(decodeEndTxnMarker(longer), { coordinatorEpoch: 5 });
  assertThrows(() => decodeEndTxnMarker(longer.subarray(0, 5)), RecordsError, "5 bytes");
  assertThrows(() => decodeEndTxnMarker(null), RecordsError, "0 bytes");
  assertThrows(() => decodeEndTxnMarker(Uint8Array.of(255, 1, 0, 0, 0, 5)), RecordsError);
});

Deno.test("other control batches carry the value that they are given", () => {
  const bytes = encodeControlBatch("snapshotHeader", Uint8Array.of(1, 2, 3), {
    timestampMs: TIME,
    baseOffset: 0,
    partitionLeaderEpoch: 1,
  });
  const batch = new BatchCursor().reset(bytes);
  assert(batch.next() && batch.crcValid());
  assertEquals([batch.isControl, batch.isTransactional, batch.producerId], [true, false, -1]);
  const record = new RecordCursor().reset(batch);
  assert(record.next());
  assertEquals(decodeControlKey(record.key), "snapshotHeader");
  assertEquals(record.value, Uint8Array.of(1, 2, 3));
});
