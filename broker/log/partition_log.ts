import { assert, DiskError } from "../base/mod.ts";
import { errorCodes } from "../protocol/errors.ts";
import {
  type AppendOrigin,
  RecordsError,
  type ValidatedRecords,
  validateProduced,
} from "../protocol/records/mod.ts";
import { appended, type AppendResult, failed, refused } from "./append_result.ts";
import type { EpochCache, EpochEnd, EpochEntry } from "./epoch_cache.ts";
import type { LogEnvironment } from "./log_environment.ts";
import type { LogPlace } from "./log_place.ts";
import { type LogRead, LogReader, type ReadOptions } from "./log_reader.ts";
import type { LogSlice } from "./log_slice.ts";
import { LogSync } from "./log_sync.ts";
import { LogWriter } from "./log_writer.ts";
import type { PartitionMetadata } from "./partition_metadata.ts";
import type { ProducerEntry } from "./producer_entry.ts";
import type { ProducerState } from "./producer_state.ts";
import { replayProducers } from "./producer_replay.ts";
import { type LoadedLog, runToEnd } from "./recovery.ts";
import { expiredSegments } from "./retention.ts";
import { newSegmentState, Segment, type TimestampedOffset } from "./segment.ts";
import type { Segments } from "./segments.ts";
import type { LogSettings } from "./settings.ts";
import type { AbortedTransaction } from "./transaction_index.ts";

/** How `PartitionLog.appendAsLeader` appends. */
export interface AppendOptions {
  readonly leaderEpoch: number;
  readonly origin: AppendOrigin;
  readonly nowMs: number;
}

/** What a log is opened with. */
export interface PartitionLogParts {
  readonly topic: string;
  readonly partition: number;
  /** Twenty-two letters; all `A` when the directory names none. */
  readonly topicId: string;
  readonly settings: LogSettings;
  readonly environment: LogEnvironment;
  readonly place: LogPlace;
  readonly metadata: PartitionMetadata;
  readonly loaded: LoadedLog;
  /** The broker that wrote the directory stopped cleanly. */
  readonly stoppedCleanly: boolean;
  /** From the checkpoint; it is moved into the log's range. */
  readonly highWatermark: number;
}

const NOTHING: LogRead = { errorCode: errorCodes.NONE, slice: null, detail: "" };

/**
 * The log of one partition: appends, reads, lookups, truncation, retention and syncing over its
 * segments. Appends and reads are synchronous; only syncing waits. A `DiskError` in an append leaves
 * the log as it was and answers KAFKA_STORAGE_ERROR; the other methods throw it.
 */
export class PartitionLog {
  readonly topic: string;
  readonly partition: number;
  readonly #environment: LogEnvironment;
  readonly #place: LogPlace;
  readonly #metadata: PartitionMetadata;
  readonly #segments: Segments;
  readonly #producers: ProducerState;
  readonly #epochs: EpochCache;
  readonly #reader: LogReader;
  readonly #writer: LogWriter;
  #topicId: string;
  #settings: LogSettings;
  #logStartOffset: number;
  #logEndOffset: number;
  #highWatermark: number;
  #firstUnstableOffset = -1;
  readonly #sync: LogSync;

