import { createPartitions, errorMessage, make } from "../protocol/mod.ts";
import { forwarded } from "./forward.ts";

/**
 * CreatePartitions, versions 0 to 3: adds partitions to topics; the controller decides.
 *
 * Gaps: no throttling of controller mutations (KIP-599).
 */
export const createPartitionsHandler = forwarded({
  api: createPartitions,
  versions: [0, 3],
  failed: ({ topics }, errorCode) =>
    make(createPartitions.response, {
      results: topics.map(({ name }) => ({
        name,
        errorCode,
        errorMessage: errorMessage(errorCode),
      })),
    }),
});
