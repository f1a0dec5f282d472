/**
 * The topic that the registry's state is: one partition, compacted. A driver: it makes the topic, follows it from
 * its first record for ever, appends, and tells what became of a record once it is read back. What records mean is
 * not its matter.
 */
import {
  createTopics,
  describeConfigs,
  errorCodes as kafkaCodes,
  make,
} from "../../broker/protocol/mod.ts";
import {
  BatchingProducer,
  type FetchedRecord,
  type KafkaClient,
  KafkaError,
  listOffsets,
  PartitionTail,
  RecordReader,
} from "../kafka/mod.ts";
import type { ServiceLogger } from "../http/mod.ts";
import { errorCodes, RegistryError, type RegistryRecord, type ReplayOutcome } from "./store/mod.ts";

/** What the topic is and who reads it. */
export interface SchemasTopicOptions {
  readonly client: KafkaClient;
  readonly topic: string;
  /** As many brokers as there are, when there are fewer. */
  readonly replicationFactor: number;
  /** How long an append may take until it is read back, in milliseconds. */
  readonly timeoutMs: number;
  readonly logger: ServiceLogger;
  /** Applies a record; must not throw. */
  replay(record: FetchedRecord): ReplayOutcome;
  /** The topic can't be followed any more. */
  onFatal(error: Error): void;
}

const TOPIC_RESOURCE = 2;
const PROGRESS_MS = 1000;
/** What one stretch of the topic holds while it is loaded. */
const FETCH_BYTES = 4 * 1024 * 1024;

/** The header of a record's condition. */
const CONDITION_HEADER = "condition";
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The condition under which a record counts; null: it counts. */
export function conditionOf({ headers }: Pick<FetchedRecord, "headers">): string | null {
  const value = headers.find(({ key }) => key === CONDITION_HEADER)?.value ?? null;
  return value === null ? null : decoder.decode(value);
}

interface Waiter {
  readonly position: number;
  readonly promise: Promise<void>;
  resolve(): void;
}

/** The registry's topic; see above. */
export class SchemasTopic {
  readonly #options: SchemasTopicOptions;
  readonly #producer: BatchingProducer;
  readonly #tail: PartitionTail;
  /** Appends that are not read back yet. */
  #appendCount = 0;
  /**
   * What was refused while appends run, by offset: a record may be read back before the answer to its append tells
   * which one it is.
   */
  readonly #refused = new Map<number, ReplayOutcome>();
  readonly #waiters = new Set<Waiter>();
  #following: Promise<void> = Promise.resolve();
  #recordCount = 0;

  private constructor(options: SchemasTopicOptions) {
    this.#options = options;
    this.#producer = new BatchingProducer(options.client, {
      deliveryTimeoutMs: options.timeoutMs,
      metadataMaxWaitMs: options.timeoutMs,
      allowAutoTopicCreation: false,
    });
    this.#tail = new PartitionTail(
      options.client,
      new RecordReader(options.client),
      options.topic,
      0,
      {
        offset: 0,
        maxBytes: FETCH_BYTES,
        onProblem: (error) => options.logger.warn(`Reading ${options.topic}: ${error.message}`),
      },
    );
  }

  /**
   * Makes the topic if it is missing and reads all that it holds. Rejects with KafkaError, or an Error that says
   * what is wrong with the topic.
   */
  static async open(options: SchemasTopicOptions): Promise<SchemasTopic> {
    const { client, topic, logger } = options;
    await makeTopic(options);
    await checkTopic(options);
    const self = new SchemasTopic(options);
    const [end] = await listOffsets(client, [{ topic, partition: 0, at: "latest" }]);
    if (end!.error !== null) throw end!.error;
    self.#following = self.#follow();
    const started = performance.now();
    const progress = setInterval(() => {
      logger.info(`Reading ${topic}: ${self.#tail.position} of ${end!.offset} records`);
    }, PROGRESS_MS);
    try {
      const loaded = self.#tail.position >= end!.offset
        ? Promise.resolve()
        : self.#waiterFor(end!.offset).promise;
      await Promise.race([loaded, self.#following.then(ended)]);
    } finally {
      clearInterval(progress);
    }
    const ms = Math.round(performance.now() - started);
    logger.info(`Read ${self.#recordCount} records of ${topic} in ${ms} ms`);
    return self;
  }

  /**
   * Appends records and resolves when they are read back, to what became of each, in order. Rejects with
   * RegistryError: 42209 for one too large, 50002 when it takes too long, 50001 for everything else.
   */
  async append(records: readonly RegistryRecord[]): Promise<ReplayOutcome[]> {
    const { topic, timeoutMs } = this.#options;
    const deadlineMs = performance.now() + timeoutMs;
    this.#appendCount += 1;
    try {
      const sent = await this.#producer.sendAll(
        topic,
        records.map(({ key, value, condition }) => ({
          ...{ key, value, partition: 0 },
          headers: condition === undefined
            ? []
            : [{ key: CONDITION_HEADER, value: encoder.encode(condition) }],
        })),
      );
      const offsets = sent.map(({ offset, error }) => {
        if (error !== null) throw refusal(error, topic);
        return offset!;
      });
      if (!await this.isRead(Math.max(...offsets) + 1, deadlineMs - performance.now())) {
        const message = `What was written to ${topic} is not read back in ${timeoutMs} ms`;
        throw new RegistryError(errorCodes.STORE_TIMEOUT, message);
      }
      return offsets.map((offset) => this.#refused.get(offset) ?? { kind: "applied" });
    } finally {
      this.#appendCount -= 1;
      if (this.#appendCount === 0) this.#refused.clear();
    }
  }

  /** Where it reads on: all before has been replayed. */
  get position(): number {
    return this.#tail.position;
  }

  /** Whether all before a position is replayed, waiting for it for a while, in milliseconds. */
  async isRead(position: number, waitMs: number): Promise<boolean> {
    if (this.#tail.position >= position) return true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => timer = setTimeout(resolve, Math.max(0, waitMs)));
    const waiter = this.#waiterFor(position);
    await Promise.race([waiter.promise, late]);
    clearTimeout(timer);
    this.#waiters.delete(waiter);
    return this.#tail.position >= position;
  }

  /** Stops to follow the topic. */
  async close(): Promise<void> {
    this.#tail.close();
    await this.#producer.close();
    await this.#following;
  }

  async #follow(): Promise<void> {
    try {
      for await (const { records } of this.#tail) {
        for (const record of records) this.#take(record);
        this.#recordCount += records.length;
        this.#wakeUp();
      }
    } catch (error) {
      this.#options.onFatal(error as Error);
    }
  }

  #take(record: FetchedRecord): void {
    const outcome = this.#options.replay(record);
    if (this.#appendCount > 0 && outcome.kind !== "applied") {
      this.#refused.set(record.offset, outcome);
    }
  }

  #waiterFor(position: number): Waiter {
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiter = { position, promise, resolve };
    this.#waiters.add(waiter);
    return waiter;
  }

  #wakeUp(): void {
    const { position } = this.#tail;
    for (const waiter of this.#waiters) {
      if (waiter.position > position) continue;
      this.#waiters.delete(waiter);
      waiter.resolve();
    }
  }
}

