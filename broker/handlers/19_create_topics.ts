import { createTopics, errorMessage, make } from "../protocol/mod.ts";
import { forwarded } from "./forward.ts";

/**
 * CreateTopics, versions 2 to 7: the controller decides; answered when the topics are committed.
 *
 * Gaps: no create.topic.policy.class.name, no throttling of controller mutations (KIP-599).
 */
export const createTopicsHandler = forwarded({
  api: createTopics,
  versions: [2, 7],
  failed: ({ topics }, errorCode) =>
    make(createTopics.response, {
      topics: topics.map(({ name }) => ({
        name,
        errorCode,
        errorMessage: errorMessage(errorCode),
      })),
    }),
});
