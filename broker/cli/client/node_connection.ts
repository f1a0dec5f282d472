import {
  type AnyApi,
  apiVersions,
  type Decoded,
  decodeResponse,
  encodeRequest,
  errorCodes,
  errorName,
  make,
  type RequestOf,
  type ResponseOf,
  versionBounds,
} from "../../protocol/mod.ts";
import { CommandError } from "../command_error.ts";

/** Versions that a node serves, by API key. */
type ServedVersions = ReadonlyMap<number, { readonly min: number; readonly max: number }>;

/** The largest answer that is read; a broker sends less. */
const ANSWER_BYTES_MAX = 512 * 1024 * 1024;

/** How a client introduces itself and how long it waits. */
export interface ConnectionOptions {
  readonly clientId: string;
  readonly timeoutMs: number;
}

/**
 * A connection to one node. Requests go out one after another, each in the highest version that both
 * sides know. Failures are CommandErrors that name the node.
 */
export class NodeConnection {
  readonly address: string;
  readonly #socket: Deno.TcpConn;
  readonly #options: ConnectionOptions;
  #served: ServedVersions = new Map();
  #correlationId = 0;
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  private constructor(address: string, socket: Deno.TcpConn, options: ConnectionOptions) {
    this.address = address;
    this.#socket = socket;
    this.#options = options;
  }

  /** Connects, and asks what the node serves. */
  static async open(
    host: string,
    port: number,
    options: ConnectionOptions,
  ): Promise<NodeConnection> {
    const address = `${host.includes(":") ? `[${host}]` : host}:${port}`;
    const socket = await withDeadline(
      Deno.connect({ hostname: host, port }),
      options.timeoutMs,
      `Cannot connect to ${address}`,
      (late) => late.close(),
    );
    socket.setNoDelay(true);
    const connection = new NodeConnection(address, socket, options);
    try {
      connection.#served = await connection.#askVersions();
    } catch (error) {
      connection.close();
      throw error;
    }
    return connection;
  }

  /**
   * The version, up to `limit`, in which both sides speak an API; throws CommandError where there is
   * none.
   */
  versionOf(api: AnyApi, limit = Infinity): number {
    const ours = versionBounds(api.request.versions);
    const theirs = this.#served.get(api.key);
    const min = Math.max(ours.first, theirs?.min ?? Infinity);
    const max = Math.min(ours.last, theirs?.max ?? -Infinity, limit);
    if (min <= max) return max;
    const served = theirs === undefined ? "no version" : `versions ${theirs.min} to ${theirs.max}`;
    throw new CommandError(
      `${this.address} serves ${served} of ${api.name}; this command speaks ${ours.first} to ${ours.last}`,
    );
  }

  /** Whether the node serves an API in a version from `version` on. */
  serves(api: AnyApi, version = 0): boolean {
    return (this.#served.get(api.key)?.max ?? -1) >= version;
  }

  /**
   * Sends a request and gives its answer, after those that were sent before. `versionMax` keeps to
   * versions that a caller understands, such as those before topics went by id.
   */
  request<A extends AnyApi>(
    api: A,
    body: RequestOf<A>,
    options: { readonly versionMax?: number } = {},
  ): Promise<Decoded<ResponseOf<A>>> {
    const answer = this.#last.then(() =>
      this.#exchange(api, this.versionOf(api, options.versionMax), body)
    );
    this.#last = answer.catch(() => {}); // Whoever asked is told; the next one may still ask.
    return answer;
  }

  /** Closes the connection; calling it again does nothing. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.close();
  }

  async #askVersions(): Promise<ServedVersions> {
    // Version 0 is what every broker understands and answers.
    const { errorCode, apiKeys } = await this.#exchange(
      apiVersions,
      0,
      make(apiVersions.request, {}),
    );
    if (errorCode !== errorCodes.NONE) {
      throw new CommandError(`${this.address} refused ApiVersions: ${errorName(errorCode)}`);
    }
    return new Map(
      apiKeys.map(({ apiKey, minVersion, maxVersion }) => [
        apiKey,
        { min: minVersion, max: maxVersion },
      ]),
    );
  }

  async #exchange<A extends AnyApi>(
    api: A,
    version: number,
    body: RequestOf<A>,
  ): Promise<Decoded<ResponseOf<A>>> {
    const correlationId = ++this.#correlationId;
    const { clientId, timeoutMs } = this.#options;
    const message = encodeRequest(api, version, { correlationId, clientId }, body);
    const answered = (async () => {
      for (const part of message.parts) {
        if (part instanceof Uint8Array) await this.#write(part);
      }
      return decodeResponse(api, version, await this.#readFrame());
    })();
    try {
      const response = await withDeadline(
        answered,
        timeoutMs,
        `${this.address} did not answer ${api.name}`,
        () => {},
      );
      if (response.correlationId !== correlationId) {
        throw new CommandError(`${this.address} answered another request than ${api.name}`);
      }
      return response.body;
    } catch (error) {
      // What comes later on this connection could be taken for another answer.
      this.close();
      throw error;
    }
  }

  async #write(bytes: Uint8Array): Promise<void> {
    while (bytes.length > 0) bytes = bytes.subarray(await this.#socket.write(bytes));
  }

  async #readFrame(): Promise<Uint8Array> {
    const head = await this.#readBytes(4);
    const size = new DataView(head.buffer).getInt32(0);
    if (size < 4 || size > ANSWER_BYTES_MAX) {
      throw new CommandError(`${this.address} is no Kafka broker: its answer begins with ${size}`);
    }
    return await this.#readBytes(size);
  }

  async #readBytes(count: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(count);
    for (let filled = 0; filled < count;) {
      const read = await this.#socket.read(bytes.subarray(filled));
      if (read === null) throw new CommandError(`${this.address} closed the connection`);
      filled += read;
    }
    return bytes;
  }
}

/** The outcome of a promise, or a CommandError when it fails or takes longer than `ms`. */
async function withDeadline<T>(
  promise: Promise<T>,
  ms: number,
  what: string,
  onLate: (value: T) => void,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new CommandError(`${what} within ${ms} ms`)), ms);
  });
  let isLate = false;
  promise.then((value) => isLate && onLate(value), () => {});
  try {
    return await Promise.race([promise, deadline]);
  } catch (error) {
    isLate = true;
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${what}: ${messageOf(error)}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function messageOf(error: unknown): string {
  if (error instanceof Deno.errors.ConnectionRefused) return "nobody listens there";
  return error instanceof Error ? error.message.replace(/\.$/, "") : String(error);
}
