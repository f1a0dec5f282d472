import type { Endpoint as ListenerEndpoint, SecurityProtocol } from "../config/mod.ts";
import type { Endpoint } from "../metadata/mod.ts";
import type { BoundListener } from "../server/mod.ts";

/** Kafka's numbers of security protocols. */
const SECURITY_PROTOCOLS: Record<SecurityProtocol, number> = {
  PLAINTEXT: 0,
  SSL: 1,
  SASL_PLAINTEXT: 2,
  SASL_SSL: 3,
};

/** Address on which a listener without a host listens. */
export const EVERY_INTERFACE = "0.0.0.0";

/**
 * Addresses as the cluster is told them: port 0 becomes the port that the system chose, a listener
 * on every interface is told by the machine's name.
 */
export function toldEndpoints(
  endpoints: readonly ListenerEndpoint[],
  bound: readonly BoundListener[],
  hostname: string,
): Endpoint[] {
  return endpoints.map(({ name, host, port, securityProtocol }) => ({
    name,
    host: host === "" || host === EVERY_INTERFACE ? hostname : host,
    port: port !== 0 ? port : bound.find((listener) => listener.name === name)?.port ?? 0,
    securityProtocol: SECURITY_PROTOCOLS[securityProtocol],
  }));
}
