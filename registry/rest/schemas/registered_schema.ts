import {
  type DatumCodec,
  type ParsedSchema,
  SchemaError,
  type SchemaType,
} from "../../schema/formats/mod.ts";
import { SchemaSourceError } from "./schema_source_error.ts";

/** The byte that a value with a schema's id begins with. */
export const MAGIC = 0;
/** {@linkcode MAGIC} and the id. */
export const PREFIX_BYTES = 5;

/** The first byte of a header that has a schema's GUID. */
const GUID_MAGIC = 1;
/** {@linkcode GUID_MAGIC} and the GUID. */
const GUID_BYTES = 17;

/** A schema that a registry has, and the values of it on the wire. */
export class RegisteredSchema {
  readonly id: number;
  /** Where it was found; null: by its id alone. */
  readonly subject: string | null;
  readonly version: number | null;
  readonly schema: ParsedSchema;
  #codec: DatumCodec | null = null;

  constructor(
    id: number,
    schema: ParsedSchema,
    place: { readonly subject: string; readonly version: number } | null = null,
  ) {
    this.id = id;
    this.schema = schema;
    this.subject = place?.subject ?? null;
    this.version = place?.version ?? null;
  }

  get type(): SchemaType {
    return this.schema.type;
  }

  /** Magic byte, id and value. Throws DatumError; SchemaSourceError where the schema has no values. */
  encode(json: unknown): Uint8Array {
    return prefixed(this.id, this.codec().encode(json));
  }

  /** The value of bytes that follow the prefix. Throws as {@linkcode encode} does. */
  decode(bytes: Uint8Array): unknown {
    return this.codec().decode(bytes);
  }

  /** Throws {@linkcode SchemaSourceError} for a schema that has no values. */
  codec(): DatumCodec {
    try {
      return this.#codec ??= this.schema.datum();
    } catch (cause) {
      if (!(cause instanceof SchemaError)) throw cause;
      throw new SchemaSourceError("invalid", `Schema ${this.id} has no values: ${cause.message}`, {
        cause,
      });
    }
  }
}

/** A value behind its schema's id. */
export function prefixed(id: number, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(PREFIX_BYTES + value.length);
  bytes[0] = MAGIC;
  bytes[1] = id >>> 24;
  bytes[2] = id >>> 16;
  bytes[3] = id >>> 8;
  bytes[4] = id;
  bytes.set(value, PREFIX_BYTES);
  return bytes;
}

/** The id that bytes begin with; -1: they don't begin so. */
export function schemaIdOf(bytes: Uint8Array): number {
  if (bytes.length < PREFIX_BYTES || bytes[0] !== MAGIC) return -1;
  const id = bytes[1]! << 24 | bytes[2]! << 16 | bytes[3]! << 8 | bytes[4]!;
  return id < 0 ? -1 : id;
}

/** What names a schema on the wire: its id, or its GUID in lower case. */
export type SchemaKey = number | string;

/** A value on the wire: its schema and its bytes. */
export interface FramedValue {
  readonly key: SchemaKey;
  readonly value: Uint8Array;
}

/**
 * Takes bytes apart. `header` is what the record's header `__key_schema_id` or `__value_schema_id` has, null
 * where there is none: newer serializers put the schema's GUID there, for Protobuf with the message's indexes
 * behind it, and leave the value bare. Null: neither way names a schema.
 */
export function framedValue(bytes: Uint8Array, header: Uint8Array | null): FramedValue | null {
  if (header !== null && header.length >= GUID_BYTES && header[0] === GUID_MAGIC) {
    const indexes = header.subarray(GUID_BYTES);
    return { key: guidText(header), value: indexes.length === 0 ? bytes : joined(indexes, bytes) };
  }
  if (header !== null && header.length === PREFIX_BYTES && header[0] === MAGIC) {
    return { key: schemaIdOf(header), value: bytes };
  }
  const id = schemaIdOf(bytes);
  return id < 0 ? null : { key: id, value: bytes.subarray(PREFIX_BYTES) };
}

function guidText(header: Uint8Array): string {
  const digits = [...header.subarray(1, GUID_BYTES)]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
