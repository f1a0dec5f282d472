import type { MetadataImage, PartitionImage, TopicImage } from "../metadata/mod.ts";
import {
  errorCodes,
  isInternalTopic,
  metadata,
  type MetadataRequest,
  type MetadataResponse,
  topicNameProblem,
  ZERO_UUID,
} from "../protocol/mod.ts";
import { CLUSTER_OPERATIONS, NOT_ASKED, TOPIC_OPERATIONS } from "./authorized_operations.ts";
import { liveNode, liveNodes, offlineReplicas, toldController } from "./cluster_view.ts";
import type { HandlerContext } from "./context.ts";
import { handler } from "./handler.ts";

type TopicResponse = MetadataResponse["topics"][number];
type PartitionResponse = TopicResponse["partitions"][number];

/** First version in which topics may be named by id (KIP-516). */
const TOPIC_IDS_VERSION = 12;

/**
 * Metadata, versions 0 to 13: brokers, and topics with their partitions, leaders and replicas.
 *
 * Behaviour: null topics, or none in version 0, are all topics; topics are created on first mention
 * where `auto.create.topics.enable` and the client allow it, the client being told that they are
 * unknown until it asks again; when any topic is named by id, names count no more. Brokers as reached
 * through the listener on which the client asks. The controller told is a live broker, for any
 * forwards to the controller (KIP-590).
 *
 * Gaps: authorized operations are all of them while there is no authorizer.
 */
export const metadataHandler = handler({
  api: metadata,
  versions: [0, 13],
  listeners: ["broker"],
  handle(request, context) {
    const problem = problemOf(request, context.version);
    if (problem !== errorCodes.NONE) return refusal(request, problem);
    const { version, node } = context;
    const topics = topicsOf(request, context);
    if (request.includeTopicAuthorizedOperations) {
      for (const topic of topics) topic.topicAuthorizedOperations = TOPIC_OPERATIONS;
    }
    const tellsOperations = version >= 8 && request.includeClusterAuthorizedOperations;
    return {
      throttleTimeMs: 0,
      brokers: liveNodes(context),
      clusterId: node.clusterId,
      controllerId: toldController(context),
      topics,
      clusterAuthorizedOperations: tellsOperations ? CLUSTER_OPERATIONS : NOT_ASKED,
      errorCode: errorCodes.NONE,
    };
  },
  failed: refusal,
});

function problemOf({ topics }: MetadataRequest, version: number): number {
  for (const { name, topicId } of topics ?? []) {
    if (version < TOPIC_IDS_VERSION && (name === null || topicId !== ZERO_UUID)) {
      return errorCodes.INVALID_REQUEST;
    }
    // Kafka stumbles over it.
    if (name === null && topicId === ZERO_UUID) return errorCodes.UNKNOWN_SERVER_ERROR;
  }
  return errorCodes.NONE;
}

function topicsOf(request: MetadataRequest, context: HandlerContext): TopicResponse[] {
  const image = context.node.metadata.image();
  const wanted = request.topics;
  if (wanted === null || (context.version === 0 && wanted.length === 0)) {
    return Array.from(image.topics, (topic) => describe(topic, image, context));
  }
  const ids = new Set(wanted.map(({ topicId }) => topicId).filter((id) => id !== ZERO_UUID));
  if (ids.size > 0) {
    return Array.from(ids, (id) => {
      const topic = image.topics.byId(id);
      return topic === undefined
        ? unknown(null, id, errorCodes.UNKNOWN_TOPIC_ID)
        : describe(topic, image, context);
    });
  }
  const names = new Set(wanted.map(({ name }) => name!));
  return Array.from(names, (name) => {
    const topic = image.topics.byName(name);
    return topic === undefined
      ? unknown(name, ZERO_UUID, missingTopic(name, request, context))
      : describe(topic, image, context);
  });
}

/** What is told of a topic that does not exist, which may be created for it. */
function missingTopic(name: string, request: MetadataRequest, context: HandlerContext): number {
  const { topicCreation, config } = context.node;
  if (config().get("auto.create.topics.enable") && request.allowAutoTopicCreation) {
    return topicCreation.request(name, context);
  }
  return topicNameProblem(name) === null
    ? errorCodes.UNKNOWN_TOPIC_OR_PARTITION
    : errorCodes.INVALID_TOPIC_EXCEPTION;
}

function unknown(name: string | null, topicId: string, errorCode: number): TopicResponse {
  return {
    errorCode,
    name,
    topicId,
    isInternal: name !== null && isInternalTopic(name),
    partitions: [],
    topicAuthorizedOperations: NOT_ASKED,
  };
}

function describe(
  topic: TopicImage,
  image: MetadataImage,
  context: HandlerContext,
): TopicResponse {
  const partitions: PartitionResponse[] = [];
  for (let index = 0; index < topic.partitions.size; index++) {
    const partition = topic.partitions.get(index);
    if (partition !== undefined) {
      partitions.push(describePartition(index, partition, image, context));
    }
  }
  return {
    errorCode: errorCodes.NONE,
    name: topic.name,
    topicId: topic.id,
    isInternal: isInternalTopic(topic.name),
    partitions,
    topicAuthorizedOperations: NOT_ASKED,
  };
}

function describePartition(
  partitionIndex: number,
  partition: PartitionImage,
  image: MetadataImage,
  context: HandlerContext,
): PartitionResponse {
  const { version, connection } = context;
  // Version 0 knows no replicas that can't be reached: it leaves them out and says so by an error.
  const reachable = (id: number) => version > 0 || liveNode(context, id) !== null;
  const replicaNodes = partition.replicas.filter(reachable);
  const isrNodes = partition.isr.filter(reachable);
  const leader = liveNode(context, partition.leader);
  return {
    errorCode: leader === null
      ? leaderMissing(partition, image, version)
      : replicaNodes.length < partition.replicas.length || isrNodes.length < partition.isr.length
      ? errorCodes.REPLICA_NOT_AVAILABLE
      : errorCodes.NONE,
    partitionIndex,
    leaderId: leader?.nodeId ?? -1,
    leaderEpoch: partition.leaderEpoch,
    replicaNodes,
    isrNodes,
    offlineReplicas: offlineReplicas(image, partition, connection.listener),
  };
}

function leaderMissing(partition: PartitionImage, image: MetadataImage, version: number): number {
  const { LEADER_NOT_AVAILABLE, LISTENER_NOT_FOUND } = errorCodes;
  if (!image.brokers.has(partition.leader)) return LEADER_NOT_AVAILABLE;
  return version >= 6 ? LISTENER_NOT_FOUND : LEADER_NOT_AVAILABLE;
}

/** The answer to a request that failed as a whole: each topic it names has the error. */
function refusal(request: MetadataRequest, errorCode: number): MetadataResponse {
  const topics = (request.topics ?? []).map(({ name, topicId }) => ({
    ...unknown(name ?? "", topicId, errorCode),
    isInternal: false,
  }));
  return {
    throttleTimeMs: 0,
    brokers: [],
    clusterId: null,
    controllerId: -1,
    topics,
    clusterAuthorizedOperations: NOT_ASKED,
    errorCode,
  };
}