  constructor(parts: PartitionLogParts) {
    const { loaded } = parts;
    this.topic = parts.topic;
    this.partition = parts.partition;
    this.#topicId = parts.topicId;
    this.#settings = parts.settings;
    this.#environment = parts.environment;
    this.#place = parts.place;
    this.#metadata = parts.metadata;
    this.#segments = loaded.segments;
    this.#reader = new LogReader(loaded.segments);
    this.#producers = loaded.producers;
    this.#epochs = loaded.epochs;
    this.#logStartOffset = loaded.logStartOffset;
    this.#logEndOffset = loaded.endOffset;
    this.#highWatermark = Math.min(
      Math.max(parts.highWatermark, loaded.logStartOffset),
      loaded.endOffset,
    );
    this.#sync = new LogSync(
      {
        environment: parts.environment,
        place: parts.place,
        segments: loaded.segments,
        metadata: parts.metadata,
        epochs: loaded.epochs,
        snapshots: loaded.producers.snapshots,
        endOffset: () => this.#logEndOffset,
      },
      Math.max(loaded.recoveryPoint, loaded.logStartOffset),
      !parts.stoppedCleanly || !loaded.segments.active.isComplete,
    );
    this.#writer = new LogWriter({
      environment: parts.environment,
      place: parts.place,
      segments: loaded.segments,
      producers: loaded.producers,
      epochs: loaded.epochs,
      sync: this.#sync,
    });
    this.#producers.onHighWatermark(this.#highWatermark);
    this.#firstUnstableOffset = this.#producers.firstUnstableOffset;
    this.#sync.saveSoon();
  }

  get directory(): string {
    return this.#place.directory;
  }
  get topicId(): string {
    return this.#topicId;
  }
  get settings(): LogSettings {
    return this.#settings;
  }
  get logStartOffset(): number {
    return this.#logStartOffset;
  }
  /** The offset that the next record gets. */
  get logEndOffset(): number {
    return this.#logEndOffset;
  }
  get highWatermark(): number {
    return this.#highWatermark;
  }
  /** Up to where a read_committed reader may read (KIP-98). */
  get lastStableOffset(): number {
    const first = this.#firstUnstableOffset;
    if (first < 0 || first >= this.#highWatermark) return this.#highWatermark;
    return Math.max(first, this.#logStartOffset);
  }
  /** What lies below it would survive a power cut and is not checked after a crash. */
  get recoveryPoint(): number {
    return this.#sync.recoveryPoint;
  }
  /** The latest leader epoch, -1 when none is known. */
  get latestEpoch(): number {
    return this.#epochs.latestEpoch;
  }
  get sizeBytes(): number {
    return this.#segments.sizeBytes;
  }
  get segmentCount(): number {
    return this.#segments.count;
  }
  get firstSegmentOffset(): number {
    return this.#segments.first.baseOffset;
  }
  get activeSegmentOffset(): number {
    return this.#segments.active.baseOffset;
  }
  /** Why the log takes no appends; null while it does. */
  get failure(): Error | null {
    return this.#sync.failure;
  }
  get lastSyncMs(): number {
    return this.#sync.lastSyncMs;
  }
  get epochEntries(): readonly EpochEntry[] {
    return this.#epochs.entries;
  }

  /** Names the topic in a directory that names none. Throws a `DiskError`. */
  assignTopicId(topicId: string): void {
    this.#metadata.write(topicId);
    this.#topicId = topicId;
    this.#sync.saveSoon();
  }

  /** New settings hold from the next append on; the active segment keeps its index limits. */
  updateSettings(settings: LogSettings): void {
    this.#settings = settings;
  }

  /**
   * Appends what a producer, a coordinator or the metadata quorum's leader brings. `records` may be
   * patched and is not kept.
   */
  appendAsLeader(records: Uint8Array, options: AppendOptions): AppendResult {
    if (this.#sync.failure !== null) return this.#storageError(this.#sync.failure);
    const settings = this.#settings;
    const validated = validateProduced(records, {
      nowMs: options.nowMs,
      startOffset: this.#logEndOffset,
      leaderEpoch: options.leaderEpoch,
      origin: options.origin,
      compressionType: settings.compressionType,
      compressionLevels: settings.compressionLevels,
      compacted: settings.cleanupPolicy.compact,
      timestampType: settings.messageTimestampType,
      timestampBeforeMaxMs: settings.messageTimestampBeforeMaxMs,
      timestampAfterMaxMs: settings.messageTimestampAfterMaxMs,
      maxBatchBytes: settings.maxMessageBytes,
      decompressedBytesMax: settings.maxDecompressedMessageBytes,
    });
    if (!validated.ok) return refused(validated, this.#logStartOffset);
    return this.#append(validated, options.origin, options.nowMs);
  }

  /** Appends batches as a leader sent them, offsets and epochs included. */
  appendAsFollower(records: Uint8Array, nowMs: number): AppendResult {
    return this.appendAsLeader(records, { leaderEpoch: -1, origin: "replication", nowMs });
  }

  /** Reads from the batch that holds `fetchOffset` on; nothing is copied. */
  read(options: ReadOptions): LogRead {
    const { fetchOffset } = options;
    if (fetchOffset < this.#logStartOffset || fetchOffset > this.#logEndOffset) {
      const detail = `Cannot read ${this.topic}-${this.partition} at offset ${fetchOffset}: ` +
        `it holds ${this.#logStartOffset} to ${this.#logEndOffset}`;
      return { errorCode: errorCodes.OFFSET_OUT_OF_RANGE, slice: null, detail };
    }
    const upperBound = Math.min(options.upperBoundOffset, this.#logEndOffset);
    if (fetchOffset >= upperBound) return NOTHING;
    try {
      const slice = this.#reader.slice(options, upperBound, this.#logEndOffset);
      return slice === null ? NOTHING : { errorCode: errorCodes.NONE, slice, detail: "" };
    } catch (error) {
      if (error instanceof RecordsError) {
        return { errorCode: error.errorCode, slice: null, detail: error.message };
      }
      if (!(error instanceof DiskError)) throw error;
      return { errorCode: errorCodes.KAFKA_STORAGE_ERROR, slice: null, detail: error.message };
    }
  }

  /** The aborted transactions that a reader of `[startOffset, upperBoundOffset)` must leave out. */
  abortedTransactions(startOffset: number, upperBoundOffset: number): AbortedTransaction[] {
    return this.#reader.abortedTransactions(startOffset, upperBoundOffset);
  }

  /** The aborted transactions that a read_committed reader of the slice must leave out. */
  abortedTransactionsIn(slice: LogSlice): AbortedTransaction[] {
    return this.#reader.abortedTransactionsIn(slice, this.#logEndOffset);
  }

  /** The first record at or after `timestampMs`; null when there is none. May read a whole batch. */
  offsetForTimestamp(timestampMs: number): TimestampedOffset | null {
    return this.#reader.offsetForTimestamp(timestampMs, this.#logStartOffset);
  }

  /** The first record with the log's largest timestamp (KIP-734); null when none has one. */
  offsetOfMaxTimestamp(): TimestampedOffset | null {
    return this.#reader.offsetOfMaxTimestamp();
  }

  /** Where a leader epoch ends; epoch and offset are -1 when it is unknown (KIP-101, KIP-320). */
  epochEndOffset(epoch: number): EpochEnd {
    return this.#epochs.endOf(epoch, this.#logEndOffset);
  }

  /** The leader epoch that an offset was written under; -1 when unknown. */
  epochOf(offset: number): number {
    return this.#epochs.epochOf(offset);
  }

  /** Notes that this node leads under `epoch` from `startOffset` on, before it appends anything. */
  noteLeaderEpoch(epoch: number, startOffset: number): void {
    this.#epochs.assign(epoch, startOffset);
    this.#sync.saveSoon();
  }

  /** Idempotent and transactional producers that the log remembers. */
  activeProducers(): readonly ProducerEntry[] {
    return [...this.#producers.producers.values()];
  }

  get producerCount(): number {
    return this.#producers.producers.size;
  }

  /** Forgets producers that were silent for `producer.id.expiration.ms`; returns how many. */
  expireProducers(nowMs: number): number {
    return this.#producers.expire(nowMs, this.#environment.producerIdExpirationMs());
  }

  /** Moves the high watermark forward, at most to the log's end. Returns whether it moved. */
  advanceHighWatermark(offset: number): boolean {
    const target = Math.min(offset, this.#logEndOffset);
    if (target <= this.#highWatermark) return false;
    this.#setHighWatermark(target);
    return true;
  }

  /**
   * Moves the log start forward (DeleteRecords, or as a leader says). OFFSET_OUT_OF_RANGE beyond the
   * high watermark; an offset at or before the start changes nothing.
   */
  deleteRecordsBefore(offset: number): number {
    if (offset > this.#highWatermark) return errorCodes.OFFSET_OUT_OF_RANGE;
    if (offset > this.#logStartOffset) this.#setLogStartOffset(offset);
    return errorCodes.NONE;
  }

  /** Removes the segments that retention no longer keeps; returns how many. */
  applyRetention(nowMs: number): number {
    const expired = expiredSegments({
      segments: this.#segments,
      settings: this.#settings,
      logStartOffset: this.#logStartOffset,
      highWatermark: this.#highWatermark,
      endOffset: this.#logEndOffset,
      nowMs,
    });
    if (expired.length === 0) return 0;
    if (expired.length === this.#segments.count) this.roll(this.#logEndOffset);
    const next = this.#segments.after(expired.at(-1)!)!;
    this.#setLogStartOffset(Math.max(this.#logStartOffset, next.baseOffset));
    this.#removeSegments(expired);
    this.#environment.logger.info(
      `${this.directory}: retention removes segments ` +
        `${
          expired.map((segment) => segment.baseOffset).join(", ")
        }; the log starts at ${this.#logStartOffset}`,
    );
    return expired.length;
  }

  /** Begins a new segment at `baseOffset`, which is at or past the log's end. */
  roll(baseOffset: number): void {
    assert(
      baseOffset >= this.#logEndOffset,
      `Segment ${baseOffset} would begin before the log's end ${this.#logEndOffset}`,
    );
    this.#writer.roll(baseOffset, this.#settings);
  }

  /**
   * Cuts off all at `offset` and after it; a batch that holds `offset` inside goes whole. Returns
   * whether anything went. Throws a `DiskError`.
   */
  truncateTo(offset: number): boolean {
    assert(offset >= 0, `Cannot truncate to offset ${offset}`);
    if (offset >= this.#logEndOffset) {
      this.#epochs.truncateFromEnd(this.#logEndOffset);
      this.#sync.saveSoon();
      return false;
    }
    this.#reader.forget();
    if (offset < this.#segments.first.baseOffset) {
      this.truncateFullyAndStartAt(offset);
      return true;
    }
    this.#removeSegments(this.#segments.from(offset).slice(1));
    const nowMs = this.#environment.clock.nowMs();
    this.#segments.active.truncateTo(offset, nowMs);
    this.#logEndOffset = offset;
    this.#sync.onCut(offset);
    this.#logStartOffset = Math.min(this.#logStartOffset, offset);
    this.#epochs.truncateFromEnd(offset);
    this.#rebuildProducers();
    this.#setHighWatermark(Math.min(this.#highWatermark, offset));
    this.#noteChange();
    return true;
  }

  /** Drops everything; the log goes on at `offset` (a follower that is too far behind). */
  truncateFullyAndStartAt(offset: number, logStartOffset: number = offset): void {
    this.#reader.forget();
    const state = newSegmentState(this.#environment, this.#settings);
    this.#removeSegments([...this.#segments]);
    this.#segments.add(
      new Segment(this.#place, offset, this.#settings, { ...state, sizeBytes: 0 }),
    );
    this.#logEndOffset = offset;
    this.#logStartOffset = logStartOffset;
    this.#sync.onCut(offset);
    this.#writer.onEmptied();
    this.#epochs.clear();
    this.#producers.startAt(offset);
    this.#rebuildProducers();
    this.#setHighWatermark(offset);
    this.#noteChange();
    this.#segments.active.createFiles();
  }

  /**
   * Resolves when all that was appended before would survive a power cut; the recovery point is then
   * at or past it. Calls of one turn share a sync. A failed sync is not tried again, since the system
   * may by then have dropped the bytes: the log takes no appends from then on.
   */
  flush(): Promise<void> {
    return this.#sync.flush();
  }

  /** Syncs, brings the files into the shape of a clean stop, and gives all descriptors back. */
  async close(): Promise<void> {
    const active = this.#segments.active;
    if (this.#sync.failure === null) {
      this.#writer.cutDirtyTail();
      this.#producers.takeSnapshot();
      active.complete();
      await this.flush();
    } else {
      await this.#sync.idle();
    }
    for (const segment of this.#segments) segment.closeFiles();
  }

  /** Gives all descriptors back without writing anything; the directory is about to go. */
  abandon(): void {
    this.#sync.abandon();
    for (const segment of this.#segments) segment.closeFiles();
  }

  /** The directory has another name from now on. */
  movedTo(directory: string): void {
    this.#place.directory = directory;
    for (const segment of this.#segments) segment.moved();
    this.#producers.snapshots.moveTo(directory);
    this.#epochs.moveTo(directory);
    this.#metadata.moveTo(directory);
  }

  #append(validated: ValidatedRecords, origin: AppendOrigin, nowMs: number): AppendResult {
    const { records, firstOffset, lastOffset } = validated;
    if (records.length === 0) return appended(validated, this.#logStartOffset, null);
    const settings = this.#settings;
    if (records.length > settings.segmentBytes) {
      return failed(
        errorCodes.RECORD_LIST_TOO_LARGE,
        `${records.length} bytes are appended at once, a segment holds ${settings.segmentBytes}`,
      );
    }
    if (firstOffset < this.#logEndOffset) {
      return failed(
        errorCodes.OFFSET_OUT_OF_RANGE,
        `the first offset is ${firstOffset}, expected ${this.#logEndOffset} or more`,
      );
    }
    try {
      const refusal = this.#writer.stage(records, origin, this.#logStartOffset);
      if (refusal !== null) return refusal;
      this.#writer.write(validated, { settings, logEndOffset: this.#logEndOffset, nowMs });
    } catch (error) {
      this.#producers.discard();
      if (error instanceof RecordsError) return failed(error.errorCode, error.message);
      if (!(error instanceof DiskError)) throw error;
      return this.#storageError(error);
    }
    this.#logEndOffset = lastOffset + 1;
    this.#producers.commit(this.#logEndOffset);
    this.#firstUnstableOffset = this.#producers.firstUnstableOffset;
    if (this.#logEndOffset - this.#sync.recoveryPoint < settings.flushMessages) {
      return appended(validated, this.#logStartOffset, null);
    }
    const durable = this.flush();
    // The caller may not look at it; the failure is kept in `failure` in any case.
    durable.catch(() => {});
    return appended(validated, this.#logStartOffset, durable);
  }

  #setHighWatermark(offset: number): void {
    this.#highWatermark = offset;
    this.#producers.onHighWatermark(offset);
    this.#firstUnstableOffset = this.#producers.firstUnstableOffset;
    this.#environment.changes.highWatermarks++;
  }

  #setLogStartOffset(offset: number): void {
    if (offset === this.#logStartOffset) return;
    this.#logStartOffset = offset;
    if (this.#highWatermark < offset) this.#setHighWatermark(offset);
    this.#sync.onLogStart(offset);
    this.#epochs.truncateFromStart(offset);
    this.#producers.onLogStartOffset(offset);
    this.#firstUnstableOffset = this.#producers.firstUnstableOffset;
    this.#noteChange();
  }

  #noteChange(): void {
    this.#environment.changes.logStartOffsets++;
    this.#environment.changes.recoveryPoints++;
    this.#sync.saveSoon();
  }

  #removeSegments(segments: readonly Segment[]): void {
    if (segments.length === 0) return;
    this.#reader.forget();
    this.#segments.remove(segments);
    const paths: string[] = [];
    for (const segment of segments) {
      paths.push(...segment.markDeleted());
      const snapshot = this.#producers.snapshots.markDeleted(segment.baseOffset);
      if (snapshot !== null) paths.push(snapshot);
    }
    this.#environment.remover.removeLater(paths, this.#settings.fileDeleteDelayMs);
  }

  #rebuildProducers(): void {
    runToEnd(replayProducers(this.#producers, this.#segments, {
      logStartOffset: this.#logStartOffset,
      endOffset: this.#logEndOffset,
      nowMs: this.#environment.clock.nowMs(),
      producerIdExpirationMs: this.#environment.producerIdExpirationMs(),
      stoppedCleanly: false,
      logger: this.#environment.logger,
    }));
  }

  #storageError(error: Error): AppendResult {
    this.#environment.logger.error(`Cannot append to ${this.directory}: ${error.message}`);
    return failed(errorCodes.KAFKA_STORAGE_ERROR, error.message);
  }
}
