import { errorCodes, offsetDelete, type OffsetDeleteResponse } from "../protocol/mod.ts";
import { groupContext } from "./group_context.ts";
import { handler } from "./handler.ts";

/**
 * OffsetDelete, version 0 (KIP-496): deletes a group's offsets of partitions.
 *
 * Behaviour: partitions that don't exist are refused here unless the group itself is.
 *
 * Gaps: none known.
 */
export const offsetDeleteHandler = handler({
  api: offsetDelete,
  versions: [0, 0],
  listeners: ["broker"],
  async handle(request, context) {
    const { topics } = context.node.metadata.image();
    const exists = (topic: string, index: number) =>
      topics.byName(topic)?.partitions.has(index) ?? false;
    const known = request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.filter(({ partitionIndex }) => exists(name, partitionIndex)),
    })).filter(({ partitions }) => partitions.length > 0);
    const asked = { ...request, topics: known };
    const response = await context.node.groups.offsetDelete(asked, groupContext(context));
    if (response.errorCode !== errorCodes.NONE) return { ...response, topics: [] };
    const answered = new Map(response.topics.map((topic) => [topic.name, topic.partitions]));
    return {
      ...response,
      topics: request.topics.map(({ name, partitions }) => {
        const missing = partitions
          .filter(({ partitionIndex }) => !exists(name, partitionIndex))
          .map(({ partitionIndex }) => ({
            partitionIndex,
            errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
          }));
        return { name, partitions: [...missing, ...answered.get(name) ?? []] };
      }),
    };
  },
  failed: (_request, errorCode): OffsetDeleteResponse => ({
    errorCode,
    throttleTimeMs: 0,
    topics: [],
  }),
});
