import { setImmediate } from "node:timers";
import {
  type Decoded,
  errorCodes,
  initProducerId,
  make,
  produce,
  type ProduceResponse,
  topicNameProblem,
} from "../../../broker/protocol/mod.ts";
import {
  codecId,
  type CodecName,
  incrementSequence,
  RecordsError,
} from "../../../broker/protocol/records/mod.ts";
import { pause } from "../backoff.ts";
import type { KafkaClient } from "../kafka_client.ts";
import { asKafkaError, KafkaError, throwOnCode } from "../kafka_error.ts";
import { PartitionQueue } from "./partition_queue.ts";
import {
  CollectingSink,
  type OutcomeSink,
  type PendingRecord,
  type ProducedRecord,
  producerClosed,
  type ProducerRecord,
  PromiseSink,
  recordBytesMax,
  type SendOutcome,
} from "./pending_record.ts";
import {
  bufferFull,
  noSuchPartition,
  timestampProblem,
  tookTooLong,
  tooLarge,
  unknownTopic,
} from "./produce_problems.ts";
import {
  NO_ANSWER,
  type PartitionAnswer,
  partitionAnswers,
  produceRequest,
} from "./produce_request.ts";
import { bytesOf, SendBudget } from "./send_budget.ts";
import { mayBeWritten, STALE_LEADER_CODES, verdictOn } from "./produce_verdict.ts";
import { type ProducerIdentity, RecordBatch } from "./record_batch.ts";
import { TopicRecords } from "./topic_records.ts";

/** Topics are named, not given by id, up to this version; a topic made anew keeps its name. */
const PRODUCE_VERSION_MAX = 12;
const TRANSACTION_TIMEOUT_MS = 0x7fffffff;
const RETRY_BACKOFF_MS = 50;
const RETRY_BACKOFF_MAX_MS = 1000;
const EXPIRY_INTERVAL_MS = 500;
/** Topics whose sequence numbers are held; behind them all idle ones are let go. */
const TOPICS_MAX = 5000;

/** How a producer behaves; everything has a default. */
export interface BatchingProducerOptions {
  /** Default: none. */
  readonly compression?: CodecName;
  /** Largest batch for a partition, uncompressed; default 512 KiB. A larger record goes alone. */
  readonly batchBytesMax?: number;
  /** Largest record, and about the largest request: Kafka's max.request.size; default 1 MiB. */
  readonly requestBytesMax?: number;
  /** Records that may wait in all: Kafka's buffer.memory; default 32 MiB. */
  readonly bufferBytesMax?: number;
  /** How long a topic may be unknown before its records fail; default 5 s. */
  readonly metadataMaxWaitMs?: number;
  /** How long a record is tried in all: Kafka's delivery.timeout.ms; default 30 s. */
  readonly deliveryTimeoutMs?: number;
  /** Let the broker create unknown topics, if it is configured so; default true. */
  readonly allowAutoTopicCreation?: boolean;
}

/** What goes out in one request. */
interface Outgoing {
  readonly brokerId: number;
  readonly queues: PartitionQueue[];
  sizeBytes: number;
}

/**
 * Writes records with acks=all, each once and in the order of the calls (KIP-98). Whatever is sent in
 * one turn of the event loop, or while a broker has not answered yet, goes out in one request per
 * broker: under load batches grow by themselves, and alone a record leaves at once.
 *
 * One batch per partition is on its way at a time. That alone makes retries simple: nothing behind a
 * batch has been sent, so it can be sent again, split, or dropped without touching its followers.
 */
export class BatchingProducer {
  readonly #client: KafkaClient;
  readonly #codec: ReturnType<typeof codecId>;
  readonly #batchBytesMax: number;
  readonly #requestBytesMax: number;
  readonly #budget: SendBudget;
  readonly #metadataMaxWaitMs: number;
  readonly #deliveryTimeoutMs: number;
  readonly #allowAutoTopicCreation: boolean;

