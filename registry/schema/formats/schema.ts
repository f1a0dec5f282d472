/**
 * What a kind of schema (Avro, JSON Schema, Protobuf) offers to the registry and to the REST proxy. All of
 * it is pure: text in, text out.
 */

/** The kinds, as the wire spells them. An absent kind means AVRO. */
export type SchemaType = "AVRO" | "JSON" | "PROTOBUF";

/** A reference together with the text that it stands for, and what that text refers to in turn. */
export interface ResolvedReference {
  /** Avro: full name of the type; JSON Schema: URI or path of `$ref`; Protobuf: path of the import. */
  readonly name: string;
  readonly subject: string;
  /** 1 or more. */
  readonly version: number;
  readonly text: string;
  readonly references: readonly ResolvedReference[];
}

/** How a text is read. */
export interface ParseOptions {
  /** Checks what only new schemas must hold: names, defaults. Stored ones are never held to it. */
  readonly strict: boolean;
}

/** Values of one schema to and from bytes, without the prefix that carries the schema's id. */
export interface DatumCodec {
  /**
   * Bytes of a JSON value: Avro's JSON encoding (unions tagged) to binary, JSON to its text, Protobuf's JSON
   * mapping to the list of message indexes and the message. Throws {@linkcode DatumError}.
   */
  encode(json: unknown): Uint8Array;
  /** The way back. Throws {@linkcode DatumError}. */
  decode(bytes: Uint8Array): unknown;
}

/** A text that was understood. */
export interface ParsedSchema {
  readonly type: SchemaType;
  readonly references: readonly ResolvedReference[];
  /** The form that is stored, hashed and answered. */
  readonly canonicalText: string;
  /** Name of the record, the title or the first message, for strategies that name subjects by it; null: none. */
  readonly recordName: string | null;
  /** The normalised form: what differs in writing alone is equal in it. */
  normalizedText(): string;
  /** The text in the form that `?format=` names; the canonical one for a name that this kind doesn't know. */
  textAs(format: string): string;
  /** Whether both mean the same, however they were written, documentation and order included. */
  equals(other: ParsedSchema): boolean;
  /** Names of the fields of the outermost record, object or message, for reserved field checks. */
  readonly fieldNames: readonly string[];
  /** The codec of its values; made on first use. Throws {@linkcode SchemaError} for a schema with no values. */
  datum(): DatumCodec;
}

/** A kind of schema. */
export interface SchemaFormat {
  readonly type: SchemaType;
  /** Reads a text with what it refers to. Throws {@linkcode SchemaError}. */
  parse(
    text: string,
    references: readonly ResolvedReference[],
    options: ParseOptions,
  ): ParsedSchema;
}

/** A text that is no schema, or refers to what isn't there; the message names what and where. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
}

/** A value that doesn't fit its schema, or bytes that are none of it; the message names the path. */
export class DatumError extends Error {
  override readonly name = "DatumError";
}
