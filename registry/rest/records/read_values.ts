import { DatumError, type SchemaType } from "../../schema/formats/mod.ts";
import {
  type FramedValue,
  framedValue,
  PREFIX_BYTES,
  type RegisteredSchema,
  type SchemaKey,
  type SchemaSource,
} from "../schemas/mod.ts";
import { toBase64 } from "./base64.ts";
import { type EmbeddedFormat, schemaTypeOf } from "./embedded_format.ts";
import { parseExactly, stringifyExactly } from "./exact_json.ts";
import { PayloadError } from "./payload_error.ts";
import { nestingProblem } from "./write_values.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes as a JSON string of base64. */
export function binaryText(bytes: Uint8Array): string {
  return `"${toBase64(bytes)}"`;
}

/**
 * Bytes that are JSON, as JSON on one line; numbers stay as they were written. Throws {@linkcode PayloadError}.
 */
export function jsonText(bytes: Uint8Array): string {
  try {
    const text = decoder.decode(bytes);
    const hasLines = text.includes("\n") || text.includes("\r");
    if (hasLines) return JSON.stringify(parseExactly(text));
    JSON.parse(text);
    return text;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw nestingProblem(error);
    throw new PayloadError("bytes", `is no JSON: ${error.message.slice(0, 100)}`, { cause: error });
  }
}

/** Bytes behind a schema's id, as JSON. Throws {@linkcode PayloadError}, SchemaSourceError without values. */
export function schemaText(bytes: Uint8Array, schema: RegisteredSchema): string {
  return valueText(bytes.subarray(PREFIX_BYTES), schema);
}

/** A schema's value as JSON. Throws as {@linkcode schemaText} does. */
export function valueText(value: Uint8Array, schema: RegisteredSchema): string {
  if (schema.type === "JSON") return jsonText(value);
  try {
    return stringifyExactly(schema.decode(value)) ?? "null";
  } catch (error) {
    if (!(error instanceof DatumError)) throw nestingProblem(error);
    throw new PayloadError("bytes", `is no value of its schema: ${error.message}`, {
      cause: error,
    });
  }
}

/** Headers that name the schema of a key or a value. */
const SCHEMA_HEADERS = { key: "__key_schema_id", value: "__value_schema_id" } as const;

/** A record, as far as its key and value go. */
export interface ReadableRecord {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly { readonly key: string; readonly value: Uint8Array | null }[];
}

/** Reads keys and values as one format, with the schemas that it met so far at hand. */
export class ValueReader {
  readonly #format: EmbeddedFormat;
  readonly #type: SchemaType | null;
  readonly #schemas: SchemaSource;
  readonly #met = new Map<SchemaKey, RegisteredSchema>();

  constructor(format: EmbeddedFormat, schemas: SchemaSource) {
    this.#format = format;
    this.#type = schemaTypeOf(format);
    this.#schemas = schemas;
  }

  /** What names the schema that reading a record has to wait for; null: {@linkcode text} can be called. */
  missing(record: ReadableRecord): SchemaKey | null {
    if (this.#type === null) return null;
    for (const part of ["key", "value"] as const) {
      const framed = framedPart(record, part);
      if (framed !== null && this.#atHand(framed.key) === null) return framed.key;
    }
    return null;
  }

  /** Fetches a schema that is missing. Rejects with SchemaSourceError. */
  async fetch(key: SchemaKey): Promise<void> {
    this.#met.set(key, await this.#schemas.byKey(key));
  }

  /**
   * JSON of a record's key or value, `null` for none. Throws {@linkcode PayloadError}, SchemaSourceError without
   * values.
   */
  text(record: ReadableRecord, part: "key" | "value"): string {
    const bytes = record[part];
    if (bytes === null) return "null";
    if (this.#format === "binary") return binaryText(bytes);
    if (this.#type === null) return jsonText(bytes);
    const framed = framedPart(record, part);
    const schema = framed === null ? null : this.#atHand(framed.key);
    if (framed === null || schema === null) {
      throw new PayloadError("bytes", "doesn't begin with 0 and the id of a schema");
    }
    if (schema.type !== this.#type) {
      throw new PayloadError(
        "bytes",
        `is of schema ${framed.key}, which is ${schema.type}, read as ${this.#type}`,
      );
    }
    return valueText(framed.value, schema);
  }

  #atHand(key: SchemaKey): RegisteredSchema | null {
    const met = this.#met.get(key);
    if (met !== undefined) return met;
    const cached = this.#schemas.cachedByKey(key);
    if (cached !== null) this.#met.set(key, cached);
    return cached;
  }
}

function framedPart(record: ReadableRecord, part: "key" | "value"): FramedValue | null {
  const bytes = record[part];
  if (bytes === null) return null;
  const name = SCHEMA_HEADERS[part];
  const header = record.headers.find(({ key }) => key === name)?.value ?? null;
  return framedValue(bytes, header);
}
