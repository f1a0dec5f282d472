import { binaryText, jsonText, PayloadError, schemaText } from "../records/mod.ts";
import { type RegisteredSchema, schemaIdOf, SchemaSourceError } from "../schemas/mod.ts";
import type { SchemaType } from "../../schema/formats/mod.ts";

/** How keys and values are read: as the request says, or as they look. */
export type ReadFormat = "auto" | "binary" | "string" | "json" | "avro" | "jsonschema" | "protobuf";

/** All of them. */
export const READ_FORMATS: readonly ReadFormat[] = [
  "auto",
  "binary",
  "string",
  "json",
  "avro",
  "jsonschema",
  "protobuf",
];

/** What is known of the schema of an id: itself, or why it can't be had. */
export type SchemaOf = (id: number) => RegisteredSchema | string;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const TYPE_NAMES: Readonly<Record<SchemaType, string>> = {
  AVRO: "AVRO",
  JSON: "JSONSCHEMA",
  PROTOBUF: "PROTOBUF",
};
const SCHEMA_TYPES: Readonly<Record<"avro" | "jsonschema" | "protobuf", SchemaType>> = {
  avro: "AVRO",
  jsonschema: "JSON",
  protobuf: "PROTOBUF",
};
/** Bytes that JSON can begin with: white space, a quote, a sign, digits, brackets, letters of literals. */
const JSON_BEGINNINGS = new Uint8Array(256);
for (const letter of ' \t\r\n"-0123456789[{tfn') JSON_BEGINNINGS[letter.charCodeAt(0)] = 1;
/** Bytes that are letters of UTF-8 and of no text. */
// deno-lint-ignore no-control-regex
const CONTROLS = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/** The id of the schema that reading asks for; -1: for none. */
export function wantedSchemaId(bytes: Uint8Array | null, format: ReadFormat): number {
  if (bytes === null || format === "binary" || format === "string" || format === "json") return -1;
  return schemaIdOf(bytes);
}

/**
 * A key or a value as JSON: `null`, or `{"type":...,"data":...}` as a produce request takes it, with `schema_id`
 * where there is one. Bytes that are not what `format` says come as BINARY, with the reason as `error`.
 */
export function valueText(
  bytes: Uint8Array | null,
  format: ReadFormat,
  schemaOf: SchemaOf,
): string {
  if (bytes === null) return "null";
  try {
    switch (format) {
      case "auto":
        return guessedText(bytes, schemaOf);
      case "binary":
        return told("BINARY", binaryText(bytes));
      case "string":
        return told("STRING", stringText(bytes));
      case "json":
        return told("JSON", jsonText(bytes));
      case "avro":
      case "jsonschema":
      case "protobuf":
        return typedText(bytes, SCHEMA_TYPES[format], schemaOf);
    }
  } catch (error) {
    return told("BINARY", binaryText(bytes), reasonOf(error));
  }
}

/** By the schema of the id that it begins with; else JSON, if it is; else text, if it is; else bytes. */
function guessedText(bytes: Uint8Array, schemaOf: SchemaOf): string {
  const id = schemaIdOf(bytes);
  let problem: string | null = null;
  if (id >= 0) {
    const schema = schemaOf(id);
    if (typeof schema === "string") problem = schema;
    else {
      try {
        return withSchema(bytes, schema);
      } catch (error) {
        problem = reasonOf(error);
      }
    }
  }
  if (JSON_BEGINNINGS[bytes[0] ?? 0] === 1) {
    const text = jsonTextIfAny(bytes);
    if (text !== null) return told("JSON", text);
  }
  const text = textIfAny(bytes);
  if (text !== null) return told("STRING", JSON.stringify(text));
  return told("BINARY", binaryText(bytes), problem);
}

function typedText(bytes: Uint8Array, type: SchemaType, schemaOf: SchemaOf): string {
  const id = schemaIdOf(bytes);
  if (id < 0) throw new PayloadError("bytes", "doesn't begin with 0 and the id of a schema");
  const schema = schemaOf(id);
  if (typeof schema === "string") throw new PayloadError("bytes", schema);
  if (schema.type === type) return withSchema(bytes, schema);
  const message = `is of schema ${id}, which is ${schema.type}, read as ${type}`;
  throw new PayloadError("bytes", message);
}

function withSchema(bytes: Uint8Array, schema: RegisteredSchema): string {
  const data = schemaText(bytes, schema);
  return `{"type":"${TYPE_NAMES[schema.type]}","schema_id":${schema.id},"data":${data}}`;
}

function told(type: string, data: string, error: string | null = null): string {
  const why = error === null ? "" : `,"error":${JSON.stringify(error)}`;
  return `{"type":"${type}","data":${data}${why}}`;
}

function stringText(bytes: Uint8Array): string {
  try {
    return JSON.stringify(decoder.decode(bytes));
  } catch (cause) {
    throw new PayloadError("bytes", "is no UTF-8", { cause });
  }
}

function jsonTextIfAny(bytes: Uint8Array): string | null {
  try {
    return jsonText(bytes);
  } catch (error) {
    if (error instanceof PayloadError) return null;
    throw error;
  }
}

/** Null for what is no UTF-8 or has control characters: such bytes are numbers more often than text. */
function textIfAny(bytes: Uint8Array): string | null {
  try {
    const text = decoder.decode(bytes);
    return CONTROLS.test(text) ? null : text;
  } catch {
    return null;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof PayloadError || error instanceof SchemaSourceError) return error.message;
  throw error;
}
