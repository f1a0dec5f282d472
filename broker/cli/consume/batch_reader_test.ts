import { assertEquals, assertThrows } from "@std/assert";
import {
  BatchBuilder,
  type BatchOptions,
  CODEC_GZIP,
  encodeEndTxnMarker,
  RecordsError,
} from "../../protocol/records/mod.ts";
import { type AbortedTransaction, BatchReader } from "./batch_reader.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function batch(
  baseOffset: number,
  values: readonly string[],
  options: BatchOptions = {},
): Uint8Array {
  const builder = new BatchBuilder({ baseOffset, partitionLeaderEpoch: 4, ...options });
  values.forEach((value, index) => builder.append(1000 + index, null, encoder.encode(value)));
  return builder.build();
}

function marker(baseOffset: number, producerId: number, type: "commit" | "abort"): Uint8Array {
  return encodeEndTxnMarker(type, {
    baseOffset,
    partitionLeaderEpoch: 4,
    timestampMs: 1,
    producerId,
    producerEpoch: 0,
    coordinatorEpoch: 0,
  });
}

function joined(batches: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(batches.flatMap((bytes) => [...bytes]));
}

/** What is read: values with their offsets, and where to go on. */
function read(
  batches: readonly Uint8Array[],
  { from = 0, limit = Infinity, aborted = null }: {
    from?: number;
    limit?: number;
    aborted?: readonly AbortedTransaction[] | null;
  } = {},
) {
  const seen: string[] = [];
  const next = new BatchReader().read({
    topic: "t",
    partition: 0,
    fetchOffset: from,
    records: joined(batches),
    aborted,
  }, (record) => {
    seen.push(`${record.offset}=${decoder.decode(record.value!)}`);
    return seen.length < limit;
  });
  return { seen, next };
}

Deno.test("read() gives all records of all batches, compressed ones too", () => {
  const batches = [batch(0, ["a", "b"]), batch(2, ["c"], { codec: CODEC_GZIP })];
  assertEquals(read(batches), { seen: ["0=a", "1=b", "2=c"], next: 3 });
});

Deno.test("read() leaves out what lies before the wanted offset", () => {
  assertEquals(read([batch(0, ["a", "b"]), batch(2, ["c"])], { from: 1 }), {
    seen: ["1=b", "2=c"],
    next: 3,
  });
});

Deno.test("read() stops where the visitor has enough and says where to go on", () => {
  assertEquals(read([batch(0, ["a", "b", "c"])], { limit: 2 }), { seen: ["0=a", "1=b"], next: 2 });
  assertEquals(read([batch(0, ["a"]), batch(5, ["b"])], { limit: 1 }).next, 1);
});

Deno.test("read() passes over a batch that compaction has emptied", () => {
  const { seen, next } = read([batch(0, ["a"]), batch(7, ["b"])]);
  assertEquals({ seen, next }, { seen: ["0=a", "7=b"], next: 8 });
});

Deno.test("read() leaves out control records whatever is asked for", () => {
  const batches = [batch(0, ["a"]), marker(1, 9, "commit"), batch(2, ["b"])];
  assertEquals(read(batches).seen, ["0=a", "2=b"]);
  assertEquals(read([marker(0, 9, "commit")]), { seen: [], next: 1 });
});

Deno.test("read() leaves out aborted transactions alone, each up to its own marker", () => {
  const mine = { producerId: 9, producerEpoch: 0, baseSequence: 0, isTransactional: true };
  const other = { ...mine, producerId: 8 };
  const batches = [
    batch(0, ["aborted"], mine),
    batch(1, ["other"], other),
    batch(2, ["plain"]),
    marker(3, 9, "abort"),
    batch(4, ["kept"], mine),
    marker(5, 9, "commit"),
    batch(6, ["aborted again"], mine),
    marker(7, 8, "commit"),
    marker(8, 9, "abort"),
  ];
  const aborted = [{ producerId: 9, firstOffset: 6 }, { producerId: 9, firstOffset: 0 }];
  assertEquals(read(batches, { aborted }), { seen: ["1=other", "2=plain", "4=kept"], next: 9 });
  assertEquals(read(batches).seen.length, 5);
});

Deno.test("read() refuses a batch with a wrong checksum, after those before it", () => {
  const damaged = batch(1, ["bad"]);
  damaged[damaged.length - 2]! ^= 1;
  assertThrows(() => read([batch(0, ["a"]), damaged]), RecordsError, "offset 1 of t-0");
});
