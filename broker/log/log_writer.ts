import { DiskError } from "../base/mod.ts";
import { errorCodes } from "../protocol/errors.ts";
import { type AppendOrigin, BatchCursor, type ValidatedRecords } from "../protocol/records/mod.ts";
import { type AppendResult, failed, repeated } from "./append_result.ts";
import type { EpochCache } from "./epoch_cache.ts";
import type { LogEnvironment } from "./log_environment.ts";
import type { LogPlace } from "./log_place.ts";
import type { LogSync } from "./log_sync.ts";
import type { ProducerState } from "./producer_state.ts";
import { newSegmentState, Segment } from "./segment.ts";
import type { Segments } from "./segments.ts";
import type { LogSettings } from "./settings.ts";

/** What of a log its appends change. */
export interface WrittenParts {
  readonly environment: LogEnvironment;
  readonly place: LogPlace;
  readonly segments: Segments;
  readonly producers: ProducerState;
  readonly epochs: EpochCache;
  readonly sync: LogSync;
}

/** When batches are written, and behind which offset. */
export interface WriteContext {
  readonly settings: LogSettings;
  readonly logEndOffset: number;
  readonly nowMs: number;
}

/**
 * Writes batches to the active segment of one log and begins new segments. It decides nothing about
 * the batches and moves no offset of the log: an append that fails leaves the segments as they were.
 */
export class LogWriter {
  readonly #parts: WrittenParts;
  readonly #segments: Segments;
  readonly #producers: ProducerState;
  readonly #batches = new BatchCursor();
  /** Bytes behind the active segment's end that a failed write left and that must go first. */
  #tailDirty = false;

  constructor(parts: WrittenParts) {
    this.#parts = parts;
    this.#segments = parts.segments;
    this.#producers = parts.producers;
  }

  /**
   * Checks the batches' producers and notes what they bring, for the caller to commit or discard. An
   * append that ends here gives its result; nothing is noted then.
   */
  stage(records: Uint8Array, origin: AppendOrigin, logStartOffset: number): AppendResult | null {
    const producers = this.#producers;
    const batches = this.#batches.reset(records);
    while (batches.next()) {
      if (!batches.hasProducerId) continue;
      if (origin === "client") {
        const known = producers.duplicateOf(batches);
        if (known !== null) {
          producers.discard();
          return repeated(known, logStartOffset);
        }
      }
      const errorCode = producers.stage(batches, origin);
      if (errorCode === errorCodes.NONE) continue;
      producers.discard();
      return failed(errorCode, producers.message);
    }
    return null;
  }

  /** Rolls if need be and writes what was staged. Throws a `DiskError`; the log is then as before. */
  write(
    { records, firstOffset, lastOffset, maxTimestampMs }: ValidatedRecords,
    { settings, logEndOffset, nowMs }: WriteContext,
  ): void {
    this.cutDirtyTail();
    const mustRoll = this.#segments.active.mustRollFor({
      nowMs,
      segmentMs: settings.cleanupPolicy.compact
        ? Math.min(settings.segmentMs, settings.maxCompactionLagMs)
        : settings.segmentMs,
      segmentBytes: settings.segmentBytes,
      appendBytes: records.length,
      appendMaxTimestampMs: maxTimestampMs,
      appendLastOffset: lastOffset,
    });
    // Only messages of magic 0 and 1 hide their first offset; their last one is close enough.
    if (mustRoll) this.roll(Math.max(logEndOffset, firstOffset), settings);
    const segment = this.#segments.active;
    const sizeBytes = segment.sizeBytes;
    try {
      segment.append(records, this.#batches);
      const aborts = this.#producers.stagedAborts();
      for (const aborted of aborts) segment.transactionIndex.append(aborted);
    } catch (error) {
      this.#undo(segment, sizeBytes, firstOffset);
      throw error;
    }
    this.#noteEpochs(records);
  }

  /** Begins a new segment at `baseOffset`, which is at or past the log's end. */
  roll(baseOffset: number, settings: LogSettings): void {
    const { environment, place, sync } = this.#parts;
    const before = this.#segments.active;
    const state = newSegmentState(environment, settings);
    if (before.baseOffset === baseOffset) {
      // Its indexes are too small for any entry; another one with the present limits takes its place.
      const replacement = Segment.create(place, baseOffset, settings, state);
      this.#segments.remove([before]);
      before.closeFiles();
      this.#segments.add(replacement);
      return;
    }
    before.complete();
    this.#producers.endOffset = baseOffset;
    this.#producers.takeSnapshot();
    this.#segments.add(Segment.create(place, baseOffset, settings, state));
    sync.onRoll();
  }

  /** Removes what a failed write left behind the active segment's end. Throws a `DiskError`. */
  cutDirtyTail(): void {
    if (!this.#tailDirty) return;
    this.#segments.active.cutTail();
    this.#tailDirty = false;
  }

  /** The active segment is a new one. */
  onEmptied(): void {
    this.#tailDirty = false;
  }

  #undo(segment: Segment, sizeBytes: number, firstOffset: number): void {
    try {
      if (segment.sizeBytes === sizeBytes) segment.cutTail();
      else segment.undoAppend(firstOffset, sizeBytes);
    } catch (error) {
      // The bytes go before the next append; no reader goes past the end that is known.
      if (!(error instanceof DiskError)) throw error;
      this.#tailDirty = true;
    }
  }

  #noteEpochs(records: Uint8Array): void {
    const { epochs, sync } = this.#parts;
    const batches = this.#batches.reset(records);
    while (batches.next()) {
      const epoch = batches.partitionLeaderEpoch;
      if (epoch < 0 || epoch === epochs.latestEpoch) continue;
      epochs.assign(epoch, batches.baseOffset);
      sync.saveSoon();
    }
    batches.clear();
  }
}
