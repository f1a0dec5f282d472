import { errorCodes, isInternalTopic } from "../../protocol/mod.ts";
import { type AdminConnection, ApiError, failed, isWorthRetrying } from "../admin/mod.ts";
import { topicPattern } from "../topic_filter.ts";

/** The topics that are to be read as they are now: their names and partition counts. */
export type ChosenTopics = ReadonlyMap<string, number>;

/** What is wanted: one topic, or all that match. */
export interface TopicChoice {
  readonly topic: string | null;
  readonly include: string | null;
  /** Whether a topic that is missing may be created by the broker. */
  readonly createsTopics: boolean;
}

/**
 * The topics that are there; empty while the one that is wanted is missing or has no leader yet.
 * Rejects with ApiError when it will never be there.
 */
export async function chosenTopics(
  admin: AdminConnection,
  { topic, include, createsTopics }: TopicChoice,
): Promise<ChosenTopics> {
  const chosen = new Map<string, number>();
  if (topic !== null) {
    for (const each of await admin.topics([topic], { allowsCreation: createsTopics })) {
      const { errorCode, partitions } = each;
      if (errorCode === errorCodes.NONE) chosen.set(topic, partitions.length);
      else if (!isWorthRetrying(errorCode) && errorCode !== errorCodes.UNKNOWN_TOPIC_OR_PARTITION) {
        throw new ApiError(`Cannot read topic ${topic}`, failed(errorCode));
      }
    }
    return chosen;
  }
  const matches = topicPattern("include", include ?? ".*");
  for (const { name, errorCode, isInternal, partitions } of await admin.topics(null)) {
    if (name === null || errorCode !== errorCodes.NONE) continue;
    // As Kafka's consumers do: a pattern never means the coordinators' own topics.
    if (isInternal || isInternalTopic(name) || !matches(name)) continue;
    chosen.set(name, partitions.length);
  }
  return chosen;
}
