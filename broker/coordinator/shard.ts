import { assert } from "../base/mod.ts";
import { errorCodes } from "../protocol/errors.ts";
import {
  BatchBuilder,
  batchSizeBytes,
  CODEC_NONE,
  type CodecId,
  type CompressionLevels,
} from "../protocol/records/mod.ts";
import type { Outcome, RecordBytes, RecordFormat, StateMachine } from "./state_machine.ts";
import { Timeline } from "./timeline.ts";

/** Where a shard stands in its life; one that is closed is gone. */
export type ShardStatus = "loading" | "active" | "failed";

/** Told once how an operation went: the response is null when `errorCode` is not 0. */
export type Complete<T> = (errorCode: number, response: T | null) => void;

/** The time of an event, on both clocks. */
export interface Time {
  /** Wall clock: what records are stamped with. */
  readonly nowMs: number;
  /** A clock that does not jump: what waiting is measured with. */
  readonly monotonicMs: number;
}

/** How the log took a batch. */
export interface AppendResult {
  readonly errorCode: number;
  /** Offset of the first record; -1 after an error. */
  readonly baseOffset: number;
  /** Offset of the last record; -1 after an error. */
  readonly lastOffset: number;
}

/** An operation that waits for its records, or for those of an earlier one, to be committed. */
interface Pending {
  /** The first offset that it does not wait for. */
  endOffset: number;
  /** Monotonic. */
  readonly deadlineMs: number;
  readonly onSettled: ((errorCode: number) => void) | null;
  readonly complete: (errorCode: number) => void;
}

/** Records that go to the log together. */
interface Batch {
  readonly baseOffset: number;
  /** Monotonic. */
  readonly openedMs: number;
  readonly builder: BatchBuilder;
  readonly pending: Pending[];
}

/** How a coordinator compresses its batches. */
export interface BatchCompression {
  readonly codec: CodecId;
  readonly levels?: CompressionLevels;
}

/** What a record takes besides key and value, at most: its varints and its attributes. */
const RECORD_OVERHEAD_BYTES = 32;
/** What records that are to be compressed are taken to need, whatever they are. */
const COMPRESSED_BYTES_MIN = 1_024;
const COMPRESSED_BYTES_MAX = 65_536;

/** What all shards of a coordinator share. */
export interface ShardRules<R> {
  readonly format: RecordFormat<R>;
  /** How long an operation waits for its commit. */
  readonly writeTimeoutMs: number;
  readonly compression: BatchCompression;
  /** The largest batch that the partition takes. */
  readonly maxBatchBytes: (partition: number) => number;
}

/**
 * One partition of a coordinator's topic as its leader keeps it: the state machine, and the pipeline
 * that takes records from a handler to the log.
 *
 * ```text
 * accept: replay at once, into the newest batch -> takeBatch -> appended -> waiting -> advance: complete
 *                                                    | error: revert this batch and all behind it
 * ```
 *
 * An operation without records takes the same way behind the writes that it may have seen, so that
 * no answer tells of state that can still be lost.
 */
export class Shard<M extends StateMachine<R>, R> {
  readonly timeline: Timeline;
  readonly #rules: ShardRules<R>;
  /** Batches that the log has not taken, oldest first; only the newest grows. */
  readonly #batches: Batch[] = [];
  /** Whether the oldest batch is on its way to the log. */
  #isAppending = false;
  /** Operations whose records are written, in the order of their offsets. */
  readonly #waiting: Pending[] = [];
  #pendingCount = 0;
  /** The offset that the next record gets. */
  #nextOffset = 0;
  /** The offset behind the last record that the log has taken. */
  #writtenOffset = 0;
  #committedOffset = 0;

  readonly machine: M;
  /** Tells this life of the shard from an earlier one of the same partition. */
  readonly incarnation: number;
  leaderEpoch: number;
  status: ShardStatus = "loading";
  /** Of the runtime: whether a timer waits for {@linkcode nextDeadlineMs}. */
  isWatched = false;

