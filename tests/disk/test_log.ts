import { SeededPrng } from "../../broker/base/mod.ts";
import {
  createLog,
  DEFAULT_LOG_SETTINGS,
  FilePool,
  FileRemover,
  type LogEnvironment,
  type LogSettings,
  openLog,
  type PartitionLog,
  runToEnd,
  silentLogger,
} from "../../broker/log/mod.ts";
import {
  BatchBuilder,
  BatchCursor,
  type BatchOptions,
  forEachRecord,
} from "../../broker/protocol/records/mod.ts";
import { ManualClock } from "./manual_clock.ts";
import { SimulatedDisk } from "./simulated_disk.ts";

/** A topic id for tests. */
export const TOPIC_ID = "AQIDBAUGBwgJCgsMDQ4PEA";

/** A disk, a clock, and what logs need of a node. */
export interface TestNode {
  readonly disk: SimulatedDisk;
  readonly clock: ManualClock;
  readonly environment: LogEnvironment;
  /** What was logged as a warning or an error. */
  readonly told: string[];
  /** Syncs that were asked for in the background. */
  readonly wantedSyncs: (() => Promise<void>)[];
  readonly failures: string[];
}

/** A node whose logs lie in memory. */
export function testNode(
  options: { disk?: SimulatedDisk; clock?: ManualClock; openFilesMax?: number } = {},
): TestNode {
  const clock = options.clock ?? new ManualClock();
  const disk = options.disk ?? new SimulatedDisk(() => clock.nowMs());
  const told: string[] = [];
  const wantedSyncs: (() => Promise<void>)[] = [];
  const failures: string[] = [];
  const tell = (message: string) => told.push(message);
  const logger = { ...silentLogger, warn: tell, error: tell };
  disk.makeDirectory("/data");
  const environment: LogEnvironment = {
    disk,
    clock,
    prng: new SeededPrng(1),
    files: new FilePool(disk, options.openFilesMax ?? 100),
    remover: new FileRemover(disk, clock, logger),
    logger,
    changes: { highWatermarks: 0, recoveryPoints: 0, logStartOffsets: 0 },
    producerIdExpirationMs: () => 86_400_000,
    syncSoon: (sync) => wantedSyncs.push(sync),
    onFailure: (directory) => failures.push(directory),
  };
  return { disk, clock, environment, told, wantedSyncs, failures };
}

/** Settings of a topic that differ from Kafka's defaults as told. */
export function settings(changes: Partial<LogSettings> = {}): LogSettings {
  return { ...DEFAULT_LOG_SETTINGS, ...changes };
}

/** A new log `topic-0` in `/data`. */
export function newLog(node: TestNode, changes: Partial<LogSettings> = {}): PartitionLog {
  const identity = { topic: "topic", partition: 0, directory: "/data/topic-0" };
  return createLog(node.environment, identity, TOPIC_ID, settings(changes));
}

/** Opens the log in `/data/topic-0` as a node does that starts on it. */
export function reopenLog(
  node: TestNode,
  options: {
    changes?: Partial<LogSettings>;
    stoppedCleanly?: boolean;
    recoveryPoint?: number;
    logStartOffset?: number;
    highWatermark?: number;
  } = {},
): PartitionLog {
  const identity = { topic: "topic", partition: 0, directory: "/data/topic-0" };
  return runToEnd(openLog(node.environment, identity, {
    settings: settings(options.changes),
    stoppedCleanly: options.stoppedCleanly ?? false,
    recoveryPoint: options.recoveryPoint ?? 0,
    logStartOffset: options.logStartOffset ?? 0,
    highWatermark: options.highWatermark ?? 0,
  }));
}

/** A batch of `count` records with values `prefix0`, `prefix1`... one millisecond apart. */
export function batch(
  count: number,
  options: BatchOptions & { timestampMs?: number; prefix?: string; valueBytes?: number } = {},
): Uint8Array {
  const { timestampMs = 1_700_000_000_000, prefix = "v", valueBytes = 0, ...header } = options;
  const builder = new BatchBuilder(header);
  const encoder = new TextEncoder();
  for (let index = 0; index < count; index++) {
    const value = valueBytes > 0
      ? new Uint8Array(valueBytes).fill(index + 1)
      : encoder.encode(prefix + index);
    builder.append(timestampMs + index, encoder.encode(`k${index}`), value);
  }
  return builder.build();
}

/** Batches one after the other. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Appends as a producer does and returns what came of it. */
export function produce(log: PartitionLog, records: Uint8Array, leaderEpoch = 0) {
  return log.appendAsLeader(records, { leaderEpoch, origin: "client", nowMs: 1_700_000_000_000 });
}

/** The offsets of all records that a reader gets from `fetchOffset` on, over all segments. */
export function offsetsFrom(
  log: PartitionLog,
  fetchOffset: number,
  upperBoundOffset = log.logEndOffset,
): number[] {
  const offsets: number[] = [];
  let next = fetchOffset;
  while (next < upperBoundOffset) {
    const { slice, errorCode, detail } = log.read({
      fetchOffset: next,
      maxBytes: 1 << 20,
      upperBoundOffset,
      minOneBatch: true,
    });
    if (errorCode !== 0) throw new Error(detail);
    if (slice === null) break;
    const bytes = slice.toBytes();
    const cursor = new BatchCursor().reset(bytes);
    while (cursor.next()) {
      if (!cursor.crcValid()) throw new Error(`Batch ${cursor.baseOffset} has a wrong checksum`);
      forEachRecord(cursor, (record) => {
        if (record.offset >= fetchOffset) offsets.push(record.offset);
      });
      next = cursor.lastOffset + 1;
    }
  }
  return offsets;
}

/** `[from, until)`. */
export function range(from: number, until: number): number[] {
  return Array.from({ length: Math.max(0, until - from) }, (_, index) => from + index);
}
