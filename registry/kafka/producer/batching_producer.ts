import { setImmediate } from "node:timers";
import {
  type Decoded,
  errorCodes,
  produce,
  type ProduceResponse,
  topicNameProblem,
} from "../../../broker/protocol/mod.ts";
import { codecId, type CodecName, RecordsError } from "../../../broker/protocol/records/mod.ts";
import { pause } from "../backoff.ts";
import type { KafkaClient } from "../kafka_client.ts";
import { asKafkaError, KafkaError, throwOnCode } from "../kafka_error.ts";
import { BatchSettlement } from "./batch_settlement.ts";
import type { PartitionQueue } from "./partition_queue.ts";
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
  tooLarge,
  unknownTopic,
} from "./produce_problems.ts";
import { NO_ANSWER, partitionAnswers, produceRequest } from "./produce_request.ts";
import { SendBudget } from "./send_budget.ts";
import { ProducerIdentities } from "./producer_identities.ts";
import { type ProducerIdentity, RecordBatch } from "./record_batch.ts";
import { TopicRecords } from "./topic_records.ts";

/** Topics are named, not given by id, up to this version; a topic made anew keeps its name. */
const PRODUCE_VERSION_MAX = 12;
const LEADER_BACKOFF_MS = 50;
const IDENTITY_BACKOFF_MS = 1000;
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
  readonly #identities: ProducerIdentities;
  readonly #settlement: BatchSettlement;
  readonly #metadataMaxWaitMs: number;
  readonly #deliveryTimeoutMs: number;
  readonly #allowAutoTopicCreation: boolean;

  readonly #topics = new Map<string, TopicRecords>();
  /** Queues with something to send and nothing on its way, in the order of their turn. */
  readonly #ready = new Set<PartitionQueue>();
  readonly #busyBrokers = new Set<number>();
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
    this.#identities = new ProducerIdentities(client, this.#deliveryTimeoutMs);
    this.#settlement = new BatchSettlement({
      client,
      identities: this.#identities,
      budget: this.#budget,
      deliveryTimeoutMs: this.#deliveryTimeoutMs,
    });
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
      this.#settlement.failRecords(topic.takeUnplaced(), null, producerClosed());
      for (const queue of topic.queues()) {
        this.#failQueue(queue, producerClosed());
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
          this.#settlement.failRecords(topic.takeUnplaced(), null, problem);
          break;
        }
      } else if (answer !== undefined) {
        for (const pending of topic.takeUnplaced()) {
          const queue = topic.place(answer, pending);
          if (queue !== null) this.#wake(queue);
          else {this.#settlement.failRecords(
              [pending],
              null,
              noSuchPartition(topic.name, pending, answer),
            );}
        }
        break;
      }
      const late = topic.takeUnplaced(performance.now() - this.#metadataMaxWaitMs);
      this.#settlement.failRecords(
        late,
        null,
        unknownTopic(topic.name, this.#metadataMaxWaitMs, problem),
      );
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
    if (this.#wakeTimer !== null || this.#stop.signal.aborted) return;
    this.#wakeTimer = setTimeout(() => {
      this.#wakeTimer = null;
      this.#drain();
    }, Math.max(1, atMs - performance.now()));
  }

  #drain(): void {
    if (this.#ready.size === 0 || this.#stop.signal.aborted) return;
    const identity = this.#identities.current;
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
        queue.retryAtMs = nowMs + LEADER_BACKOFF_MS;
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
      this.#settlement.failRecords(
        records,
        queue.partition,
        new KafkaError(error.errorCode, error.message),
      );
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
    if (this.#identities.isObtaining) return;
    const problem = await this.#identities.obtain();
    if (problem === null) return this.#drain();
    if (!problem.retriable) {
      for (const queue of this.#ready) this.#failQueue(queue, problem);
      this.#ready.clear();
    }
    this.#drainAt(performance.now() + IDENTITY_BACKOFF_MS);
  }

  #failQueue(queue: PartitionQueue, error: KafkaError): void {
    if (queue.batch !== null) this.#settlement.failBatch(queue, error);
    this.#settlement.failRecords(queue.take(Infinity), queue.partition, error);
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
      for (const queue of request.queues) this.#settlement.onRequestFailed(queue, error);
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
      this.#settlement.onAnswer(queue, told ?? NO_ANSWER);
    }
  }

  /** Fails what has waited too long without being on its way. */
  #expire(): void {
    this.#expiryTimer = null;
    for (const queue of [...this.#ready]) {
      this.#settlement.expire(queue);
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
    this.#identities.drop();
  }
}
