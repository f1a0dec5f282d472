import { below, DiskError } from "../base/mod.ts";
import { type BatchCursor, RecordCursor, RecordsError } from "../protocol/records/mod.ts";
import { BatchFinder } from "./batch_finder.ts";
import type { PooledFile } from "./file_pool.ts";
import { DELETED_ENDING, offsetName, SEGMENT_ENDINGS } from "./log_names.ts";
import type { LogEnvironment } from "./log_environment.ts";
import type { LogPlace } from "./log_place.ts";
import { OffsetIndex } from "./offset_index.ts";
import { SegmentScan } from "./segment_scan.ts";
import type { LogSettings } from "./settings.ts";
import { TimeIndex } from "./time_index.ts";
import { TransactionIndex } from "./transaction_index.ts";

/** Largest distance between a segment's base offset and an offset in it; indexes hold an int32. */
export const OFFSET_DISTANCE_MAX = 0x7fffffff;

const EMPTY = new Uint8Array(0);

/** A record's timestamp and offset, and the leader epoch of its batch (-1 when unknown). */
export interface TimestampedOffset {
  readonly timestampMs: number;
  readonly offset: number;
  readonly leaderEpoch: number;
}

/** What a segment begins with beside its files. */
export interface NewSegmentState {
  readonly createdMs: number;
  readonly rollJitterMs: number;
}

/** The moment and a random jitter (`segment.jitter.ms`) for a segment that begins or loads now. */
export function newSegmentState(
  { clock, prng }: LogEnvironment,
  { segmentMs, segmentJitterMs }: LogSettings,
): NewSegmentState {
  const jitterMax = Math.min(segmentJitterMs, segmentMs, 2 ** 32);
  return {
    createdMs: clock.nowMs(),
    rollJitterMs: jitterMax === 0 ? 0 : below(prng, jitterMax),
  };
}

/** What decides whether the next append starts a new segment. */
export interface RollConditions {
  readonly nowMs: number;
  readonly segmentMs: number;
  readonly segmentBytes: number;
  readonly appendBytes: number;
  readonly appendMaxTimestampMs: number;
  readonly appendLastOffset: number;
}

/**
 * One segment of a log: the `.log` with the batches and its indexes, all named by the base offset.
 * Files open on first use. Only the last segment of a log, the active one, is appended to.
 */
export class Segment {
  readonly baseOffset: number;
  /** When the segment was begun here; the clock of an empty segment's age. */
  createdMs: number;
  /** By how much the segment ends early, so that many logs don't roll at once. */
  readonly rollJitterMs: number;

  readonly #place: LogPlace;
  readonly #settings: LogSettings;
  #sizeBytes: number;
  #file: PooledFile | null = null;
  #offsetIndex: OffsetIndex | null = null;
  #timeIndex: TimeIndex | null = null;
  #transactionIndex: TransactionIndex | null = null;
  #bytesSinceIndexEntry = 0;
  /** Largest timestamp of all batches and the last offset of its batch; null until looked up. */
  #maxTimestampMs: number | null = null;
  #maxTimestampOffset = 0;
  /** Of the first batch; null until looked up. */
  #firstTimestampMs: number | null = null;
  #unsynced = false;
  #syncFailed = false;
  /** The files are in the shape of {@linkcode complete}, as a clean stop or a recovery left them. */
  #isComplete = true;
  /** Indexes that were loaded may be damaged; a look at their ends comes before their first use. */
  #indexesChecked = false;

  /** Takes over files that are there, `sizeBytes` of them batches. */
  constructor(
    place: LogPlace,
    baseOffset: number,
    settings: LogSettings,
    state: NewSegmentState & { readonly sizeBytes: number },
  ) {
    this.#place = place;
    this.#settings = settings;
    this.baseOffset = baseOffset;
    this.#sizeBytes = state.sizeBytes;
    this.createdMs = state.createdMs;
    this.rollJitterMs = state.rollJitterMs;
  }

