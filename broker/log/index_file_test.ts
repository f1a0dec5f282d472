import { assert, assertEquals } from "@std/assert";
import { SimulatedDisk } from "../../tests/disk/simulated_disk.ts";
import { FilePool } from "./file_pool.ts";
import { OffsetIndex } from "./offset_index.ts";
import { TimeIndex } from "./time_index.ts";

function setup(): { disk: SimulatedDisk; files: FilePool } {
  const disk = new SimulatedDisk();
  disk.makeDirectory("/d");
  return { disk, files: new FilePool(disk, 10) };
}

const SIZE = 10_485_760;

Deno.test("lookups find the last entry at or before the offset, in memory and on disk alike", () => {
  const { files } = setup();
  const index = new OffsetIndex(files.file("/d/i"), 1_000, SIZE);
  const entries = Array.from({ length: 3_000 }, (_, i) => [1_000 + i * 10 + 5, i * 4_096] as const);
  for (const [offset, position] of entries) index.append(offset, position);
  const check = (target: OffsetIndex) => {
    assertEquals(target.count, entries.length);
    assertEquals(target.lookup(1_004), 0);
    for (const [offset, position] of entries) {
      assertEquals(target.lookup(offset), position);
      assertEquals(target.lookup(offset + 9), position);
      // As Apache Kafka searches: an entry at the very position counts, unless it is the first.
      assertEquals(target.offsetFrom(position), position === 0 ? entries[1]![0] : offset);
    }
    assertEquals(target.offsetFrom(1), entries[1]![0]);
    assertEquals(target.lastOffset, entries.at(-1)![0]);
    assertEquals(target.offsetFrom(entries.at(-1)![1] + 1), null);
  };
  check(index);
  index.trim();
  check(index);
  check(new OffsetIndex(files.file("/d/i"), 1_000, SIZE));
});

Deno.test("one who reads on through an index costs it about one read of the file for a lookup", () => {
  const { disk, files } = setup();
  const count = 64 * 512;
  // Two readers at different places, and other indexes in between, as consumers of a node are.
  const indexes = ["/d/i", "/d/j"].map((path) => {
    const index = new OffsetIndex(files.file(path), 0, SIZE);
    for (let i = 1; i <= count; i++) index.append(i * 10, i * 4_096);
    index.trim();
    return new OffsetIndex(files.file(path), 0, SIZE);
  });
  for (const index of indexes) assertEquals(index.lookup(5), 0);
  const before = disk.counts.get("read")!;
  let lookups = 0;
  for (let i = 1; i <= count; i += 64) {
    for (const index of indexes) assertEquals(index.lookup(i * 10 + 3), i * 4_096);
    lookups += 2;
  }
  const reads = disk.counts.get("read")! - before;
  assert(reads < 1.3 * lookups, `${reads} reads for ${lookups} lookups`);
});

Deno.test("an entry is two big-endian int32, the offset relative to the base", () => {
  const { disk, files } = setup();
  const index = new OffsetIndex(files.file("/d/i"), 5_000_000_000, SIZE);
  index.append(5_000_000_258, 0x01020304);
  index.trim();
  assertEquals([...disk.readFile("/d/i")], [0, 0, 1, 2, 1, 2, 3, 4]);
});

Deno.test("zeros that are preallocated behind the entries are no entries, and trimming cuts them", () => {
  const { disk, files } = setup();
  const index = new OffsetIndex(files.file("/d/i"), 0, SIZE);
  for (let i = 1; i <= 700; i++) index.append(i * 3, i * 100);
  index.trim();
  files.file("/d/i").truncate(SIZE);
  const again = new OffsetIndex(files.file("/d/i"), 0, SIZE);
  assertEquals(again.count, 700);
  assertEquals(again.lookup(1_000), 33_300);
  again.append(2_200, 80_000);
  assertEquals(again.lookup(9_999), 80_000);
  again.trim();
  assertEquals(disk.readFile("/d/i").length, 701 * 8);
});

