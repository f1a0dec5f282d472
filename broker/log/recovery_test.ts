import { assert, assertEquals } from "@std/assert";
import {
  batch,
  concat,
  newLog,
  offsetsFrom,
  produce,
  range,
  reopenLog,
  settings,
  type TestNode,
  testNode,
} from "../../tests/disk/test_log.ts";
import { SeededPrng } from "../base/mod.ts";
import { errorName } from "../protocol/errors.ts";
import { openLog } from "./open_log.ts";
import type { PartitionLog } from "./partition_log.ts";

const D = "/data/topic-0";
const LOG_0 = `${D}/00000000000000000000.log`;

function names(node: TestNode): string[] {
  return node.disk.list(D);
}

/** Three segments of three batches of two records each; the process then dies. */
function threeSegments(): { node: TestNode; log: PartitionLog; bases: number[] } {
  const node = testNode();
  const log = newLog(node, { segmentBytes: 300, indexIntervalBytes: 50 });
  for (let index = 0; index < 9; index++) produce(log, batch(2, { partitionLeaderEpoch: 0 }), 1);
  const bases = names(node).filter((name) => name.endsWith(".log")).map((name) =>
    Number(name.slice(0, 20))
  );
  assertEquals(bases, [0, 6, 12]);
  die(node);
  return { node, log, bases };
}

function die(node: TestNode): void {
  node.environment.files.closeAll();
  node.disk.releaseAll();
}

Deno.test("a process that dies loses nothing that was appended", () => {
  const { node } = threeSegments();
  const log = reopenLog(node);
  assertEquals(offsetsFrom(log, 0), range(0, 18));
  assertEquals([log.logEndOffset, log.recoveryPoint, log.latestEpoch], [18, 0, 1]);
  assertEquals(produce(log, batch(1)).baseOffset, 18);
});

Deno.test("a last batch that is cut at any byte goes, and all before it stays", () => {
  const { node } = threeSegments();
  const path = `${D}/00000000000000000012.log`;
  const whole = node.disk.readFile(path);
  const batchBytes = whole.length / 3;
  for (let cut = 1; cut <= batchBytes; cut++) {
    node.disk.writeFile(path, whole.subarray(0, whole.length - cut));
    const log = reopenLog(node);
    assertEquals(log.logEndOffset, 16, `${cut} bytes are missing`);
    assertEquals(node.disk.stat(path)!.sizeBytes, 2 * batchBytes);
    die(node);
  }
});

Deno.test("zeros or garbage behind the end are cut off", () => {
  for (const tail of [new Uint8Array(5), new Uint8Array(4_096), new Uint8Array(500).fill(0x5a)]) {
    const { node } = threeSegments();
    const path = `${D}/00000000000000000012.log`;
    const whole = node.disk.readFile(path);
    node.disk.writeFile(path, concat(whole, tail));
    assertEquals(offsetsFrom(reopenLog(node), 0), range(0, 18));
    assertEquals(node.disk.readFile(path), whole);
  }
});

Deno.test("a changed byte above the recovery point cuts the log there, later segments included", () => {
  const { node } = threeSegments();
  const path = `${D}/00000000000000000006.log`;
  const batchBytes = node.disk.stat(path)!.sizeBytes / 3;
  node.disk.corrupt(path, batchBytes + 70);
  const log = reopenLog(node);
  assertEquals(offsetsFrom(log, 0), range(0, 8));
  assertEquals(log.activeSegmentOffset, 6);
  assert(names(node).some((name) => name === "00000000000000000012.log.deleted"));
  assertEquals(produce(log, batch(1)).baseOffset, 8);
  die(node);
  assertEquals(offsetsFrom(reopenLog(node), 0), range(0, 9));
  assert(!names(node).some((name) => name.endsWith(".deleted")), "removed while loading");
});

Deno.test("what lies below the recovery point is not looked at", () => {
  const { node } = threeSegments();
  node.disk.corrupt(LOG_0, 70);
  const log = reopenLog(node, { recoveryPoint: 12 });
  assertEquals(log.logEndOffset, 18);
  assertEquals(offsetsFrom(log, 6), range(6, 18));
});

Deno.test("after a clean stop nothing is looked at", async () => {
  const node = testNode();
  const log = newLog(node);
  produce(log, batch(4));
  await log.close();
  const before = node.disk.snapshot();
  const again = reopenLog(node, { stoppedCleanly: true, recoveryPoint: 4 });
  assertEquals(again.logEndOffset, 4);
  await again.close();
  assertEquals(node.disk.snapshot(), before);
});

Deno.test("garbage behind the end is cut off even after a clean stop", async () => {
  for (const tail of [new Uint8Array(5), new Uint8Array(4_096), new Uint8Array(90).fill(0x5a)]) {
    const node = testNode();
    const log = newLog(node);
    produce(log, batch(4));
    await log.close();
    const whole = node.disk.readFile(LOG_0);
    node.disk.writeFile(LOG_0, concat(whole, tail));
    const again = reopenLog(node, { stoppedCleanly: true, recoveryPoint: 4 });
    assertEquals([again.logEndOffset, node.disk.readFile(LOG_0)], [4, whole]);
    assertEquals(produce(again, batch(1)).baseOffset, 4);
  }
});