  readonly #topics = new Map<string, TopicRecords>();
  /** Queues with something to send and nothing on its way, in the order of their turn. */
  readonly #ready = new Set<PartitionQueue>();
  readonly #busyBrokers = new Set<number>();
  #identity: ProducerIdentity | null = null;
  #isIdentifying = false;
  #isDrainDue = false;
  #wakeTimer: ReturnType<typeof setTimeout> | null = null;
  #expiryTimer: ReturnType<typeof setTimeout> | null = null;
  #isClosed = false;
  readonly #stop = new AbortController();

  constructor(client: KafkaClient, options: BatchingProducerOptions = {}) {
    this.#client = client;
    this.#codec = codecId(options.compression ?? "none");
    this.#requestBytesMax = options.requestBytesMax ?? 1024 * 1024;
    this.#batchBytesMax = Math.min(options.batchBytesMax ?? 512 * 1024, this.#requestBytesMax);
    this.#budget = new SendBudget(options.bufferBytesMax ?? 32 * 1024 * 1024);
    this.#metadataMaxWaitMs = options.metadataMaxWaitMs ?? 5000;
    this.#deliveryTimeoutMs = options.deliveryTimeoutMs ?? 30_000;
    this.#allowAutoTopicCreation = options.allowAutoTopicCreation ?? true;
  }

  /** Bytes of the records that are not answered yet. */
  get bufferedBytes(): number {
    return this.#budget.bytes;
  }

  /**
   * Writes a record and resolves when all in-sync replicas have it. Rejects with
   * {@linkcode KafkaError}: UNKNOWN_TOPIC_OR_PARTITION after `metadataMaxWaitMs`, MESSAGE_TOO_LARGE,
   * what the broker says; REQUEST_TIMED_OUT after `deliveryTimeoutMs`, or at once when
   * `bufferBytesMax` are waiting already ({@linkcode ready} tells callers in time).
   */
  send(topic: string, record: ProducerRecord): Promise<ProducedRecord> {
    const sink = new PromiseSink();
    this.#accept(topic, record, sink, 0, performance.now());
    return sink.promise;
  }

  /** Writes several records of a topic; resolves to what became of each, in their order. */
  sendAll(topic: string, records: readonly ProducerRecord[]): Promise<SendOutcome[]> {
    const sink = new CollectingSink(records.length);
    const nowMs = performance.now();
    for (let index = 0; index < records.length; index++) {
      this.#accept(topic, records[index]!, sink, index, nowMs);
    }
    return sink.promise;
  }

  /**
   * Resolves when there is room for more: less than half of `bufferBytesMax` waits. Who sends without
   * waiting for the answers asks this before each record.
   */
  ready(): Promise<void> {
    return this.#budget.room();
  }

  /** Whether {@linkcode ready} would wait. */
  get isBackedUp(): boolean {
    return this.#budget.isBackedUp;
  }

  /** Resolves when every record is answered. */
  flush(): Promise<void> {
    return this.#budget.end();
  }

