/**
 * Directories that Apache Kafka wrote, opened by our logs: every batch, record and index entry is what
 * Kafka's own classes read, damaged ones come out as Kafka leaves them, and what we write back when we
 * stop is what Kafka wrote.
 */
import { assert, assertEquals } from "@std/assert";
import { SeededPrng, systemClock, systemDisk } from "../base/mod.ts";
import { BatchCursor, CODEC_NAMES, forEachRecord } from "../protocol/records/mod.ts";
import { FilePool } from "./file_pool.ts";
import { silentLogger } from "./log_environment.ts";
import { LogManager } from "./log_manager.ts";
import { OffsetIndex } from "./offset_index.ts";
import type { PartitionLog } from "./partition_log.ts";
import { decodeProducerSnapshot, encodeProducerSnapshot } from "./producer_snapshot.ts";
import { SegmentScan } from "./segment_scan.ts";
import { DEFAULT_LOG_SETTINGS, type LogSettings } from "./settings.ts";
import { TimeIndex } from "./time_index.ts";
import { TransactionIndex } from "./transaction_index.ts";

const METADATA_TOPIC_ID = "AAAAAAAAAAAAAAAAAAAAAQ";
const INDEX_BYTES = 10_485_760;

// deno-lint-ignore no-explicit-any
type Json = any;

async function readGzip(url: URL): Promise<string> {
  const file = await Deno.open(url);
  return await new Response(file.readable.pipeThrough(new DecompressionStream("gzip"))).text();
}

