import { type Codec, codec } from "./codec.ts";
import {
  readRequestHeader,
  readResponseHeader,
  type RequestEnvelope,
  writeRequestHeader,
  writeResponseHeader,
} from "./header.ts";
import { ProtocolError } from "./protocol_error.ts";
import { Reader } from "./reader.ts";
import {
  type AnyApi,
  type AnyMessage,
  INT32_MAX,
  type RecordsSource,
  type RequestOf,
  type ResponseOf,
} from "./schema.ts";
import { type EncodedMessage, Writer } from "./writer.ts";

/**
 * Whole messages on a connection. A frame is an int32 size and then a header and a body; what is
 * encoded here starts with the size, what is decoded comes without it.
 */

/** `T` as a decoder gives it: records are bytes, never a source. */
export type Decoded<T> = T extends Uint8Array ? T
  : T extends RecordsSource ? never
  : T extends readonly (infer E)[] ? Decoded<E>[]
  : T extends object ? { [K in keyof T]: Decoded<T[K]> }
  : T;

/** Every message is written here and taken away before the next; nothing writes two at once. */
const writer = new Writer();

/** Reads the header of the request in `frame`, and leaves `reader` at the body. */
export function decodeRequestHeader(reader: Reader): RequestEnvelope {
  try {
    return readRequestHeader(reader);
  } catch (cause) {
    throw explained("Cannot decode the header of a request", cause);
  }
}

/**
 * Reads the body of a request to `version` of `api`. Byte fields are views into the frame. Bytes
 * behind the body are passed over, as Kafka does. Throws {@linkcode ProtocolError} on malformed
 * input and on a version that does not exist.
 */
export function decodeRequest<A extends AnyApi>(
  api: A,
  version: number,
  reader: Reader,
): RequestOf<A> {
  return decode(api.request, version, reader) as RequestOf<A>;
}

/**
 * Reads a whole response to `version` of `api`. Throws {@linkcode ProtocolError} on malformed
 * input.
 */
export function decodeResponse<A extends AnyApi>(
  api: A,
  version: number,
  frame: Uint8Array,
): { correlationId: number; body: Decoded<ResponseOf<A>> } {
  const reader = new Reader(frame);
  const correlationId = readResponseHeader(api, version, reader);
  const body = decode(api.response, version, reader) as Decoded<ResponseOf<A>>;
  return { correlationId, body };
}

/**
 * Encodes a response to `version` of `api`. Its parts stay valid and unchanged; large records among
 * them are the caller's own bytes or sources. Throws {@linkcode ProtocolError} when the version
 * cannot carry the body.
 */
export function encodeResponse<A extends AnyApi>(
  api: A,
  version: number,
  correlationId: number,
  body: ResponseOf<A>,
): EncodedMessage {
  return encode(api.response, version, body, () => {
    writeResponseHeader(api, version, correlationId, writer);
  });
}

/** Encodes a request to `version` of `api`, as {@linkcode encodeResponse} does. */
export function encodeRequest<A extends AnyApi>(
  api: A,
  version: number,
  header: { readonly correlationId: number; readonly clientId: string | null },
  body: RequestOf<A>,
): EncodedMessage {
  return encode(api.request, version, body, () => {
    writeRequestHeader(writer, { api, version, ...header });
  });
}

function decode(message: AnyMessage, version: number, reader: Reader): unknown {
  try {
    return codec(message, version).decode(reader);
  } catch (cause) {
    throw explained(`Cannot decode ${message.name} version ${version}`, cause);
  }
}

function encode(
  message: AnyMessage,
  version: number,
  body: unknown,
  writeHeader: () => void,
): EncodedMessage {
  try {
    const size = writer.reserveInt32();
    writeHeader();
    (codec(message, version) as Codec<unknown>).encode(writer, body);
    const sizeBytes = writer.sizeBytes - 4;
    if (sizeBytes > INT32_MAX) {
      throw new ProtocolError(`${sizeBytes} bytes, at most ${INT32_MAX} fit a frame`);
    }
    writer.patchInt32(size, sizeBytes);
    return writer.take();
  } catch (cause) {
    writer.reset();
    throw explained(`Cannot encode ${message.name} version ${version}`, cause);
  }
}

/** Says in which message it happened; a bug stays what it is. */
function explained(what: string, cause: unknown): unknown {
  if (!(cause instanceof ProtocolError)) return cause;
  return new ProtocolError(`${what}: ${cause.message}`, { cause });
}
