/**
 * Listeners as options spell them: `NAME://host:port`, and which security protocol a name stands for.
 */
import type { ConfigProblem } from "./config_problem.ts";

/** How connections of a listener are secured. */
export type SecurityProtocol = "PLAINTEXT" | "SSL" | "SASL_PLAINTEXT" | "SASL_SSL";

/** An address that a node listens on or is reached at. */
export interface Endpoint {
  /** In upper case, as Kafka compares it. */
  readonly name: string;
  readonly securityProtocol: SecurityProtocol;
  /** Empty is every interface. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

const PROTOCOLS: readonly string[] = ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"];
/** The highest port that there is. */
export const PORT_MAX = 65535;
const ENDPOINT = /^(.*):\/\/\[?([0-9a-zA-Z\-%._:]*)\]?:(\d{1,5})$/;

/** Endpoints of a list, or the problem with it. `distinctPorts` forbids two listeners on one port. */
export function parseEndpoints(
  option: string,
  items: readonly string[],
  protocols: ReadonlyMap<string, SecurityProtocol>,
  distinctPorts: boolean,
): { endpoints: readonly Endpoint[] } | { problem: ConfigProblem } {
  const problem = (allowed: string) => ({
    problem: { option, value: items.join(","), allowed },
  });
  const endpoints: Endpoint[] = [];
  for (const item of items) {
    const parts = splitEndpoint(item);
    if (parts === null) {
      return problem(`a list of NAME://host:port with ports from 0 to 65535, which ${item} is not`);
    }
    const { name, host, port } = parts;
    const securityProtocol = protocols.get(name.toUpperCase());
    if (securityProtocol === undefined) {
      return problem(
        `names that listener.security.protocol.map knows (${
          [...protocols.keys()].join(", ")
        }), which ${name} is not`,
      );
    }
    endpoints.push({ name: name.toUpperCase(), securityProtocol, host, port });
  }
  for (const [i, a] of endpoints.entries()) {
    for (const b of endpoints.slice(i + 1)) {
      if (a.name === b.name) return problem(`one address for each name, and ${a.name} has two`);
      if (distinctPorts && a.port !== 0 && a.port === b.port && !isIpv4AndIpv6(a.host, b.host)) {
        return problem(`one port for each listener, and ${a.name} and ${b.name} share ${a.port}`);
      }
    }
  }
  return { endpoints };
}

/** The parts of `NAME://host:port`; null where the text is none, or its port is beyond 65535. */
export function splitEndpoint(
  item: string,
): { readonly name: string; readonly host: string; readonly port: number } | null {
  const [, name = "", host = "", portText = ""] = ENDPOINT.exec(item) ?? [];
  const port = Number(portText);
  return portText === "" || port > PORT_MAX ? null : { name, host, port };
}

/** `NAME:PROTOCOL,...` as a map of upper-case names, or the problem with it. */
export function parseProtocolMap(
  text: string,
): { protocols: Map<string, SecurityProtocol> } | { problem: ConfigProblem } {
  const protocols = new Map<string, SecurityProtocol>();
  for (const item of csv(text)) {
    const colon = item.lastIndexOf(":");
    const name = item.slice(0, Math.max(colon, 0)).trim().toUpperCase();
    const protocol = item.slice(colon + 1).trim().toUpperCase();
    if (colon < 0 || !isSecurityProtocol(protocol)) {
      return {
        problem: {
          option: "listener.security.protocol.map",
          value: text,
          allowed: `a list of NAME:PROTOCOL with protocols ${PROTOCOLS.join(", ")}`,
        },
      };
    }
    protocols.set(name, protocol);
  }
  return { protocols };
}

/** The name before `://`, in upper case; empty where there is none. */
export function listenerNameOf(item: string): string {
  const end = item.indexOf("://");
  return end < 0 ? "" : item.slice(0, end).trim().toUpperCase();
}

/** Items of a comma-separated text, trimmed, without empty ones. */
export function csv(text: string): string[] {
  return text.split(",").map((item) => item.trim()).filter((item) => item !== "");
}

/** `NAME://host:port`, with brackets around an IPv6 address. */
export function formatEndpoint(endpoint: Endpoint): string {
  const { name, host, port } = endpoint;
  return `${name}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function isSecurityProtocol(text: string): text is SecurityProtocol {
  return PROTOCOLS.includes(text);
}

/** Two listeners may share a port when one is IPv4 and the other IPv6 (KIP-797). */
function isIpv4AndIpv6(a: string, b: string): boolean {
  return (isIpv4(a) && b.includes(":")) || (isIpv4(b) && a.includes(":"));
}

function isIpv4(host: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(host);
}
