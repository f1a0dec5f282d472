import { errorCodes, isRetriable } from "../../../broker/protocol/errors.ts";
import type { KafkaClient } from "../kafka_client.ts";
import { throwOnCode } from "../kafka_error.ts";

/** Topics by name, or those whose name matches. */
export type TopicChoice =
  | { readonly topics: readonly string[] }
  | { readonly pattern: string; readonly matches: (topic: string) => boolean };

/** What a subscription means in the cluster at the moment. */
export class TopicSubscription {
  readonly choice: TopicChoice;
  readonly #client: KafkaClient;
  readonly #allowAutoTopicCreation: boolean;
  #names: readonly string[];

  constructor(client: KafkaClient, choice: TopicChoice, allowAutoTopicCreation: boolean) {
    this.#client = client;
    this.choice = choice;
    this.#allowAutoTopicCreation = allowAutoTopicCreation;
    this.#names = "topics" in choice ? [...new Set(choice.topics)].sort() : [];
  }

  /** The topics by name; of a pattern those that matched when it was last looked at. */
  get names(): readonly string[] {
    return this.#names;
  }

  /**
   * Looks at the cluster. True when a pattern's topics have changed. Rejects with
   * {@linkcode KafkaError} when a topic by name can never be read; one that isn't there yet can.
   */
  async refresh(): Promise<boolean> {
    const { choice } = this;
    if ("topics" in choice) {
      const { topics } = await this.#client.metadata(this.#names, {
        allowAutoTopicCreation: this.#allowAutoTopicCreation,
      });
      for (const { name, errorCode } of topics.values()) {
        if (!isRetriable(errorCode)) throwOnCode(errorCode, `Cannot subscribe to topic "${name}"`);
      }
      return false;
    }
    const { topics } = await this.#client.metadata(null, { maxAgeMs: 0 });
    const names = [...topics.values()]
      .filter(({ name, errorCode, isInternal }) =>
        errorCode === errorCodes.NONE && !isInternal && choice.matches(name)
      )
      .map(({ name }) => name)
      .sort();
    const isChanged = names.length !== this.#names.length ||
      names.some((name, n) => name !== this.#names[n]);
    this.#names = names;
    return isChanged;
  }
}

/** How many partitions each of these topics has; unknown ones are left out. */
export async function countPartitions(
  client: KafkaClient,
  names: readonly string[],
  maxAgeMs: number,
): Promise<Map<string, number>> {
  const { topics } = await client.metadata(names, { maxAgeMs });
  const counts = new Map<string, number>();
  for (const { name, errorCode, partitions } of topics.values()) {
    if (errorCode === errorCodes.NONE) counts.set(name, partitions.length);
  }
  return counts;
}
