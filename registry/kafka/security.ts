/** How a connection is secured; without either, bytes go in the clear. */

/** SASL credentials: what KIP-43 calls mechanism, and what it needs. */
export interface SaslSettings {
  readonly mechanism: "PLAIN" | "SCRAM-SHA-256" | "SCRAM-SHA-512" | "OAUTHBEARER";
  readonly username?: string;
  readonly password?: string;
  /** For OAUTHBEARER. */
  readonly token?: string;
}

/** TLS as far as a client chooses it; certificates and keys are PEM text. */
export interface TlsSettings {
  /** Certificates of the authorities to trust; default: the system's. */
  readonly ca?: string;
  /** The client's own certificate, for brokers that ask for one. */
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  /** Default true: the broker's certificate must be valid. */
  readonly rejectUnauthorized?: boolean;
  /** Default true: the certificate must name the host that is connected to. */
  readonly checkHostname?: boolean;
}
