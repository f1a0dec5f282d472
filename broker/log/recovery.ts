import { DiskError } from "../base/mod.ts";
import { RecordsError } from "../protocol/records/mod.ts";
import { EpochCache } from "./epoch_cache.ts";
import type { LogEnvironment } from "./log_environment.ts";
import {
  CLEANED_ENDING,
  DELETED_ENDING,
  offsetName,
  parseOffsetName,
  SEGMENT_ENDINGS,
  SNAPSHOT_ENDING,
  SWAP_ENDING,
} from "./log_names.ts";
import type { LogPlace } from "./log_place.ts";
import { ProducerSnapshots } from "./producer_snapshots.ts";
import { ProducerState } from "./producer_state.ts";
import { replayBatch, replayProducers } from "./producer_replay.ts";
import { newSegmentState, Segment } from "./segment.ts";
import { SegmentScan } from "./segment_scan.ts";
import { Segments } from "./segments.ts";
import type { LogSettings } from "./settings.ts";
import { FileFormatError } from "./small_file.ts";

/** What is known of a log before its files are looked at. */
export interface LoadOptions {
  readonly settings: LogSettings;
  /** The broker that wrote the directory stopped cleanly. */
  readonly stoppedCleanly: boolean;
  /** Up to where the log was synced, from the checkpoint; 0 when unknown. */
  readonly recoveryPoint: number;
  /** From the checkpoint; 0 when it has none. */
  readonly logStartOffset: number;
  /** Where what recovery does to this log is added. */
  readonly tally?: RecoveryTally;
}

/** What recovery came to, summed up over logs. */
export interface RecoveryTally {
  /** Logs of which a segment was checked. */
  logs: number;
  segments: number;
  cutLogs: number;
  cutBytes: number;
}

/** A log's parts, consistent with each other. */
export interface LoadedLog {
  readonly segments: Segments;
  readonly producers: ProducerState;
  readonly epochs: EpochCache;
  readonly logStartOffset: number;
  readonly recoveryPoint: number;
  readonly endOffset: number;
}

/** Bytes that are read between two steps of work that can be interrupted. */
const STEP_BYTES = 4 * 1024 * 1024;

/**
 * Opens the files of a log: finishes or undoes what a crash interrupted, checks what lies above the
 * recovery point batch by batch and cuts the log off at the first bad one, rebuilds missing indexes,
 * and brings leader epochs and producers up to the end. A generator that yields now and then, so
 * that a node can load thousands of logs without holding up its event loop.
 *
 * Differs from Kafka in three ways. A missing time index is rebuilt, not left empty. A segment whose
 * offsets go back is cut there, not emptied. A log that was not compacted ends where a segment lost
 * its end, even if the next one is whole.
 */
export function* loadLog(
  environment: LogEnvironment,
  place: LogPlace,
  options: LoadOptions,
): Generator<void, LoadedLog> {
  const loader = new LogLoader(environment, place, options);
  return yield* loader.load();
}