Deno.test("indexes are rebuilt to the same bytes: missing, cut, or of zeros", async () => {
  const node = testNode();
  const log = newLog(node, { segmentBytes: 300, indexIntervalBytes: 50 });
  for (let index = 0; index < 9; index++) produce(log, batch(2));
  await log.close();
  const sound = node.disk.snapshot();
  const indexes = names(node).filter((name) => /\.(time)?index$/.test(name));
  assert(indexes.some((name) => node.disk.stat(`${D}/${name}`)!.sizeBytes > 0));
  for (const name of indexes) node.disk.remove(`${D}/${name}`);
  const changes = { indexIntervalBytes: 50 };
  const again = reopenLog(node, { stoppedCleanly: true, changes });
  await again.close();
  assertEquals(node.disk.snapshot(), sound);
  for (const name of indexes) {
    node.disk.writeFile(`${D}/${name}`, new Uint8Array(4_096));
  }
  const recovered = reopenLog(node, { changes });
  await recovered.close();
  for (const name of indexes) {
    assertEquals(node.disk.readFile(`${D}/${name}`), sound.get(`${D}/${name}`), name);
  }
});

Deno.test("index files without a log are removed", () => {
  const { node } = threeSegments();
  node.disk.writeFile(`${D}/00000000000000000009.index`, new Uint8Array(8));
  node.disk.writeFile(`${D}/00000000000000000009.txnindex`, new Uint8Array(34));
  reopenLog(node);
  assert(!names(node).some((name) => name.startsWith("00000000000000000009.")));
});

Deno.test("a segment begun by a roll that failed half way does not come back", () => {
  for (let after = 0; after < 10; after++) {
    const node = testNode();
    const log = newLog(node, { segmentBytes: 300 });
    for (let index = 0; index < 3; index++) produce(log, batch(2));
    node.disk.failLater({ after, kind: "no-space" });
    produce(log, batch(2));
    const end = log.logEndOffset;
    // Smaller ones fit into the segment that was to be left.
    log.updateSettings(settings({ segmentBytes: 10_000 }));
    for (let index = 0; index < 3; index++) produce(log, batch(2));
    die(node);
    assertEquals(offsetsFrom(reopenLog(node), 0), range(0, end + 6), `after ${after}`);
  }
});

Deno.test("files of a finished compaction take the place of those they replace", () => {
  const { node } = threeSegments();
  const { disk } = node;
  const merged = concat(disk.readFile(LOG_0).subarray(0, disk.stat(LOG_0)!.sizeBytes / 3));
  const last = disk.readFile(`${D}/00000000000000000006.log`);
  const compacted = concat(merged, last.subarray(last.length * 2 / 3));
  disk.writeFile(`${LOG_0}.swap`, compacted);
  disk.writeFile(`${D}/00000000000000000000.index.swap`, new Uint8Array(0));
  disk.writeFile(`${D}/00000000000000000000.timeindex.swap`, new Uint8Array(0));
  const log = reopenLog(node, { recoveryPoint: 12 });
  assertEquals(offsetsFrom(log, 0), [0, 1, 10, 11, ...range(12, 18)]);
  assert(!names(node).some((name) => /swap$|^0{19}6\./.test(name)));
});

Deno.test("files of an unfinished compaction go, with the swaps of an unfinished split", () => {
  const { node } = threeSegments();
  const { disk } = node;
  disk.writeFile(`${D}/00000000000000000006.log.cleaned`, new Uint8Array(10));
  disk.writeFile(`${D}/00000000000000000006.index.cleaned`, new Uint8Array(10));
  disk.writeFile(`${D}/00000000000000000012.log.swap`, new Uint8Array(10));
  assertEquals(offsetsFrom(reopenLog(node), 0), range(0, 18));
  assert(!names(node).some((name) => /swap$|cleaned$/.test(name)));
});

Deno.test("a segment that lost its end to a power cut ends the log, as a hole would stay unnoticed", () => {
  const { node } = threeSegments();
  const path = `${D}/00000000000000000006.log`;
  const whole = node.disk.readFile(path);
  node.disk.writeFile(path, whole.subarray(0, whole.length * 2 / 3));
  assertEquals(offsetsFrom(reopenLog(node), 0), range(0, 10));
  assert(node.told.some((message) => message.includes("offset 10")));
});

Deno.test("holes that a compaction left are no reason to cut", () => {
  const { node } = threeSegments();
  const path = `${D}/00000000000000000006.log`;
  const whole = node.disk.readFile(path);
  const third = whole.length / 3;
  node.disk.writeFile(path, concat(whole.subarray(0, 0), whole.subarray(third, 2 * third)));
  assertEquals(offsetsFrom(reopenLog(node), 0), [...range(0, 6), 8, 9, ...range(12, 18)]);
  die(node);
  node.disk.writeFile(path, whole.subarray(0, third));
  const changes = { cleanupPolicy: { compact: true, delete: false } };
  assertEquals(offsetsFrom(reopenLog(node, { changes }), 0), [...range(0, 8), ...range(12, 18)]);
});

