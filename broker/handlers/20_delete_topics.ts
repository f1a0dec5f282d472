import { deleteTopics, errorMessage, make } from "../protocol/mod.ts";
import { forwarded } from "./forward.ts";

/**
 * DeleteTopics, versions 1 to 6: by name, from version 6 also by id (KIP-516); the controller decides.
 *
 * Gaps: no throttling of controller mutations (KIP-599).
 */
export const deleteTopicsHandler = forwarded({
  api: deleteTopics,
  versions: [1, 6],
  failed({ topics, topicNames }, errorCode, { version }) {
    const named = version >= 6 ? topics : topicNames.map((name) => ({ name }));
    const responses = named.map((topic) => ({
      ...topic,
      errorCode,
      errorMessage: errorMessage(errorCode),
    }));
    return make(deleteTopics.response, { responses });
  },
});
