import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  batch,
  concat,
  newLog,
  offsetsFrom,
  produce,
  range,
  reopenLog,
  settings,
  testNode,
} from "../../tests/disk/test_log.ts";
import { DiskError } from "../base/mod.ts";
import { errorCodes, errorName } from "../protocol/errors.ts";
import { BatchCursor, encodeEndTxnMarker } from "../protocol/records/mod.ts";
import type { PartitionLog } from "./partition_log.ts";

const T = 1_700_000_000_000;

function read(log: PartitionLog, fetchOffset: number, maxBytes: number, minOneBatch = true) {
  const upperBoundOffset = log.logEndOffset;
  return log.read({ fetchOffset, maxBytes, upperBoundOffset, minOneBatch });
}

function names(node: ReturnType<typeof testNode>): string[] {
  return node.disk.list("/data/topic-0");
}

Deno.test("an append gives offsets, patches the batch in place, and is one write", () => {
  const node = testNode();
  const log = newLog(node);
  const records = batch(3);
  const before = node.disk.counts.get("write") ?? 0;
  const result = produce(log, records, 7);
  assertEquals(
    [result.errorCode, result.baseOffset, result.lastOffset, result.logStartOffset],
    [0, 0, 2, 0],
  );
  produce(log, batch(2), 7);
  assertEquals(log.logEndOffset, 5);
  assertEquals(node.disk.counts.get("write")! - before, 2);
  assertEquals(log.latestEpoch, 7);
  const bytes = read(log, 0, 1_000).slice!.toBytes();
  const cursor = new BatchCursor().reset(bytes);
  assert(cursor.next() && cursor.next());
  assertEquals([cursor.baseOffset, cursor.partitionLeaderEpoch], [3, 7]);
  assertEquals(bytes.subarray(0, records.length), records);
});

Deno.test("what a topic does not take is refused and nothing is written", () => {
  const node = testNode();
  const log = newLog(node, { maxMessageBytes: 200, segmentBytes: 400 });
  const name = (records: Uint8Array) => errorName(produce(log, records).errorCode);
  assertEquals(name(batch(1, { valueBytes: 300 })), "MESSAGE_TOO_LARGE");
  const wrong = batch(1);
  wrong[wrong.length - 1]! ^= 1;
  assertEquals(name(wrong), "CORRUPT_MESSAGE");
  assertEquals(name(batch(1, { timestampMs: T + 3_600_001 })), "INVALID_TIMESTAMP");
  log.updateSettings(settings({ segmentBytes: 400 }));
  assertEquals(name(batch(1, { valueBytes: 500 })), "RECORD_LIST_TOO_LARGE");
  assertEquals([log.logEndOffset, log.sizeBytes], [0, 0]);
});

Deno.test("records that are named one by one come back with the log's start", () => {
  const log = newLog(testNode());
  const result = produce(log, batch(2, { timestampMs: T + 3_600_000 }));
  assertEquals(errorName(result.errorCode), "INVALID_TIMESTAMP");
  assertEquals(result.recordErrors.map(({ index }) => index), [1]);
  assertEquals([result.baseOffset, result.logStartOffset], [-1, 0]);
});

Deno.test("a duplicate hears the offsets of its first arrival, across segments too", () => {
  const node = testNode();
  const log = newLog(node, { segmentBytes: 150 });
  const send = (sequence: number, count = 1) =>
    produce(
      log,
      batch(count, { producerId: 9, producerEpoch: 0, baseSequence: sequence }),
    );
  send(0, 2);
  send(2);
  send(3);
  const again = send(0, 2);
  assertEquals(
    [again.errorCode, again.duplicate, again.baseOffset, again.lastOffset, again.logAppendTimeMs],
    [0, true, 0, 1, T + 1],
  );
  assertEquals(errorName(send(9).errorCode), "OUT_OF_ORDER_SEQUENCE_NUMBER");
  assertEquals(log.logEndOffset, 4);
  assertEquals(log.activeProducers().map(({ lastSequence }) => lastSequence), [3]);
});

