import { assert, assertEquals } from "@std/assert";
import { batch, concat, settings, testNode } from "../../tests/disk/test_log.ts";
import { BatchCursor } from "../protocol/records/mod.ts";
import { BatchFinder } from "./batch_finder.ts";
import { Segment } from "./segment.ts";
import type { LogSettings } from "./settings.ts";

const STATE = { createdMs: 1_000, rollJitterMs: 0 };
const DIRECTORY = "/data/t-0";

function setup(changes: Partial<LogSettings> = {}, baseOffset = 0) {
  const node = testNode();
  const { disk, files, logger } = node.environment;
  disk.makeDirectory(DIRECTORY);
  const place = { disk, files, logger, directory: DIRECTORY };
  const segment = Segment.create(place, baseOffset, settings(changes), STATE);
  const reopen = () =>
    new Segment(place, baseOffset, settings(changes), {
      ...STATE,
      sizeBytes: segment.sizeBytes,
    });
  return { node, place, segment, reopen };
}

/** Appends batches of `counts` records each, one write a batch, from `offset` on. */
function fill(segment: Segment, offset: number, ...counts: number[]): number {
  for (const count of counts) {
    segment.append(batch(count, { baseOffset: offset }), new BatchCursor());
    offset += count;
  }
  return offset;
}

Deno.test("find() gives the batch that holds an offset, or the next one across a gap", () => {
  const { segment } = setup({ indexIntervalBytes: 200 });
  fill(segment, 0, 5, 5, 5);
  fill(segment, 30, 5, 5);
  const finder = new BatchFinder();
  for (let offset = 0; offset < 40; offset++) {
    assert(segment.find(offset, finder));
    const expected = offset < 15 ? Math.floor(offset / 5) * 5 : offset < 35 ? 30 : 35;
    assertEquals(finder.baseOffset, expected, `offset ${offset}`);
  }
  assert(!segment.find(40, finder));
  assertEquals(segment.nextOffset(), 40);
});

Deno.test("an index that belongs to other batches does not mislead", () => {
  const { segment, reopen, node } = setup({ indexIntervalBytes: 100 });
  fill(segment, 0, 5, 5, 5, 5, 5);
  segment.complete();
  const entries = node.disk.readFile(`${DIRECTORY}/00000000000000000000.index`);
  assert(entries.length > 8);
  // Positions inside batches, behind the end, and entries out of order.
  for (const [at, value] of [[7, 3], [4, 0x7f], [15, 1], [8, 0x80], [0, 0x7f]] as const) {
    const broken = entries.slice();
    broken[at] = value;
    node.disk.writeFile(`${DIRECTORY}/00000000000000000000.index`, broken);
    const again = reopen();
    const finder = new BatchFinder();
    for (let offset = 24; offset >= 0; offset--) {
      assert(again.find(offset, finder), `offset ${offset}, byte ${at}`);
      assertEquals(finder.baseOffset, Math.floor(offset / 5) * 5);
    }
    again.closeFiles();
  }
  node.disk.writeFile(`${DIRECTORY}/00000000000000000000.index`, entries);
  const times = node.disk.readFile(`${DIRECTORY}/00000000000000000000.timeindex`);
  node.disk.writeFile(`${DIRECTORY}/00000000000000000000.timeindex`, times.subarray(0, 7));
  assertEquals(reopen().findByTimestamp(1_700_000_000_003, 0)?.offset, 3);
  assertEquals(node.disk.readFile(`${DIRECTORY}/00000000000000000000.timeindex`), times);
  assertEquals(node.disk.readFile(`${DIRECTORY}/00000000000000000000.index`), entries);
});

Deno.test("index entries come after index.interval.bytes, batch by batch, also inside one append", () => {
  const one = setup({ indexIntervalBytes: 150 });
  fill(one.segment, 0, 5, 5, 5, 5, 5, 5);
  const all = setup({ indexIntervalBytes: 150 });
  const batches = Array.from({ length: 6 }, (_, index) => batch(5, { baseOffset: index * 5 }));
  all.segment.append(concat(...batches), new BatchCursor());
  for (const { segment } of [one, all]) segment.complete();
  const path = `${DIRECTORY}/00000000000000000000.index`;
  assertEquals(one.node.disk.readFile(path), all.node.disk.readFile(path));
  assert(one.node.disk.readFile(path).length >= 16);
});

