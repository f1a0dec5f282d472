import { electLeaders, errorCodes, errorMessage, make } from "../protocol/mod.ts";
import { forwarded } from "./forward.ts";

/**
 * ElectLeaders, versions 0 to 2: preferred and unclean elections (KIP-460); the controller decides.
 *
 * Gaps: answered when the election is committed, not when the new leaders serve.
 */
export const electLeadersHandler = forwarded({
  api: electLeaders,
  versions: [0, 2],
  failed: ({ topicPartitions }, errorCode, { version }) =>
    make(electLeaders.response, {
      errorCode: version >= 1 ? errorCode : errorCodes.NONE,
      replicaElectionResults: (topicPartitions ?? []).map(({ topic, partitions }) => ({
        topic,
        partitionResult: partitions.map((partitionId) => ({
          partitionId,
          errorCode,
          errorMessage: errorMessage(errorCode),
        })),
      })),
    }),
});
