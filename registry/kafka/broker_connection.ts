import type { Socket } from "node:net";
import {
  type AnyApi,
  apiVersions,
  type Decoded,
  decodeResponse,
  type EncodedMessage,
  encodeRequest,
  errorCodes,
  errorName,
  make,
  ProtocolError,
  type RequestOf,
  type ResponseOf,
  versionBounds,
} from "../../broker/protocol/mod.ts";
import { FrameReader } from "./frame_reader.ts";
import { KafkaError } from "./kafka_error.ts";
import { formatServerAddress, type ServerAddress } from "./server_address.ts";
import { openSocket, reasonOf, type SocketOptions } from "./socket.ts";

const CLIENT_SOFTWARE = { clientSoftwareName: "kafkats-registry", clientSoftwareVersion: "1" };
/** Requests that may wait for their answers on one connection; who comes later is refused. */
const IN_FLIGHT_MAX = 1000;
/** Messages up to this size go out in one write, larger ones part by part without a copy. */
const JOINED_BYTES_MAX = 64 * 1024;
/** How much of a session may pass before a new connection takes over, as in Kafka's client. */
const SESSION_SHARE = 0.85;

/** A request on its way. */
interface Waiting {
  readonly api: AnyApi;
  readonly version: number;
  readonly correlationId: number;
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  readonly resolve: (body: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** How one request is sent. */
export interface SendOptions {
  /** How long the answer may take. */
  readonly timeoutMs: number;
  /** The highest version to use although both sides know higher ones. */
  readonly versionMax?: number;
  /** The lowest version that means what is asked. */
  readonly versionMin?: number;
}

/**
 * A connection to one broker that speaks Kafka's protocol: it agrees on versions when it opens and
 * then carries any number of requests, which the broker answers in their order. An answer that does
 * not come in time ends the connection, since nothing behind it can be told apart any more.
 */
export class BrokerConnection {
  readonly address: ServerAddress;
  /** Called once when the connection has ended, by either side. */
  onClosed: () => void = () => {};
  readonly #socket: Socket;
  readonly #clientId: string;
  readonly #expiresAtMs: number;
  readonly #versions = new Map<number, { readonly min: number; readonly max: number }>();
  readonly #frames = new FrameReader();
  /** In the order of their answers; the first `#head` have theirs. */
  #waiting: Waiting[] = [];
  #head = 0;
  #correlationId = 0;
  #isOpen = true;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #timerAtMs = Infinity;

  private constructor(
    address: ServerAddress,
    clientId: string,
    socket: Socket,
    sessionLifetimeMs: number,
  ) {
    this.address = address;
    this.#clientId = clientId;
    this.#socket = socket;
    this.#expiresAtMs = sessionLifetimeMs > 0
      ? performance.now() + SESSION_SHARE * sessionLifetimeMs
      : Infinity;
    const onFrame = (frame: Uint8Array) => this.#onFrame(frame);
    socket.on("data", (bytes: Uint8Array) => {
      try {
        this.#frames.push(bytes, onFrame);
      } catch (cause) {
        if (!(cause instanceof RangeError)) throw cause;
        this.#fail(this.#notKafka(cause.message));
      }
    });
    socket.on("error", (cause: Error) => this.#fail(this.#lost(reasonOf(cause), cause)));
    socket.on("close", () => this.#fail(this.#lost("the other side closed it")));
  }

  /** Connects and asks for the broker's versions. Rejects with {@linkcode KafkaError}. */
  static async open(address: ServerAddress, options: SocketOptions): Promise<BrokerConnection> {
    const { socket, sessionLifetimeMs } = await openSocket(address, options);
    const connection = new BrokerConnection(
      address,
      options.clientId,
      socket,
      sessionLifetimeMs,
    );
    try {
      await connection.#agreeOnVersions(options.connectTimeoutMs);
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

  /** Requests without their answer. */
  get inFlight(): number {
    return this.#waiting.length - this.#head;
  }

  /** Whether the broker's session is so old that new requests should take a new connection. */
  get isExpiring(): boolean {
    return performance.now() >= this.#expiresAtMs;
  }

  /** Whether the broker serves a version of `api` that we know too. */
  serves(api: AnyApi): boolean {
    return this.#commonVersion(api, 0, Infinity) !== null;
  }

  /** The version that requests to `api` get. Throws UNSUPPORTED_VERSION if none fits. */
  versionOf(api: AnyApi, versionMin = 0, versionMax = Infinity): number {
    const version = this.#commonVersion(api, versionMin, versionMax);
    if (version !== null) return version;
    const theirs = this.#versions.get(api.key);
    const { first, last } = versionBounds(api.versions);
    const offer = theirs === undefined
      ? "does not serve it"
      : `serves versions ${theirs.min} to ${theirs.max}`;
    throw new KafkaError(
      errorCodes.UNSUPPORTED_VERSION,
      `Cannot ask ${this.#where()} for ${api.name}: versions ${Math.max(first, versionMin)} to ` +
        `${Math.min(last, versionMax)} are needed, the broker ${offer}`,
    );
  }

  /**
   * Sends a request in the highest version that both sides know and resolves to the answer, whose
   * byte fields are views of what was received. Rejects with {@linkcode KafkaError}; error codes
   * inside of the answer are the caller's to read.
   */
  send<A extends AnyApi>(
    api: A,
    body: RequestOf<A>,
    options: SendOptions,
  ): Promise<Decoded<ResponseOf<A>>> {
    try {
      const version = this.versionOf(api, options.versionMin, options.versionMax);
      return this.#exchange(api, version, body, options.timeoutMs);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Ends the connection; requests on their way fail. Calling it again does nothing. */
  close(): void {
    this.#fail(this.#lost("it was closed here"));
  }

  #commonVersion(api: AnyApi, versionMin: number, versionMax: number): number | null {
    const theirs = this.#versions.get(api.key);
    if (theirs === undefined) return null;
    const { first, last } = versionBounds(api.versions);
    const newest = api.latestVersionUnstable ? last - 1 : last;
    const version = Math.min(newest, theirs.max, versionMax);
    return version >= Math.max(first, theirs.min, versionMin) ? version : null;
  }

  /**
   * A broker that is older than our newest ApiVersions answers in version 0 that it cannot serve it
   * (KIP-511); then it is asked again in version 0, which all know.
   */
  async #agreeOnVersions(timeoutMs: number): Promise<void> {
    const { last } = versionBounds(apiVersions.versions);
    const body = make(apiVersions.request, CLIENT_SOFTWARE);
    let response = await this.#exchange(apiVersions, last, body, timeoutMs);
    if (response.errorCode === errorCodes.UNSUPPORTED_VERSION) {
      response = await this.#exchange(apiVersions, 0, body, timeoutMs);
    }
    if (response.errorCode !== errorCodes.NONE) {
      throw new KafkaError(
        response.errorCode,
        `Cannot use ${this.#where()}: it answers ApiVersions with ${errorName(response.errorCode)}`,
      );
    }
    for (const { apiKey, minVersion, maxVersion } of response.apiKeys) {
      this.#versions.set(apiKey, { min: minVersion, max: maxVersion });
    }
  }

  #exchange<A extends AnyApi>(
    api: A,
    version: number,
    body: RequestOf<A>,
    timeoutMs: number,
  ): Promise<Decoded<ResponseOf<A>>> {
    if (!this.#isOpen) throw this.#lost("it is closed", undefined, false);
    if (this.inFlight >= IN_FLIGHT_MAX) {
      throw new KafkaError(
        errorCodes.BROKER_NOT_AVAILABLE,
        `Cannot send ${api.name}: ${IN_FLIGHT_MAX} requests wait for ${this.#where()} already`,
        { retriable: true },
      );
    }
    const correlationId = this.#correlationId = (this.#correlationId + 1) & 0x7fffffff;
    const message = encodeRequest(api, version, { correlationId, clientId: this.#clientId }, body);
    return new Promise((resolve, reject) => {
      const deadlineMs = performance.now() + timeoutMs;
      this.#waiting.push({
        api,
        version,
        correlationId,
        timeoutMs,
        deadlineMs,
        resolve: resolve as (body: unknown) => void,
        reject,
      });
      this.#watch(deadlineMs);
      this.#write(message);
    });
  }

  #write({ parts, sizeBytes }: EncodedMessage): void {
    if (parts.length === 1) {
      this.#socket.write(parts[0] as Uint8Array);
    } else if (sizeBytes <= JOINED_BYTES_MAX) {
      const bytes = new Uint8Array(sizeBytes);
      let at = 0;
      for (const part of parts as Uint8Array[]) {
        bytes.set(part, at);
        at += part.length;
      }
      this.#socket.write(bytes);
    } else {
      for (const part of parts as Uint8Array[]) this.#socket.write(part);
    }
  }

  #onFrame(frame: Uint8Array): void {
    const waiting = this.#waiting[this.#head];
    if (waiting === undefined) return this.#fail(this.#notKafka("an answer to no request"));
    const { api, correlationId } = waiting;
    let { version } = waiting;
    if (frame.length < 6 || int32At(frame) !== correlationId) {
      return this.#fail(this.#notKafka("an answer to another request"));
    }
    // In version 0 whatever was asked, when the broker does not know the version (KIP-511).
    if (api === apiVersions && (frame[4]! << 8 | frame[5]!) === errorCodes.UNSUPPORTED_VERSION) {
      version = 0;
    }
    let body: unknown;
    try {
      body = decodeResponse(api, version, frame).body;
    } catch (cause) {
      if (!(cause instanceof ProtocolError)) throw cause;
      return this.#fail(this.#lost(`its answer is damaged: ${cause.message}`, cause));
    }
    this.#head++;
    if (this.#head === this.#waiting.length) {
      this.#waiting = [];
      this.#head = 0;
    } else if (this.#head >= 256) {
      this.#waiting.splice(0, this.#head);
      this.#head = 0;
    }
    waiting.resolve(body);
  }

  /** One timer looks after all requests: setting one for each would cost as much as the request. */
  #watch(deadlineMs: number): void {
    if (deadlineMs >= this.#timerAtMs) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timerAtMs = deadlineMs;
    this.#timer = setTimeout(
      () => this.#onTimer(),
      Math.max(0, deadlineMs - performance.now()) + 1,
    );
  }

  #onTimer(): void {
    this.#timer = null;
    this.#timerAtMs = Infinity;
    const nowMs = performance.now();
    let earliestMs = Infinity;
    for (let index = this.#head; index < this.#waiting.length; index++) {
      const waiting = this.#waiting[index]!;
      if (waiting.deadlineMs <= nowMs) return this.#onLate(waiting);
      earliestMs = Math.min(earliestMs, waiting.deadlineMs);
    }
    if (earliestMs < Infinity) this.#watch(earliestMs);
  }

  #onLate(late: Waiting): void {
    this.#waiting.splice(this.#waiting.indexOf(late), 1);
    late.reject(
      new KafkaError(
        errorCodes.REQUEST_TIMED_OUT,
        `No answer from ${this.#where()} to ${late.api.name} within ${late.timeoutMs} ms`,
        { outcomeUnknown: true },
      ),
    );
    this.#fail(this.#lost(`an answer to ${late.api.name} was late`));
  }

  #fail(error: KafkaError): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#socket.removeAllListeners("data");
    this.#socket.destroy();
    const waiting = this.#waiting.slice(this.#head);
    this.#waiting = [];
    this.#head = 0;
    for (const { reject } of waiting) reject(error);
    this.onClosed();
  }

  #where(): string {
    return formatServerAddress(this.address);
  }

  #lost(reason: string, cause?: unknown, outcomeUnknown = true): KafkaError {
    return new KafkaError(
      errorCodes.NETWORK_EXCEPTION,
      `Connection to ${this.#where()} lost: ${reason}`,
      { cause, outcomeUnknown },
    );
  }

  #notKafka(what: string): KafkaError {
    const hint = this.#versions.size === 0 ? "; is security.protocol the listener's?" : "";
    return this.#lost(`it does not speak Kafka's protocol as expected, it sent ${what}${hint}`);
  }
}

function int32At(frame: Uint8Array): number {
  return frame[0]! << 24 | frame[1]! << 16 | frame[2]! << 8 | frame[3]!;
}