Deno.test("segments roll by bytes; each has its indexes, a snapshot and its base as its name", () => {
  const node = testNode();
  const log = newLog(node, { segmentBytes: 250, indexIntervalBytes: 50 });
  for (let index = 0; index < 12; index++) produce(log, batch(2));
  assertEquals(offsetsFrom(log, 0), range(0, 24));
  const segments = names(node).filter((name) => name.endsWith(".log"));
  assert(segments.length > 3);
  const bases = segments.slice(1).map((name) => name.replace(".log", ".snapshot"));
  assertEquals(names(node).filter((name) => name.endsWith(".snapshot")), bases);
  assertEquals(log.activeSegmentOffset, Number(segments.at(-1)!.slice(0, 20)));
  assertEquals(node.wantedSyncs.length > 0, true, "rolled segments are synced in the background");
});

Deno.test("segments roll by time, compacted ones at the latest after max.compaction.lag.ms", () => {
  const log = newLog(testNode(), { segmentMs: 1_000 });
  produce(log, batch(1, { timestampMs: T - 5_000 }));
  produce(log, batch(1, { timestampMs: T - 4_000 }));
  assertEquals(log.segmentCount, 1);
  produce(log, batch(1, { timestampMs: T - 3_999 }));
  assertEquals(log.segmentCount, 2);
  const compacted = newLog(testNode(), {
    cleanupPolicy: { compact: true, delete: false },
    maxCompactionLagMs: 1_000,
  });
  produce(compacted, batch(1, { timestampMs: T - 5_000 }));
  produce(compacted, batch(1, { timestampMs: T - 3_999 }));
  assertEquals(compacted.segmentCount, 2);
});

Deno.test("a log whose indexes hold no entry at all still takes appends", () => {
  const node = testNode();
  const log = newLog(node, { segmentIndexBytes: 4, indexIntervalBytes: 0 });
  for (let index = 0; index < 5; index++) assertEquals(produce(log, batch(1)).errorCode, 0);
  assertEquals(offsetsFrom(log, 0), range(0, 5));
});

Deno.test("offsets further apart than an index can tell begin a new segment", () => {
  const node = testNode();
  const log = newLog(node);
  log.appendAsFollower(batch(1, { baseOffset: 0 }), T);
  log.appendAsFollower(batch(1, { baseOffset: 0x80000000 }), T);
  assertEquals(log.segmentCount, 2);
  assertEquals(offsetsFrom(log, 0), [0, 0x80000000]);
});

Deno.test("a read begins with the batch that holds the offset and ends at the bound", () => {
  const log = newLog(testNode());
  for (let index = 0; index < 4; index++) produce(log, batch(5));
  const size = log.sizeBytes / 4;
  const slice = (fetchOffset: number, maxBytes: number, upperBoundOffset = 20) =>
    log.read({ fetchOffset, maxBytes, upperBoundOffset, minOneBatch: true }).slice;
  assertEquals([slice(7, 10_000)!.position, slice(7, 10_000)!.sizeBytes], [size, 3 * size]);
  assertEquals(slice(7, 10_000, 10)!.sizeBytes, size);
  assertEquals(slice(7, 10_000, 15)!.sizeBytes, 2 * size);
  assertEquals(slice(0, size + 1)!.sizeBytes, size + 1, "cut like Kafka's, at any byte");
  assertEquals(slice(0, 1)!.sizeBytes, size, "the first batch is whole");
  assertEquals(slice(15, 10_000, 15), null);
  assertEquals(slice(20, 10_000), null);
});

Deno.test("without minOneBatch a batch that does not fit is left for later", () => {
  const log = newLog(testNode());
  produce(log, batch(5));
  produce(log, batch(5));
  assertEquals(read(log, 0, 10, false).slice, null);
  assertEquals(read(log, 0, log.sizeBytes / 2, false).slice!.sizeBytes, log.sizeBytes / 2);
});

