/**
 * JSON Schema: its texts with their order and numbers kept, the drafts, what each `$ref` means, and values
 * checked in bounded time. Nothing is ever fetched.
 */
export {
  compareNumbers,
  divides,
  JsonNumber,
  type JsonObject,
  type JsonValue,
  writeComparable,
} from "./json_text.ts";
export { type Draft, isReferenceOnly, pointerStep } from "./drafts.ts";
export { type LinearRegExp, linearRegExp } from "./linear_regexp.ts";
export { type SchemaResources } from "./schema_resources.ts";
export { type JsonFormat, jsonFormat, JsonSchema } from "./json_schema.ts";