function ended(): never {
  throw new Error("The topic is followed no more");
}

function refusal(error: KafkaError, topic: string): RegistryError {
  if (
    error.code === kafkaCodes.MESSAGE_TOO_LARGE || error.code === kafkaCodes.RECORD_LIST_TOO_LARGE
  ) {
    return new RegistryError(errorCodes.SCHEMA_TOO_LARGE, `The record is too large for ${topic}`);
  }
  const code = error.code === kafkaCodes.REQUEST_TIMED_OUT
    ? errorCodes.STORE_TIMEOUT
    : errorCodes.STORE_ERROR;
  return new RegistryError(code, `Cannot write to ${topic}: ${error.message}`);
}

async function makeTopic({ client, topic, replicationFactor, logger }: SchemasTopicOptions) {
  const { brokers, topics } = await client.metadata([topic]);
  if (topics.get(topic)?.errorCode === kafkaCodes.NONE) return;
  const factor = Math.min(replicationFactor, brokers.length);
  logger.info(`Making ${topic}: one partition, ${factor} replicas, compacted`);
  const answer = await client.call(
    createTopics,
    make(createTopics.request, {
      topics: [{
        name: topic,
        numPartitions: 1,
        replicationFactor: factor,
        configs: [{ name: "cleanup.policy", value: "compact" }],
      }],
      timeoutMs: client.requestTimeoutMs,
    }),
  );
  const { errorCode, errorMessage } = answer.topics[0]!;
  // Another instance may be first.
  if (errorCode === kafkaCodes.NONE || errorCode === kafkaCodes.TOPIC_ALREADY_EXISTS) return;
  throw new KafkaError(
    errorCode,
    `Cannot make topic ${topic}: ${errorMessage ?? "no reason given"}`,
  );
}

/** A topic that loses records or orders them twice would lose schemas: better not to start. */
async function checkTopic({ client, topic, logger }: SchemasTopicOptions): Promise<void> {
  const { partitions } = await client.topic(topic);
  if (partitions.length !== 1) {
    throw new Error(`Topic ${topic} has ${partitions.length} partitions; a registry's has one`);
  }
  const resources = [{
    resourceType: TOPIC_RESOURCE,
    resourceName: topic,
    configurationKeys: ["cleanup.policy"],
  }];
  const answer = await client.call(describeConfigs, make(describeConfigs.request, { resources }));
  const { errorCode, configs } = answer.results[0]!;
  if (errorCode !== kafkaCodes.NONE) {
    logger.warn(`Cannot see how ${topic} is cleaned: error ${errorCode}`);
    return;
  }
  const policy = configs[0]?.value ?? "";
  if (policy.split(",").map((one) => one.trim()).includes("delete")) {
    throw new Error(
      `Topic ${topic} has cleanup.policy=${policy}: it would lose schemas; allowed is compact`,
    );
  }
}
