import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions as TlsOptions } from "node:tls";
import { errorCodes } from "../../broker/protocol/errors.ts";
import type { ServerAddress } from "./server_address.ts";
import { formatServerAddress } from "./server_address.ts";
import { KafkaError } from "./kafka_error.ts";
import type { SaslSettings, TlsSettings } from "./security.ts";

/** What opening a socket needs to know. */
export interface SocketOptions {
  readonly clientId: string;
  readonly connectTimeoutMs: number;
  readonly tls: TlsSettings | null;
  readonly sasl: SaslSettings | null;
}

/** A socket that is connected, and authenticated where that is asked for. */
export interface OpenedSocket {
  readonly socket: Socket;
  /** How long the broker takes requests on it without new authentication (KIP-368); 0: for ever. */
  readonly sessionLifetimeMs: number;
}

/**
 * Connects to a broker. Rejects with a {@linkcode KafkaError}: SASL_AUTHENTICATION_FAILED, or
 * BROKER_NOT_AVAILABLE that names the address and the reason.
 */
export function openSocket(address: ServerAddress, options: SocketOptions): Promise<OpenedSocket> {
  return options.sasl === null
    ? openWithoutSasl(address, options)
    : openWithSasl(address, options, options.sasl);
}

function openWithoutSasl(address: ServerAddress, options: SocketOptions): Promise<OpenedSocket> {
  const { host, port } = address;
  const { tls, connectTimeoutMs } = options;
  return new Promise((resolve, reject) => {
    const socket = tls === null
      ? connectTcp({ host, port, noDelay: true })
      : connectTls({ ...tlsOptions(tls, host), host, port });
    const timer = setTimeout(
      () => onError(new Error(`no answer within ${connectTimeoutMs} ms`)),
      connectTimeoutMs,
    );
    function onError(cause: Error): void {
      clearTimeout(timer);
      socket.removeAllListeners();
      socket.on("error", ignore);
      socket.destroy();
      reject(unreachable(address, cause));
    }
    function onConnect(): void {
      clearTimeout(timer);
      socket.removeAllListeners("error");
      socket.removeAllListeners("close");
      socket.setNoDelay(true);
      resolve({ socket, sessionLifetimeMs: 0 });
    }
    socket.once("error", onError);
    socket.once("close", () => onError(new Error("the other side closed the connection")));
    socket.once(tls === null ? "connect" : "secureConnect", onConnect);
  });
}

/**
 * SASL is the client library's: it opens the socket, shakes hands, authenticates and then leaves the
 * socket to us. It is loaded here alone, since it takes 60 MB and a fifth of a second that a broker
 * without SASL need not cost.
 *
 * It must not authenticate again by itself later, in between our requests: it never hears of a
 * session's lifetime, and our owner opens a new connection in time instead.
 */
async function openWithSasl(
  address: ServerAddress,
  options: SocketOptions,
  sasl: SaslSettings,
): Promise<OpenedSocket> {
  const { Connection, saslOAuthBearer, saslPlain, saslScramSha } = await import(
    "@platformatic/kafka"
  );
  let sessionLifetimeMs = 0;
  const { mechanism, username = "", password = "", token = "" } = sasl;
  const connection = new Connection(options.clientId, {
    connectTimeout: options.connectTimeoutMs,
    requestTimeout: options.connectTimeoutMs,
    ...(options.tls === null ? {} : { tls: tlsOptions(options.tls, address.host) }),
    sasl: {
      mechanism,
      username,
      password,
      token,
      authenticate(_mechanism, self, api, _username, _password, _token, callback) {
        const answered: typeof callback = (error, response) => {
          if (response) sessionLifetimeMs = Number(response.sessionLifetimeMs);
          callback(error, response && { ...response, sessionLifetimeMs: 0n });
        };
        if (mechanism === "PLAIN") saslPlain.authenticate(api, self, username, password, answered);
        else if (mechanism === "OAUTHBEARER") {
          saslOAuthBearer.authenticate(api, self, token, {}, answered);
        } else {
          const algorithm = mechanism === "SCRAM-SHA-256" ? "SHA-256" : "SHA-512";
          saslScramSha.authenticate(
            api,
            self,
            algorithm,
            username,
            password,
            saslScramSha.defaultCrypto,
            answered,
          );
        }
      },
    },
  });
  connection.on("error", ignore);
  try {
    await connection.connect(address.host, address.port);
  } catch (cause) {
    connection.socket?.destroy();
    throw refusedOrUnreachable(address, cause as Error);
  }
  const socket = connection.socket;
  socket.removeAllListeners("data");
  socket.removeAllListeners("error");
  socket.on("error", ignore);
  return { socket, sessionLifetimeMs };
}

function tlsOptions(tls: TlsSettings, host: string): TlsOptions {
  return {
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    ...(tls.passphrase === undefined ? {} : { passphrase: tls.passphrase }),
    rejectUnauthorized: tls.rejectUnauthorized ?? true,
    ...(tls.checkHostname === false ? { checkServerIdentity: () => undefined } : {}),
    // Server names are names: an address has none (RFC 6066).
    ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
  };
}

function refusedOrUnreachable(address: ServerAddress, error: Error): KafkaError {
  const chain: Error[] = [];
  for (let at: unknown = error; at instanceof Error && chain.length < 8; at = at.cause) {
    chain.push(at);
    if (at instanceof AggregateError) chain.push(...at.errors);
  }
  const isRefusal = chain.some((link) =>
    (link as { code?: string }).code === "PLT_KFK_AUTHENTICATION"
  );
  if (!isRefusal) return unreachable(address, chain.at(-1) ?? error);
  const where = formatServerAddress(address);
  const reason = chain.at(-1)!.message;
  return new KafkaError(
    errorCodes.SASL_AUTHENTICATION_FAILED,
    `Cannot authenticate at ${where}: ${reason}`,
    { cause: error, retriable: false },
  );
}

function unreachable(address: ServerAddress, cause: Error): KafkaError {
  const message = `Cannot connect to ${formatServerAddress(address)}: ${reasonOf(cause)}`;
  return new KafkaError(errorCodes.BROKER_NOT_AVAILABLE, message, { cause, retriable: true });
}

/** What the operating system says, without its error number. */
export function reasonOf(cause: Error): string {
  const code = (cause as { code?: string }).code;
  if (code === "ECONNREFUSED") return "connection refused";
  if (code === "ECONNRESET") return "reset by the other side";
  if (code === "ENOTFOUND") return "the host's name is not known";
  return cause.message.replace(/ \(os error \d+\)/, "");
}

function ignore(): void {
  // Whoever owns the socket hears of its end by "close".
}
