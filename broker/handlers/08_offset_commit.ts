import type { TopicImage } from "../metadata/mod.ts";
import {
  errorCodes,
  offsetCommit,
  type OffsetCommitRequest,
  type OffsetCommitResponse,
} from "../protocol/mod.ts";
import type { HandlerContext } from "./context.ts";
import { groupContext } from "./group_context.ts";
import { handler } from "./handler.ts";

type TopicRequest = OffsetCommitRequest["topics"][number];
type TopicResponse = OffsetCommitResponse["topics"][number];

/** First version that names topics by id (KIP-848). */
const TOPIC_IDS_VERSION = 10;

/**
 * OffsetCommit, versions 2 to 10: a group's offsets, by topic name, from version 10 by topic id.
 *
 * Behaviour: topics and partitions that don't exist are refused here, the others go to the group
 * coordinator with name and id.
 *
 * Gaps: members of consumer groups (KIP-848) are not known yet.
 */
export const offsetCommitHandler = handler({
  api: offsetCommit,
  versions: [2, 10],
  listeners: ["broker"],
  handle(request, context) {
    const refused: TopicResponse[] = [];
    const topics: TopicRequest[] = [];
    for (const topic of request.topics) sort(topic, context, topics, refused);
    if (topics.length === 0) return { throttleTimeMs: 0, topics: refused };
    const { groups } = context.node;
    return groups.offsetCommit({ ...request, topics }, groupContext(context))
      .then((response) => merge(response, refused));
  },
  failed: ({ topics }, errorCode) => ({
    throttleTimeMs: 0,
    topics: topics.map((topic) => refuse(topic, errorCode)),
  }),
});

/** Puts what exists of `topic` into `known`, the rest into `refused`. */
function sort(
  topic: TopicRequest,
  { version, node }: HandlerContext,
  known: TopicRequest[],
  refused: TopicResponse[],
): void {
  const { topics } = node.metadata.image();
  const byId = version >= TOPIC_IDS_VERSION;
  const image: TopicImage | undefined = byId
    ? topics.byId(topic.topicId)
    : topics.byName(topic.name);
  if (image === undefined) {
    const { UNKNOWN_TOPIC_ID, UNKNOWN_TOPIC_OR_PARTITION } = errorCodes;
    refused.push(refuse(topic, byId ? UNKNOWN_TOPIC_ID : UNKNOWN_TOPIC_OR_PARTITION));
    return;
  }
  const exists = ({ partitionIndex }: { partitionIndex: number }) =>
    image.partitions.has(partitionIndex);
  const partitions = topic.partitions.filter(exists);
  const { name, id: topicId } = image;
  if (partitions.length > 0) known.push({ name, topicId, partitions });
  if (partitions.length === topic.partitions.length) return;
  const missing = topic.partitions.filter((partition) => !exists(partition));
  refused.push(
    refuse({ name, topicId, partitions: missing }, errorCodes.UNKNOWN_TOPIC_OR_PARTITION),
  );
}

function refuse({ name, topicId, partitions }: TopicRequest, errorCode: number): TopicResponse {
  return {
    name,
    topicId,
    partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
  };
}

/** One answer per topic, whoever gave its parts. */
function merge(
  response: OffsetCommitResponse,
  refused: readonly TopicResponse[],
): OffsetCommitResponse {
  if (refused.length === 0) return response;
  const topics = [...refused];
  for (const topic of response.topics) {
    const at = topics.findIndex(({ name }) => name === topic.name);
    const other = topics[at];
    if (other === undefined) topics.push(topic);
    else topics[at] = { ...topic, partitions: [...other.partitions, ...topic.partitions] };
  }
  return { ...response, topics };
}
