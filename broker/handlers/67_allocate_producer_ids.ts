import { allocateProducerIds, make } from "../protocol/mod.ts";
import { forwarded } from "./forward.ts";

/**
 * AllocateProducerIds, version 0 (KIP-730): a broker gets a block of producer ids; controller
 * listeners alone serve it.
 *
 * Gaps: none known.
 */
export const allocateProducerIdsHandler = forwarded({
  api: allocateProducerIds,
  versions: [0, 0],
  failed: (_request, errorCode) => make(allocateProducerIds.response, { errorCode }),
});
