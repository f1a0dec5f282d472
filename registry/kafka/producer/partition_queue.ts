import type { KafkaError } from "../kafka_error.ts";
import type { PendingRecord } from "./pending_record.ts";
import type { ProducerIdentity, RecordBatch } from "./record_batch.ts";

/**
 * The records that wait for one partition, in order, and the batch that is on its way: one at a time,
 * so that whatever becomes of it, nothing behind it has to be taken back.
 */
export class PartitionQueue {
  readonly topic: string;
  readonly partition: number;
  /** On its way to the broker, or waiting to be tried again. */
  batch: RecordBatch | null = null;
  isInFlight = false;
  /** Tries in a row that failed, and what the last one ended with. */
  tries = 0;
  problem: KafkaError | null = null;
  /** Nothing is sent before. */
  retryAtMs = 0;
  /** Whose sequence {@linkcode nextSequence} is. */
  identity: ProducerIdentity | null = null;
  nextSequence = 0;
  /** Batches hold no more than this: set when the broker found one too large. */
  batchBytesMax = Infinity;

  #records: PendingRecord[] = [];
  #head = 0;

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
  }

  /** Nothing waits and nothing is on its way. */
  get isIdle(): boolean {
    return this.batch === null && this.#head === this.#records.length;
  }

  push(record: PendingRecord): void {
    this.#records.push(record);
  }

  /** Puts records in front of all that wait, in their order. */
  unshift(records: readonly PendingRecord[]): void {
    this.#records = [...records, ...this.#records.slice(this.#head)];
    this.#head = 0;
  }

  /** Takes the first records, at least one and beyond that at most `bytesMax` bytes. */
  take(bytesMax: number): PendingRecord[] {
    let bytes = 0;
    let end = this.#head;
    while (end < this.#records.length) {
      bytes += this.#records[end]!.sizeBytes;
      if (bytes > bytesMax && end > this.#head) break;
      end++;
    }
    if (this.#head === 0 && end === this.#records.length) {
      const all = this.#records;
      this.#records = [];
      return all;
    }
    const taken = this.#records.slice(this.#head, end);
    this.#head = end;
    if (end === this.#records.length) {
      this.#records = [];
      this.#head = 0;
    } else if (this.#head > 4096) {
      this.#records = this.#records.slice(this.#head);
      this.#head = 0;
    }
    return taken;
  }

  /** Takes the records that have waited since before `beforeMs`; they are the first ones. */
  takeOlder(beforeMs: number): PendingRecord[] {
    let end = this.#head;
    while (end < this.#records.length && this.#records[end]!.enqueuedAtMs < beforeMs) end++;
    const old = this.#records.slice(this.#head, end);
    this.#records = this.#records.slice(end);
    this.#head = 0;
    return old;
  }
}
