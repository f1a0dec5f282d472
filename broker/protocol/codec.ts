import { compileDecoder, compileEncoder, compileMaker } from "./compile.ts";
import { ProtocolError } from "./protocol_error.ts";
import type { Reader } from "./reader.ts";
import type { LosslessValue } from "./lossless.ts";
import type { AnyMessage, Fields, Infer, Message, RecordsSource } from "./schema.ts";
import { inVersions } from "./versions.ts";
import type { Writer } from "./writer.ts";

/** Reads and writes one message at one version. */
export interface Codec<T> {
  /**
   * Reads a value; fields that the version lacks get their default. Throws ProtocolError on
   * malformed input.
   */
  decode(reader: Reader): T;
  /**
   * Writes a value; fields that the version lacks are left out. Throws ProtocolError where the wire
   * cannot carry it.
   */
  encode(writer: Writer, value: T): void;
}

type CodecsByVersion = (Codec<unknown> | undefined)[];

const production = new WeakMap<AnyMessage, CodecsByVersion>();
const lossless = new WeakMap<AnyMessage, CodecsByVersion>();
const makers = new WeakMap<AnyMessage, (partial: unknown) => unknown>();

/**
 * The codec of `message` at `version`, compiled when it first reads or writes. Throws ProtocolError
 * when the message has no such version.
 */
export function codec<F extends Fields>(message: Message<F>, version: number): Codec<Infer<F>> {
  return cached(production, message, version, false) as Codec<Infer<F>>;
}

/**
 * A codec that loses nothing: an int64 beyond 2^53 is a bigint, and unknown tagged fields are kept
 * under `UNKNOWN_TAGS`. For tools and golden tests.
 */
export function losslessCodec(message: AnyMessage, version: number): Codec<LosslessValue> {
  return cached(lossless, message, version, true) as Codec<LosslessValue>;
}

function cached(
  cache: WeakMap<AnyMessage, CodecsByVersion>,
  message: AnyMessage,
  version: number,
  isLossless: boolean,
): Codec<unknown> {
  let codecs = cache.get(message);
  if (codecs === undefined) cache.set(message, codecs = []);
  return codecs[version] ??= lazyCodec(message, version, isLossless);
}

/** Each half is compiled on first use: a broker decodes requests and encodes responses only. */
function lazyCodec(message: AnyMessage, version: number, isLossless: boolean): Codec<unknown> {
  if (!inVersions(message.versions, version)) {
    throw new ProtocolError(
      `Cannot code ${message.name}: version ${version}, supported are ${message.versions}`,
    );
  }
  let decoder: ((reader: Reader) => unknown) | undefined;
  let encoder: ((writer: Writer, value: unknown) => void) | undefined;
  return {
    decode(reader) {
      decoder ??= compileDecoder(message, version, isLossless);
      return decoder(reader);
    },
    encode(writer, value) {
      encoder ??= compileEncoder(message, version, isLossless);
      encoder(writer, value);
    },
  };
}

/** `T` with every field optional at every depth. */
export type Partially<T> = T extends Uint8Array | RecordsSource ? T
  : T extends readonly (infer E)[] ? Partially<E>[]
  : T extends object ? { [K in keyof T]?: Partially<T[K]> }
  : T;

/** A whole value from some of its fields: all others have their default, at every depth. */
export function make<F extends Fields>(
  message: Message<F>,
  partial: Partially<Infer<F>>,
): Infer<F> {
  let maker = makers.get(message);
  if (maker === undefined) makers.set(message, maker = compileMaker(message));
  return maker(partial) as Infer<F>;
}
