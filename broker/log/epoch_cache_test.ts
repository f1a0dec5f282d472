import { assertEquals } from "@std/assert";
import { SimulatedDisk } from "../../tests/disk/simulated_disk.ts";
import { EpochCache } from "./epoch_cache.ts";

function cache(...entries: [epoch: number, startOffset: number][]): EpochCache {
  const made = new EpochCache(new SimulatedDisk(), "/d");
  for (const [epoch, startOffset] of entries) made.assign(epoch, startOffset);
  return made;
}

const entriesOf = (from: EpochCache) => from.entries.map((e) => [e.epoch, e.startOffset]);

Deno.test("assign() keeps epochs and offsets ascending and drops what a new entry contradicts", () => {
  assertEquals(entriesOf(cache([1, 0], [2, 10], [2, 20])), [[1, 0], [2, 10]]);
  assertEquals(entriesOf(cache([1, 0], [2, 10], [3, 10])), [[1, 0], [3, 10]]);
  assertEquals(entriesOf(cache([1, 0], [3, 10], [2, 20])), [[1, 0], [2, 20]]);
  assertEquals(entriesOf(cache([1, 5], [2, 10], [3, 2])), [[3, 2]]);
  assertEquals(entriesOf(cache([2, 10], [2, 4])), [[2, 4]]);
});

Deno.test("endOf() tells the end of an epoch as KIP-101 has it", () => {
  const epochs = cache([2, 5], [4, 10], [5, 20]);
  const end = (epoch: number) => {
    const found = epochs.endOf(epoch, 33);
    return [found.epoch, found.endOffset];
  };
  assertEquals(end(5), [5, 33]);
  assertEquals(end(4), [4, 20]);
  assertEquals(end(3), [2, 10]);
  assertEquals(end(2), [2, 10]);
  assertEquals(end(1), [1, 5]);
  assertEquals(end(6), [-1, -1]);
  assertEquals(end(-1), [-1, -1]);
  assertEquals(cache().endOf(0, 10), { epoch: -1, endOffset: -1 });
});

Deno.test("epochOf() tells under which epoch an offset was written", () => {
  const epochs = cache([2, 5], [4, 10]);
  assertEquals([4, 5, 9, 10, 99].map((offset) => epochs.epochOf(offset)), [-1, 2, 2, 4, 4]);
});

Deno.test("truncation at either end keeps what still holds", () => {
  const end = cache([1, 0], [2, 10], [3, 20]);
  end.truncateFromEnd(20);
  assertEquals(entriesOf(end), [[1, 0], [2, 10]]);
  end.truncateFromEnd(11);
  assertEquals(entriesOf(end), [[1, 0], [2, 10]]);
  const start = cache([1, 0], [2, 10], [3, 20]);
  start.truncateFromStart(15);
  assertEquals(entriesOf(start), [[2, 15], [3, 20]]);
  start.truncateFromStart(20);
  assertEquals(entriesOf(start), [[3, 20]]);
  start.truncateFromStart(3);
  assertEquals(entriesOf(start), [[3, 20]]);
  start.truncateFromStart(50);
  assertEquals(entriesOf(start), [[3, 50]]);
});