Deno.test("offsets outside of the log are out of range, its end is not", () => {
  const log = newLog(testNode());
  produce(log, batch(5));
  log.advanceHighWatermark(5);
  log.deleteRecordsBefore(2);
  assertEquals(read(log, 1, 100).errorCode, errorCodes.OFFSET_OUT_OF_RANGE);
  assertEquals(read(log, 6, 100).errorCode, errorCodes.OFFSET_OUT_OF_RANGE);
  assertEquals(read(log, 5, 100), { errorCode: 0, slice: null, detail: "" });
});

Deno.test("a reader that follows the log needs one read for each batch", () => {
  const node = testNode();
  const log = newLog(node);
  produce(log, batch(5));
  read(log, 0, 1_000);
  for (let index = 1; index < 50; index++) {
    produce(log, batch(5));
    const before = node.disk.counts.get("read") ?? 0;
    const { slice } = read(log, index * 5, 1_000);
    assertEquals(slice!.toBytes().length, log.sizeBytes / (index + 1));
    assertEquals(node.disk.counts.get("read")! - before, 1);
  }
});

Deno.test("a reader that is far behind needs an index, a header and the records themselves", async () => {
  const node = testNode();
  const log = newLog(node);
  for (let count = 0; count < 1_500; count++) produce(log, batch(15, { valueBytes: 1_024 }));
  await log.flush();
  const batchBytes = log.sizeBytes / 1_500;
  read(log, 0, 1_000);
  const before = node.disk.counts.get("read")!;
  let readCount = 0;
  for (let fetchOffset = 0; fetchOffset < log.logEndOffset; readCount++) {
    const { slice } = read(log, fetchOffset, 2 ** 20);
    fetchOffset += Math.floor(slice!.sizeBytes / batchBytes) * 15;
  }
  const reads = node.disk.counts.get("read")! - before;
  // And once more where it comes into another of the index's three blocks.
  assert(readCount > 20 && reads <= 2 * readCount + 3, `${reads} for ${readCount}`);
});

Deno.test("the high watermark goes forward only, and never past the end", () => {
  const log = newLog(testNode());
  produce(log, batch(5));
  assert(log.advanceHighWatermark(3));
  assert(!log.advanceHighWatermark(2));
  assert(log.advanceHighWatermark(100));
  assertEquals(log.highWatermark, 5);
});

Deno.test("the last stable offset waits for open transactions; aborted ones are told to readers", () => {
  const node = testNode();
  const log = newLog(node, { segmentBytes: 300 });
  const send = (producerId: number, baseSequence: number) =>
    produce(
      log,
      batch(2, { producerId, producerEpoch: 0, baseSequence, isTransactional: true }),
    );
  const end = (type: "commit" | "abort", producerId: number) => {
    const records = encodeEndTxnMarker(type, {
      baseOffset: 0,
      partitionLeaderEpoch: 0,
      timestampMs: T,
      producerId,
      producerEpoch: 0,
      coordinatorEpoch: 0,
    });
    const result = log.appendAsLeader(records, { leaderEpoch: 0, origin: "coordinator", nowMs: T });
    assertEquals(result.errorCode, 0);
  };
  send(1, 0); // 0, 1
  send(2, 0); // 2, 3
  log.advanceHighWatermark(4);
  assertEquals(log.lastStableOffset, 0);
  end("abort", 1); // 4
  assertEquals(log.lastStableOffset, 0, "the marker is not replicated");
  log.advanceHighWatermark(5);
  assertEquals(log.lastStableOffset, 2);
  end("commit", 2); // 5
  send(3, 0); // 6, 7
  end("abort", 3); // 8
  log.advanceHighWatermark(9);
  assertEquals(log.lastStableOffset, 9);
  const aborted = (from: number, until: number) =>
    log.abortedTransactions(from, until).map(({ producerId }) => producerId);
  assertEquals(aborted(0, 9), [1, 3]);
  assertEquals(aborted(0, 5), [1]);
  assertEquals(aborted(5, 9), [3]);
  assertEquals(log.abortedTransactionsIn(read(log, 0, 10_000).slice!).length > 0, true);
  const again = reopenLog(node, { highWatermark: 9 });
  assertEquals([again.lastStableOffset, again.abortedTransactions(0, 9).length], [9, 2]);
});

