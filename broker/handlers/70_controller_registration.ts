import { controllerRegistration, make } from "../protocol/mod.ts";
import { forwarded } from "./forward.ts";

/**
 * ControllerRegistration, version 0 (KIP-919): a controller tells its endpoints; controller
 * listeners alone serve it.
 *
 * Gaps: none known.
 */
export const controllerRegistrationHandler = forwarded({
  api: controllerRegistration,
  versions: [0, 0],
  failed: (_request, errorCode) => make(controllerRegistration.response, { errorCode }),
});
