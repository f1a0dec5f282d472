import type { Producer } from "@platformatic/kafka";
import { Buffer } from "node:buffer";
import { systemClock } from "../../base/mod.ts";
import { partitionOfKey } from "../../protocol/mod.ts";
import { formatServerAddress, type ServerAddress } from "../admin/mod.ts";
import { clientErrorName, describeClientError } from "../client_error.ts";
import { CommandError } from "../command_error.ts";
import type { SendSettings } from "./produce_settings.ts";
import type { LineRecord } from "./record_line.ts";

const TOPIC_PAUSE_MS = 100;
const BACKOFF_MS_MAX = 1000;
/** What passes while a topic is being created or its leader elected. */
const TOPIC_COMING =
  /^(?:UNKNOWN_TOPIC_OR_PARTITION|LEADER_NOT_AVAILABLE|NOT_CONTROLLER|REQUEST_TIMED_OUT)$/;

/**
 * Sends records to one topic through the client library, one batch at a time, so that they stay in
 * order whatever is tried again. Keys choose partitions as in Kafka's own producer; records without
 * a key go to one partition per batch, the next batch to the next.
 */
export class RecordSender {
  readonly #producer: Producer;
  readonly #topic: string;
  readonly #settings: SendSettings;
  #unkeyedPartition = 0;

  private constructor(producer: Producer, topic: string, settings: SendSettings) {
    this.#producer = producer;
    this.#topic = topic;
    this.#settings = settings;
  }

  /**
   * Connects and waits until the topic is there; a broker that creates topics by itself creates it.
   * Rejects with CommandError.
   */
  static async open(
    topic: string,
    bootstrap: readonly ServerAddress[],
    settings: SendSettings,
  ): Promise<RecordSender> {
    // Loaded here, since other commands should not wait for it.
    const { Producer } = await import("@platformatic/kafka");
    const producer = new Producer({
      clientId: settings.clientId,
      bootstrapBrokers: bootstrap.map(formatServerAddress),
      autocreateTopics: true,
      retries: settings.retries,
      retryDelay: (_client, _operation, attempt) => backoffMs(settings.retryBackoffMs, attempt),
      timeout: settings.requestTimeoutMs,
      requestTimeout: settings.requestTimeoutMs,
      connectTimeout: settings.requestTimeoutMs,
    });
    const sender = new RecordSender(producer, topic, settings);
    try {
      await sender.#awaitTopic();
    } catch (error) {
      await producer.close();
      throw error;
    }
    return sender;
  }

  /** Sends records as one batch per partition. Rejects with CommandError when any was not taken. */
  async send(records: readonly LineRecord[]): Promise<void> {
    const { acks, compression, isIdempotent } = this.#settings;
    try {
      const partitionCount = await this.#partitionCount();
      const unkeyed = this.#unkeyedPartition++ % partitionCount;
      await this.#producer.send({
        messages: records.map((record) => ({
          topic: this.#topic,
          partition: record.key === null ? unkeyed : partitionOfKey(record.key, partitionCount),
          // The library's types know no null; its writer does.
          key: (record.key === null ? null : Buffer.from(record.key)) as Buffer,
          value: (record.value === null ? null : Buffer.from(record.value)) as Buffer,
          // Each key is an object of its own, so that a repeated key stays repeated.
          headers: new Map(record.headers.map(([key, value]) => [
            Buffer.from(key),
            (value === null ? null : Buffer.from(value)) as Buffer,
          ])),
        })),
        acks,
        compression,
        idempotent: isIdempotent,
      });
    } catch (cause) {
      const count = records.length === 1 ? "a record" : `${records.length} records`;
      throw new CommandError(
        `Cannot send ${count} to ${this.#topic}: ${describeClientError(cause)}`,
        { cause },
      );
    }
  }

  /** Closes the connections. */
  async close(): Promise<void> {
    await this.#producer.close();
  }

  async #partitionCount(): Promise<number> {
    const metadata = await this.#producer.metadata({ topics: [this.#topic] });
    return metadata.topics.get(this.#topic)!.partitionsCount;
  }

  async #awaitTopic(): Promise<void> {
    const deadlineMs = systemClock.monotonicMs() + this.#settings.maxBlockMs;
    while (true) {
      try {
        await this.#producer.metadata({
          topics: [this.#topic],
          autocreateTopics: true,
          forceUpdate: true,
          retries: 0,
        });
        return;
      } catch (cause) {
        const isComing = TOPIC_COMING.test(clientErrorName(cause) ?? "") ||
          /^Unknown topic/.test(describeClientError(cause));
        if (!isComing || systemClock.monotonicMs() >= deadlineMs) {
          throw new CommandError(
            `Cannot send to topic ${this.#topic}: ${describeClientError(cause)}`,
            { cause },
          );
        }
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      systemClock.schedule(TOPIC_PAUSE_MS, resolve);
      await promise;
    }
  }
}

function backoffMs(firstMs: number, attempt: number): number {
  return Math.max(firstMs, Math.min(firstMs * 2 ** (attempt - 1), BACKOFF_MS_MAX));
}
