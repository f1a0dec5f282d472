import { errorMessage, make, unregisterController } from "../protocol/mod.ts";
import { forwarded } from "./forward.ts";

/**
 * UnregisterController, version 0 (KIP-1312): forgets a controller that won't come back; the active
 * controller decides.
 *
 * Gaps: none known.
 */
export const unregisterControllerHandler = forwarded({
  api: unregisterController,
  versions: [0, 0],
  failed: (_request, errorCode) =>
    make(unregisterController.response, { errorCode, errorMessage: errorMessage(errorCode) }),
});
