import { brokerHeartbeat, make } from "../protocol/mod.ts";
import { forwarded } from "./forward.ts";

/**
 * BrokerHeartbeat, versions 0 to 2 (KIP-631): a broker shows that it lives; controller
 * listeners alone serve it.
 *
 * Gaps: none known.
 */
export const brokerHeartbeatHandler = forwarded({
  api: brokerHeartbeat,
  versions: [0, 2],
  failed: (_request, errorCode) => make(brokerHeartbeat.response, { errorCode }),
});
