import type { SchemaType } from "../../schema/formats/mod.ts";

/** How keys and values stand in JSON. */
export type EmbeddedFormat = "binary" | "json" | "avro" | "jsonschema" | "protobuf";

/** All of them, by the names that requests use. */
export const EMBEDDED_FORMATS: readonly EmbeddedFormat[] = [
  "binary",
  "json",
  "avro",
  "jsonschema",
  "protobuf",
];

/** The kind of the schemas that a format's values have; null: they have none. */
export function schemaTypeOf(format: EmbeddedFormat): SchemaType | null {
  switch (format) {
    case "avro":
      return "AVRO";
    case "jsonschema":
      return "JSON";
    case "protobuf":
      return "PROTOBUF";
    case "binary":
    case "json":
      return null;
  }
}
