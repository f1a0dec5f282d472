import { BatchCursor } from "../../protocol/records/mod.ts";
import type { CoordinatorPartitions } from "../coordinator_driver.ts";
import type { AppendResult } from "../shard.ts";

interface MemoryLog {
  readonly batches: { readonly baseOffset: number; readonly bytes: Uint8Array }[];
  endOffset: number;
  highWatermark: number;
}

/**
 * For tests: partitions of a coordinator's topic in memory. Whatever is appended is committed at
 * once, unless a test takes the high watermark into its own hands; appends fail as a test asks.
 */
export class MemoryPartitions implements CoordinatorPartitions {
  /** Error codes for the next appends; 0 lets one pass. */
  readonly failures: number[] = [];
  /** Whether appends are committed at once. */
  commitsAtOnce = true;
  readonly #logs = new Map<number, MemoryLog>();
  readonly #listeners: ((partition: number, highWatermark: number) => void)[] = [];

  append(partition: number, records: Uint8Array): AppendResult {
    const errorCode = this.failures.shift() ?? 0;
    if (errorCode !== 0) return { errorCode, baseOffset: -1, lastOffset: -1 };
    const log = this.#log(partition);
    const baseOffset = log.endOffset;
    const bytes = records.slice();
    const batch = new BatchCursor().reset(bytes);
    batch.next();
    batch.setBaseOffset(baseOffset);
    log.batches.push({ baseOffset, bytes });
    log.endOffset = batch.lastOffset + 1;
    if (this.commitsAtOnce) this.commit(partition, log.endOffset);
    return { errorCode: 0, baseOffset, lastOffset: log.endOffset - 1 };
  }

  read(partition: number, fromOffset: number, maxBytes: number): Uint8Array {
    const { batches } = this.#log(partition);
    const first = batches.findIndex(({ baseOffset }, index) =>
      (batches[index + 1]?.baseOffset ?? this.#log(partition).endOffset) > fromOffset &&
      baseOffset <= fromOffset
    );
    if (first < 0) return new Uint8Array(0);
    const found = [batches[first]!.bytes];
    let sizeBytes = found[0]!.length;
    for (const { bytes } of batches.slice(first + 1)) {
      if (sizeBytes + bytes.length > maxBytes) break;
      found.push(bytes);
      sizeBytes += bytes.length;
    }
    return concat(found);
  }

  logStartOffset(): number {
    return 0;
  }

  logEndOffset(partition: number): number {
    return this.#log(partition).endOffset;
  }

  highWatermark(partition: number): number {
    return this.#log(partition).highWatermark;
  }

  onHighWatermark(listener: (partition: number, highWatermark: number) => void): void {
    this.#listeners.push(listener);
  }

  /** Moves the high watermark. */
  commit(partition: number, highWatermark: number): void {
    this.#log(partition).highWatermark = highWatermark;
    for (const listener of this.#listeners) listener(partition, highWatermark);
  }

  /** How many batches were appended. */
  batchCount(partition: number): number {
    return this.#log(partition).batches.length;
  }

  /** All bytes of a partition. */
  bytes(partition: number): Uint8Array {
    return concat(this.#log(partition).batches.map(({ bytes }) => bytes));
  }

  #log(partition: number): MemoryLog {
    let log = this.#logs.get(partition);
    if (log === undefined) {
      log = { batches: [], endOffset: 0, highWatermark: 0 };
      this.#logs.set(partition, log);
    }
    return log;
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