Deno.test("lookups by timestamp go over segments, and find the largest one", () => {
  const node = testNode();
  const log = newLog(node, { segmentBytes: 200 });
  for (const timestampMs of [T - 5_000, T - 3_000, T - 4_000, T - 1_000, T - 2_000]) {
    produce(log, batch(2, { timestampMs }));
  }
  const find = (timestampMs: number) => log.offsetForTimestamp(timestampMs)?.offset;
  assertEquals([0, T - 5_000, T - 4_998, T - 2_999, T - 1_500, T - 999].map(find), [
    0,
    0,
    2,
    3,
    6,
    7,
  ]);
  assertEquals(find(T), undefined);
  assertEquals(log.offsetOfMaxTimestamp(), { timestampMs: T - 999, offset: 7, leaderEpoch: 0 });
  assertEquals(newLog(testNode()).offsetOfMaxTimestamp(), null);
});

Deno.test("retention by time and by bytes removes old segments below the high watermark", async () => {
  const node = testNode();
  const log = newLog(node, { segmentBytes: 100, retentionMs: 10_000, fileDeleteDelayMs: 1_000 });
  for (let index = 0; index < 5; index++) {
    produce(log, batch(1, { timestampMs: T - 50_000 + index * 10_000 }));
  }
  assertEquals(log.segmentCount, 5);
  assertEquals(log.applyRetention(T), 0, "nothing is below the high watermark");
  log.advanceHighWatermark(5);
  assertEquals(log.applyRetention(T), 4);
  assertEquals([log.logStartOffset, log.firstSegmentOffset], [4, 4]);
  assertEquals(names(node).filter((name) => name.endsWith(".log.deleted")).length, 4);
  await node.clock.advance(1_100);
  assertEquals(names(node).filter((name) => name.includes(".deleted")), []);
  assertEquals(log.applyRetention(T + 50_000), 1);
  assertEquals([log.segmentCount, log.logStartOffset, log.logEndOffset], [1, 5, 5]);
  assertEquals(produce(log, batch(1)).baseOffset, 5);

  const sized = newLog(testNode(), { segmentBytes: 100, retentionMs: -1, retentionBytes: 250 });
  for (let index = 0; index < 5; index++) produce(sized, batch(1));
  sized.advanceHighWatermark(5);
  const segmentBytes = sized.sizeBytes / 5;
  sized.applyRetention(T);
  assertEquals(sized.segmentCount, Math.ceil(250 / segmentBytes));
});

Deno.test("deleted records are out of range at once; their segments go with retention", () => {
  const node = testNode();
  const log = newLog(node, {
    segmentBytes: 150,
    cleanupPolicy: { compact: true, delete: false },
    indexIntervalBytes: 0,
  });
  for (let index = 0; index < 6; index++) produce(log, batch(2));
  assertEquals(log.deleteRecordsBefore(5), errorCodes.OFFSET_OUT_OF_RANGE);
  log.advanceHighWatermark(12);
  assertEquals(log.deleteRecordsBefore(5), 0);
  assertEquals(log.deleteRecordsBefore(3), 0);
  assertEquals([log.logStartOffset, log.segmentCount], [5, 6]);
  assertEquals(log.epochEntries, [{ epoch: 0, startOffset: 5 }]);
  assertEquals(log.applyRetention(T), 2);
  assertEquals([log.logStartOffset, log.firstSegmentOffset], [5, 4]);
  assertEquals(offsetsFrom(log, 5), range(5, 12));
});