  constructor(
    readonly partition: number,
    life: {
      readonly machine: M;
      readonly timeline: Timeline;
      readonly incarnation: number;
      readonly leaderEpoch: number;
    },
    rules: ShardRules<R>,
  ) {
    this.machine = life.machine;
    this.timeline = life.timeline;
    this.incarnation = life.incarnation;
    this.leaderEpoch = life.leaderEpoch;
    this.#rules = rules;
  }

  /** How many operations wait, written or not. */
  get pendingCount(): number {
    return this.#pendingCount;
  }
  /** Whether a batch could go to the log now. */
  get hasBatch(): boolean {
    return this.#batches.length > 0 && !this.#isAppending;
  }
  /** When the operation that waits longest has waited enough; null when none waits. */
  get nextDeadlineMs(): number | null {
    return this.#waiting.length === 0 ? null : this.#waiting[0]!.deadlineMs;
  }

  /** Starts taking operations behind a complete log of `endOffset`. */
  activate(endOffset: number, highWatermark: number): void {
    this.#nextOffset = endOffset;
    this.#writtenOffset = endOffset;
    this.#committedOffset = highWatermark;
    this.timeline.commit(highWatermark);
    this.status = "active";
  }

  /** Takes over an outcome: replays its records and queues its answer. */
  accept<T>(outcome: Outcome<R, T>, time: Time, complete: Complete<T>): void {
    const pending: Pending = {
      endOffset: 0,
      deadlineMs: time.monotonicMs + this.#rules.writeTimeoutMs,
      onSettled: outcome.onSettled,
      complete: (errorCode) => complete(errorCode, errorCode === 0 ? outcome.response : null),
    };
    this.#pendingCount++;
    const errorCode = this.#write(outcome, time);
    if (errorCode !== 0) return this.#settle(pending, errorCode);
    const newest = this.#batches.at(-1);
    if (newest !== undefined) {
      newest.pending.push(pending);
    } else if (this.#committedOffset < this.#writtenOffset) {
      pending.endOffset = this.#writtenOffset;
      this.#waiting.push(pending);
    } else {
      this.#settle(pending, 0);
    }
  }

  /** The oldest batch's bytes, for the log; only while {@linkcode hasBatch}. */
  takeBatch(): Uint8Array {
    assert(this.hasBatch, "Shard: no batch to take");
    this.#isAppending = true;
    return this.#batches[0]!.builder.build();
  }

  /** Whether the oldest batch has been open for `lingerMs`, or is full. */
  isDue(monotonicMs: number, lingerMs: number): boolean {
    if (!this.hasBatch) return false;
    return this.#batches.length > 1 || monotonicMs >= this.#batches[0]!.openedMs + lingerMs;
  }

