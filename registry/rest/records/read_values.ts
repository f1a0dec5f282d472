import { DatumError, type SchemaType } from "../../schema/formats/mod.ts";
import {
  PREFIX_BYTES,
  type RegisteredSchema,
  schemaIdOf,
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
  const value = bytes.subarray(PREFIX_BYTES);
  if (schema.type === "JSON") return jsonText(value);
  try {
    return stringifyExactly(schema.decode(value)) ?? "null";
  } catch (error) {
    if (!(error instanceof DatumError)) throw nestingProblem(error);
    const message = `is no value of schema ${schema.id}: ${error.message}`;
    throw new PayloadError("bytes", message, { cause: error });
  }
}

/** Reads keys and values as one format, with the schemas that it met so far at hand. */
export class ValueReader {
  readonly #format: EmbeddedFormat;
  readonly #type: SchemaType | null;
  readonly #schemas: SchemaSource;
  readonly #met = new Map<number, RegisteredSchema>();

  constructor(format: EmbeddedFormat, schemas: SchemaSource) {
    this.#format = format;
    this.#type = schemaTypeOf(format);
    this.#schemas = schemas;
  }

  /** The id of the schema that reading these bytes has to wait for; -1: {@linkcode text} can be called. */
  missing(bytes: Uint8Array | null): number {
    if (this.#type === null || bytes === null) return -1;
    const id = schemaIdOf(bytes);
    return id >= 0 && this.#atHand(id) === null ? id : -1;
  }

  /** Fetches a schema that is missing. Rejects with SchemaSourceError. */
  async fetch(id: number): Promise<void> {
    this.#met.set(id, await this.#schemas.byId(id));
  }

  /** JSON of bytes, `null` for none. Throws {@linkcode PayloadError}, SchemaSourceError without values. */
  text(bytes: Uint8Array | null): string {
    if (bytes === null) return "null";
    if (this.#format === "binary") return binaryText(bytes);
    if (this.#type === null) return jsonText(bytes);
    const id = schemaIdOf(bytes);
    const schema = id < 0 ? null : this.#atHand(id);
    if (schema === null) {
      throw new PayloadError("bytes", "doesn't begin with 0 and the id of a schema");
    }
    if (schema.type !== this.#type) {
      throw new PayloadError(
        "bytes",
        `is of schema ${id}, which is ${schema.type}, read as ${this.#type}`,
      );
    }
    return schemaText(bytes, schema);
  }

  #atHand(id: number): RegisteredSchema | null {
    const met = this.#met.get(id);
    if (met !== undefined) return met;
    const cached = this.#schemas.cachedById(id);
    if (cached !== null) this.#met.set(id, cached);
    return cached;
  }
}
