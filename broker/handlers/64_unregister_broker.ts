import { errorMessage, make, unregisterBroker } from "../protocol/mod.ts";
import { forwarded } from "./forward.ts";

/**
 * UnregisterBroker, version 0: forgets a broker that won't come back; the controller decides.
 *
 * Gaps: none known.
 */
export const unregisterBrokerHandler = forwarded({
  api: unregisterBroker,
  versions: [0, 0],
  failed: (_request, errorCode) =>
    make(unregisterBroker.response, { errorCode, errorMessage: errorMessage(errorCode) }),
});