Deno.test("a segment rolls by bytes, offsets, a full index and the age of its first batch", () => {
  const conditions = {
    nowMs: 2_000,
    segmentMs: 10_000,
    segmentBytes: 1_000_000,
    appendBytes: 100,
    appendMaxTimestampMs: 1_700_000_000_000,
    appendLastOffset: 10,
  };
  const { segment } = setup();
  assert(!segment.mustRollFor({ ...conditions, nowMs: 1e15 }), "an empty segment has no age");
  fill(segment, 0, 5);
  assert(!segment.mustRollFor(conditions));
  assert(segment.mustRollFor({ ...conditions, segmentBytes: segment.sizeBytes + 99 }));
  assert(!segment.mustRollFor({ ...conditions, segmentBytes: segment.sizeBytes + 100 }));
  assert(segment.mustRollFor({ ...conditions, appendLastOffset: 0x80000000 }));
  assert(!segment.mustRollFor({ ...conditions, appendLastOffset: 0x7fffffff }));
  const first = 1_700_000_000_004;
  assert(!segment.mustRollFor({ ...conditions, appendMaxTimestampMs: first + 10_000 }));
  assert(segment.mustRollFor({ ...conditions, appendMaxTimestampMs: first + 10_001 }));
  const tiny = setup({ segmentIndexBytes: 8, indexIntervalBytes: 0 });
  fill(tiny.segment, 0, 1);
  assert(tiny.segment.mustRollFor(conditions), "no entry fits the time index");
});

Deno.test("without timestamps a segment's age counts from when it was begun", () => {
  const { segment } = setup();
  segment.append(batch(1, { timestampMs: -1 }), new BatchCursor());
  const conditions = {
    segmentMs: 10_000,
    segmentBytes: 1_000_000,
    appendBytes: 100,
    appendMaxTimestampMs: -1,
    appendLastOffset: 10,
  };
  assert(!segment.mustRollFor({ ...conditions, nowMs: 11_000 }));
  assert(segment.mustRollFor({ ...conditions, nowMs: 11_001 }));
});

Deno.test("truncateTo() cuts whole batches and leaves indexes that fit", () => {
  for (let offset = 0; offset <= 30; offset++) {
    const { segment, reopen } = setup({ indexIntervalBytes: 100 });
    fill(segment, 0, 5, 5, 5, 5, 5, 5);
    const before = segment.sizeBytes;
    const cut = segment.truncateTo(offset, 0);
    const end = Math.min(30, Math.floor(offset / 5) * 5);
    assertEquals(segment.nextOffset(), end === 0 ? 0 : end, `truncateTo(${offset})`);
    assertEquals(segment.sizeBytes, before - cut);
    assertEquals(segment.maxTimestampMs, end === 0 ? -1 : 1_700_000_000_004);
    assertEquals(fill(segment, end, 5, 5), end + 10);
    segment.complete();
    assertEquals(reopen().nextOffset(), end + 10);
  }
});

Deno.test("findByTimestamp() gives the first record that is late enough, from an offset on", () => {
  const { segment } = setup({ indexIntervalBytes: 100 });
  const times = [1_000, 3_000, 2_000, 5_000, 4_000];
  times.forEach((timestampMs, index) =>
    segment.append(batch(3, { baseOffset: index * 3, timestampMs }), new BatchCursor())
  );
  const find = (timestampMs: number, from = 0) =>
    segment.findByTimestamp(timestampMs, from)?.offset;
  assertEquals([0, 1_000, 1_001, 1_003, 2_000, 3_002, 3_003].map((ms) => find(ms)), [
    0,
    0,
    1,
    3,
    3,
    5,
    9,
  ]);
  assertEquals(find(1_000, 7), 7);
  assertEquals(find(5_003), undefined);
  assertEquals(segment.findMaxTimestamp(), { timestampMs: 5_002, offset: 11, leaderEpoch: -1 });
});

Deno.test("preallocation gives the log its size at once; completing it cuts the rest off", () => {
  const { segment, node } = setup({ preallocate: true, segmentBytes: 10_000 });
  const path = `${DIRECTORY}/00000000000000000000.log`;
  assertEquals(node.disk.stat(path)!.sizeBytes, 10_000);
  fill(segment, 0, 5);
  assertEquals(node.disk.stat(path)!.sizeBytes, 10_000);
  segment.complete();
  assertEquals(node.disk.stat(path)!.sizeBytes, segment.sizeBytes);
});

Deno.test("files that are marked for removal stay readable for those who hold them", () => {
  const { segment, node } = setup();
  fill(segment, 0, 5);
  const { file } = segment;
  const marked = segment.markDeleted();
  assertEquals(marked.map((path) => path.split("/").at(-1)), [
    "00000000000000000000.log.deleted",
    "00000000000000000000.index.deleted",
    "00000000000000000000.timeindex.deleted",
  ]);
  assertEquals(file.read(new Uint8Array(10), 0), 10);
  node.environment.files.closeAll();
  assertEquals(file.read(new Uint8Array(10), 0), 10);
});

Deno.test("a segment whose files can't all be made leaves no log behind", () => {
  for (let after = 0; after < 6; after++) {
    const node = testNode();
    const { disk, files, logger } = node.environment;
    disk.makeDirectory(DIRECTORY);
    node.disk.failLater({ after, kind: "no-space" });
    const place = { disk, files, logger, directory: DIRECTORY };
    const create = () =>
      Segment.create(place, 5, settings({ preallocate: true, segmentBytes: 100 }), STATE);
    try {
      create();
    } catch {
      assertEquals(disk.stat(`${DIRECTORY}/00000000000000000005.log`), null, `after ${after}`);
    }
  }
});
