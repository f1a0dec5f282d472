import type { KafkaClientOptions } from "./kafka_client.ts";
import { parseServerAddress } from "./server_address.ts";
import type { SaslSettings, TlsSettings } from "./security.ts";

/** An option that can't be used: the message names it, its value and what is allowed. */
export class ClientOptionError extends Error {
  override readonly name = "ClientOptionError";
}

const PROTOCOLS = ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] as const;
const MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"] as const;

/**
 * The client that Kafka's own option names describe (`bootstrap.servers`, `security.protocol`,
 * `sasl.*`, `ssl.*`, `client.id`, `request.timeout.ms` and so on, without any service's prefix).
 * Options of other names are left alone. Certificates are PEM, in the option or in a file that
 * `readFile` reads. Throws {@linkcode ClientOptionError}.
 */
export function clientOptions(
  properties: Readonly<Record<string, string>>,
  defaults: { readonly bootstrap: readonly string[]; readonly clientId: string },
  readFile: (path: string) => string = Deno.readTextFileSync,
): KafkaClientOptions {
  const protocol = oneOf(properties, "security.protocol", PROTOCOLS) ?? "PLAINTEXT";
  const requestTimeoutMs = wholeNumber(properties, "request.timeout.ms");
  const callTimeoutMs = wholeNumber(properties, "default.api.timeout.ms");
  const connectTimeoutMs = wholeNumber(properties, "socket.connection.setup.timeout.ms");
  const metadataMaxAgeMs = wholeNumber(properties, "metadata.max.age.ms");
  return {
    bootstrap: bootstrapOf(properties["bootstrap.servers"]) ?? defaults.bootstrap,
    clientId: properties["client.id"] || defaults.clientId,
    ...(protocol.endsWith("SSL") ? { tls: tlsOf(properties, readFile) } : {}),
    ...(protocol.startsWith("SASL") ? { sasl: saslOf(properties) } : {}),
    ...(requestTimeoutMs === null ? {} : { requestTimeoutMs }),
    ...(callTimeoutMs === null ? {} : { callTimeoutMs }),
    ...(connectTimeoutMs === null ? {} : { connectTimeoutMs }),
    ...(metadataMaxAgeMs === null ? {} : { metadataMaxAgeMs }),
  };
}

function bootstrapOf(text: string | undefined): string[] | null {
  if (text === undefined || text.trim() === "") return null;
  const servers = text.split(",").map((part) => part.trim()).filter((part) => part !== "");
  for (const server of servers) {
    try {
      parseServerAddress(server);
    } catch (cause) {
      throw new ClientOptionError(`bootstrap.servers=${text}: ${(cause as Error).message}`);
    }
  }
  return servers;
}

function saslOf(properties: Readonly<Record<string, string>>): SaslSettings {
  const mechanism = oneOf(properties, "sasl.mechanism", MECHANISMS);
  if (mechanism === null) {
    throw new ClientOptionError(
      `sasl.mechanism is missing: security.protocol asks for it, allowed are ${
        MECHANISMS.join(", ")
      }`,
    );
  }
  const jaas = jaasOptions(properties["sasl.jaas.config"] ?? "");
  if (mechanism === "OAUTHBEARER") {
    const token = properties["sasl.oauthbearer.token"];
    if (token !== undefined) return { mechanism, token };
    throw new ClientOptionError("sasl.oauthbearer.token is missing: OAUTHBEARER needs a token");
  }
  const username = properties["sasl.username"] ?? jaas.get("username");
  const password = properties["sasl.password"] ?? jaas.get("password");
  if (username !== undefined && password !== undefined) return { mechanism, username, password };
  throw new ClientOptionError(
    "sasl.jaas.config names no username and password: allowed is " +
      '<login module> required username="..." password="...";',
  );
}

/** The `name="value"` pairs behind the login module; a backslash takes the next letter as it is. */
function jaasOptions(text: string): Map<string, string> {
  const options = new Map<string, string>();
  for (
    const [, name, quoted, plain] of text.matchAll(
      /(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/g,
    )
  ) {
    options.set(name!, quoted?.replace(/\\(.)/g, "$1") ?? plain!);
  }
  return options;
}

function tlsOf(
  properties: Readonly<Record<string, string>>,
  readFile: (path: string) => string,
): TlsSettings {
  for (const store of ["ssl.truststore", "ssl.keystore"]) {
    const type = properties[`${store}.type`];
    const isUsed = properties[`${store}.location`] !== undefined;
    if (type === "PEM" || (type === undefined && !isUsed)) continue;
    if (type === undefined && /\.(pem|crt|cert)$/i.test(properties[`${store}.location`]!)) continue;
    throw new ClientOptionError(`${store}.type=${type ?? "JKS"}: only PEM can be used`);
  }
  function pem(inline: string, location: string): string | undefined {
    if (properties[inline] !== undefined) return properties[inline];
    const path = properties[location];
    if (path === undefined) return undefined;
    try {
      return readFile(path);
    } catch (cause) {
      throw new ClientOptionError(`${location}=${path}: ${(cause as Error).message}`);
    }
  }
  const ca = pem("ssl.truststore.certificates", "ssl.truststore.location");
  const keystore = pem("ssl.keystore.certificate.chain", "ssl.keystore.location");
  const key = properties["ssl.keystore.key"] ?? keystore;
  const passphrase = properties["ssl.key.password"];
  return {
    ...(ca === undefined ? {} : { ca }),
    // A PEM keystore holds the key and the certificates one behind the other.
    ...(keystore === undefined ? {} : { cert: keystore, key: key! }),
    ...(passphrase === undefined ? {} : { passphrase }),
    checkHostname: properties["ssl.endpoint.identification.algorithm"] !== "",
  };
}

function oneOf<T extends string>(
  properties: Readonly<Record<string, string>>,
  name: string,
  allowed: readonly T[],
): T | null {
  const value = properties[name]?.trim();
  if (value === undefined || value === "") return null;
  const found = allowed.find((one) => one === value.toUpperCase());
  if (found !== undefined) return found;
  throw new ClientOptionError(`${name}=${value}: allowed are ${allowed.join(", ")}`);
}

function wholeNumber(properties: Readonly<Record<string, string>>, name: string): number | null {
  const text = properties[name]?.trim();
  if (text === undefined || text === "") return null;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 0x7fffffff) return value;
  throw new ClientOptionError(`${name}=${text}: allowed are whole numbers from 1 to 2147483647`);
}
