import {
  errorCodes,
  offsetForLeaderEpoch,
  type OffsetForLeaderEpochResponse,
} from "../protocol/mod.ts";
import { missingReplicaError } from "./cluster_view.ts";
import { handler } from "./handler.ts";

type EpochEnd = OffsetForLeaderEpochResponse["topics"][number]["partitions"][number];

/**
 * OffsetForLeaderEpoch, versions 2 to 4: where a leader epoch ended, for consumers and followers that
 * look whether their log parted from the leader's (KIP-101, KIP-279, KIP-320).
 *
 * Gaps: none known.
 */
export const offsetForLeaderEpochHandler = handler({
  api: offsetForLeaderEpoch,
  versions: [2, 4],
  listeners: ["broker"],
  handle({ topics }, { node }) {
    const answered = topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition, currentLeaderEpoch, leaderEpoch }) => {
        const replica = node.replicas.get(topic, partition);
        if (replica === null) {
          const errorCode = missingReplicaError(node.metadata.image(), topic, partition);
          return epochEnd(partition, errorCode);
        }
        const refused = replica.check(currentLeaderEpoch, true);
        if (refused !== errorCodes.NONE) return epochEnd(partition, refused);
        return epochEnd(partition, errorCodes.NONE, replica.epochEndOffset(leaderEpoch));
      }),
    }));
    return { throttleTimeMs: 0, topics: answered };
  },
  failed: ({ topics }, errorCode) => ({
    throttleTimeMs: 0,
    topics: topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition }) => epochEnd(partition, errorCode)),
    })),
  }),
});

function epochEnd(
  partition: number,
  errorCode: number,
  end: { leaderEpoch: number; endOffset: number } | null = null,
): EpochEnd {
  const { leaderEpoch, endOffset } = end ?? { leaderEpoch: -1, endOffset: -1 };
  return { errorCode, partition, leaderEpoch, endOffset };
}
