import type { MetadataImage, TopicImage, TopicsImage } from "../metadata/mod.ts";
import {
  describeTopicPartitions,
  type DescribeTopicPartitionsRequest,
  type DescribeTopicPartitionsResponse,
  errorCodes,
  isInternalTopic,
  topicNameProblem,
  ZERO_UUID,
} from "../protocol/mod.ts";
import { NOT_ASKED, TOPIC_OPERATIONS } from "./authorized_operations.ts";
import { liveNode, offlineReplicas } from "./cluster_view.ts";
import type { HandlerContext } from "./context.ts";
import { handler } from "./handler.ts";

type TopicResponse = DescribeTopicPartitionsResponse["topics"][number];
type PartitionResponse = TopicResponse["partitions"][number];

/**
 * DescribeTopicPartitions, version 0 (KIP-966): topics in the order of their names, with their eligible
 * leader replicas, page by page.
 *
 * Behaviour: a page holds at most `responsePartitionLimit` partitions, and no more than
 * `max.request.partition.size.limit`; the cursor names where the next one starts. No topics stand for
 * all. A cursor outside of the topics asked for is INVALID_REQUEST.
 *
 * Gaps: none known.
 */
export const describeTopicPartitionsHandler = handler({
  api: describeTopicPartitions,
  versions: [0, 0],
  listeners: ["broker"],
  handle(request, context) {
    const { cursor } = request;
    const image = context.node.metadata.image();
    const from = cursor?.topicName ?? "";
    const isAll = request.topics.length === 0;
    const named = isAll ? allNames(image.topics) : namesOf(request);
    const names = named.filter((name) => name >= from);
    if (cursor !== null) {
      const isOutside = !isAll && names[0] !== cursor.topicName;
      if (isOutside || cursor.partitionIndex < 0) {
        return refusal(request, errorCodes.INVALID_REQUEST);
      }
    }
    const limitMax = context.node.config().get("max.request.partition.size.limit");
    const limit = Math.min(limitMax, request.responsePartitionLimit);
    return page(names, { cursor, isAll, limit: Math.max(1, limit) }, image, context);
  },
  failed: refusal,
});

const namesByTopics = new WeakMap<TopicsImage, string[]>();

/** All names in order, sorted once for each state of the topics. */
function allNames(topics: TopicsImage): string[] {
  let names = namesByTopics.get(topics);
  if (names === undefined) {
    names = Array.from(topics, ({ name }) => name).sort();
    namesByTopics.set(topics, names);
  }
  return names;
}

function namesOf({ topics }: DescribeTopicPartitionsRequest): string[] {
  return [...new Set(topics.map(({ name }) => name))].sort();
}

function page(
  names: readonly string[],
  { cursor, isAll, limit }: {
    cursor: DescribeTopicPartitionsRequest["cursor"];
    isAll: boolean;
    limit: number;
  },
  image: MetadataImage,
  context: HandlerContext,
): DescribeTopicPartitionsResponse {
  const response: DescribeTopicPartitionsResponse = {
    throttleTimeMs: 0,
    topics: [],
    nextCursor: null,
  };
  let left = limit;
  for (const topicName of names) {
    if (left === 0) {
      response.nextCursor = { topicName, partitionIndex: 0 };
      break;
    }
    const topic = image.topics.byName(topicName);
    if (topic === undefined) {
      // A topic may be gone since the page before.
      if (!isAll) response.topics.push(missing(topicName));
      continue;
    }
    const first = cursor?.topicName === topicName ? cursor.partitionIndex : 0;
    const end = Math.min(topic.partitions.size, first + left);
    const partitions = partitionsOf(topic, first, end, image, context);
    response.topics.push(describedTopic(topic, partitions));
    if (end < topic.partitions.size) {
      response.nextCursor = { topicName, partitionIndex: end };
      break;
    }
    left -= partitions.length;
  }
  return response;
}

function describedTopic(topic: TopicImage, partitions: PartitionResponse[]): TopicResponse {
  return {
    errorCode: errorCodes.NONE,
    name: topic.name,
    topicId: topic.id,
    isInternal: isInternalTopic(topic.name),
    partitions,
    topicAuthorizedOperations: TOPIC_OPERATIONS,
  };
}

function partitionsOf(
  topic: TopicImage,
  first: number,
  end: number,
  image: MetadataImage,
  context: HandlerContext,
): PartitionResponse[] {
  const partitions: PartitionResponse[] = [];
  for (let partitionIndex = first; partitionIndex < end; partitionIndex++) {
    const partition = topic.partitions.get(partitionIndex);
    if (partition === undefined) continue;
    partitions.push({
      errorCode: errorCodes.NONE,
      partitionIndex,
      leaderId: liveNode(context, partition.leader)?.nodeId ?? -1,
      leaderEpoch: partition.leaderEpoch,
      replicaNodes: [...partition.replicas],
      isrNodes: [...partition.isr],
      eligibleLeaderReplicas: [...partition.elr],
      lastKnownElr: [...partition.lastKnownElr],
      offlineReplicas: offlineReplicas(image, partition, context.connection.listener),
    });
  }
  return partitions;
}

function missing(name: string): TopicResponse {
  const errorCode = topicNameProblem(name) === null
    ? errorCodes.UNKNOWN_TOPIC_OR_PARTITION
    : errorCodes.INVALID_TOPIC_EXCEPTION;
  return { ...failedTopic(name, errorCode), topicAuthorizedOperations: TOPIC_OPERATIONS };
}

function failedTopic(name: string, errorCode: number): TopicResponse {
  return {
    errorCode,
    name,
    topicId: ZERO_UUID,
    isInternal: isInternalTopic(name),
    partitions: [],
    topicAuthorizedOperations: NOT_ASKED,
  };
}

function refusal(
  { topics }: DescribeTopicPartitionsRequest,
  errorCode: number,
): DescribeTopicPartitionsResponse {
  return {
    throttleTimeMs: 0,
    topics: topics.map(({ name }) => failedTopic(name, errorCode)),
    nextCursor: null,
  };
}
