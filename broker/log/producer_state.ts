import { errorCodes } from "../protocol/errors.ts";
import {
  type AppendOrigin,
  type BatchCursor,
  decodeControlKey,
  decodeEndTxnMarker,
  RecordCursor,
} from "../protocol/records/mod.ts";
import { type BatchMetadata, followsSequence, ProducerEntry } from "./producer_entry.ts";
import { javaHashOrder } from "./producer_snapshot.ts";
import type { ProducerSnapshots } from "./producer_snapshots.ts";
import { FileFormatError } from "./small_file.ts";
import type { AbortedTransaction } from "./transaction_index.ts";

/** A transaction that has records in the log. */
interface Transaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

/** A transaction that a marker has ended. */
interface CompletedTransaction extends Transaction {
  /** The marker's offset. */
  readonly lastOffset: number;
  readonly aborted: boolean;
}

/** What one append is about to change of one producer. */
interface StagedProducer {
  readonly entry: ProducerEntry;
  epoch: number;
  coordinatorEpoch: number;
  lastTimestampMs: number;
  currentTxnFirstOffset: number;
  /** Of this append, under `epoch`. */
  readonly batches: BatchMetadata[];
  lastSequence: number;
}

/**
 * The idempotent and transactional producers of one partition (KIP-98): which sequence comes next,
 * which batches came already, which transactions are open, and from where on a read_committed
 * reader must wait.
 *
 * An append takes three steps: `stage` each batch, which checks and changes nothing; write; then
 * `commit`, or `discard` when the write failed.
 */
export class ProducerState {
  readonly #snapshots: ProducerSnapshots;
  readonly #producers = new Map<number, ProducerEntry>();
  /** Open transactions by first offset, ascending. */
  readonly #ongoing = new Map<number, Transaction>();
  /** Ended ones whose marker is not below the high watermark yet. */
  #unreplicated: CompletedTransaction[] = [];
  #endOffset = 0;
  #snapshotOffset = 0;

  readonly #staged: StagedProducer[] = [];
  readonly #stagedStarts: Transaction[] = [];
  readonly #stagedEnds: CompletedTransaction[] = [];
  #message = "";

  constructor(snapshots: ProducerSnapshots) {
    this.#snapshots = snapshots;
  }

  get snapshots(): ProducerSnapshots {
    return this.#snapshots;
  }

  /** Up to which offset the log is reflected here. */
  get endOffset(): number {
    return this.#endOffset;
  }
  set endOffset(offset: number) {
    this.#endOffset = offset;
  }

  get producers(): ReadonlyMap<number, ProducerEntry> {
    return this.#producers;
  }

  get isEmpty(): boolean {
    return this.#producers.size === 0 && this.#unreplicated.length === 0;
  }

  /** Why the last `stage` refused its batch. */
  get message(): string {
    return this.#message;
  }

  /**
   * The first offset of the earliest transaction that is open, or whose end is not replicated yet;
   * -1 when there is none. The last stable offset can't pass it.
   */
  get firstUnstableOffset(): number {
    let first = -1;
    for (const offset of this.#ongoing.keys()) {
      first = offset;
      break;
    }
    for (const { firstOffset } of this.#unreplicated) {
      if (first < 0 || firstOffset < first) first = firstOffset;
    }
    return first;
  }

  /** The remembered batch that `batch` repeats, if its producer sent it already. */
  duplicateOf(batch: BatchCursor): BatchMetadata | null {
    const entry = this.#producers.get(batch.producerId);
    if (entry === undefined) return null;
    return entry.find(batch.producerEpoch, batch.baseSequence, batch.lastSequence);
  }

  /**
   * Checks a batch that has a producer id, with its final offsets, and notes what it changes. A
   * client's batches are checked for sequence and epoch, a coordinator's for epoch; what comes from a
   * leader is taken as it is. Returns an error code; then `message` says more and the append must be
   * discarded. Throws a `RecordsError` for a control record that can't be read.
   */
  stage(batch: BatchCursor, origin: AppendOrigin): number {
    const staged = this.#stagedOf(batch.producerId);
    return batch.isControl
      ? this.#stageMarker(staged, batch, origin)
      : this.#stageBatch(staged, batch, origin);
  }