async function withDirectory(
  archive: string,
  use: (directory: string) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    const path = new URL(`../../tests/${archive}`, import.meta.url).pathname;
    const tar = new Deno.Command("tar", { args: ["xzf", path, "-C", directory] });
    assert((await tar.output()).success);
    await use(`${directory}/data`);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

const base64 = (bytes: Uint8Array | null) =>
  bytes === null ? null : btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

// --- Files one by one, against what Kafka's classes read in them. ---

Deno.test("every batch, record and entry of a Kafka directory reads as Kafka's own classes read it", async () => {
  const lines = await readGzip(new URL("../../tests/vectors/disk_files.jsonl.gz", import.meta.url));
  await withDirectory("vectors/disk_data.tar.gz", async (directory) => {
    await Promise.resolve();
    const files = new FilePool(systemDisk, 20);
    let checked = 0;
    for (const line of lines.trim().split("\n")) {
      const expected: Json = JSON.parse(line);
      const path = `${directory}/${expected.file}`;
      const file = files.file(path);
      const offset = Number(/(\d{20})\.\w+$/.exec(expected.file)?.[1] ?? -1);
      if (expected.file.endsWith(".log")) {
        assertEquals(readBatches(new SegmentScan(file, 0, file.sizeBytes())), batchesOf(expected));
      } else if (expected.file.endsWith(".index")) {
        const index = new OffsetIndex(file, offset, INDEX_BYTES);
        const entries = Array.from({ length: index.count }, (_, slot) => [
          index.offsetAt(slot),
          index.positionAt(slot),
        ]);
        assertEquals([entries, index.corrupt], [expected.entries, false], expected.file);
      } else if (expected.file.endsWith(".timeindex")) {
        const index = new TimeIndex(file, offset, INDEX_BYTES);
        const entries = Array.from({ length: index.count }, (_, slot) => [
          index.timestampAt(slot),
          index.offsetAt(slot),
        ]);
        assertEquals([entries, index.corrupt], [expected.entries, false], expected.file);
      } else if (expected.file.endsWith(".txnindex")) {
        assertEquals(new TransactionIndex(file).entries, expected.abortedTxns);
      } else if (expected.file.endsWith(".snapshot")) {
        const bytes = systemDisk.readFile(path);
        const producers = decodeProducerSnapshot(bytes, path);
        assertEquals(producers.map(producerOf), expected.producers, expected.file);
        assertEquals(encodeProducerSnapshot(producers), bytes);
      } else {
        continue;
      }
      checked++;
    }
    assert(checked > 70, `${checked} files`);
    files.closeAll();
  });
});

function readBatches(scan: SegmentScan): Json[] {
  const batches: Json[] = [];
  while (scan.next()) {
    const { batch } = scan;
    assert(batch.crcValid());
    const records: Json[] = [];
    forEachRecord(batch, (record) => {
      records.push([record.offset, record.timestampMs, base64(record.key), base64(record.value)]);
    });
    batches.push([
      scan.position,
      batch.baseOffset,
      batch.lastOffset,
      batch.sizeBytes,
      CODEC_NAMES[batch.codec],
      batch.maxTimestampMs,
      batch.crc,
      batch.partitionLeaderEpoch,
      batch.producerId,
      batch.isTransactional,
      batch.isControl,
      records,
    ]);
  }
  return batches;
}

function batchesOf(file: Json): Json[] {
  return file.batches.map((batch: Json) => [
    batch.position,
    batch.baseOffset,
    batch.lastOffset,
    batch.sizeInBytes,
    batch.compression,
    batch.maxTimestamp,
    batch.crc,
    batch.leaderEpoch,
    batch.producerId,
    batch.transactional,
    batch.control,
    batch.records.map((record: Json) => [
      record.offset,
      record.timestamp,
      record.key,
      record.value,
    ]),
  ]);
}

function producerOf(entry: ReturnType<typeof decodeProducerSnapshot>[number]): Json {
  return {
    producerId: entry.producerId,
    epoch: entry.epoch,
    coordinatorEpoch: entry.coordinatorEpoch,
    lastTimestamp: entry.timestampMs,
    lastOffset: entry.lastOffset,
    ...(entry.currentTxnFirstOffset < 0 ? {} : {
      currentTxnFirstOffset: entry.currentTxnFirstOffset,
    }),
  };
}

// --- Whole directories, against what Kafka served from a copy. ---

async function expectedOf(name: string): Promise<Json> {
  const url = new URL(`../../tests/fixtures/${name}_expected.json.gz`, import.meta.url);
  return JSON.parse(await readGzip(url));
}

function settingsFor(expected: Json): (topic: string) => LogSettings {
  return (topic) => {
    const configs = expected.online.topics[topic]?.configs ?? {};
    const number = (name: string, otherwise: number) => Number(configs[name] ?? otherwise);
    return {
      ...DEFAULT_LOG_SETTINGS,
      cleanupPolicy: {
        compact: /compact/.test(configs["cleanup.policy"] ?? ""),
        delete: false,
      },
      retentionMs: -1,
      indexIntervalBytes: number("index.interval.bytes", 4_096),
      segmentIndexBytes: number("segment.index.bytes", INDEX_BYTES),
    };
  };
}

interface Opened {
  readonly manager: LogManager;
  readonly metadata: PartitionLog;
}

async function open(directory: string, expected: Json): Promise<Opened> {
  const manager = new LogManager({
    disk: systemDisk,
    clock: { ...systemClock, nowMs: () => expected.takenAtMs },
    prng: new SeededPrng(1),
    logger: silentLogger,
    directories: [directory],
    nodeId: 1,
    settingsFor: settingsFor(expected),
    producerIdExpirationMs: () => 2_000_000_000,
  });
  await manager.open();
  const metadata = manager.openMetadataLog(DEFAULT_LOG_SETTINGS, METADATA_TOPIC_ID);
  const { unusable } = await manager.load();
  assertEquals(unusable, []);
  return { manager, metadata };
}

/** What a consumer gets: records, and offsets that a read_committed one is not given. */
function consume(log: PartitionLog): { records: Json[]; hidden: number[] } | null {
  const records: Json[] = [];
  const hidden: number[] = [];
  const { highWatermark, lastStableOffset } = log;
  let next = log.logStartOffset;
  while (next < highWatermark) {
    const read = log.read({
      fetchOffset: next,
      maxBytes: 700,
      upperBoundOffset: highWatermark,
      minOneBatch: true,
    });
    if (read.slice === null) break;
    const aborted = log.abortedTransactionsIn(read.slice);
    const batches = new BatchCursor().reset(read.slice.toBytes());
    while (batches.next()) {
      if (!batches.crcValid()) return null;
      const { producerId } = batches;
      const isHidden = batches.isControl || batches.baseOffset >= lastStableOffset ||
        batches.isTransactional &&
          aborted.some((entry) =>
            entry.producerId === producerId && entry.firstOffset <= batches.baseOffset &&
            batches.baseOffset < entry.lastOffset
          );
      const stamp = batches.isLogAppendTime ? "L" : "C";
      forEachRecord(batches, (record) => {
        if (record.offset < next || batches.isControl) return;
        if (isHidden) hidden.push(record.offset);
        const headers = record.headers().map(({ key, value }) => [key, base64(value)]);
        records.push([
          record.offset,
          record.timestampMs,
          stamp,
          base64(record.key),
          base64(record.value),
          headers,
        ]);
      });
      next = batches.lastOffset + 1;
    }
  }
  return { records, hidden };
}

function forEachExpected(
  { manager }: Opened,
  expected: Json,
  visit: (log: PartitionLog, partition: Json, name: string) => void,
): void {
  for (const [topic, info] of Object.entries<Json>(expected.online.topics)) {
    for (const partition of info.partitions) {
      const log = manager.get(topic, partition.partition);
      assert(log !== null, `${topic}-${partition.partition} is missing`);
      assertEquals(log.topicId, info.topicId);
      // As the only replica in sync does when it begins to lead.
      log.advanceHighWatermark(log.logEndOffset);
      visit(log, partition, `${topic}-${partition.partition}`);
    }
  }
}

for (const name of ["clean", "crashed"]) {
  Deno.test(`all partitions of the ${name} directory are served as Kafka serves them`, async () => {
    const expected = await expectedOf(name);
    await withDirectory(`fixtures/${name}.tar.gz`, async (directory) => {
      const opened = await open(directory, expected);
      forEachExpected(opened, expected, (log, partition, label) => {
        assertEquals(
          [log.logStartOffset, log.highWatermark, log.lastStableOffset],
          [partition.logStartOffset, partition.highWatermark, partition.lastStableOffset],
          label,
        );
        if (partition.records !== undefined) {
          const consumed = consume(log)!;
          assertEquals(consumed.records, partition.records, label);
          assertEquals(consumed.hidden, partition.notReadCommitted ?? [], label);
        }
        if (partition.maxTimestamp !== undefined) {
          const found = log.offsetOfMaxTimestamp();
          const [timestampMs, offset] = partition.maxTimestamp;
          assertEquals([found?.timestampMs ?? -1, found?.offset ?? -1], [timestampMs, offset]);
        }
        if (partition.activeProducers === undefined) return;
        const producers = log.activeProducers().map((entry) => [
          entry.producerId,
          entry.epoch,
          entry.lastSequence,
          entry.lastTimestampMs,
          entry.coordinatorEpoch,
          entry.currentTxnFirstOffset < 0 ? null : entry.currentTxnFirstOffset,
        ]).sort((one, other) => Number(one[0]) - Number(other[0]));
        assertEquals(producers, partition.activeProducers, label);
      });
      await opened.manager.close(1);
    });
  });
}

Deno.test("a directory that was only opened and closed has the bytes that Kafka gave it", async () => {
  const expected = await expectedOf("clean");
  await withDirectory("fixtures/clean.tar.gz", async (directory) => {
    const before = bytesOf(directory);
    const opened = await open(directory, expected);
    assertEquals(opened.manager.previousBrokerEpoch, 20);
    await opened.manager.close(20);
    const after = bytesOf(directory);
    const changed = [...new Set([...before.keys(), ...after.keys()])]
      .filter((path) => before.get(path) !== after.get(path)).sort();
    const unlike = changed.filter((path) =>
      // Kafka removes the first and the third on loading too, and writes the second when it leads.
      !/\.deleted$|\/leader-epoch-checkpoint$|-checkpoint$/.test(path)
    );
    assertEquals(unlike.map((path) => path.slice(-40)), [
      // Snapshots of the stop before, now that segments follow; and the first one of a log whose
      // records were all deleted.
      "/bridge.river-0/00000000000000000144.snapshot".slice(-40),
      "/forest.nectar-1/00000000000000000041.snapshot".slice(-40),
      "/winter.apple-0/00000000000000000110.snapshot".slice(-40),
    ]);
    for (const name of ["recovery-point", "replication", "log-start"]) {
      const path = `/${name}-offset-checkpoint`;
      assertEquals(sortedLines(after.get(path)!), sortedLines(before.get(path)!), name);
    }
  });
});

Deno.test("all indexes and snapshots of a Kafka directory are rebuilt to Kafka's bytes", async () => {
  const expected = await expectedOf("clean");
  await withDirectory("fixtures/clean.tar.gz", async (directory) => {
    const before = bytesOf(directory);
    const live = new RegExp(
      `^/(?!__cluster_metadata)[^/]*-\\d+/\\d{20}\\.(index|timeindex|txnindex|snapshot)$`,
    );
    const removed = [...before.keys()].filter((path) => live.test(path));
    for (const path of removed) systemDisk.remove(directory + path);
    systemDisk.remove(`${directory}/.kafka_cleanshutdown`);
    systemDisk.remove(`${directory}/recovery-point-offset-checkpoint`);
    const opened = await open(directory, expected);
    await opened.manager.close(20);
    const after = bytesOf(directory);
    const unlike = removed.filter((path) => before.get(path) !== after.get(path));
    assert(removed.length > 350);
    assertEquals(unlike, [
      // These knew markers and batches that compaction took since.
      "/__consumer_offsets-0/00000000000000000038.txnindex",
      // Left from an earlier stop, like the last: Kafka removes them when it loads the log.
      "/bridge.river-0/00000000000000000144.snapshot",
      "/glacier.winter-0/00000000000000000145.txnindex",
      "/pepper-indigo-0/00000000000000000067.snapshot",
      "/winter.apple-0/00000000000000000110.snapshot",
    ]);
  });
});

/** File contents by path under the directory, as text. */
function bytesOf(directory: string): Map<string, string> {
  const found = new Map<string, string>();
  const decoder = new TextDecoder("latin1");
  const visit = (path: string) => {
    for (const name of systemDisk.list(directory + path)) {
      const inside = `${path}/${name}`;
      if (systemDisk.stat(directory + inside)!.isDirectory) visit(inside);
      else if (systemDisk.stat(directory + inside)!.sizeBytes < 1_000_000) {
        found.set(inside, decoder.decode(systemDisk.readFile(directory + inside)));
      }
    }
  };
  visit("");
  return found;
}

function sortedLines(text: string): string[] {
  return text.trim().split("\n").sort();
}

// --- Damage, against what Kafka made of it. ---

function damage(directory: string, edit: Json): void {
  const path = `${directory}/${edit.path}`;
  if (edit.op === "delete") return systemDisk.remove(path);
  const file = systemDisk.open(path, { write: true });
  const bytes = edit.hex === undefined
    ? new Uint8Array(edit.zeroes ?? 0)
    : Uint8Array.from(edit.hex.match(/../g), (pair: string) => parseInt(pair, 16));
  if (edit.op === "truncate") file.truncate(edit.size);
  else if (edit.op === "append") file.write(bytes, file.sizeBytes());
  else if (edit.op === "write") file.write(bytes, edit.at);
  else throw new Error(`Unknown edit ${edit.op}`);
  file.close();
}

Deno.test("thirteen kinds of damage come out as Kafka leaves them", async (test) => {
  const expected = await expectedOf("crashed");
  const url = new URL("../../tests/fixtures/crashed_variants.json.gz", import.meta.url);
  const { undamaged, variants } = JSON.parse(await readGzip(url));
  assertEquals(variants.length, 13);
  for (const variant of variants) {
    await test.step(`${variant.name}: ${variant.what}`, async () => {
      await withDirectory("fixtures/crashed.tar.gz", async (directory) => {
        for (const edit of variant.edits) damage(directory, edit);
        const opened = await open(directory, expected);
        const { unlikeTheUndamaged, events } = variant.outcome;
        forEachExpected(opened, expected, (log, _, label) => {
          const wanted = unlikeTheUndamaged[label]?.now ?? undamaged[label];
          const consumed = wanted[3] === null && unlikeTheUndamaged[label] === undefined
            ? null
            : consume(log);
          assertEquals(
            [
              log.logStartOffset,
              log.highWatermark,
              log.lastStableOffset,
              consumed?.records.length ?? null,
              consumed === null ? null : consumed.records.length - consumed.hidden.length,
            ],
            wanted,
            label,
          );
        });
        const metadataCut = events.find((event: string) => /^__cluster.* cut off/.test(event));
        const metadataEnd = metadataCut === undefined ? 113 : Number(/\d+$/.exec(metadataCut)![0]);
        assertEquals(opened.metadata.logEndOffset, metadataEnd);
        await opened.manager.close(1);
      });
    });
  }
});
