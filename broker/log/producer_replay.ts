import { errorCodes } from "../protocol/errors.ts";
import { RecordsError } from "../protocol/records/mod.ts";
import { BatchFinder } from "./batch_finder.ts";
import type { LogLogger } from "./log_environment.ts";
import type { ProducerState } from "./producer_state.ts";
import type { Segment } from "./segment.ts";
import type { SegmentScan } from "./segment_scan.ts";
import type { Segments } from "./segments.ts";

/** Bytes that are read between two steps of work that can be interrupted. */
const STEP_BYTES = 4 * 1024 * 1024;

/** What a rebuild of the producer state needs to know. */
export interface ReplayOptions {
  readonly logStartOffset: number;
  /** Up to which offset the state is wanted. */
  readonly endOffset: number;
  readonly nowMs: number;
  readonly producerIdExpirationMs: number;
  /** The log was stopped cleanly: where no snapshot is, there was never a producer. */
  readonly stoppedCleanly: boolean;
  readonly logger: LogLogger;
}

/**
 * Brings the producer state to `endOffset`: from the latest snapshot, then from the batches after it.
 * Takes snapshots where Kafka does: at the last two segments' beginnings and at the end. Yields now
 * and then, so that the caller can let others run.
 */
export function* replayProducers(
  state: ProducerState,
  segments: Segments,
  options: ReplayOptions,
): Generator<void, void> {
  const { logStartOffset, endOffset } = options;
  const bases = segments.baseOffsets.slice(-2);
  if (state.snapshots.latest < 0 && options.stoppedCleanly) {
    // Empty snapshots save the next start from looking through the whole log again.
    for (const offset of [...bases, endOffset]) {
      state.endOffset = offset;
      state.takeSnapshot();
    }
    return;
  }
  const wasEmpty = state.isEmpty && state.endOffset >= endOffset;
  state.reload(
    logStartOffset,
    endOffset,
    { nowMs: options.nowMs, expirationMs: options.producerIdExpirationMs },
    (error) => options.logger.warn(`${error.message}; it is removed`),
  );
  if (endOffset > state.endOffset && !wasEmpty) {
    for (const segment of segments.from(state.endOffset)) {
      if (segment.baseOffset >= endOffset) break;
      const start = Math.max(segment.baseOffset, state.endOffset, logStartOffset);
      state.endOffset = start;
      if (bases.includes(segment.baseOffset)) state.takeSnapshot();
      yield* replaySegment(state, segment, start, endOffset, options.logger);
    }
  }
  state.endOffset = endOffset;
  state.takeSnapshot();
}

function* replaySegment(
  state: ProducerState,
  segment: Segment,
  start: number,
  end: number,
  logger: LogLogger,
): Generator<void, void> {
  const finder = new BatchFinder();
  try {
    if (!segment.find(start, finder)) return;
    const scan = segment.scan(finder.position);
    let stepAt = scan.position;
    while (scan.next() && scan.batch.lastOffset < end) {
      replayBatch(state, scan, logger);
      if (scan.position - stepAt < STEP_BYTES) continue;
      stepAt = scan.position;
      yield;
    }
  } catch (error) {
    // Damage below the recovery point shows when the batch is read; the producers go on from there.
    if (!(error instanceof RecordsError)) throw error;
    logger.warn(`Producer state of ${segment.file.path} is incomplete: ${error.message}`);
  }
}

/** Lets the state know of a batch that is in the log. */
export function replayBatch(state: ProducerState, scan: SegmentScan, logger: LogLogger): void {
  const { batch } = scan;
  if (!batch.hasProducerId) {
    state.endOffset = batch.lastOffset + 1;
    return;
  }
  if (state.stage(batch, "replication") !== errorCodes.NONE) {
    logger.warn(`Producer state is inconsistent: ${state.message}`);
    state.discard();
  }
  state.commit(batch.lastOffset + 1);
}
