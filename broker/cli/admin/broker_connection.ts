import type { Clock, Timer } from "../../base/mod.ts";
import {
  type AnyApi,
  apiVersions,
  type Decoded,
  decodeResponse,
  encodeRequest,
  errorCodes,
  errorName,
  make,
  ProtocolError,
  type RequestOf,
  type ResponseOf,
  versionBounds,
} from "../../protocol/mod.ts";
import { CommandError } from "../command_error.ts";
import { VERSION } from "../version.ts";
import { formatServerAddress, type ServerAddress } from "./server_address.ts";

/** No answer that a command asks for is longer; a longer length is no answer of Kafka's. */
const RESPONSE_BYTES_MAX = 256 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 10_000;
const CLIENT_SOFTWARE = { clientSoftwareName: "kafkats", clientSoftwareVersion: VERSION };

/** A broker cannot be reached, broke off, or said what no broker says; the message names it. */
export class ConnectionError extends CommandError {
  override readonly name = "ConnectionError";
}

/** What a connection needs of its owner. */
export interface ConnectionOptions {
  readonly clientId: string;
  /** How long an answer may take. */
  readonly requestTimeoutMs: number;
  readonly clock: Clock;
}

/** How one request is sent. */
export interface SendOptions {
  /** Instead of the connection's. */
  readonly timeoutMs?: number;
  /** The highest version to use although both sides know higher ones. */
  readonly versionMax?: number;
  /** The lowest version that means what is asked. */
  readonly versionMin?: number;
}

/**
 * A TCP connection to one broker that speaks Kafka's protocol: it agrees on versions when it opens,
 * then carries one request at a time. After any {@linkcode ConnectionError} it is closed for good.
 */
export class BrokerConnection {
  /** `host:port`, for messages. */
  readonly address: string;
  readonly #socket: Deno.TcpConn;
  readonly #options: ConnectionOptions;
  readonly #versions = new Map<number, { readonly min: number; readonly max: number }>();
  #correlationId = 0;
  #isOpen = true;
  /** Ends when the request before has its answer, whatever that is. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(socket: Deno.TcpConn, address: string, options: ConnectionOptions) {
    this.#socket = socket;
    this.address = address;
    this.#options = options;
  }

  /** Connects and asks for the broker's versions. Rejects with {@linkcode ConnectionError}. */
  static async open(
    server: ServerAddress,
    options: ConnectionOptions,
  ): Promise<BrokerConnection> {
    const address = formatServerAddress(server);
    const socket = await connect(server, address, options);
    const connection = new BrokerConnection(socket, address, options);
    try {
      await connection.#agreeOnVersions();
    } catch (error) {
      connection.close();
      throw error;
    }
    return connection;
  }

  /** Whether requests can still be sent. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether the broker serves any version of `api` that we know. */
  serves(api: AnyApi): boolean {
    return this.#commonVersion(api) !== null;
  }

  /** The version that requests to `api` will have. Throws {@linkcode ConnectionError} if none fits. */
  versionOf(api: AnyApi, options: SendOptions = {}): number {
    const version = this.#commonVersion(api, options);
    if (version !== null) return version;
    const ours = options.versionMin ?? versionBounds(api.request.versions).first;
    const theirs = this.#versions.get(api.key);
    const offer = theirs === undefined
      ? "does not serve it"
      : `serves versions ${theirs.min} to ${theirs.max}`;
    throw new ConnectionError(
      `Cannot ask ${this.address} for ${api.name}: version ${ours} or later is needed, ` +
        `the broker ${offer}`,
    );
  }