  /**
   * The log's answer for the batch that was taken. Returns false when the log put the records at
   * other offsets than they were replayed with: the state is wrong and has to be loaded again.
   */
  appended(result: AppendResult): boolean {
    assert(this.#isAppending, "Shard: append result without an append");
    this.#isAppending = false;
    const batch = this.#batches[0]!;
    if (result.errorCode !== 0) {
      this.#giveUp(batch.baseOffset, result.errorCode);
      return true;
    }
    const endOffset = batch.builder.nextOffset;
    if (result.baseOffset !== batch.baseOffset || result.lastOffset + 1 !== endOffset) return false;
    this.#batches.shift();
    this.#writtenOffset = endOffset;
    for (const pending of batch.pending) {
      pending.endOffset = endOffset;
      this.#waiting.push(pending);
    }
    this.#completeCommitted();
    return true;
  }

  /** The partition's high watermark: everything below is committed. */
  advance(highWatermark: number): void {
    if (highWatermark <= this.#committedOffset) return;
    this.#committedOffset = highWatermark;
    this.timeline.commit(highWatermark);
    this.#completeCommitted();
  }

  /** Gives up operations that have waited too long; their records stay and may still be committed. */
  expire(monotonicMs: number): void {
    let count = 0;
    while (
      count < this.#waiting.length && this.#waiting[count]!.deadlineMs <= monotonicMs
    ) count++;
    const expired = this.#waiting.splice(0, count);
    for (const pending of expired) this.#settle(pending, errorCodes.REQUEST_TIMED_OUT);
  }

  /** Ends all operations with an error. The state is about to be dropped, soft state with it. */
  abandon(errorCode: number): void {
    const pending = [
      ...this.#waiting.splice(0),
      ...this.#batches.splice(0).flatMap((batch) => batch.pending),
    ];
    this.#isAppending = false;
    this.#pendingCount = 0;
    for (const { complete } of pending) complete(errorCode);
  }

  /** Replays and queues the records of an outcome; returns an error code, with nothing done then. */
  #write(outcome: Outcome<R, unknown>, time: Time): number {
    const { records, isAtomic } = outcome;
    if (records.length === 0) return 0;
    const encoded = records.map((record) => this.#rules.format.encode(record));
    const limit = this.#rules.maxBatchBytes(this.partition);
    const groups = isAtomic ? [encoded] : encoded.map((record) => [record]);
    const sizes = groups.map((group) =>
      group.reduce(
        (sum, { key, value }) => sum + RECORD_OVERHEAD_BYTES + key.length + (value?.length ?? 0),
        0,
      )
    );
    if (groups.some((group) => this.#estimatedBatchBytes(group) > limit)) {
      return errorCodes.MESSAGE_TOO_LARGE;
    }
    let next = 0;
    for (const [index, group] of groups.entries()) {
      const { builder } = this.#batchWithRoom(sizes[index]!, limit, time);
      for (const { key, value } of group) {
        const offset = this.#nextOffset++;
        builder.append(time.nowMs, key, value);
        this.timeline.replaying(offset, { isCommitted: false });
        this.machine.replay(records[next++]!, { offset, producerId: -1, producerEpoch: -1 });
      }
    }
    return 0;
  }

  /**
   * What a batch of these records will take: to the byte when it is not compressed, else Kafka's
   * guess, after which the log has the last word.
   */
  #estimatedBatchBytes(records: readonly RecordBytes[]): number {
    const sizeBytes = batchSizeBytes(records);
    if (this.#rules.compression.codec === CODEC_NONE) return sizeBytes;
    const halfBytes = Math.trunc(sizeBytes / 2);
    return Math.min(Math.max(halfBytes, COMPRESSED_BYTES_MIN), COMPRESSED_BYTES_MAX);
  }

  #batchWithRoom(sizeBytes: number, limit: number, time: Time): Batch {
    const newest = this.#batches.at(-1);
    const isOpen = newest !== undefined && !(this.#isAppending && this.#batches.length === 1);
    if (isOpen && newest.builder.sizeBytes + sizeBytes <= limit) return newest;
    const batch: Batch = {
      baseOffset: this.#nextOffset,
      openedMs: time.monotonicMs,
      // Kafka's coordinators write sequence 0 without a producer, so the bytes are the same.
      builder: new BatchBuilder({
        ...this.#rules.compression,
        baseOffset: this.#nextOffset,
        baseSequence: 0,
      }),
      pending: [],
    };
    this.#batches.push(batch);
    return batch;
  }

  /** Undoes the batch at `offset` and all behind it, whose handlers have seen its records. */
  #giveUp(offset: number, errorCode: number): void {
    this.timeline.revert(offset);
    this.#nextOffset = offset;
    const batches = this.#batches.splice(0);
    for (const batch of batches) {
      for (const pending of batch.pending) this.#settle(pending, errorCode);
    }
  }

  #completeCommitted(): void {
    let count = 0;
    while (
      count < this.#waiting.length && this.#waiting[count]!.endOffset <= this.#committedOffset
    ) count++;
    if (count === 0) return;
    for (const pending of this.#waiting.splice(0, count)) this.#settle(pending, 0);
  }

  #settle(pending: Pending, errorCode: number): void {
    this.#pendingCount--;
    pending.onSettled?.(errorCode);
    pending.complete(errorCode);
  }
}
