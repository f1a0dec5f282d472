import {
  errorCodes,
  offsetFetch,
  type OffsetFetchRequest,
  type OffsetFetchResponse,
  ZERO_UUID,
} from "../protocol/mod.ts";
import type { HandlerContext } from "./context.ts";
import { groupContext } from "./group_context.ts";
import { handler } from "./handler.ts";

type GroupRequest = OffsetFetchRequest["groups"][number];
type GroupResponse = OffsetFetchResponse["groups"][number];
type TopicResponse = GroupResponse["topics"][number];

/** First version that asks for several groups (KIP-709). */
const MANY_VERSION = 8;
/** First version that names topics by id (KIP-848). */
const TOPIC_IDS_VERSION = 10;

/**
 * OffsetFetch, versions 1 to 10: groups' offsets, of some topics or of all.
 *
 * Behaviour: topics by name, from version 10 by id; an id that is not known is UNKNOWN_TOPIC_ID. With
 * `requireStable` a partition with an open transaction is UNSTABLE_OFFSET_COMMIT (KIP-447).
 *
 * Gaps: members of consumer groups (KIP-848) are not known yet.
 */
export const offsetFetchHandler = handler({
  api: offsetFetch,
  versions: [1, 10],
  listeners: ["broker"],
  async handle(request, context) {
    const { requireStable } = request;
    if (context.version >= MANY_VERSION) {
      const groups = await Promise.all(
        request.groups.map((group) => fetchGroup(group, requireStable, context)),
      );
      return response(groups);
    }
    return oneResponse(await fetchGroup(oneGroup(request), requireStable, context));
  },
  failed(request, errorCode, { version }) {
    if (version >= MANY_VERSION) {
      return response(request.groups.map(({ groupId }) => ({ groupId, topics: [], errorCode })));
    }
    // Version 1 has no place for a group's error but its partitions.
    const topics = (request.topics ?? []).map(({ name, partitionIndexes }) => ({
      name,
      topicId: ZERO_UUID,
      partitions: partitionIndexes.map((index) => noOffset(index, errorCode)),
    }));
    return oneResponse({ groupId: request.groupId, topics, errorCode });
  },
});

/** The group of a request that has one, in the form of those that have several. */
function oneGroup({ groupId, topics }: OffsetFetchRequest): GroupRequest {
  return {
    groupId,
    memberId: null,
    memberEpoch: -1,
    topics: topics?.map((topic) => ({ ...topic, topicId: ZERO_UUID })) ?? null,
  };
}

async function fetchGroup(
  group: GroupRequest,
  requireStable: boolean,
  context: HandlerContext,
): Promise<GroupResponse> {
  const { version, node } = context;
  const { topics } = node.metadata.image();
  const unknown: TopicResponse[] = [];
  let asked = group;
  if (version >= TOPIC_IDS_VERSION && group.topics !== null) {
    const known: NonNullable<GroupRequest["topics"]> = [];
    for (const topic of group.topics) {
      const name = topics.byId(topic.topicId)?.name;
      if (name === undefined) unknown.push(unknownTopic(topic));
      else known.push({ ...topic, name });
    }
    asked = { ...group, topics: known };
  }
  const answered = await node.groups.offsetFetch(asked, requireStable, groupContext(context));
  if (version < TOPIC_IDS_VERSION || answered.errorCode !== errorCodes.NONE) return answered;
  const told = answered.topics
    .map((topic) => ({ ...topic, topicId: topics.byName(topic.name)?.id ?? ZERO_UUID }))
    // A topic that is gone has no id by which it could be told.
    .filter(({ topicId }) => topicId !== ZERO_UUID);
  return { ...answered, topics: [...told, ...unknown] };
}

function unknownTopic(
  { topicId, partitionIndexes }: { topicId: string; partitionIndexes: readonly number[] },
): TopicResponse {
  const partitions = partitionIndexes.map((index) => noOffset(index, errorCodes.UNKNOWN_TOPIC_ID));
  return { name: "", topicId, partitions };
}

function noOffset(partitionIndex: number, errorCode: number): TopicResponse["partitions"][number] {
  return {
    partitionIndex,
    committedOffset: -1,
    committedLeaderEpoch: -1,
    metadata: "",
    errorCode,
  };
}

function response(groups: GroupResponse[]): OffsetFetchResponse {
  return { throttleTimeMs: 0, topics: [], errorCode: errorCodes.NONE, groups };
}

/** The answer in the form of the versions that know one group. */
function oneResponse({ topics, errorCode }: GroupResponse): OffsetFetchResponse {
  return { throttleTimeMs: 0, topics, errorCode, groups: [] };
}
