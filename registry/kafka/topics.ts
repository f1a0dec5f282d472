import { createTopics, errorCodes, make } from "../../broker/protocol/mod.ts";
import type { KafkaClient } from "./kafka_client.ts";
import { KafkaError, throwOnCode } from "./kafka_error.ts";
import type { TopicInfo } from "./metadata_cache.ts";
import { Backoff, pause } from "./backoff.ts";

/** A topic to be made. */
export interface TopicToCreate {
  readonly name: string;
  /** Default: the broker's. */
  readonly partitions?: number;
  /** Default: the broker's. */
  readonly replicationFactor?: number;
  readonly configs?: Readonly<Record<string, string>>;
  readonly validateOnly?: boolean;
}

/**
 * Creates a topic. Rejects with {@linkcode KafkaError} as the broker says, TOPIC_ALREADY_EXISTS among
 * them; a retry that finds what an earlier, unanswered try has made says so too.
 */
export async function createTopic(client: KafkaClient, topic: TopicToCreate): Promise<void> {
  const { name, partitions = -1, replicationFactor = -1, configs = {} } = topic;
  const answer = await client.call(
    createTopics,
    make(createTopics.request, {
      topics: [{
        name,
        numPartitions: partitions,
        replicationFactor,
        configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
      }],
      timeoutMs: client.requestTimeoutMs,
      validateOnly: topic.validateOnly ?? false,
    }),
    { to: "controller", parks: true },
  );
  const told = answer.topics[0];
  client.forgetTopic(name);
  throwOnCode(
    told?.errorCode ?? errorCodes.UNKNOWN_SERVER_ERROR,
    `Cannot create topic "${name}"`,
    told?.errorMessage ?? null,
  );
}

/**
 * Waits until a topic that was just made is known with a leader for every partition. Rejects with
 * {@linkcode KafkaError} when it isn't within `timeoutMs`.
 */
export async function topicWithLeaders(
  client: KafkaClient,
  name: string,
  timeoutMs: number = client.requestTimeoutMs,
): Promise<TopicInfo> {
  const deadlineMs = performance.now() + timeoutMs;
  const backoff = new Backoff(20, 500);
  for (;;) {
    const { topics } = await client.metadata([name], { maxAgeMs: 0 });
    const topic = topics.get(name);
    const code = topic?.errorCode ?? errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
    const isLed = topic?.partitions.every(({ leader }) => leader >= 0);
    if (code === errorCodes.NONE && isLed) return topic!;
    const error = new KafkaError(code === errorCodes.NONE ? errorCodes.LEADER_NOT_AVAILABLE : code);
    const delayMs = backoff.nextMs();
    if (!error.retriable || performance.now() + delayMs > deadlineMs) {
      throwOnCode(error.code, `Cannot use topic "${name}"`);
    }
    await pause(delayMs, client.closed);
  }
}