Deno.test("truncation takes epochs, producers and the high watermark back", () => {
  const node = testNode();
  const log = newLog(node, { segmentBytes: 200 });
  const send = (sequence: number, epoch: number) =>
    produce(
      log,
      batch(2, { producerId: 5, producerEpoch: 0, baseSequence: sequence }),
      epoch,
    );
  for (let index = 0; index < 6; index++) send(index * 2, index < 3 ? 1 : 2);
  log.advanceHighWatermark(12);
  assert(log.truncateTo(7));
  assertEquals([log.logEndOffset, log.highWatermark], [7, 7]);
  assertEquals(offsetsFrom(log, 0), range(0, 6), "a batch goes whole");
  assertEquals(log.epochEntries, [{ epoch: 1, startOffset: 0 }, { epoch: 2, startOffset: 6 }]);
  assert(log.truncateTo(4));
  assertEquals(log.latestEpoch, 1);
  assertEquals(errorName(send(6, 3).errorCode), "OUT_OF_ORDER_SEQUENCE_NUMBER");
  assertEquals(send(4, 3).baseOffset, 4);
  assert(!log.truncateTo(100));
  assertEquals(offsetsFrom(log, 0), range(0, 6));
});

Deno.test("a log can be emptied to go on at any offset", async () => {
  const node = testNode();
  const log = newLog(node, { segmentBytes: 200, fileDeleteDelayMs: 0 });
  for (let index = 0; index < 6; index++) produce(log, batch(2), 3);
  log.truncateFullyAndStartAt(100);
  assertEquals(
    [log.logStartOffset, log.logEndOffset, log.highWatermark, log.latestEpoch],
    [100, 100, 100, -1],
  );
  assertEquals(log.appendAsFollower(batch(1, { baseOffset: 100 }), T).errorCode, 0);
  await node.clock.advance(1_000);
  assertEquals(names(node).filter((name) => /\.(log|deleted)/.test(name)), [
    "00000000000000000100.log",
  ]);
});

Deno.test("a follower takes batches as they are, in ascending order and with a right checksum", () => {
  const log = newLog(testNode());
  const append = (records: Uint8Array) => errorName(log.appendAsFollower(records, T).errorCode);
  const two = concat(
    batch(2, { baseOffset: 0, partitionLeaderEpoch: 4 }),
    batch(3, { baseOffset: 2, partitionLeaderEpoch: 5 }),
  );
  assertEquals(append(two), "NONE");
  assertEquals(log.epochEntries, [{ epoch: 4, startOffset: 0 }, { epoch: 5, startOffset: 2 }]);
  assertEquals(append(batch(1, { baseOffset: 3 })), "OFFSET_OUT_OF_RANGE");
  const wrong = batch(1, { baseOffset: 5 });
  wrong[wrong.length - 1]! ^= 1;
  assertEquals(append(wrong), "CORRUPT_MESSAGE");
  assertEquals(append(batch(1, { baseOffset: 9 })), "NONE");
  assertEquals(offsetsFrom(log, 0), [...range(0, 5), 9]);
});

Deno.test("a write that fails or is torn leaves the log as it was, and it goes on when the disk does", () => {
  for (const torn of [true, false]) {
    const node = testNode();
    const log = newLog(node, { segmentBytes: 300 });
    const send = (sequence: number) =>
      produce(
        log,
        batch(2, { producerId: 5, producerEpoch: 0, baseSequence: sequence }),
      );
    send(0);
    const size = log.sizeBytes;
    node.disk.failLater({ kind: "no-space", torn, operations: ["write"] });
    const failed = send(2);
    assertEquals(errorName(failed.errorCode), "KAFKA_STORAGE_ERROR");
    assertEquals([log.logEndOffset, log.sizeBytes, failed.baseOffset], [2, size, -1]);
    assertEquals(node.disk.stat("/data/topic-0/00000000000000000000.log")!.sizeBytes, size);
    assertEquals(offsetsFrom(log, 0), range(0, 2));
    assertEquals(send(2).baseOffset, 2);
    assertEquals(offsetsFrom(reopenLog(node), 0), range(0, 4));
  }
});

