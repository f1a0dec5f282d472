import type { ProducerSnapshotEntry } from "./producer_snapshot.ts";

/** Batches of a producer that are remembered, to know them when they come again (KIP-98). */
const BATCHES_KEPT = 5;
const SEQUENCE_MAX = 0x7fffffff;

/** What is remembered of one batch. */
export interface BatchMetadata {
  lastSequence: number;
  lastOffset: number;
  /** Last offset minus first offset. */
  offsetDelta: number;
  /** Its largest timestamp. */
  timestampMs: number;
}

/** The sequence of the first record of a batch; sequences wrap from 2^31 - 1 to 0. */
export function firstSequence(batch: BatchMetadata): number {
  const first = batch.lastSequence - batch.offsetDelta;
  return first < 0 ? first + SEQUENCE_MAX + 1 : first;
}

/** Whether `next` may follow `last`. */
export function followsSequence(last: number, next: number): boolean {
  return next === last + 1 || (next === 0 && last === SEQUENCE_MAX);
}

/** The state of one producer on one partition. Offsets, epochs, sequences are -1 when there is none. */
export class ProducerEntry {
  readonly producerId: number;
  epoch = -1;
  coordinatorEpoch = -1;
  lastTimestampMs = -1;
  currentTxnFirstOffset = -1;
  /** At most five, the oldest first. */
  readonly batches: BatchMetadata[] = [];

  constructor(producerId: number) {
    this.producerId = producerId;
  }

  static fromSnapshot(from: ProducerSnapshotEntry): ProducerEntry {
    const entry = new ProducerEntry(from.producerId);
    entry.epoch = from.epoch;
    entry.coordinatorEpoch = from.coordinatorEpoch;
    entry.lastTimestampMs = from.timestampMs;
    entry.currentTxnFirstOffset = from.currentTxnFirstOffset;
    if (from.lastOffset >= 0) {
      const { lastSequence, lastOffset, offsetDelta, timestampMs } = from;
      entry.batches.push({ lastSequence, lastOffset, offsetDelta, timestampMs });
    }
    return entry;
  }

  toSnapshot(): ProducerSnapshotEntry {
    const last = this.batches.at(-1);
    return {
      producerId: this.producerId,
      epoch: this.epoch,
      lastSequence: last?.lastSequence ?? -1,
      lastOffset: last?.lastOffset ?? -1,
      offsetDelta: last?.offsetDelta ?? 0,
      timestampMs: this.lastTimestampMs,
      coordinatorEpoch: this.coordinatorEpoch,
      currentTxnFirstOffset: this.currentTxnFirstOffset,
    };
  }

  get lastSequence(): number {
    return this.batches.length === 0 ? -1 : this.batches[this.batches.length - 1]!.lastSequence;
  }

  /** A remembered batch with exactly these sequences. */
  find(epoch: number, baseSequence: number, lastSequence: number): BatchMetadata | null {
    if (epoch !== this.epoch) return null;
    for (const batch of this.batches) {
      if (batch.lastSequence === lastSequence && firstSequence(batch) === baseSequence) {
        return batch;
      }
    }
    return null;
  }

  setEpoch(epoch: number): void {
    if (epoch === this.epoch) return;
    this.epoch = epoch;
    this.batches.length = 0;
  }

  addBatch(batch: BatchMetadata): void {
    if (this.batches.length === BATCHES_KEPT) this.batches.shift();
    this.batches.push(batch);
  }

  /** Whether the producer was silent for `expirationMs` and has no transaction open. */
  expired(nowMs: number, expirationMs: number): boolean {
    return this.currentTxnFirstOffset < 0 && nowMs - this.lastTimestampMs >= expirationMs;
  }
}