  /**
   * Sends a request in the highest version that both sides know and resolves to the answer, whose
   * byte fields are its own. Rejects with {@linkcode ConnectionError}.
   */
  send<A extends AnyApi>(
    api: A,
    body: RequestOf<A>,
    options: SendOptions = {},
  ): Promise<Decoded<ResponseOf<A>>> {
    const turn = this.#last.then(() => {
      const version = this.versionOf(api, options);
      return this.#exchange(api, version, body, options.timeoutMs);
    });
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** Closes the connection; a request under way fails. Calling it again does nothing. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#socket.close();
  }

  #commonVersion(
    api: AnyApi,
    { versionMin = 0, versionMax = Infinity }: SendOptions = {},
  ): number | null {
    const theirs = this.#versions.get(api.key);
    if (theirs === undefined) return null;
    const { first, last } = versionBounds(api.request.versions);
    const version = Math.min(last, theirs.max, versionMax);
    return version >= Math.max(first, theirs.min, versionMin) ? version : null;
  }

  /**
   * A broker that is older than our newest ApiVersions answers in version 0 that it cannot serve it
   * (KIP-511); then it is asked again in version 0, which all know.
   */
  async #agreeOnVersions(): Promise<void> {
    const { last } = versionBounds(apiVersions.request.versions);
    const body = make(apiVersions.request, CLIENT_SOFTWARE);
    let frame = await this.#roundTrip(apiVersions, last, body);
    let version = last;
    // Every version begins with the correlation id and the error code.
    if (frame.length >= 6 && new DataView(frame.buffer).getInt16(4) !== 0) {
      frame = await this.#roundTrip(apiVersions, version = 0, body);
    }
    const response = this.#decode(apiVersions, version, frame);
    if (response.errorCode !== errorCodes.NONE) {
      throw new ConnectionError(
        `Cannot use ${this.address}: it answers ApiVersions with ${errorName(response.errorCode)}`,
      );
    }
    for (const { apiKey, minVersion, maxVersion } of response.apiKeys) {
      this.#versions.set(apiKey, { min: minVersion, max: maxVersion });
    }
  }

  async #exchange<A extends AnyApi>(
    api: A,
    version: number,
    body: RequestOf<A>,
    timeoutMs?: number,
  ): Promise<Decoded<ResponseOf<A>>> {
    return this.#decode(api, version, await this.#roundTrip(api, version, body, timeoutMs));
  }

  async #roundTrip<A extends AnyApi>(
    api: A,
    version: number,
    body: RequestOf<A>,
    timeoutMs = this.#options.requestTimeoutMs,
  ): Promise<Uint8Array<ArrayBuffer>> {
    if (!this.#isOpen) throw new ConnectionError(`The connection to ${this.address} is closed`);
    const correlationId = this.#correlationId = (this.#correlationId + 1) & 0x7fffffff;
    const { clientId, clock } = this.#options;
    const message = encodeRequest(api, version, { correlationId, clientId }, body);
    let timedOut = false;
    const timer: Timer = clock.schedule(timeoutMs, () => {
      timedOut = true;
      this.close();
    });
    try {
      for (const part of message.parts) await this.#write(part as Uint8Array);
      const frame = await this.#readFrame();
      const answered = frame.length < 4 ? null : new DataView(frame.buffer).getInt32(0);
      if (answered !== correlationId) throw this.#notKafka(`correlation id ${answered}`);
      return frame;
    } catch (cause) {
      this.close();
      if (cause instanceof ConnectionError) throw cause;
      throw new ConnectionError(
        timedOut
          ? `No answer from ${this.address} to ${api.name} within ${timeoutMs} ms`
          : `Connection to ${this.address} lost during ${api.name}: ${reasonOf(cause)}`,
        { cause },
      );
    } finally {
      timer.cancel();
    }
  }

  #decode<A extends AnyApi>(
    api: A,
    version: number,
    frame: Uint8Array,
  ): Decoded<ResponseOf<A>> {
    try {
      return decodeResponse(api, version, frame).body;
    } catch (cause) {
      if (!(cause instanceof ProtocolError)) throw cause;
      this.close();
      throw new ConnectionError(`${this.address} gave a damaged answer: ${cause.message}`, {
        cause,
      });
    }
  }

  async #write(bytes: Uint8Array): Promise<void> {
    let rest = bytes;
    while (rest.length > 0) rest = rest.subarray(await this.#socket.write(rest));
  }

  async #readFrame(): Promise<Uint8Array<ArrayBuffer>> {
    const head = await this.#read(new Uint8Array(4));
    const sizeBytes = new DataView(head.buffer).getInt32(0);
    if (sizeBytes < 0 || sizeBytes > RESPONSE_BYTES_MAX) {
      throw this.#notKafka(`a length of ${sizeBytes} bytes`);
    }
    return await this.#read(new Uint8Array(sizeBytes));
  }

  async #read(buffer: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    for (let length = 0; length < buffer.length;) {
      const count = await this.#socket.read(buffer.subarray(length));
      if (count === null) {
        const hint = this.#versions.size === 0 ? "; is it a PLAINTEXT listener of a broker?" : "";
        throw new ConnectionError(`${this.address} closed the connection${hint}`);
      }
      length += count;
    }
    return buffer;
  }

  #notKafka(what: string): ConnectionError {
    return new ConnectionError(
      `${this.address} does not speak Kafka's protocol in plain text: it answered with ${what}`,
    );
  }
}

async function connect(
  { host, port }: ServerAddress,
  address: string,
  { clock, requestTimeoutMs }: ConnectionOptions,
): Promise<Deno.TcpConn> {
  const timeoutMs = Math.min(CONNECT_TIMEOUT_MS, requestTimeoutMs);
  const abort = new AbortController();
  const timer = clock.schedule(timeoutMs, () => abort.abort());
  try {
    const socket = await Deno.connect({ hostname: host, port, signal: abort.signal });
    socket.setNoDelay(true);
    return socket;
  } catch (cause) {
    const reason = abort.signal.aborted ? `no answer within ${timeoutMs} ms` : reasonOf(cause);
    throw new ConnectionError(`Cannot connect to ${address}: ${reason}`, { cause });
  } finally {
    timer.cancel();
  }
}

/** What the operating system says, without its error number. */
function reasonOf(cause: unknown): string {
  if (cause instanceof Deno.errors.ConnectionRefused) return "connection refused";
  if (cause instanceof Deno.errors.ConnectionReset) return "reset by the other side";
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.replace(/ \(os error \d+\)/, "").replace(/^failed to lookup.*: /, "");
}
