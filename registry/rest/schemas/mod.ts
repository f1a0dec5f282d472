/**
 * Schemas of a registry that is reached over HTTP: parsed with what they refer to, kept within limits, and their
 * values on the wire (a magic byte, the schema's id, the value).
 */
export {
  type FramedValue,
  framedValue,
  MAGIC,
  PREFIX_BYTES,
  prefixed,
  RegisteredSchema,
  schemaIdOf,
  type SchemaKey,
} from "./registered_schema.ts";
export {
  basicAuthorization,
  RegistryClient,
  type RegistryClientOptions,
} from "./registry_client.ts";
export { type SchemaProblem, SchemaSourceError } from "./schema_source_error.ts";
export { SchemaSource, type SchemaSourceOptions, type SchemaText } from "./schema_source.ts";