Deno.test("a tail that can't be cut at once is cut before the next append", () => {
  const node = testNode();
  const log = newLog(node);
  produce(log, batch(2));
  node.disk.failLater({ operations: ["write", "truncate"], times: 3 });
  for (let attempt = 0; attempt < 2; attempt++) {
    assertEquals(errorName(produce(log, batch(3)).errorCode), "KAFKA_STORAGE_ERROR");
  }
  assertEquals(produce(log, batch(3)).baseOffset, 2);
  assertEquals(offsetsFrom(log, 0), range(0, 5));
  assertEquals(reopenLog(node).logEndOffset, 5);
});

Deno.test("whatever operation of an append fails, the log is as before or has the whole append", () => {
  for (let after = 0; after < 12; after++) {
    const node = testNode();
    const log = newLog(node, { segmentBytes: 200, indexIntervalBytes: 0 });
    const expected: number[] = [];
    for (let round = 0; round < 8; round++) {
      if (round === 3) node.disk.failLater({ after, kind: "no-space", times: 2 });
      const result = produce(log, batch(2));
      if (result.errorCode === 0) {
        expected.push(result.baseOffset, result.lastOffset);
      } else {
        assertEquals(errorName(result.errorCode), "KAFKA_STORAGE_ERROR");
      }
      assertEquals(offsetsFrom(log, 0), expected, `after ${after}, round ${round}`);
    }
    node.environment.files.closeAll();
    assertEquals(offsetsFrom(reopenLog(node), 0), expected, `after ${after}, reopened`);
  }
});

Deno.test("an abort whose index entry can't be written is not in the log either", () => {
  const node = testNode();
  const log = newLog(node);
  produce(
    log,
    batch(1, { producerId: 1, producerEpoch: 0, baseSequence: 0, isTransactional: true }),
  );
  const marker = () =>
    encodeEndTxnMarker("abort", {
      baseOffset: 0,
      partitionLeaderEpoch: 0,
      timestampMs: T,
      producerId: 1,
      producerEpoch: 0,
      coordinatorEpoch: 0,
    });
  const end = () =>
    log.appendAsLeader(marker(), { leaderEpoch: 0, origin: "coordinator", nowMs: T }).errorCode;
  node.disk.failLater({ after: 1, operations: ["write"] });
  assertEquals(errorName(end()), "KAFKA_STORAGE_ERROR");
  assertEquals(log.logEndOffset, 1);
  log.advanceHighWatermark(1);
  assertEquals(log.lastStableOffset, 0);
  assertEquals(end(), 0);
  log.advanceHighWatermark(2);
  assertEquals([log.lastStableOffset, log.abortedTransactions(0, 2).length], [2, 1]);
});

Deno.test("a read that fails gives a storage error and works again later", () => {
  const node = testNode();
  const log = newLog(node);
  produce(log, batch(2));
  produce(log, batch(2));
  node.disk.failLater({ operations: ["read"] });
  assertEquals(errorName(read(log, 2, 1_000).errorCode), "KAFKA_STORAGE_ERROR");
  assertEquals(read(log, 2, 1_000).errorCode, 0);
  const { slice } = read(log, 0, 1_000);
  node.disk.failLater({ operations: ["read"] });
  assertThrows(() => slice!.toBytes(), DiskError);
});

Deno.test("calls of one turn share a sync, and the recovery point follows it", async () => {
  const node = testNode();
  const log = newLog(node);
  produce(log, batch(2));
  const first = log.flush();
  produce(log, batch(2));
  await Promise.all([first, log.flush(), log.flush()]);
  assertEquals(log.recoveryPoint, 4);
  const syncs = node.disk.counts.get("sync")!;
  await log.flush();
  assertEquals(node.disk.counts.get("sync"), syncs, "nothing new to sync");
});

Deno.test("flush.messages makes an append wait for a sync", async () => {
  const log = newLog(testNode(), { flushMessages: 3 });
  assertEquals(produce(log, batch(2)).durable, null);
  const { durable } = produce(log, batch(1));
  assert(durable !== null);
  await durable;
  assertEquals(log.recoveryPoint, 3);
});

