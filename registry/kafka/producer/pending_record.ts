import { errorCodes } from "../../../broker/protocol/errors.ts";
import type { RecordHeader } from "../../../broker/protocol/records/mod.ts";
import { KafkaError } from "../kafka_error.ts";

/** A record to be produced. Its bytes must stay as they are until it is answered. */
export interface ProducerRecord {
  /** Null or left out: chosen by the key, or in turn where there is none. */
  readonly partition?: number | null;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers?: readonly RecordHeader[];
  /** Milliseconds since 1970; null or left out: now. */
  readonly timestampMs?: number | null;
}

/** Where a record stands. */
export interface ProducedRecord {
  readonly partition: number;
  /** -1 when the broker recognised a record that it has already, and no longer knows where. */
  readonly offset: number;
  /** The producer's, or the log's where the topic takes append times. */
  readonly timestampMs: number;
}

/** What became of one record of several: it stands somewhere, or there is an error. */
export type SendOutcome =
  | ProducedRecord & { readonly error: null }
  | {
    readonly partition: number | null;
    readonly offset: null;
    readonly timestampMs: null;
    readonly error: KafkaError;
  };

/** Who hears what became of a record; `index` is that of the record in its call. */
export interface OutcomeSink {
  onProduced(index: number, partition: number, offset: number, timestampMs: number): void;
  onFailed(index: number, partition: number | null, error: KafkaError): void;
}

/** A record that was taken and is not answered yet. */
export interface PendingRecord {
  readonly record: ProducerRecord;
  readonly timestampMs: number;
  /** What it takes in a batch, at most. */
  readonly sizeBytes: number;
  readonly enqueuedAtMs: number;
  readonly sink: OutcomeSink;
  readonly index: number;
}

const NO_HEADERS: readonly RecordHeader[] = [];
/** Lengths, offset, time and attributes of a record at their longest. */
const RECORD_OVERHEAD_BYTES = 31;
const HEADER_OVERHEAD_BYTES = 10;

/** The headers of a record, none when they are left out. */
export function headersOf(record: ProducerRecord): readonly RecordHeader[] {
  return record.headers ?? NO_HEADERS;
}

/** The most bytes that a record takes in a batch. */
export function recordBytesMax(record: ProducerRecord): number {
  let sizeBytes = RECORD_OVERHEAD_BYTES + (record.key?.length ?? 0) + (record.value?.length ?? 0);
  if (record.headers !== undefined) {
    for (const { key, value } of record.headers) {
      // A letter of UTF-16 takes up to three bytes.
      sizeBytes += HEADER_OVERHEAD_BYTES + 3 * key.length + (value?.length ?? 0);
    }
  }
  return sizeBytes;
}

/** Resolves or rejects the promise of one record. */
export class PromiseSink implements OutcomeSink {
  readonly promise: Promise<ProducedRecord>;
  #resolve!: (produced: ProducedRecord) => void;
  #reject!: (error: KafkaError) => void;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  onProduced(_index: number, partition: number, offset: number, timestampMs: number): void {
    this.#resolve({ partition, offset, timestampMs });
  }

  onFailed(_index: number, _partition: number | null, error: KafkaError): void {
    this.#reject(error);
  }
}

/** Collects the outcomes of the records of one call, in their order. */
export class CollectingSink implements OutcomeSink {
  readonly promise: Promise<SendOutcome[]>;
  #resolve!: (outcomes: SendOutcome[]) => void;
  readonly #outcomes: SendOutcome[];
  #left: number;

  constructor(count: number) {
    this.#outcomes = new Array<SendOutcome>(count);
    this.#left = count;
    this.promise = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    if (count === 0) this.#resolve([]);
  }

  onProduced(index: number, partition: number, offset: number, timestampMs: number): void {
    this.#take(index, { partition, offset, timestampMs, error: null });
  }

  onFailed(index: number, partition: number | null, error: KafkaError): void {
    this.#take(index, { partition, offset: null, timestampMs: null, error });
  }

  #take(index: number, outcome: SendOutcome): void {
    this.#outcomes[index] = outcome;
    if (--this.#left === 0) this.#resolve(this.#outcomes);
  }
}

/** What every send gets after the producer was closed. */
export function producerClosed(): KafkaError {
  return new KafkaError(errorCodes.NETWORK_EXCEPTION, "The producer is closed", {
    retriable: false,
  });
}
