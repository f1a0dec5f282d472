import { errorMessage, make, updateFeatures } from "../protocol/mod.ts";
import { forwarded } from "./forward.ts";

/**
 * UpdateFeatures, versions 0 to 2: raises and lowers finalized features (KIP-584, KIP-778); the
 * controller decides.
 *
 * Gaps: none known.
 */
export const updateFeaturesHandler = forwarded({
  api: updateFeatures,
  versions: [0, 2],
  failed: (_request, errorCode) =>
    make(updateFeatures.response, { errorCode, errorMessage: errorMessage(errorCode) }),
});
