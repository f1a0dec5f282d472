import type { PartitionImage, TopicImage } from "../metadata/mod.ts";
import { errorCodes } from "../protocol/mod.ts";
import { type ApiError, refusal } from "./api_error.ts";
import type { ControllerView } from "./view.ts";

/** The partition that a request names; UNKNOWN_TOPIC_OR_PARTITION says which of both is missing. */
export function findPartition(
  view: ControllerView,
  topicName: string,
  partitionId: number,
): { readonly topic: TopicImage; readonly partition: PartitionImage } | ApiError {
  const topic = view.image.topics.byName(topicName);
  const partition = topic?.partitions.get(partitionId);
  if (topic === undefined || partition === undefined) {
    const missing = topic === undefined ? `topic ${topicName}` : `${topicName}-${partitionId}`;
    return refusal(errorCodes.UNKNOWN_TOPIC_OR_PARTITION, `There is no ${missing}.`);
  }
  return { topic, partition };
}
