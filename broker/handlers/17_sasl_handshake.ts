import { errorCodes, saslHandshake } from "../protocol/mod.ts";
import { handler } from "./handler.ts";

/**
 * SaslHandshake, versions 0 and 1, on a listener that does not authenticate: ILLEGAL_SASL_STATE, as
 * in Kafka.
 *
 * Gaps: SASL listeners are not served yet, nor is SaslAuthenticate, which Kafka answers on such a
 * listener by closing the connection.
 */
export const saslHandshakeHandler = handler({
  api: saslHandshake,
  versions: [0, 1],
  listeners: ["broker", "controller"],
  handle: () => ({ errorCode: errorCodes.ILLEGAL_SASL_STATE, mechanisms: [] }),
});
