import { DatumError } from "../../schema/formats/mod.ts";
import type { RegisteredSchema } from "../schemas/mod.ts";
import { stringifyExactly, typed } from "./exact_json.ts";
import { PayloadError } from "./payload_error.ts";
import type { TextBytes } from "./text_bytes.ts";

/** Compact JSON of a parsed value, as bytes. Throws {@linkcode PayloadError}. */
export function jsonBytes(value: unknown, texts: TextBytes): Uint8Array {
  return texts.encode(jsonTextOf(value));
}

/**
 * A value of `parseExactly` behind the id of its schema. Values of JSON Schemas are not checked against them,
 * as other proxies don't. Throws {@linkcode PayloadError}, and SchemaSourceError for a schema without values.
 */
export function schemaBytes(value: unknown, schema: RegisteredSchema): Uint8Array {
  try {
    return schema.encode(schema.type === "JSON" ? value : typed(value));
  } catch (error) {
    if (error instanceof DatumError) {
      throw new PayloadError(
        "conversion",
        `doesn't fit schema ${schema.id}: ${error.message}`,
        { cause: error },
      );
    }
    throw nestingProblem(error);
  }
}

function jsonTextOf(value: unknown): string {
  try {
    return stringifyExactly(value) ?? "null";
  } catch (error) {
    throw nestingProblem(error);
  }
}

/** What nests too deeply for the stack is the request's fault; anything else is thrown on. */
export function nestingProblem(error: unknown): unknown {
  return error instanceof RangeError
    ? new PayloadError("conversion", "is nested too deeply", { cause: error })
    : error;
}
