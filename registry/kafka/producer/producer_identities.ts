import { initProducerId, make } from "../../../broker/protocol/mod.ts";
import type { KafkaClient } from "../kafka_client.ts";
import { asKafkaError, type KafkaError, throwOnCode } from "../kafka_error.ts";
import type { ProducerIdentity } from "./record_batch.ts";

/** A producer without transactions gives the longest timeout, as Kafka's own does. */
const TRANSACTION_TIMEOUT_MS = 0x7fffffff;

/** The identity under which batches are written: one at a time, and a new one when it is dropped. */
export class ProducerIdentities {
  readonly #client: KafkaClient;
  readonly #timeoutMs: number;
  #current: ProducerIdentity | null = null;
  #isObtaining = false;

  constructor(client: KafkaClient, timeoutMs: number) {
    this.#client = client;
    this.#timeoutMs = timeoutMs;
  }

  get current(): ProducerIdentity | null {
    return this.#current;
  }

  get isObtaining(): boolean {
    return this.#isObtaining;
  }

  /** Writes nothing new under this identity; without one given, under none that was. */
  drop(identity: ProducerIdentity | null = this.#current): void {
    if (this.#current === identity) this.#current = null;
  }

  /** Gets a new one; resolves to why that failed, or to null. */
  async obtain(): Promise<KafkaError | null> {
    this.#isObtaining = true;
    try {
      const answer = await this.#client.call(
        initProducerId,
        make(initProducerId.request, {
          transactionalId: null,
          transactionTimeoutMs: TRANSACTION_TIMEOUT_MS,
        }),
        { timeoutMs: this.#timeoutMs },
      );
      throwOnCode(answer.errorCode, "Cannot get a producer id");
      const { producerId, producerEpoch } = answer;
      this.#current = { producerId, producerEpoch };
      return null;
    } catch (error) {
      return asKafkaError(error);
    } finally {
      this.#isObtaining = false;
    }
  }
}