Deno.test("a log whose files went is emptied, to go on at its start", () => {
  const { node } = threeSegments();
  for (const name of names(node)) {
    if (!name.startsWith("00000000000000000000.")) node.disk.remove(`${D}/${name}`);
  }
  const log = reopenLog(node, { logStartOffset: 15, recoveryPoint: 18 });
  assertEquals([log.logStartOffset, log.logEndOffset], [15, 15]);
  assertEquals(produce(log, batch(1)).baseOffset, 15);
  assert(node.told.some((message) => message.includes("files are missing")));
});

Deno.test("a directory with nothing in it becomes an empty log", () => {
  const node = testNode();
  node.disk.makeDirectory(D);
  const log = reopenLog(node, { logStartOffset: 7 });
  assertEquals([log.logStartOffset, log.logEndOffset, log.topicId], [
    7,
    7,
    "AAAAAAAAAAAAAAAAAAAAAA",
  ]);
});

Deno.test("producers are known after a crash: what came twice stays once, and sequences go on", () => {
  const node = testNode();
  const log = newLog(node, { segmentBytes: 300 });
  const send = (target: PartitionLog, sequence: number) =>
    produce(target, batch(2, { producerId: 5, producerEpoch: 0, baseSequence: sequence }));
  for (let index = 0; index < 7; index++) send(log, index * 2);
  die(node);
  for (const recoveryPoint of [0, 6, 14]) {
    const again = reopenLog(node, { recoveryPoint });
    assertEquals(send(again, 12).duplicate, true);
    assertEquals(errorName(send(again, 30).errorCode), "OUT_OF_ORDER_SEQUENCE_NUMBER");
    die(node);
  }
});

Deno.test("a damaged leader epoch file is told of, and epochs come from the batches", () => {
  const { node } = threeSegments();
  node.disk.writeFile(`${D}/leader-epoch-checkpoint`, new TextEncoder().encode("nonsense\n"));
  const log = reopenLog(node);
  assertEquals(log.epochEntries, [{ epoch: 1, startOffset: 0 }]);
  assert(node.told.some((message) => message.includes("leader-epoch-checkpoint")));
});

Deno.test("high watermark and log start come from the checkpoints, within what the log holds", () => {
  const { node } = threeSegments();
  const log = reopenLog(node, { highWatermark: 100, logStartOffset: 5 });
  assertEquals([log.logStartOffset, log.highWatermark], [5, 18]);
  die(node);
  assertEquals(reopenLog(node, { highWatermark: 7 }).highWatermark, 7);
});

Deno.test("loading a long log lets others run in between", () => {
  const node = testNode();
  const log = newLog(node);
  for (let index = 0; index < 20; index++) produce(log, batch(1, { valueBytes: 1_000_000 }));
  die(node);
  const identity = { topic: "topic", partition: 0, directory: D };
  const work = openLog(node.environment, identity, {
    settings: settings(),
    stoppedCleanly: false,
    recoveryPoint: 0,
    logStartOffset: 0,
    highWatermark: 0,
  });
  let pauses = 0;
  while (!work.next().done) pauses++;
  assert(pauses >= 4, `${pauses} pauses`);
});

Deno.test("a power cut loses nothing that was synced, and leaves a log that goes on", async () => {
  for (let seed = 1; seed <= 150; seed++) {
    const prng = new SeededPrng(seed);
    const node = testNode();
    const changes = { segmentBytes: 2_000, indexIntervalBytes: 200 };
    const log = newLog(node, changes);
    let synced = 0;
    let sequence = 0;
    for (let step = 0; step < 40; step++) {
      const count = 1 + prng.uint32() % 5;
      produce(
        log,
        batch(count, {
          producerId: 3,
          producerEpoch: 0,
          baseSequence: sequence,
          valueBytes: 1 + prng.uint32() % 200,
        }),
        step >> 4,
      );
      sequence += count;
      if (prng.uint32() % 8 === 0) {
        await log.flush();
        synced = log.recoveryPoint;
        assertEquals(synced, log.logEndOffset);
      }
      if (prng.uint32() % 16 === 0) log.roll(log.logEndOffset);
    }
    const written = log.logEndOffset;
    die(node);
    node.disk.loseUnsynced(prng);
    const again = reopenLog(node, { changes, recoveryPoint: synced });
    const end = again.logEndOffset;
    assert(end >= synced && end <= written, `seed ${seed}: ${synced} <= ${end} <= ${written}`);
    assertEquals(offsetsFrom(again, 0), range(0, end), `seed ${seed}`);
    const next = batch(1, { producerId: 3, producerEpoch: 0, baseSequence: end });
    const result = produce(again, next, 9);
    assertEquals([result.errorCode, result.baseOffset], [0, end], `seed ${seed}: ${result.detail}`);
    await again.close();
    const once = reopenLog(node, { changes, stoppedCleanly: true, recoveryPoint: end + 1 });
    assertEquals(offsetsFrom(once, 0), range(0, end + 1), `seed ${seed}`);
  }
});