Deno.test("truncation drops the entry of the offset and all after it", () => {
  const { files } = setup();
  for (const flushed of [true, false]) {
    for (const [at, count] of [[0, 0], [5, 0], [6, 1], [44, 4], [45, 4], [46, 5], [99, 10]]) {
      const index = new OffsetIndex(files.file("/d/i"), 0, SIZE);
      index.reset();
      for (let i = 0; i < 10; i++) index.append(i * 10 + 5, i);
      if (flushed) index.trim();
      index.truncateTo(at!);
      assertEquals(index.count, count, `truncateTo(${at})`);
      index.append(1_000, 50);
      assertEquals(index.lookup(5_000), 50);
    }
  }
});

Deno.test("an append costs a write now and then, and none is lost when the disk is full", () => {
  const { disk, files } = setup();
  const index = new OffsetIndex(files.file("/d/i"), 0, SIZE);
  for (let i = 1; i <= 127; i++) index.append(i, i);
  assertEquals(disk.counts.get("write") ?? 0, 0);
  disk.failLater({ kind: "no-space", times: 1_000_000 });
  for (let i = 128; i <= 900; i++) index.append(i, i);
  assertEquals([index.count, index.lookup(500), index.lookup(900)], [900, 500, 900]);
  disk.heal();
  index.flush();
  assertEquals(disk.readFile("/d/i").length, 900 * 8);
  assertEquals(index.lookup(77), 77);
});

Deno.test("an offset index is full when its entries reach segment.index.bytes", () => {
  const { files } = setup();
  const index = new OffsetIndex(files.file("/d/i"), 0, 20);
  assert(!index.full);
  index.append(1, 1);
  index.append(2, 2);
  assert(index.full);
});

Deno.test("an index whose size is no whole number of entries, or which ends before its base, is corrupt", () => {
  const { disk, files } = setup();
  disk.writeFile("/d/a", new Uint8Array([0, 0, 0, 1, 0, 0, 0, 1, 9]));
  assert(new OffsetIndex(files.file("/d/a"), 0, SIZE).corrupt);
  disk.writeFile("/d/b", new Uint8Array([0, 0, 0, 1, 0, 0, 0, 1, 0x80, 0, 0, 0, 0, 0, 0, 0]));
  assert(new OffsetIndex(files.file("/d/b"), 0, SIZE).corrupt);
  assert(!new OffsetIndex(files.file("/d/none"), 0, SIZE).corrupt);
  disk.writeFile("/d/t", new Uint8Array(55).fill(1));
  assert(new TimeIndex(files.file("/d/t"), 0, SIZE).corrupt);
});

Deno.test("a time index keeps only later timestamps, and one slot for the segment's end", () => {
  const { disk, files } = setup();
  const index = new TimeIndex(files.file("/d/t"), 100, 36);
  assertEquals([index.lastTimestampMs, index.lastOffset], [-1, 100]);
  index.maybeAppend(1_000, 110);
  index.maybeAppend(1_000, 120);
  index.maybeAppend(900, 130);
  assertEquals(index.count, 1);
  assert(!index.full);
  index.maybeAppend(2_000, 140);
  assert(index.full);
  index.maybeAppend(3_000, 150);
  assertEquals([index.lookup(999), index.lookup(1_000), index.lookup(2_999)], [100, 110, 140]);
  index.trim();
  const again = new TimeIndex(files.file("/d/t"), 100, 36);
  assertEquals([again.lastTimestampMs, again.lastOffset, again.count], [3_000, 150, 3]);
  again.truncateTo(140);
  assertEquals([again.lastTimestampMs, again.lastOffset], [1_000, 110]);
  assertEquals([...disk.readFile("/d/t")], [0, 0, 0, 0, 0, 0, 3, 232, 0, 0, 0, 10]);
});

Deno.test("a sync that fails is tried again by the next one", async () => {
  const { disk, files } = setup();
  const index = new OffsetIndex(files.file("/d/i"), 0, SIZE);
  index.append(1, 1);
  disk.failLater({ operations: ["sync"] });
  let failed = false;
  await index.sync().catch(() => failed = true);
  assert(failed);
  await index.sync();
  assertEquals(disk.counts.get("sync"), 2);
  await index.sync();
  assertEquals(disk.counts.get("sync"), 2);
});
