import {
  describeProducers,
  type DescribeProducersResponse,
  errorCodes,
  errorMessage,
  topicNameProblem,
} from "../protocol/mod.ts";
import { missingReplicaError } from "./cluster_view.ts";
import type { HandlerContext } from "./context.ts";
import { handler } from "./handler.ts";

type PartitionResponse = DescribeProducersResponse["topics"][number]["partitions"][number];

/**
 * DescribeProducers, version 0 (KIP-664): the idempotent and transactional producers that a
 * partition's log remembers.
 *
 * Gaps: none known.
 */
export const describeProducersHandler = handler({
  api: describeProducers,
  versions: [0, 0],
  listeners: ["broker"],
  handle({ topics }, context) {
    const answered = topics.map(({ name, partitionIndexes }) => {
      const refused = refuseTopic(name, context);
      const partitions = partitionIndexes.map((partition) =>
        refused === null
          ? describe(name, partition, context)
          : { ...partitionError(partition, refused.errorCode), errorMessage: refused.message }
      );
      return { name, partitions };
    });
    return { throttleTimeMs: 0, topics: answered };
  },
  failed: ({ topics }, errorCode) => ({
    throttleTimeMs: 0,
    topics: topics.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partition) => partitionError(partition, errorCode)),
    })),
  }),
});

function refuseTopic(
  name: string,
  { node }: HandlerContext,
): { errorCode: number; message: string } | null {
  const problem = topicNameProblem(name);
  if (problem !== null) {
    return { errorCode: errorCodes.INVALID_TOPIC_EXCEPTION, message: problem };
  }
  if (node.metadata.image().topics.byName(name) !== undefined) return null;
  const errorCode = errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
  return { errorCode, message: errorMessage(errorCode) };
}

function describe(topic: string, partition: number, { node }: HandlerContext): PartitionResponse {
  const replica = node.replicas.get(topic, partition);
  if (replica === null) {
    return partitionError(partition, missingReplicaError(node.metadata.image(), topic, partition));
  }
  const refused = replica.check(-1, false);
  if (refused !== errorCodes.NONE) return partitionError(partition, refused);
  const activeProducers = replica.activeProducers().map((producer) => ({ ...producer }));
  return { ...partitionError(partition, errorCodes.NONE), activeProducers };
}

function partitionError(partitionIndex: number, errorCode: number): PartitionResponse {
  return { partitionIndex, errorCode, errorMessage: null, activeProducers: [] };
}