  /** Takes no more records and waits for the answers, `timeoutMs` at most; what is left then fails. */
  async close(timeoutMs: number = this.#deliveryTimeoutMs): Promise<void> {
    this.#isClosed = true;
    const end = new AbortController();
    await Promise.race([this.flush(), pause(timeoutMs, end.signal)]);
    end.abort();
    this.#stop.abort();
    if (this.#wakeTimer !== null) clearTimeout(this.#wakeTimer);
    if (this.#expiryTimer !== null) clearTimeout(this.#expiryTimer);
    for (const topic of this.#topics.values()) {
      this.#failRecords(topic.takeUnplaced(), null, producerClosed());
      for (const queue of topic.queues()) {
        if (queue.batch !== null) this.#failBatch(queue, producerClosed());
        this.#failRecords(queue.take(Infinity), queue.partition, producerClosed());
      }
    }
    this.#topics.clear();
    this.#ready.clear();
  }

  #accept(
    name: string,
    record: ProducerRecord,
    sink: OutcomeSink,
    index: number,
    nowMs: number,
  ): void {
    const sizeBytes = recordBytesMax(record);
    const problem = this.#refusal(name, record, sizeBytes);
    if (problem !== null) return sink.onFailed(index, record.partition ?? null, problem);
    let topic = this.#topics.get(name);
    if (topic === undefined) {
      if (topicNameProblem(name) !== null) {
        return sink.onFailed(index, null, new KafkaError(errorCodes.INVALID_TOPIC_EXCEPTION));
      }
      if (this.#topics.size >= TOPICS_MAX) this.#dropIdleTopics();
      this.#topics.set(name, topic = new TopicRecords(name));
    }
    this.#budget.take(sizeBytes);
    this.#expiryTimer ??= setTimeout(() => this.#expire(), EXPIRY_INTERVAL_MS);
    const pending: PendingRecord = {
      record,
      timestampMs: record.timestampMs ?? Date.now(),
      sizeBytes,
      enqueuedAtMs: nowMs,
      sink,
      index,
    };
    // What waits for the topic goes first.
    const info = topic.hasUnplaced ? null : this.#client.cachedTopic(name);
    const queue = info === null ? null : topic.place(info, pending);
    if (queue !== null) this.#wake(queue);
    else {
      topic.pushUnplaced(pending);
      if (!topic.isResolving) void this.#resolveTopic(topic);
    }
  }

  #refusal(name: string, record: ProducerRecord, sizeBytes: number): KafkaError | null {
    if (this.#isClosed) return producerClosed();
    if (sizeBytes > this.#requestBytesMax) return tooLarge(name, sizeBytes, this.#requestBytesMax);
    if (!this.#budget.fits(sizeBytes)) {
      return bufferFull(name, this.#budget.bytes, this.#budget.bytesMax);
    }
    return timestampProblem(name, record);
  }

  /** Waits until the topic is known, then places what waits for it. */
  async #resolveTopic(topic: TopicRecords): Promise<void> {
    topic.isResolving = true;
    const { signal } = this.#stop;
    let problem: KafkaError | null = null;
    for (
      let delayMs = 20;
      topic.hasUnplaced && !signal.aborted;
      delayMs = Math.min(250, 2 * delayMs)
    ) {
      const looked = this.#lookUp(topic.name);
      const answer = await Promise.race([
        looked,
        pause(topic.oldestUnplacedMs + this.#metadataMaxWaitMs - performance.now(), signal),
      ]);
      if (answer instanceof KafkaError) {
        problem = answer;
        if (!problem.retriable) {
          this.#failRecords(topic.takeUnplaced(), null, problem);
          break;
        }
      } else if (answer !== undefined) {
        for (const pending of topic.takeUnplaced()) {
          const queue = topic.place(answer, pending);
          if (queue !== null) this.#wake(queue);
          else this.#failRecords([pending], null, noSuchPartition(topic.name, pending, answer));
        }
        break;
      }
      const late = topic.takeUnplaced(performance.now() - this.#metadataMaxWaitMs);
      this.#failRecords(late, null, unknownTopic(topic.name, this.#metadataMaxWaitMs, problem));
      if (topic.hasUnplaced) await pause(delayMs, signal);
    }
    topic.isResolving = false;
  }

  async #lookUp(name: string) {
    try {
      const { topics } = await this.#client.metadata([name], {
        maxAgeMs: 0,
        allowAutoTopicCreation: this.#allowAutoTopicCreation,
      });
      const topic = topics.get(name);
      throwOnCode(topic?.errorCode ?? errorCodes.UNKNOWN_TOPIC_OR_PARTITION, `Topic "${name}"`);
      return topic!;
    } catch (error) {
      return asKafkaError(error);
    }
  }

  #wake(queue: PartitionQueue): void {
    if (queue.isInFlight) return;
    this.#ready.add(queue);
    this.#drainSoon();
  }

  /** Behind everything that this turn of the event loop brings. */
  #drainSoon(): void {
    if (this.#isDrainDue) return;
    this.#isDrainDue = true;
    setImmediate(() => {
      this.#isDrainDue = false;
      this.#drain();
    });
  }

  #drainAt(atMs: number): void {
    if (this.#wakeTimer !== null) return;
    this.#wakeTimer = setTimeout(() => {
      this.#wakeTimer = null;
      this.#drain();
    }, Math.max(1, atMs - performance.now()));
  }

  #drain(): void {
    if (this.#ready.size === 0 || this.#stop.signal.aborted) return;
    const identity = this.#identity;
    if (identity === null) return void this.#identify();
    const nowMs = performance.now();
    const outgoing = new Map<number, Outgoing>();
    for (const queue of this.#ready) {
      if (queue.retryAtMs > nowMs) {
        this.#drainAt(queue.retryAtMs);
        continue;
      }
      const leader = this.#leaderOf(queue);
      if (leader < 0) {
        queue.retryAtMs = nowMs + RETRY_BACKOFF_MS;
        this.#drainAt(queue.retryAtMs);
        continue;
      }
      if (!this.#busyBrokers.has(leader)) this.#addTo(outgoing, leader, queue, identity);
    }
    for (const request of outgoing.values()) void this.#produce(request);
  }

  #addTo(
    outgoing: Map<number, Outgoing>,
    leader: number,
    queue: PartitionQueue,
    identity: ProducerIdentity,
  ): void {
    let request = outgoing.get(leader);
    const isFull = request !== undefined &&
      request.sizeBytes + Math.min(queue.batchBytesMax, this.#batchBytesMax) / 2 >
        this.#requestBytesMax;
    if (isFull) return;
    if (queue.batch === null && !this.#encode(queue, identity)) return;
    this.#ready.delete(queue);
    queue.isInFlight = true;
    if (request === undefined) {
      outgoing.set(leader, request = { brokerId: leader, queues: [], sizeBytes: 0 });
    }
    request.queues.push(queue);
    request.sizeBytes += queue.batch!.bytes.length;
  }

  #encode(queue: PartitionQueue, identity: ProducerIdentity): boolean {
    if (queue.identity !== identity) {
      queue.identity = identity;
      queue.nextSequence = 0;
    }
    const records = queue.take(Math.min(queue.batchBytesMax, this.#batchBytesMax));
    if (records.length === 0) {
      this.#ready.delete(queue);
      return false;
    }
    try {
      queue.batch = new RecordBatch(records, identity, queue.nextSequence, this.#codec);
      return true;
    } catch (error) {
      if (!(error instanceof RecordsError)) throw error;
      this.#failRecords(records, queue.partition, new KafkaError(error.errorCode, error.message));
      return false;
    }
  }

  /** -1 when it isn't known; the topic is then asked for. */
  #leaderOf(queue: PartitionQueue): number {
    const info = this.#client.cachedTopic(queue.topic);
    const leader = info?.partitions[queue.partition]?.leader ?? -1;
    if (leader < 0) {
      this.#lookUp(queue.topic).then(() => this.#drainSoon());
    }
    return leader;
  }

  async #identify(): Promise<void> {
    if (this.#isIdentifying) return;
    this.#isIdentifying = true;
    try {
      const answer = await this.#client.call(
        initProducerId,
        make(initProducerId.request, {
          transactionalId: null,
          transactionTimeoutMs: TRANSACTION_TIMEOUT_MS,
        }),
        { timeoutMs: this.#deliveryTimeoutMs },
      );
      throwOnCode(answer.errorCode, "Cannot get a producer id");
      const { producerId, producerEpoch } = answer;
      this.#identity = { producerId, producerEpoch };
    } catch (thrown) {
      const error = asKafkaError(thrown);
      if (!error.retriable) {
        for (const queue of [...this.#ready]) {
          if (queue.batch !== null) this.#failBatch(queue, error);
          this.#failRecords(queue.take(Infinity), queue.partition, error);
          this.#ready.delete(queue);
        }
      }
    } finally {
      this.#isIdentifying = false;
      if (this.#identity === null) this.#drainAt(performance.now() + RETRY_BACKOFF_MAX_MS);
      else this.#drain();
    }
  }

  async #produce(request: Outgoing): Promise<void> {
    this.#busyBrokers.add(request.brokerId);
    try {
      const answer = await this.#client.call(
        produce,
        produceRequest(request.queues, this.#client.requestTimeoutMs),
        {
          to: { broker: request.brokerId },
          versionMax: PRODUCE_VERSION_MAX,
          // The broker answers when the replicas have it: nothing else shall wait for that.
          parks: true,
          retry: false,
        },
      );
      this.#onAnswer(request, answer);
    } catch (thrown) {
      const error = asKafkaError(thrown);
      for (const queue of request.queues) {
        if (queue.batch === null) continue;
        if (error.outcomeUnknown) queue.batch.outcomeUnknown = true;
        if (error.retriable) this.#retry(queue, error);
        else this.#failBatch(queue, error);
      }
    }
    this.#busyBrokers.delete(request.brokerId);
    for (const queue of request.queues) {
      queue.isInFlight = false;
      if (!queue.isIdle) this.#ready.add(queue);
    }
    if (this.#ready.size > 0) this.#drainSoon();
  }

  #onAnswer({ queues }: Outgoing, answer: Decoded<ProduceResponse>): void {
    const partitions = partitionAnswers(answer);
    for (const queue of queues) {
      const told = partitions.get(queue.topic)?.get(queue.partition);
      this.#onPartition(queue, told ?? NO_ANSWER);
    }
  }

  #onPartition(queue: PartitionQueue, told: PartitionAnswer): void {
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
        return this.#failBatch(queue, error);
      case "renew":
        this.#dropIdentity(batch.identity);
        return this.#sendAnew(queue, batch, batch.records, error);
      case "split":
        if (batch.records.length === 1) return this.#failBatch(queue, error);
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
    if (bad.length === 0 || batch.outcomeUnknown) return this.#failBatch(queue, error);
    batch.records.forEach((pending, n) => {
      const message = messages.get(n);
      if (message === undefined) return;
      this.#failRecords([pending], queue.partition, new KafkaError(error.code, message));
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
    if (batch.outcomeUnknown) return this.#failBatch(queue, error);
    const isLate = this.#isLate(batch.records[0]!);
    if (isLate) return this.#failBatch(queue, error);
    queue.batch = null;
    queue.unshift(records);
    if (verdictOn(error.code) === "renew") this.#backOff(queue);
  }

  #retry(queue: PartitionQueue, error: KafkaError): void {
    if (STALE_LEADER_CODES.has(error.code)) this.#client.forgetTopic(queue.topic);
    if (this.#isLate(queue.batch!.records[0]!)) return this.#failBatch(queue, error);
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
  #failBatch(queue: PartitionQueue, error: KafkaError): void {
    const batch = queue.batch!;
    queue.batch = null;
    queue.tries = 0;
    if (batch.outcomeUnknown) this.#dropIdentity(batch.identity);
    this.#failRecords(batch.records, queue.partition, error);
  }

  #failRecords(
    records: readonly PendingRecord[],
    partition: number | null,
    error: KafkaError,
  ): void {
    if (records.length === 0) return;
    for (const { sink, index } of records) sink.onFailed(index, partition, error);
    this.#budget.release(records);
  }

  #dropIdentity(identity: ProducerIdentity): void {
    if (this.#identity === identity) this.#identity = null;
  }

  /** Fails what has waited too long without being on its way. */
  #expire(): void {
    this.#expiryTimer = null;
    const beforeMs = performance.now() - this.#deliveryTimeoutMs;
    for (const queue of [...this.#ready]) {
      const { batch } = queue;
      if (batch !== null && batch.records[0]!.enqueuedAtMs < beforeMs) {
        this.#failBatch(queue, tookTooLong(queue, this.#deliveryTimeoutMs));
      }
      const old = queue.takeOlder(beforeMs);
      this.#failRecords(old, queue.partition, tookTooLong(queue, this.#deliveryTimeoutMs));
      if (queue.isIdle) this.#ready.delete(queue);
    }
    if (!this.#budget.isIdle) {
      this.#expiryTimer = setTimeout(() => this.#expire(), EXPIRY_INTERVAL_MS);
    }
  }

  /** Their sequence numbers go with them, so that they'd come back under a new producer id. */
  #dropIdleTopics(): void {
    for (const [name, topic] of this.#topics) {
      if (topic.isIdle) this.#topics.delete(name);
    }
    this.#identity = null;
  }
}
