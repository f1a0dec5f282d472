import { codec } from "./codec.ts";
import { ProtocolError } from "./protocol_error.ts";
import { Reader } from "./reader.ts";
import type { Fields, Infer, Message, StoredMessage, StoredOf } from "./schema.ts";
import { versionBounds } from "./versions.ts";
import { Writer } from "./writer.ts";

/**
 * Messages that are stored or carried as opaque bytes, with their version, or type and version, in
 * front. All results are copies of their own, all inputs are left alone.
 */

const writer = new Writer(4096);

function written(write: () => void): Uint8Array {
  try {
    write();
    return writer.toBytes();
  } catch (error) {
    writer.reset();
    throw error;
  }
}

/** The body alone, as in control records, whose version lies in their key or content. */
export function encodeBody<F extends Fields>(
  message: Message<F>,
  version: number,
  value: Infer<F>,
): Uint8Array {
  return written(() => codec(message, version).encode(writer, value));
}

/** Reads what {@linkcode encodeBody} writes. Bytes behind the body are passed over. */
export function decodeBody<F extends Fields>(
  message: Message<F>,
  version: number,
  bytes: Uint8Array,
): Infer<F> {
  return codec(message, version).decode(new Reader(bytes));
}

/** An int16 version and the body: values of coordinator records, consumer protocol, principals. */
export function encodeVersioned<F extends Fields>(
  message: Message<F>,
  version: number,
  value: Infer<F>,
): Uint8Array {
  return encodePrefixed(version, message, version, value);
}

/** An int16 of the caller's choice and the body. */
export function encodePrefixed<F extends Fields>(
  prefix: number,
  message: Message<F>,
  version: number,
  value: Infer<F>,
): Uint8Array {
  return written(() => {
    writer.int16(prefix);
    codec(message, version).encode(writer, value);
  });
}

/**
 * Reads what {@linkcode encodeVersioned} writes; throws ProtocolError on an unknown version. With
 * `newerAsLatest` a newer version is read as the latest that is known, which is how consumer
 * protocol stays readable: its fields are only ever added at the end.
 */
export function decodeVersioned<F extends Fields>(
  message: Message<F>,
  bytes: Uint8Array,
  options: { readonly newerAsLatest?: boolean } = {},
): { version: number; value: Infer<F> } {
  const reader = new Reader(bytes);
  const version = reader.int16();
  const latest = versionBounds(message.versions).last;
  const readAs = options.newerAsLatest ? Math.min(version, latest) : version;
  return { version, value: codec(message, readAs).decode(reader) };
}

/** The one version of the frame around typed records. */
const FRAME_VERSION = 1;

/** Frame version, type and version as varints, then the body: metadata and remote log records. */
export function encodeTyped<F extends Fields>(
  message: StoredMessage<F>,
  version: number,
  value: Infer<F>,
): Uint8Array {
  return written(() => {
    writer.uvarint(FRAME_VERSION);
    writer.uvarint(message.type);
    writer.uvarint(version);
    codec(message, version).encode(writer, value);
  });
}

/**
 * Reads what {@linkcode encodeTyped} writes, one of `messages`. Throws ProtocolError on another
 * frame version, an unknown type or version, and on bytes behind the body. Byte fields are views
 * into `bytes`.
 */
export function decodeTyped<M extends StoredMessage<Fields>>(
  messages: readonly M[],
  bytes: Uint8Array,
): StoredOf<M> {
  const reader = new Reader(bytes);
  const frameVersion = reader.uvarint();
  if (frameVersion !== FRAME_VERSION) {
    throw new ProtocolError(
      `Cannot read a typed record: frame version ${frameVersion}, expected ${FRAME_VERSION}`,
    );
  }
  const type = reader.uvarint();
  const version = reader.uvarint();
  const message = messages.find((candidate) => candidate.type === type);
  if (message === undefined) {
    throw new ProtocolError(`Cannot read a typed record: unknown type ${type}`);
  }
  const value = codec(message, version).decode(reader);
  if (reader.remaining > 0) {
    throw new ProtocolError(`Cannot read ${message.name}: ${reader.remaining} bytes behind it`);
  }
  return { name: message.name, version, value } as StoredOf<M>;
}
