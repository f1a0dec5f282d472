import { incrementSequence } from "../../../broker/protocol/records/mod.ts";
import type { KafkaClient } from "../kafka_client.ts";
import { KafkaError } from "../kafka_error.ts";
import type { PartitionQueue } from "./partition_queue.ts";
import type { PendingRecord } from "./pending_record.ts";
import { tookTooLong } from "./produce_problems.ts";
import type { PartitionAnswer } from "./produce_request.ts";
import { mayBeWritten, STALE_LEADER_CODES, verdictOn } from "./produce_verdict.ts";
import type { ProducerIdentities } from "./producer_identities.ts";
import type { RecordBatch } from "./record_batch.ts";
import { bytesOf, type SendBudget } from "./send_budget.ts";

const RETRY_BACKOFF_MS = 50;
const RETRY_BACKOFF_MAX_MS = 1000;

/** What a settlement works with. */
export interface SettlementOptions {
  readonly client: KafkaClient;
  readonly identities: ProducerIdentities;
  readonly budget: SendBudget;
  readonly deliveryTimeoutMs: number;
}

/**
 * What becomes of a batch after a try: its records stand in the log, or it goes again as it is, or its
 * records go again in other batches, or they fail. A batch whose fate is unknown only ever goes again
 * as it is, under its own sequence numbers, by which the broker knows it.
 */
export class BatchSettlement {
  readonly #client: KafkaClient;
  readonly #identities: ProducerIdentities;
  readonly #budget: SendBudget;
  readonly #deliveryTimeoutMs: number;

  constructor({ client, identities, budget, deliveryTimeoutMs }: SettlementOptions) {
    this.#client = client;
    this.#identities = identities;
    this.#budget = budget;
    this.#deliveryTimeoutMs = deliveryTimeoutMs;
  }

  /** Takes the failure of a whole request for the batch of `queue`. */
  onRequestFailed(queue: PartitionQueue, error: KafkaError): void {
    if (queue.batch === null) return;
    if (error.outcomeUnknown) queue.batch.outcomeUnknown = true;
    if (error.retriable) this.#retry(queue, error);
    else this.failBatch(queue, error);
  }

  /** Fails what waits since before the delivery timeout and is not on its way. */
  expire(queue: PartitionQueue): void {
    const beforeMs = performance.now() - this.#deliveryTimeoutMs;
    const { batch } = queue;
    if (batch !== null && batch.records[0]!.enqueuedAtMs < beforeMs) {
      this.failBatch(queue, tookTooLong(queue, this.#deliveryTimeoutMs));
    }
    const old = queue.takeOlder(beforeMs);
    if (old.length === 0) return;
    this.failRecords(old, queue.partition, tookTooLong(queue, this.#deliveryTimeoutMs));
  }

  /** Takes the answer for the batch of `queue`. */
  onAnswer(queue: PartitionQueue, told: PartitionAnswer): void {
    const batch = queue.batch;
    // The producer was closed in between.
    if (batch === null) return;
    const { errorCode: code } = told;
    const verdict = verdictOn(code);
    if (verdict === "done") return this.#onWritten(queue, batch, told);
    const what = `Cannot produce to partition ${queue.partition} of "${queue.topic}"`;
    const error = new KafkaError(code, told.errorMessage && `${what}: ${told.errorMessage}`);
    if (mayBeWritten(code)) batch.outcomeUnknown = true;
    switch (verdict) {
      case "again":
        return this.#retry(queue, error);
      case "failed":
        return this.failBatch(queue, error);
      case "renew":
        this.#identities.drop(batch.identity);
        return this.#sendAnew(queue, batch, batch.records, error);
      case "split":
        if (batch.records.length === 1) return this.failBatch(queue, error);
        queue.batchBytesMax = Math.max(1, Math.floor(bytesOf(batch.records) / 2));
        return this.#sendAnew(queue, batch, batch.records, error);
      case "refused":
        return this.#onRefused(queue, batch, told, error);
    }
  }

  #onWritten(queue: PartitionQueue, batch: RecordBatch, told: PartitionAnswer): void {
    const { baseOffset, logAppendTimeMs } = told;
    const { records } = batch;
    queue.batch = null;
    queue.tries = 0;
    queue.problem = null;
    queue.nextSequence = incrementSequence(batch.baseSequence, records.length);
    for (let n = 0; n < records.length; n++) {
      const { sink, index, timestampMs } = records[n]!;
      const offset = baseOffset < 0 ? -1 : baseOffset + n;
      const timeMs = logAppendTimeMs < 0 ? timestampMs : logAppendTimeMs;
      sink.onProduced(index, queue.partition, offset, timeMs);
    }
    this.#budget.release(records);
  }

  /** KIP-467 names the records at fault: they fail, the others go again. */
  #onRefused(
    queue: PartitionQueue,
    batch: RecordBatch,
    { recordErrors }: PartitionAnswer,
    error: KafkaError,
  ): void {
    const messages = new Map(
      recordErrors.map((bad) => [bad.batchIndex, bad.batchIndexErrorMessage]),
    );
    const bad = batch.records.filter((_, n) => messages.has(n));
    if (bad.length === 0 || batch.outcomeUnknown) return this.failBatch(queue, error);
    batch.records.forEach((pending, n) => {
      const message = messages.get(n);
      if (message === undefined) return;
      this.failRecords([pending], queue.partition, new KafkaError(error.code, message));
    });
    this.#sendAnew(queue, batch, batch.records.filter((_, n) => !messages.has(n)), error);
  }

  /** Puts records of a batch that was surely not written back, to be encoded again. */
  #sendAnew(
    queue: PartitionQueue,
    batch: RecordBatch,
    records: readonly PendingRecord[],
    error: KafkaError,
  ): void {
    if (batch.outcomeUnknown) return this.failBatch(queue, error);
    queue.batch = null;
    if (this.#isLate(batch.records[0]!)) {
      return this.failRecords(records, queue.partition, error);
    }
    queue.unshift(records);
    if (verdictOn(error.code) === "renew") this.#backOff(queue);
  }

  #retry(queue: PartitionQueue, error: KafkaError): void {
    queue.problem = error;
    if (STALE_LEADER_CODES.has(error.code)) this.#client.forgetTopic(queue.topic);
    if (this.#isLate(queue.batch!.records[0]!)) return this.failBatch(queue, error);
    this.#backOff(queue);
  }

  #backOff(queue: PartitionQueue): void {
    const backoffMs = RETRY_BACKOFF_MS * 2 ** Math.min(queue.tries++, 10);
    queue.retryAtMs = performance.now() + Math.min(backoffMs, RETRY_BACKOFF_MAX_MS);
  }

  #isLate(pending: PendingRecord): boolean {
    return performance.now() - pending.enqueuedAtMs >= this.#deliveryTimeoutMs;
  }

  /** Ends a batch. If it may stand in the log, its sequence numbers can't be used for others. */
  failBatch(queue: PartitionQueue, error: KafkaError): void {
    const batch = queue.batch!;
    queue.batch = null;
    queue.tries = 0;
    if (batch.outcomeUnknown) this.#identities.drop(batch.identity);
    this.failRecords(batch.records, queue.partition, error);
  }

  /** Tells the records that they failed. */
  failRecords(
    records: readonly PendingRecord[],
    partition: number | null,
    error: KafkaError,
  ): void {
    if (records.length === 0) return;
    for (const { sink, index } of records) sink.onFailed(index, partition, error);
    this.#budget.release(records);
  }
}