  /** The index entries for the transactions that the staged batches abort, each after the other. */
  stagedAborts(): AbortedTransaction[] {
    const aborts: AbortedTransaction[] = [];
    for (let index = 0; index < this.#stagedEnds.length; index++) {
      const end = this.#stagedEnds[index]!;
      if (!end.aborted) continue;
      const { producerId, firstOffset, lastOffset } = end;
      const lastStableOffset = this.#firstOpenBeside(index) ?? lastOffset + 1;
      aborts.push({ producerId, firstOffset, lastOffset, lastStableOffset });
    }
    return aborts;
  }

  /** Carries out what was staged; the log now ends at `endOffset`. */
  commit(endOffset: number): void {
    this.#endOffset = endOffset;
    if (this.#staged.length === 0) return;
    for (const staged of this.#staged) {
      const { entry } = staged;
      entry.setEpoch(staged.epoch);
      for (const batch of staged.batches) entry.addBatch(batch);
      entry.coordinatorEpoch = staged.coordinatorEpoch;
      entry.lastTimestampMs = staged.lastTimestampMs;
      entry.currentTxnFirstOffset = staged.currentTxnFirstOffset;
      this.#producers.set(entry.producerId, entry);
    }
    for (const start of this.#stagedStarts) this.#ongoing.set(start.firstOffset, start);
    for (const end of this.#stagedEnds) {
      this.#ongoing.delete(end.firstOffset);
      this.#unreplicated.push(end);
    }
    this.discard();
  }

  /** Forgets what was staged. */
  discard(): void {
    this.#staged.length = 0;
    this.#stagedStarts.length = 0;
    this.#stagedEnds.length = 0;
  }

  /** Ended transactions below `offset` no longer hold the last stable offset back. */
  onHighWatermark(offset: number): void {
    if (this.#unreplicated.length === 0) return;
    this.#unreplicated = this.#unreplicated.filter((ended) => ended.lastOffset >= offset);
  }

  onLogStartOffset(offset: number): void {
    this.onHighWatermark(offset);
    if (this.#endOffset < offset) this.#endOffset = offset;
    const { latest } = this.#snapshots;
    this.#snapshotOffset = latest < 0 ? offset : latest;
  }

  /** Drops producers that were silent for `expirationMs`; returns how many. */
  expire(nowMs: number, expirationMs: number): number {
    let count = 0;
    for (const [id, entry] of this.#producers) {
      if (!entry.expired(nowMs, expirationMs)) continue;
      this.#producers.delete(id);
      count++;
    }
    return count;
  }

  /** Writes a snapshot at `endOffset` unless there is one. */
  takeSnapshot(): void {
    if (this.#endOffset <= this.#snapshotOffset) return;
    const entries = javaHashOrder([...this.#producers.keys()])
      .map((id) => this.#producers.get(id)!.toSnapshot());
    this.#snapshots.write(this.#endOffset, entries);
    this.#snapshotOffset = this.#endOffset;
  }

  /**
   * Goes back to the latest sound snapshot in `(logStartOffset, logEndOffset]`; `endOffset` is then
   * its offset, or `logStartOffset` when there is none. Nothing is done when the state ends at
   * `logEndOffset` already. `onDamaged` hears of snapshots that were removed because they are damaged.
   */
  reload(
    logStartOffset: number,
    logEndOffset: number,
    expiry: { readonly nowMs: number; readonly expirationMs: number },
    onDamaged: (error: FileFormatError) => void,
  ): void {
    this.#snapshots.removeOutside(logStartOffset, logEndOffset);
    if (logEndOffset === this.#endOffset) {
      this.onLogStartOffset(logStartOffset);
      return;
    }
    this.#clear();
    for (let offset = this.#snapshots.latest; offset >= 0; offset = this.#snapshots.latest) {
      try {
        this.#restore(offset, expiry.nowMs, expiry.expirationMs);
        return;
      } catch (error) {
        if (!(error instanceof FileFormatError)) throw error;
        onDamaged(error);
        this.#snapshots.remove(offset);
      }
    }
    this.#endOffset = this.#snapshotOffset = logStartOffset;
  }

  /** Forgets everything, snapshots included; the log begins anew at `offset`. */
  startAt(offset: number): void {
    this.#clear();
    for (const snapshot of [...this.#snapshots.offsets]) this.#snapshots.remove(snapshot);
    this.#snapshotOffset = 0;
    this.#endOffset = offset;
  }

  #clear(): void {
    this.discard();
    this.#producers.clear();
    this.#ongoing.clear();
    this.#unreplicated = [];
  }

  #restore(offset: number, nowMs: number, expirationMs: number): void {
    const open: Transaction[] = [];
    for (const saved of this.#snapshots.read(offset)) {
      const entry = ProducerEntry.fromSnapshot(saved);
      if (entry.expired(nowMs, expirationMs)) continue;
      this.#producers.set(entry.producerId, entry);
      const { producerId, currentTxnFirstOffset: firstOffset } = entry;
      if (firstOffset >= 0) open.push({ producerId, firstOffset });
    }
    open.sort((one, other) => one.firstOffset - other.firstOffset);
    for (const transaction of open) this.#ongoing.set(transaction.firstOffset, transaction);
    this.#endOffset = this.#snapshotOffset = offset;
  }

  #stagedOf(producerId: number): StagedProducer {
    for (const staged of this.#staged) {
      if (staged.entry.producerId === producerId) return staged;
    }
    const entry = this.#producers.get(producerId) ?? new ProducerEntry(producerId);
    const staged: StagedProducer = {
      entry,
      epoch: entry.epoch,
      coordinatorEpoch: entry.coordinatorEpoch,
      lastTimestampMs: entry.lastTimestampMs,
      currentTxnFirstOffset: entry.currentTxnFirstOffset,
      batches: [],
      lastSequence: entry.lastSequence,
    };
    this.#staged.push(staged);
    return staged;
  }

  #stageBatch(staged: StagedProducer, batch: BatchCursor, origin: AppendOrigin): number {
    const epoch = batch.producerEpoch;
    const offset = batch.baseOffset;
    const fenced = this.#checkEpoch(staged, epoch, offset, origin);
    if (fenced !== errorCodes.NONE) return fenced;
    if (origin === "client") {
      const disordered = this.#checkSequence(staged, epoch, batch.baseSequence, offset);
      if (disordered !== errorCodes.NONE) return disordered;
    }
    const { isTransactional } = batch;
    if (staged.currentTxnFirstOffset >= 0 && !isTransactional) {
      return this.#refuse(
        errorCodes.INVALID_TXN_STATE,
        `Cannot append batch at offset ${offset}: it is not transactional, and a transaction ` +
          `of producer ${staged.entry.producerId} is open since offset ${staged.currentTxnFirstOffset}`,
      );
    }
    if (isTransactional && staged.currentTxnFirstOffset < 0) {
      staged.currentTxnFirstOffset = offset;
      this.#stagedStarts.push({ producerId: staged.entry.producerId, firstOffset: offset });
    }
    this.#enterEpoch(staged, epoch);
    const timestampMs = batch.maxTimestampMs;
    const { lastSequence, lastOffset } = batch;
    staged.batches.push({
      lastSequence,
      lastOffset,
      offsetDelta: lastOffset - offset,
      timestampMs,
    });
    staged.lastSequence = lastSequence;
    staged.lastTimestampMs = timestampMs;
    return errorCodes.NONE;
  }

  #stageMarker(staged: StagedProducer, batch: BatchCursor, origin: AppendOrigin): number {
    const marker = readMarker(batch);
    // A marker that was compacted away leaves an empty batch; other control records end nothing.
    if (marker === null) return errorCodes.NONE;
    const offset = batch.baseOffset;
    const fenced = this.#checkEpoch(staged, batch.producerEpoch, offset, origin);
    if (fenced !== errorCodes.NONE) return fenced;
    if (staged.coordinatorEpoch > marker.coordinatorEpoch && origin !== "replication") {
      return this.#refuse(
        errorCodes.TRANSACTION_COORDINATOR_FENCED,
        `Cannot append marker of producer ${staged.entry.producerId} at offset ${offset}: ` +
          `coordinator epoch is ${marker.coordinatorEpoch}, known is ${staged.coordinatorEpoch}`,
      );
    }
    if (staged.currentTxnFirstOffset >= 0) {
      this.#stagedEnds.push({
        producerId: staged.entry.producerId,
        firstOffset: staged.currentTxnFirstOffset,
        lastOffset: offset,
        aborted: marker.aborted,
      });
    }
    this.#enterEpoch(staged, batch.producerEpoch);
    staged.coordinatorEpoch = marker.coordinatorEpoch;
    staged.currentTxnFirstOffset = -1;
    staged.lastTimestampMs = marker.timestampMs;
    return errorCodes.NONE;
  }

  #checkEpoch(
    staged: StagedProducer,
    epoch: number,
    offset: number,
    origin: AppendOrigin,
  ): number {
    if (epoch >= staged.epoch || origin === "replication") return errorCodes.NONE;
    return this.#refuse(
      errorCodes.INVALID_PRODUCER_EPOCH,
      `Cannot append batch of producer ${staged.entry.producerId} at offset ${offset}: ` +
        `its epoch is ${epoch}, the last one seen is ${staged.epoch}`,
    );
  }

  #checkSequence(staged: StagedProducer, epoch: number, first: number, offset: number): number {
    const { producerId } = staged.entry;
    if (staged.epoch < 0) {
      // Nothing is known of the producer (all of it may have expired or been deleted): take it.
      return errorCodes.NONE;
    }
    if (epoch !== staged.epoch) {
      if (first === 0) return errorCodes.NONE;
      return this.#refuse(
        errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER,
        `Cannot append batch of producer ${producerId} at offset ${offset}: ` +
          `it begins epoch ${epoch} with sequence ${first}, expected 0`,
      );
    }
    if (followsSequence(staged.lastSequence, first)) return errorCodes.NONE;
    return this.#refuse(
      errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER,
      `Cannot append batch of producer ${producerId} at offset ${offset}: ` +
        `its first sequence is ${first}, the last one is ${staged.lastSequence}`,
    );
  }

  #enterEpoch(staged: StagedProducer, epoch: number): void {
    if (epoch === staged.epoch) return;
    staged.epoch = epoch;
    staged.batches.length = 0;
    staged.lastSequence = -1;
  }

  /**
   * The first offset of the earliest transaction that is open after the staged end `index`, other
   * than those of its own producer; undefined when there is none.
   */
  #firstOpenBeside(index: number): number | undefined {
    const { producerId } = this.#stagedEnds[index]!;
    const isOpen = (transaction: Transaction) => {
      if (transaction.producerId === producerId) return false;
      for (let before = 0; before < index; before++) {
        if (this.#stagedEnds[before]!.firstOffset === transaction.firstOffset) return false;
      }
      return true;
    };
    for (const transaction of this.#ongoing.values()) {
      if (isOpen(transaction)) return transaction.firstOffset;
    }
    return this.#stagedStarts.find(isOpen)?.firstOffset;
  }

  #refuse(errorCode: number, message: string): number {
    this.#message = message;
    return errorCode;
  }
}

const marker = { aborted: false, coordinatorEpoch: 0, timestampMs: 0 };
const markerRecord = new RecordCursor();

/**
 * The end of a transaction that a control batch holds; null when it holds something else. Throws a
 * `RecordsError` when it can't be read.
 */
function readMarker(batch: BatchCursor): typeof marker | null {
  if (batch.recordCount === 0) return null;
  try {
    markerRecord.reset(batch);
    if (!markerRecord.next()) return null;
    const type = decodeControlKey(markerRecord.key);
    if (type !== "abort" && type !== "commit") return null;
    marker.aborted = type === "abort";
    marker.coordinatorEpoch = decodeEndTxnMarker(markerRecord.value).coordinatorEpoch;
    marker.timestampMs = markerRecord.timestampMs;
    return marker;
  } finally {
    markerRecord.clear();
  }
}
