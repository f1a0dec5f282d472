import { brokerRegistration, make } from "../protocol/mod.ts";
import { forwarded } from "./forward.ts";

/**
 * BrokerRegistration, versions 0 to 4 (KIP-631): a broker joins the cluster; controller
 * listeners alone serve it.
 *
 * Gaps: the broker can't follow the metadata yet: Fetch is not served on controller listeners.
 */
export const brokerRegistrationHandler = forwarded({
  api: brokerRegistration,
  versions: [0, 4],
  failed: (_request, errorCode) => make(brokerRegistration.response, { errorCode }),
});
