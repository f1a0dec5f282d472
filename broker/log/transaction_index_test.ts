import { assertEquals, assertThrows } from "@std/assert";
import { DiskError } from "../base/mod.ts";
import { SimulatedDisk } from "../../tests/disk/simulated_disk.ts";
import { FilePool } from "./file_pool.ts";
import { type AbortedTransaction, TransactionIndex } from "./transaction_index.ts";

const entry = (producerId: number, firstOffset: number, lastOffset: number, stable: number) => ({
  producerId,
  firstOffset,
  lastOffset,
  lastStableOffset: stable,
});

function setup() {
  const disk = new SimulatedDisk();
  disk.makeDirectory("/d");
  const files = new FilePool(disk, 10);
  return { disk, open: () => new TransactionIndex(files.file("/d/x.txnindex")) };
}

Deno.test("the file exists once something was aborted, and reads as it was written", () => {
  const { disk, open } = setup();
  const index = open();
  assertEquals(index.entries, []);
  assertEquals(disk.stat("/d/x.txnindex"), null);
  index.append(entry(7, 10, 20, 15));
  index.append(entry(2 ** 40, 12, 25, 26));
  assertEquals(disk.stat("/d/x.txnindex")!.sizeBytes, 68);
  assertEquals(open().entries, [entry(7, 10, 20, 15), entry(2 ** 40, 12, 25, 26)]);
});

Deno.test("collect() gives what overlaps a range and tells when later segments hold no more", () => {
  const { open } = setup();
  const index = open();
  index.append(entry(1, 0, 9, 5));
  index.append(entry(2, 5, 19, 20));
  index.append(entry(3, 22, 29, 30));
  const collect = (from: number, until: number) => {
    const found: AbortedTransaction[] = [];
    const complete = index.collect(from, until, found);
    return [found.map(({ producerId }) => producerId), complete];
  };
  assertEquals(collect(0, 5), [[1], true]);
  assertEquals(collect(0, 20), [[1, 2], true]);
  assertEquals(collect(10, 25), [[2, 3], true]);
  assertEquals(collect(20, 40), [[3], false]);
});

Deno.test("truncation drops the transactions whose marker goes", () => {
  const { open } = setup();
  const index = open();
  for (let i = 0; i < 4; i++) index.append(entry(i, i * 10, i * 10 + 9, i * 10 + 10));
  index.truncateTo(29);
  assertEquals(index.entries.length, 2);
  index.append(entry(9, 40, 49, 50));
  assertEquals(open().entries.map(({ producerId }) => producerId), [0, 1, 9]);
});

Deno.test("an append that fails leaves the index as it was", () => {
  const { disk, open } = setup();
  const index = open();
  index.append(entry(1, 0, 9, 10));
  disk.failLater({ kind: "no-space" });
  assertThrows(() => index.append(entry(2, 10, 19, 20)), DiskError);
  assertEquals(index.entries.length, 1);
  index.append(entry(3, 20, 29, 30));
  assertEquals(open().entries.map(({ producerId }) => producerId), [1, 3]);
});

Deno.test("a version that is not known is refused", () => {
  const { disk, open } = setup();
  const bytes = new Uint8Array(34);
  bytes[1] = 1;
  disk.writeFile("/d/x.txnindex", bytes);
  assertThrows(() => open().entries, DiskError, "version 1");
});

Deno.test("thousands of entries are read when they are asked for, and counted right", () => {
  const { open } = setup();
  const index = open();
  for (let i = 0; i < 3_000; i++) index.append(entry(i, i * 2, i * 2 + 1, i * 2 + 2));
  assertEquals([index.count, index.entries.length, open().count], [3_000, 3_000, 3_000]);
  const found: AbortedTransaction[] = [];
  assertEquals(open().collect(4_000, 4_002, found), true);
  assertEquals(found.map(({ producerId }) => producerId), [2_000]);
  index.truncateTo(101);
  assertEquals([index.count, open().entries.at(-1)!.lastOffset], [50, 99]);
});
