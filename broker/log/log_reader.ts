import { BatchFinder } from "./batch_finder.ts";
import { LogSlice } from "./log_slice.ts";
import type { Segment, TimestampedOffset } from "./segment.ts";
import type { Segments } from "./segments.ts";
import type { AbortedTransaction } from "./transaction_index.ts";

/** What to read. */
export interface ReadOptions {
  readonly fetchOffset: number;
  readonly maxBytes: number;
  /** Nothing at or past it is given: high watermark, last stable offset or log end. */
  readonly upperBoundOffset: number;
  /** The first batch is given whole even when it is larger than `maxBytes`. */
  readonly minOneBatch: boolean;
}

/** What a read found. */
export interface LogRead {
  readonly errorCode: number;
  /** Null when there is nothing to give, or not enough room for the first batch. */
  readonly slice: LogSlice | null;
  /** What is wrong, for logs and people; empty without an error. */
  readonly detail: string;
}

/** A place in the log where a batch begins. */
interface Place {
  readonly offset: number;
  readonly segment: Segment;
  readonly position: number;
  /** Bytes of that batch; -1 when it is not there yet. */
  readonly batchBytes: number;
}

const PLACES_KEPT = 4;

/**
 * Finds what a reader asks for in the segments of one log. It remembers a few places where reads
 * ended lately, so that a reader that follows the log needs neither an index nor a header.
 */
export class LogReader {
  readonly #segments: Segments;
  readonly #finder = new BatchFinder();
  #places: Place[] = [];
  #nextPlace = 0;

  constructor(segments: Segments) {
    this.#segments = segments;
  }

  /**
   * What lies in `[fetchOffset, upperBound)`, from the batch that holds `fetchOffset` on and inside
   * one segment; null when there is nothing, or too little room for it. `endOffset` is the log's.
   * Throws a `RecordsError` when batches on the way are damaged, and a `DiskError`.
   */
  slice(options: ReadOptions, upperBound: number, endOffset: number): LogSlice | null {
    const { fetchOffset } = options;
    const start = this.#locate(fetchOffset);
    if (start === null) return null;
    const { segment, position } = start;
    const limit = upperBound === endOffset ? segment.sizeBytes : this.#limitIn(segment, upperBound);
    const availableBytes = limit - position;
    if (availableBytes <= 0) return null;
    if (availableBytes <= options.maxBytes) {
      if (upperBound === endOffset) this.#expectReader(endOffset);
      return new LogSlice(fetchOffset, segment, position, availableBytes);
    }
    // Only here the size of the first batch matters.
    let firstBytes = start.batchBytes;
    if (firstBytes < 0) {
      if (!this.#finder.at(segment.file, position, segment.sizeBytes)) return null;
      firstBytes = this.#finder.sizeBytes;
    }
    if (firstBytes > options.maxBytes && !options.minOneBatch) return null;
    const sizeBytes = Math.min(availableBytes, Math.max(options.maxBytes, firstBytes));
    return new LogSlice(fetchOffset, segment, position, sizeBytes);
  }

  /** The aborted transactions that a reader of `[startOffset, upperBoundOffset)` must leave out. */
  abortedTransactions(startOffset: number, upperBoundOffset: number): AbortedTransaction[] {
    const found: AbortedTransaction[] = [];
    for (const segment of this.#segments.from(startOffset)) {
      if (segment.transactionIndex.collect(startOffset, upperBoundOffset, found)) break;
    }
    return found;
  }

  /** The aborted transactions that a reader of the slice must leave out; `endOffset` is the log's. */
  abortedTransactionsIn(slice: LogSlice, endOffset: number): AbortedTransaction[] {
    const { segment } = slice;
    const upperBound = segment.offsetIndex.offsetFrom(slice.position + slice.sizeBytes) ??
      this.#segments.after(segment)?.baseOffset ?? endOffset;
    return this.abortedTransactions(slice.fetchOffset, upperBound);
  }

  /** The first record at or after both; null when there is none. May read a whole batch. */
  offsetForTimestamp(timestampMs: number, startOffset: number): TimestampedOffset | null {
    for (const segment of this.#segments) {
      if (segment.newestMs < timestampMs) continue;
      return segment.findByTimestamp(timestampMs, startOffset);
    }
    return null;
  }

  /** The first record with the largest timestamp of all; null when none has one. */
  offsetOfMaxTimestamp(): TimestampedOffset | null {
    let latest = this.#segments.first;
    for (const segment of this.#segments) {
      if (segment.maxTimestampMs > latest.maxTimestampMs) latest = segment;
    }
    return latest.findMaxTimestamp();
  }

  /** Places are no longer what they were: segments went or were cut. */
  forget(): void {
    this.#places = [];
    this.#nextPlace = 0;
  }

  /** The end of what may be read from `segment`, in bytes. */
  #limitIn(segment: Segment, upperBound: number): number {
    const next = this.#segments.after(segment);
    if (next !== null && upperBound >= next.baseOffset) return segment.sizeBytes;
    const bound = this.#locate(upperBound);
    return bound === null || bound.segment !== segment ? segment.sizeBytes : bound.position;
  }

  /** Where the first batch begins that holds `offset` or lies past it; null when none does. */
  #locate(offset: number): Place | null {
    for (const place of this.#places) {
      if (place.offset === offset && place.position < place.segment.sizeBytes) return place;
    }
    for (
      let segment = this.#segments.floor(offset);
      segment !== null;
      segment = this.#segments.after(segment)
    ) {
      if (!segment.find(offset, this.#finder)) continue;
      const { position, sizeBytes: batchBytes } = this.#finder;
      const place = { offset, segment, position, batchBytes };
      this.#remember(place);
      return place;
    }
    return null;
  }

  /** Whoever reads to the end comes back for what is appended next. */
  #expectReader(endOffset: number): void {
    const { active } = this.#segments;
    for (const place of this.#places) {
      if (place.offset === endOffset && place.segment === active) return;
    }
    const position = active.sizeBytes;
    this.#remember({ offset: endOffset, segment: active, position, batchBytes: -1 });
  }

  #remember(place: Place): void {
    this.#places[this.#nextPlace] = place;
    this.#nextPlace = (this.#nextPlace + 1) % PLACES_KEPT;
  }
}