  /** A new segment with its files; after a `DiskError` there is none. */
  static create(
    place: LogPlace,
    baseOffset: number,
    settings: LogSettings,
    state: NewSegmentState,
  ): Segment {
    const segment = new Segment(place, baseOffset, settings, { ...state, sizeBytes: 0 });
    segment.createFiles();
    return segment;
  }

  /** Makes the files of a segment that has none; with `preallocate` the log has its full size at once. */
  createFiles(): void {
    const { disk } = this.#place;
    // Whatever stands there under these names was left by a crash and belongs to no segment.
    disk.remove(this.#path(".txnindex"));
    disk.writeFile(this.#path(".index"), EMPTY);
    disk.writeFile(this.#path(".timeindex"), EMPTY);
    // The log comes last: indexes alone are no segment when the directory is loaded again.
    disk.writeFile(this.#path(".log"), EMPTY);
    this.#maxTimestampMs = -1;
    this.#maxTimestampOffset = this.baseOffset;
    this.#unsynced = true;
    this.#indexesChecked = true;
    this.#isComplete = false;
    if (!this.#settings.preallocate) return;
    try {
      this.file.truncate(this.#settings.segmentBytes);
    } catch (error) {
      this.file.close();
      disk.remove(this.#path(".log"));
      throw error;
    }
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }
  get file(): PooledFile {
    return this.#file ??= this.#place.files.file(this.#path(".log"));
  }
  get offsetIndex(): OffsetIndex {
    return this.#offsetIndex ??= new OffsetIndex(
      this.#place.files.file(this.#path(".index")),
      this.baseOffset,
      this.#settings.segmentIndexBytes,
    );
  }
  get timeIndex(): TimeIndex {
    return this.#timeIndex ??= new TimeIndex(
      this.#place.files.file(this.#path(".timeindex")),
      this.baseOffset,
      this.#settings.segmentIndexBytes,
    );
  }
  get transactionIndex(): TransactionIndex {
    return this.#transactionIndex ??= new TransactionIndex(
      this.#place.files.file(this.#path(".txnindex")),
    );
  }

  /** Largest timestamp of the batches in it, -1 when none has one. */
  get maxTimestampMs(): number {
    return this.#maxTimestampMs ?? this.#lookUpMaxTimestamp();
  }
  /** The last offset of the batch that holds {@linkcode maxTimestampMs}. */
  get maxTimestampOffset(): number {
    if (this.#maxTimestampMs === null) this.#lookUpMaxTimestamp();
    return this.#maxTimestampOffset;
  }

  /** For retention: the largest timestamp, or when the file last changed where there is none. */
  get newestMs(): number {
    return this.maxTimestampMs >= 0 ? this.maxTimestampMs : this.file.modifiedMs();
  }

  /** Whether `offset` can be told apart in the indexes. */
  reaches(offset: number): boolean {
    return offset >= this.baseOffset && offset - this.baseOffset <= OFFSET_DISTANCE_MAX;
  }

  /** Whether what comes next belongs into a new segment. */
  mustRollFor(next: RollConditions): boolean {
    if (this.#sizeBytes > next.segmentBytes - next.appendBytes) return true;
    if (!this.reaches(next.appendLastOffset)) return true;
    if (this.offsetIndex.full || this.timeIndex.full) return true;
    if (this.#sizeBytes === 0) return false;
    return this.#ageMs(next.nowMs, next.appendMaxTimestampMs) > next.segmentMs - this.rollJitterMs;
  }

  /**
   * Writes batches behind the last one with one write and notes them in the indexes. A DiskError
   * leaves the segment as it was, but for bytes behind its end; `cutTail` removes those.
   */
  append(records: Uint8Array, batches: BatchCursor): void {
    const start = this.#sizeBytes;
    this.file.write(records, start);
    this.#unsynced = true;
    this.#isComplete = false;
    this.#sizeBytes = start + records.length;
    batches.reset(records);
    while (batches.next()) {
      const { lastOffset, maxTimestampMs, sizeBytes } = batches;
      this.noteBatch(start + batches.position, sizeBytes, lastOffset, maxTimestampMs);
    }
  }

  /** Makes the file end where the batches end. */
  cutTail(): void {
    this.file.truncate(this.#sizeBytes);
  }

  /** Takes back the last append, which began at `sizeBytes` with offset `offset`. */
  undoAppend(offset: number, sizeBytes: number): void {
    this.#sizeBytes = sizeBytes;
    this.offsetIndex.truncateTo(offset);
    this.timeIndex.truncateTo(offset);
    this.#maxTimestampMs = null;
    this.#maxTimestampMs = this.#largestTimestamp();
    this.cutTail();
  }

  /**
   * Notes a batch at `position` in time and offset index: an entry for the first batch after more
   * than `index.interval.bytes`, as Kafka does on append and on recovery alike.
   */
  noteBatch(position: number, sizeBytes: number, lastOffset: number, maxTimestampMs: number): void {
    if (this.#firstTimestampMs === null && position === 0) this.#firstTimestampMs = maxTimestampMs;
    if (maxTimestampMs > this.maxTimestampMs) {
      this.#maxTimestampMs = maxTimestampMs;
      this.#maxTimestampOffset = lastOffset;
    }
    if (this.#bytesSinceIndexEntry > this.#settings.indexIntervalBytes) {
      // An append of many small batches may pass the end of a tiny index; entries are optional.
      if (!this.offsetIndex.full) {
        this.offsetIndex.append(lastOffset, position);
        this.timeIndex.maybeAppend(this.#maxTimestampMs!, this.#maxTimestampOffset);
      }
      this.#bytesSinceIndexEntry = 0;
    }
    this.#bytesSinceIndexEntry += sizeBytes;
  }

  /**
   * Finds the first batch whose last offset is at or past `offset` and leaves it in `finder`. False
   * when all batches lie before it. Throws a `RecordsError` when the batches on the way are damaged.
   */
  find(offset: number, finder: BatchFinder): boolean {
    if (!this.#indexesChecked) this.#checkIndexes();
    const position = this.offsetIndex.lookup(offset);
    if (position > 0) {
      try {
        if (finder.find(this.file, position, this.#sizeBytes, offset)) {
          if (finder.position > position || finder.baseOffset <= offset) return true;
        } else if (finder.position >= position) {
          return false;
        }
      } catch (error) {
        if (!(error instanceof RecordsError)) throw error;
      }
      this.#rebuildIndexes("its offset index points elsewhere");
    }
    return finder.find(this.file, 0, this.#sizeBytes, offset);
  }

  /**
   * The offset after the last batch; the base offset when there is none. Null when what the file ends
   * with is no whole batch.
   */
  nextOffset(): number | null {
    const finder = new BatchFinder();
    const position = this.offsetIndex.lookup(Number.MAX_SAFE_INTEGER);
    try {
      if (!finder.findLast(this.file, position, this.#sizeBytes)) {
        return this.#sizeBytes === 0 ? this.baseOffset : null;
      }
      const isWhole = finder.position + finder.sizeBytes === this.#sizeBytes;
      return isWhole ? finder.lastOffset + 1 : null;
    } catch (error) {
      if (!(error instanceof RecordsError)) throw error;
      return null;
    }
  }

  /** Walks the batches in `[start, end)` bytes. */
  scan(start = 0, end: number = this.#sizeBytes): SegmentScan {
    return new SegmentScan(this.file, start, end);
  }

  /**
   * The first record at or after `timestampMs` whose offset is at least `startOffset`; null when
   * there is none. Throws a `RecordsError` for a damaged batch.
   */
  findByTimestamp(timestampMs: number, startOffset: number): TimestampedOffset | null {
    if (!this.#indexesChecked) this.#checkIndexes();
    const from = Math.max(this.timeIndex.lookup(timestampMs), startOffset);
    const scan = this.scan(this.offsetIndex.lookup(from));
    const record = new RecordCursor();
    while (scan.next()) {
      const { batch } = scan;
      if (batch.maxTimestampMs < timestampMs) continue;
      record.reset(batch);
      while (record.next()) {
        if (record.timestampMs < timestampMs || record.offset < startOffset) continue;
        const { offset, timestampMs: found } = record;
        return { timestampMs: found, offset, leaderEpoch: batch.partitionLeaderEpoch };
      }
    }
    return null;
  }

  /** The first record that has the segment's largest timestamp; null when no record has one. */
  findMaxTimestamp(): TimestampedOffset | null {
    const wanted = this.maxTimestampMs;
    if (wanted < 0) return null;
    const scan = this.scan(this.offsetIndex.lookup(this.maxTimestampOffset));
    const record = new RecordCursor();
    while (scan.next()) {
      const { batch } = scan;
      if (batch.maxTimestampMs !== wanted) continue;
      record.reset(batch);
      while (record.next()) {
        if (record.timestampMs !== wanted) continue;
        const { offset } = record;
        return { timestampMs: wanted, offset, leaderEpoch: batch.partitionLeaderEpoch };
      }
    }
    return null;
  }

  /** Drops all indexes, to be built anew by `noteBatch` over every batch from the first one. */
  resetIndexes(): void {
    this.#resetSparseIndexes();
    this.transactionIndex.reset();
  }

  /** Ends a recovery: the batches end at `sizeBytes`, what follows is cut off. */
  recovered(sizeBytes: number): void {
    if (sizeBytes < this.#sizeBytes || this.file.sizeBytes() !== sizeBytes) {
      this.file.truncate(sizeBytes);
    }
    this.#sizeBytes = sizeBytes;
    this.#bytesSinceIndexEntry = 0;
    this.#unsynced = true;
    this.complete();
  }

  /** Cuts off the batch that holds `offset` and all after it. Returns the bytes that went. */
  truncateTo(offset: number, nowMs: number): number {
    const finder = new BatchFinder();
    const found = this.find(offset, finder);
    this.offsetIndex.truncateTo(offset);
    this.timeIndex.truncateTo(offset);
    this.transactionIndex.truncateTo(offset);
    this.#isComplete = false;
    const before = this.#sizeBytes;
    if (found) {
      this.#sizeBytes = finder.position;
      this.cutTail();
      this.#unsynced = true;
    }
    if (this.#sizeBytes === 0) {
      this.createdMs = nowMs;
      this.#firstTimestampMs = null;
    }
    this.#bytesSinceIndexEntry = 0;
    this.#maxTimestampMs = null;
    this.#maxTimestampMs = this.#largestTimestamp();
    return before - this.#sizeBytes;
  }

  /**
   * Brings the files into the shape that a segment has which is not appended to: the largest
   * timestamp has its entry, and nothing is preallocated.
   */
  complete(): void {
    if (this.#isComplete) return;
    if (this.#maxTimestampMs !== null) {
      this.timeIndex.maybeAppend(this.#maxTimestampMs, this.#maxTimestampOffset);
    }
    this.offsetIndex.trim();
    this.timeIndex.trim();
    if (this.file.sizeBytes() !== this.#sizeBytes) this.cutTail();
    this.#isComplete = true;
  }

  /**
   * Resolves when all that was appended before would survive a power cut. A full disk may reject it,
   * which passes; `syncFailed` tells whether the system failed to sync what it had taken.
   */
  async sync(): Promise<void> {
    this.#offsetIndex?.flush();
    this.#timeIndex?.flush();
    const unsynced = this.#unsynced;
    this.#unsynced = false;
    try {
      if (unsynced) await this.file.sync();
      await this.#offsetIndex?.sync();
      await this.#timeIndex?.sync();
      await this.#transactionIndex?.sync();
    } catch (error) {
      this.#unsynced ||= unsynced;
      this.#syncFailed = true;
      throw error;
    }
  }

  /** Whether nothing was changed since the files were opened, completed or recovered. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  get syncFailed(): boolean {
    return this.#syncFailed;
  }

  /** Renames the files for removal after a delay; returns their paths. */
  markDeleted(): string[] {
    const { disk } = this.#place;
    this.closeFiles();
    const marked: string[] = [];
    for (const ending of SEGMENT_ENDINGS) {
      const path = this.#path(ending);
      if (disk.stat(path) === null) continue;
      disk.rename(path, path + DELETED_ENDING);
      marked.push(path + DELETED_ENDING);
    }
    // Readers that hold a slice go on reading the renamed file until it is removed.
    this.#file?.moved(this.#path(".log") + DELETED_ENDING);
    return marked;
  }

  /** Gives all descriptors back and forgets the files' places; they open again on use. */
  closeFiles(): void {
    this.#file?.close();
    this.#offsetIndex?.close();
    this.#timeIndex?.close();
    this.#transactionIndex?.close();
  }

  /** The log's directory has another name from now on. */
  moved(): void {
    this.#file?.moved(this.#path(".log"));
    this.#offsetIndex?.file.moved(this.#path(".index"));
    this.#timeIndex?.file.moved(this.#path(".timeindex"));
    this.#transactionIndex?.file.moved(this.#path(".txnindex"));
  }

  #ageMs(nowMs: number, timestampMs: number): number {
    if (this.#firstTimestampMs === null) {
      const scan = new BatchFinder();
      const found = scan.find(this.file, 0, this.#sizeBytes, this.baseOffset);
      this.#firstTimestampMs = found ? scan.maxTimestampMs : -1;
    }
    return this.#firstTimestampMs >= 0
      ? timestampMs - this.#firstTimestampMs
      : nowMs - this.createdMs;
  }

  #checkIndexes(): void {
    this.#indexesChecked = true;
    if (this.offsetIndex.corrupt) this.#rebuildIndexes("its offset index is damaged");
    else if (this.timeIndex.corrupt) this.#rebuildIndexes("its time index is damaged");
  }

  /** Builds offset and time index from the batches' headers; damage there ends the walk. */
  #rebuildIndexes(reason: string): void {
    const { logger } = this.#place;
    logger.warn(`${this.file.path}: ${reason}; its indexes are built anew`);
    this.#resetSparseIndexes();
    const finder = new BatchFinder();
    let position = 0;
    try {
      while (finder.at(this.file, position, this.#sizeBytes)) {
        const { sizeBytes, lastOffset, maxTimestampMs } = finder;
        if (this.offsetIndex.count === 0 || lastOffset > this.offsetIndex.lastOffset) {
          this.noteBatch(position, sizeBytes, lastOffset, maxTimestampMs);
        }
        position += sizeBytes;
      }
      this.timeIndex.maybeAppend(this.#maxTimestampMs!, this.#maxTimestampOffset);
      this.offsetIndex.flush();
      this.timeIndex.flush();
    } catch (error) {
      if (!(error instanceof RecordsError) && !(error instanceof DiskError)) throw error;
      logger.warn(`${this.file.path}: ${error.message}`);
    }
  }

  #resetSparseIndexes(): void {
    this.#isComplete = false;
    this.offsetIndex.reset();
    this.timeIndex.reset();
    this.#maxTimestampMs = -1;
    this.#maxTimestampOffset = this.baseOffset;
    this.#firstTimestampMs = null;
    this.#bytesSinceIndexEntry = 0;
    this.#indexesChecked = true;
  }

  #lookUpMaxTimestamp(): number {
    if (!this.#indexesChecked) this.#checkIndexes();
    this.#maxTimestampOffset = this.timeIndex.lastOffset;
    return this.#maxTimestampMs = this.timeIndex.lastTimestampMs;
  }

  /** As {@linkcode maxTimestampMs}, looking also at the batches after the last index entry. */
  #largestTimestamp(): number {
    let largest = this.#lookUpMaxTimestamp();
    const finder = new BatchFinder();
    let position = this.offsetIndex.lookup(this.#maxTimestampOffset);
    while (finder.at(this.file, position, this.#sizeBytes)) {
      if (finder.maxTimestampMs > largest) {
        largest = finder.maxTimestampMs;
        this.#maxTimestampOffset = finder.lastOffset;
      }
      position += finder.sizeBytes;
    }
    return largest;
  }

  #path(ending: string): string {
    return `${this.#place.directory}/${offsetName(this.baseOffset, ending)}`;
  }
}
