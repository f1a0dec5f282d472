/**
 * Keys and values of records as requests and answers carry them: base64, JSON, and JSON of values that have a
 * schema, to bytes and back.
 */
export { fromBase64, toBase64 } from "./base64.ts";
export { EMBEDDED_FORMATS, type EmbeddedFormat, schemaTypeOf } from "./embedded_format.ts";
export { isRawNumber, parseExactly, stringifyExactly, typed } from "./exact_json.ts";
export { PayloadError, type PayloadProblem } from "./payload_error.ts";
export {
  binaryText,
  jsonText,
  type ReadableRecord,
  schemaText,
  ValueReader,
  valueText,
} from "./read_values.ts";
export { TextBytes } from "./text_bytes.ts";
export { jsonBytes, schemaBytes } from "./write_values.ts";
