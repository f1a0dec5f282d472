import {
  type AnyHandler,
  type HandlerContext,
  type NodeRooms,
  type RequestConnection,
  RequestError,
  type ServedApi,
} from "../handlers/mod.ts";
import {
  decodeRequest,
  decodeRequestHeader,
  type EncodedMessage,
  encodeResponse,
  errorCodes,
  type ListenerRole,
  ProtocolError,
  Reader,
} from "../protocol/mod.ts";

/** What a frame leads to: bytes to send, nothing to send (acks=0), or either later. */
export type DispatchResult = EncodedMessage | null | Promise<EncodedMessage | null>;

/**
 * From a frame to its handler and back: reads the request header, finds who serves the api key and
 * version on this kind of listener, reads the body, encodes the answer. One dispatcher serves all
 * connections of the listeners of its role.
 */
export class Dispatcher {
  readonly #handlers: (AnyHandler | undefined)[] = [];
  readonly #apis: readonly ServedApi[];
  readonly #role: ListenerRole;
  readonly #node: NodeRooms;
  readonly #reader = new Reader(new Uint8Array(0));

  constructor(handlers: readonly AnyHandler[], role: ListenerRole, node: NodeRooms) {
    this.#role = role;
    this.#node = node;
    const served = handlers.filter((handler) => handler.listeners.includes(role));
    for (const handler of served) this.#handlers[handler.api.key] = handler;
    this.#apis = served
      .map(({ api, versions, advertisedFrom }) => ({
        apiKey: api.key,
        minVersion: advertisedFrom ?? versions[0],
        maxVersion: versions[1],
      }))
      .sort((one, other) => one.apiKey - other.apiKey);
  }

  /** What the listeners of this role serve, by api key. */
  get apis(): readonly ServedApi[] {
    return this.#apis;
  }

  /**
   * Serves one frame (without its length). Throws ProtocolError for a frame that Kafka answers by
   * closing the connection: no header, an api or version that is not served, a body that is malformed.
   * Bytes behind the body are passed over, as in Kafka.
   */
  dispatch(frame: Uint8Array, connection: RequestConnection): DispatchResult {
    const reader = this.#reader;
    reader.reset(frame);
    const { api, version, correlationId, clientId } = decodeRequestHeader(reader);
    const handler = this.#handlers[api.key];
    if (handler === undefined) {
      throw new ProtocolError(`${api.name} is not served on ${connection.listener}`);
    }
    const context: HandlerContext = {
      version,
      correlationId,
      clientId,
      nowMs: this.#node.clock.nowMs(),
      connection,
      role: this.#role,
      apis: this.#apis,
      node: this.#node,
    };
    const [first, last] = handler.versions;
    if (version < first || version > last) {
      if (handler.unsupported !== undefined) {
        return encodeResponse(handler.api, 0, correlationId, handler.unsupported(context) as never);
      }
      throw new ProtocolError(
        `${api.name} version ${version} is not served: versions ${first} to ${last} are`,
      );
    }
    const request = decodeRequest(handler.api, version, reader);
    return this.#handle(handler, request, context);
  }

  #handle(handler: AnyHandler, request: unknown, context: HandlerContext): DispatchResult {
    let answer: unknown;
    try {
      answer = handler.handle(request, context);
    } catch (error) {
      return this.#failed(handler, request, context, error);
    }
    if (answer instanceof Promise) {
      return answer.then(
        (late) => encode(handler, context, late),
        (error) => this.#failed(handler, request, context, error),
      );
    }
    return encode(handler, context, answer);
  }

  /**
   * A handler refused the request as a whole, or threw: that is a bug, told in the log and to the
   * client as far as the api can say it.
   */
  #failed(
    handler: AnyHandler,
    request: unknown,
    context: HandlerContext,
    error: unknown,
  ): EncodedMessage | null {
    const { version, clientId, connection } = context;
    const { name } = handler.api;
    const isRefusal = error instanceof RequestError;
    if (!isRefusal) {
      const { remoteHost } = connection;
      const facts = { api: name, version, clientId, remoteHost, err: error };
      this.#node.log.error(facts, `${name} request failed`);
    }
    if (handler.failed === undefined) {
      connection.close(`${name} request failed`);
      return null;
    }
    const errorCode = isRefusal ? error.errorCode : errorCodes.UNKNOWN_SERVER_ERROR;
    return encode(handler, context, handler.failed(request, errorCode, context));
  }
}

function encode(
  handler: AnyHandler,
  context: HandlerContext,
  answer: unknown,
): EncodedMessage | null {
  if (answer === null) return null;
  return encodeResponse(handler.api, context.version, context.correlationId, answer as never);
}