Deno.test("a failed sync is not tried again: the log takes no appends, and its directory is told of", async () => {
  const node = testNode();
  const log = newLog(node);
  produce(log, batch(2));
  // The topic id and the leader epochs can be written again as a whole; the segment can't.
  for (const after of [0, 0, 2]) {
    assertEquals(node.failures, []);
    node.disk.failLater({ operations: ["sync"], after });
    let failed = false;
    await log.flush().catch(() => failed = true);
    assert(failed);
  }
  assertEquals(log.recoveryPoint, 0);
  assertEquals(node.failures, ["/data/topic-0"]);
  assertEquals(errorName(produce(log, batch(1)).errorCode), "KAFKA_STORAGE_ERROR");
  assertEquals(offsetsFrom(log, 0), range(0, 2), "reads go on");
  await log.close();
});

Deno.test("a sync that finds the disk full fails, and the log goes on", async () => {
  const node = testNode();
  const log = newLog(node, { indexIntervalBytes: 0 });
  for (let index = 0; index < 3; index++) produce(log, batch(2));
  for (const after of [0, 1, 2, 3]) {
    log.noteLeaderEpoch(log.latestEpoch + 1, log.logEndOffset);
    produce(log, batch(2), log.latestEpoch);
    node.disk.failLater({
      after,
      kind: "no-space",
      operations: ["write", "writeFile", "create", "rename", "syncDirectory"],
    });
    await log.flush().catch(() => "expected");
    node.disk.heal();
    assertEquals(log.failure, null, `after ${after}`);
    assertEquals(produce(log, batch(2), log.latestEpoch).errorCode, 0);
    await log.flush();
    assertEquals(log.recoveryPoint, log.logEndOffset);
  }
});

Deno.test("a clean stop leaves trimmed indexes, the last timestamp and a snapshot", async () => {
  const node = testNode();
  const log = newLog(node);
  produce(log, batch(5), 1);
  await log.close();
  const size = (name: string) => node.disk.stat(`/data/topic-0/${name}`)!.sizeBytes;
  assertEquals(names(node), [
    "00000000000000000000.index",
    "00000000000000000000.log",
    "00000000000000000000.timeindex",
    "00000000000000000005.snapshot",
    "leader-epoch-checkpoint",
    "partition.metadata",
  ]);
  assertEquals(size("00000000000000000000.index"), 0);
  assertEquals(size("00000000000000000000.timeindex"), 12);
  assertEquals(size("00000000000000000005.snapshot"), 10);
  assertEquals(size("leader-epoch-checkpoint"), 8);
  assertEquals(node.disk.openCount, 0);
  const again = reopenLog(node, { stoppedCleanly: true });
  assertEquals([again.logEndOffset, again.recoveryPoint, again.latestEpoch], [5, 5, 1]);
});

Deno.test("a log that nothing was written to since a clean stop costs its next stop nothing", async () => {
  for (const batches of [[], [batch(5)]]) {
    const node = testNode();
    const log = newLog(node);
    for (const records of batches) produce(log, records, 1);
    await log.close();
    const again = reopenLog(node, { stoppedCleanly: true });
    const { disk } = node;
    const before = new Map(disk.counts);
    await again.close();
    assertEquals(disk.counts, before);
    assertEquals(again.recoveryPoint, 5 * batches.length);

    const written = reopenLog(node, { stoppedCleanly: true });
    produce(written, batch(3), 1);
    await written.close();
    const { logEndOffset } = reopenLog(node, { stoppedCleanly: true });
    assertEquals(logEndOffset, 5 * batches.length + 3);
    assertEquals(disk.stat("/data/topic-0/00000000000000000000.timeindex")!.sizeBytes > 0, true);
  }
});

Deno.test("after a crash the names of a log's files are synced, whatever it holds", async () => {
  for (const batches of [[], [batch(5)]]) {
    const node = testNode();
    const log = newLog(node);
    for (const records of batches) produce(log, records);
    log.abandon();
    const again = reopenLog(node);
    const before = node.disk.counts.get("syncDirectory") ?? 0;
    await again.flush();
    assertEquals((node.disk.counts.get("syncDirectory") ?? 0) > before, true);
  }
});