/** Runs a generator to its end without a pause. */
export function runToEnd<T>(work: Generator<void, T>): T {
  while (true) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

class LogLoader {
  readonly #environment: LogEnvironment;
  readonly #place: LogPlace;
  readonly #options: LoadOptions;
  readonly #segments = new Segments();
  readonly #epochs: EpochCache;
  #snapshots: ProducerSnapshots;
  /** The offset after the last batch that was checked. */
  #recoveredEnd = 0;
  /** No offset was missing between the batches that were checked. */
  #isContiguous = true;
  #checkedSegments = 0;
  #cutBytes = 0;
  /** Used while segments are recovered; the final state is built anew. */
  #scratch: ProducerState;

  constructor(environment: LogEnvironment, place: LogPlace, options: LoadOptions) {
    this.#environment = environment;
    this.#place = place;
    this.#options = options;
    this.#epochs = this.#loadEpochs();
    this.#snapshots = new ProducerSnapshots(place.disk, place.directory, []);
    this.#scratch = new ProducerState(this.#snapshots);
  }

  *load(): Generator<void, LoadedLog> {
    const { settings, logStartOffset: checkpointed, stoppedCleanly } = this.#options;
    const names = this.#tidy(this.#place.disk.list(this.#place.directory));
    const snapshots = offsetsOf(names, SNAPSHOT_ENDING);
    this.#snapshots = new ProducerSnapshots(this.#place.disk, this.#place.directory, snapshots);
    this.#scratch = new ProducerState(this.#snapshots);
    yield* this.#loadSegments(new Set(names), offsetsOf(names, ".log"));
    if (!stoppedCleanly) yield* this.#recoverUnsynced();

    const segments = this.#segments;
    let end = segments.count === 0 ? -1 : yield* this.#endOffset();
    if (end >= 0 && end < checkpointed) {
      this.#warn(
        `ends at ${end}, before its start ${checkpointed}: files are missing; it is emptied`,
      );
      this.#deleteSegments([...segments]);
      this.#epochs.clear();
      this.#scratch.startAt(checkpointed);
      end = -1;
    }
    const recoveryPoint = stoppedCleanly && end >= 0 ? end : this.#options.recoveryPoint;
    if (segments.count === 0) {
      const state = newSegmentState(this.#environment, settings);
      segments.add(Segment.create(this.#place, checkpointed, settings, state));
      end = checkpointed;
    }
    const logStartOffset = Math.max(checkpointed, segments.first.baseOffset);
    this.#epochs.truncateFromEnd(end);
    this.#epochs.truncateFromStart(checkpointed);

    this.#snapshots.removeStray(segments.baseOffsets);
    const producers = new ProducerState(this.#snapshots);
    yield* replayProducers(producers, segments, {
      ...this.#replayOptions(logStartOffset, end),
      stoppedCleanly,
    });
    this.#addToTally();
    return {
      segments,
      producers,
      epochs: this.#epochs,
      logStartOffset,
      recoveryPoint: Math.min(recoveryPoint, end),
      endOffset: end,
    };
  }

  /** Where the last segment ends; one that ends with no whole batch is recovered first. */
  *#endOffset(): Generator<void, number> {
    const { active } = this.#segments;
    const end = active.nextOffset();
    if (end !== null) return end;
    this.#warn(`segment ${active.baseOffset} does not end with a whole batch`);
    this.#segments.remove([active]);
    yield* this.#recoverSegment(active);
    this.#segments.add(active);
    return this.#recoveredEnd;
  }

  #loadEpochs(): EpochCache {
    const { disk, directory } = this.#place;
    try {
      return EpochCache.load(disk, directory);
    } catch (error) {
      if (!(error instanceof FileFormatError)) throw error;
      this.#warn(`${error.message}; leader epochs come from the segments that are scanned`);
      return new EpochCache(disk, directory);
    }
  }

  /**
   * Removes what a crash left half done and puts in place what a cleaner had finished; returns the
   * names that remain.
   */
  #tidy(names: string[]): string[] {
    const { disk, directory } = this.#place;
    const swapped: { name: string; offset: number }[] = [];
    let cleanedFrom = Infinity;
    let rest: string[] = [];
    for (const name of names) {
      const parsed = parseOffsetName(name);
      if (parsed === null) {
        rest.push(name);
      } else if (name.endsWith(DELETED_ENDING)) {
        disk.remove(`${directory}/${name}`);
      } else if (name.endsWith(CLEANED_ENDING)) {
        cleanedFrom = Math.min(cleanedFrom, parsed.offset);
        disk.remove(`${directory}/${name}`);
      } else if (name.endsWith(SWAP_ENDING)) {
        swapped.push({ name, offset: parsed.offset });
      } else {
        rest.push(name);
      }
    }
    // A split of a segment that did not end leaves .swap files at and past a .cleaned one.
    const valid = swapped.filter(({ name, offset }) => {
      if (offset < cleanedFrom) return true;
      disk.remove(`${directory}/${name}`);
      return false;
    });
    if (valid.length === 0) return rest;

    const logs = valid.filter(({ name }) => name === offsetName(offsetIn(name), ".log.swap"));
    const from = Math.min(...logs.map(({ offset }) => offset));
    const until = Math.max(...logs.map(({ offset }) => this.#endOfSwap(offset)));
    rest = rest.filter((name) => {
      const parsed = parseOffsetName(name);
      if (parsed === null || parsed.offset < from || parsed.offset >= until) return true;
      this.#debug(`${name} was compacted and replaced; it is removed`);
      disk.remove(`${directory}/${name}`);
      return false;
    });
    for (const { name } of valid) {
      const to = name.slice(0, -SWAP_ENDING.length);
      disk.rename(`${directory}/${name}`, `${directory}/${to}`);
      rest.push(to);
    }
    return rest.sort();
  }

  /** The offset after the last batch in a `.log.swap` file. */
  #endOfSwap(baseOffset: number): number {
    const path = `${this.#place.directory}/${offsetName(baseOffset, `.log${SWAP_ENDING}`)}`;
    const file = this.#place.files.file(path);
    const scan = new SegmentScan(file, 0, Math.max(0, file.sizeBytes()));
    let end = baseOffset;
    try {
      while (scan.next()) end = scan.batch.lastOffset + 1;
    } catch (error) {
      if (!(error instanceof RecordsError)) throw error;
      this.#warn(error.message);
    } finally {
      file.close();
    }
    return end;
  }

  *#loadSegments(names: Set<string>, baseOffsets: number[]): Generator<void, void> {
    const { disk, directory } = this.#place;
    const bases = new Set(baseOffsets);
    for (const name of names) {
      const parsed = parseOffsetName(name);
      if (parsed === null || bases.has(parsed.offset)) continue;
      if (!(SEGMENT_ENDINGS as readonly string[]).includes(parsed.ending)) continue;
      this.#warn(`${name} belongs to no segment; it is removed`);
      disk.remove(`${directory}/${name}`);
    }
    const { settings } = this.#options;
    for (const baseOffset of baseOffsets) {
      const file = disk.stat(`${directory}/${offsetName(baseOffset, ".log")}`);
      const state = newSegmentState(this.#environment, settings);
      const segment = new Segment(this.#place, baseOffset, settings, {
        ...state,
        sizeBytes: file?.sizeBytes ?? 0,
      });
      const flaw = this.#flawOf(segment, names);
      if (flaw !== null) {
        this.#warn(`${flaw}; the indexes of segment ${baseOffset} are built anew`);
        yield* this.#recoverSegment(segment);
      }
      this.#segments.add(segment);
    }
  }

  /** What is wrong with a segment's indexes, as far as a look at the names tells; null if nothing. */
  #flawOf(segment: Segment, names: Set<string>): string | null {
    const { baseOffset } = segment;
    for (const ending of [".index", ".timeindex"]) {
      const name = offsetName(baseOffset, ending);
      if (!names.has(name)) return `${name} is missing`;
    }
    const name = offsetName(baseOffset, ".txnindex");
    if (!names.has(name)) return null;
    try {
      const early = segment.transactionIndex.entries.find((entry) => entry.lastOffset < baseOffset);
      return early === undefined ? null : `${name} holds offset ${early.lastOffset}`;
    } catch (error) {
      if (!(error instanceof DiskError) || error.kind !== "io") throw error;
      return error.message;
    }
  }

  *#recoverUnsynced(): Generator<void, void> {
    const segments = this.#segments.from(this.#options.recoveryPoint);
    for (const [index, segment] of segments.entries()) {
      if (index > 0 && this.#isTornOffBefore(segment)) {
        this.#warn(
          `ends at offset ${this.#recoveredEnd}, and segment ${segment.baseOffset} follows: ` +
            `what lay between was lost`,
        );
        this.#deleteSegments(segments.slice(index));
        return;
      }
      const cutBytes = yield* this.#recoverSegment(segment);
      if (cutBytes === 0) continue;
      this.#warn(
        `segment ${segment.baseOffset} is cut off at offset ${this.#recoveredEnd}: ` +
          `${cutBytes} bytes after it are no valid batches`,
      );
      this.#deleteSegments(segments.slice(index + 1));
      return;
    }
  }

  /**
   * Whether records are missing between what was recovered so far and a segment. A power cut can take
   * the end of one segment and spare the next; a follower with such a hole would never ask for what
   * is missing. Where offsets were compacted away holes mean nothing.
   */
  #isTornOffBefore(segment: Segment): boolean {
    return !this.#options.settings.cleanupPolicy.compact && this.#isContiguous &&
      segment.baseOffset > this.#recoveredEnd;
  }

  /**
   * Checks every batch of a segment, cuts it off at the first bad one, and builds its indexes, leader
   * epochs and producers from what is left. Returns how many bytes went.
   */
  *#recoverSegment(segment: Segment): Generator<void, number> {
    this.#debug(`segment ${segment.baseOffset} is checked and its indexes are built anew`);
    const state = this.#scratch;
    const start = this.#options.logStartOffset;
    yield* replayProducers(state, this.#segments, {
      ...this.#replayOptions(start, segment.baseOffset),
      stoppedCleanly: false,
    });
    const sizeBytes = segment.sizeBytes;
    segment.resetIndexes();
    const scan = segment.scan();
    let validBytes = 0;
    let lastOffset = segment.baseOffset - 1;
    let stepAt = 0;
    while (this.#nextSound(segment, scan, lastOffset)) {
      const { batch, position } = scan;
      segment.noteBatch(position, batch.sizeBytes, batch.lastOffset, batch.maxTimestampMs);
      this.#noteEpoch(scan);
      if (batch.magic < 2 || batch.baseOffset !== lastOffset + 1) this.#isContiguous = false;
      if (batch.magic >= 2) this.#replay(segment, scan);
      lastOffset = batch.lastOffset;
      validBytes = scan.nextPosition;
      if (validBytes - stepAt < STEP_BYTES) continue;
      stepAt = validBytes;
      yield;
    }
    segment.recovered(validBytes);
    this.#recoveredEnd = lastOffset + 1;
    state.endOffset = lastOffset + 1;
    state.takeSnapshot();
    this.#checkedSegments++;
    this.#cutBytes += sizeBytes - validBytes;
    return sizeBytes - validBytes;
  }

  /** Moves on to the next batch if it is whole, sound, and after the one before. */
  #nextSound(segment: Segment, scan: SegmentScan, lastOffset: number): boolean {
    try {
      if (!scan.next()) return false;
      if (!scan.batch.crcValid()) {
        this.#warn(
          `batch at byte ${scan.position} of segment ${segment.baseOffset}: wrong checksum`,
        );
        return false;
      }
      return scan.batch.lastOffset > lastOffset && segment.reaches(scan.batch.lastOffset);
    } catch (error) {
      if (!(error instanceof RecordsError)) throw error;
      this.#warn(`segment ${segment.baseOffset}: ${error.message}`);
      return false;
    }
  }

  #noteEpoch({ batch }: SegmentScan): void {
    const epoch = batch.partitionLeaderEpoch;
    if (epoch >= 0 && epoch > this.#epochs.latestEpoch) {
      this.#epochs.assign(epoch, batch.baseOffset);
    }
  }

  #replay(segment: Segment, scan: SegmentScan): void {
    if (scan.batch.isControl && scan.batch.hasProducerId) {
      const state = this.#scratch;
      state.stage(scan.batch, "replication");
      for (const aborted of state.stagedAborts()) segment.transactionIndex.append(aborted);
      state.commit(scan.batch.lastOffset + 1);
    } else {
      replayBatch(this.#scratch, scan, this.#environment.logger);
    }
  }

  #deleteSegments(segments: Segment[]): void {
    if (segments.length === 0) return;
    const bases = segments.map((segment) => segment.baseOffset);
    this.#warn(`segments ${bases.join(", ")} are removed`);
    this.#segments.remove(segments);
    const paths = segments.flatMap((segment) => segment.markDeleted());
    for (const base of bases) {
      const path = this.#snapshots.markDeleted(base);
      if (path !== null) paths.push(path);
    }
    this.#environment.remover.removeLater(paths, this.#options.settings.fileDeleteDelayMs);
  }

  #addToTally(): void {
    const { tally } = this.#options;
    if (tally === undefined || this.#checkedSegments === 0) return;
    tally.logs++;
    tally.segments += this.#checkedSegments;
    if (this.#cutBytes > 0) tally.cutLogs++;
    tally.cutBytes += this.#cutBytes;
  }

  #replayOptions(logStartOffset: number, endOffset: number) {
    return {
      logStartOffset,
      endOffset,
      nowMs: this.#environment.clock.nowMs(),
      producerIdExpirationMs: this.#environment.producerIdExpirationMs(),
      logger: this.#environment.logger,
    };
  }

  #debug(message: string): void {
    this.#environment.logger.debug(`${this.#place.directory}: ${message}`);
  }

  #warn(message: string): void {
    this.#environment.logger.warn(`${this.#place.directory}: ${message}`);
  }
}

function offsetIn(name: string): number {
  return parseOffsetName(name)!.offset;
}

/** The offsets of the files with exactly this ending, ascending. */
function offsetsOf(names: readonly string[], ending: string): number[] {
  const offsets: number[] = [];
  for (const name of names) {
    const parsed = parseOffsetName(name);
    if (parsed !== null && parsed.ending === ending) offsets.push(parsed.offset);
  }
  return offsets.sort((one, other) => one - other);
}
