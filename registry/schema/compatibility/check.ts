import { AvroSchema, JsonSchema, type ParsedSchema, ProtobufSchema } from "../formats/mod.ts";
import { avroIncompatibilities } from "./avro/mod.ts";
import type { CompatibilityPolicy, Incompatibility } from "./incompatibility.ts";
import { jsonIncompatibilities } from "./json/mod.ts";
import { protobufIncompatibilities } from "./protobuf/mod.ts";

/** What keeps `reader` from reading what `writer` wrote; nothing: it can. Kinds never mix. */
export function incompatibilities(
  reader: ParsedSchema,
  writer: ParsedSchema,
  policy: CompatibilityPolicy,
): Incompatibility[] {
  if (reader instanceof AvroSchema && writer instanceof AvroSchema) {
    return avroIncompatibilities(reader, writer, policy);
  }
  if (reader instanceof JsonSchema && writer instanceof JsonSchema) {
    return jsonIncompatibilities(reader, writer, policy);
  }
  if (reader instanceof ProtobufSchema && writer instanceof ProtobufSchema) {
    return protobufIncompatibilities(reader, writer, policy);
  }
  const description = `The reader's schema is of kind ${reader.type}, the writer's of ` +
    writer.type;
  return [{ errorType: "SCHEMA_TYPE_MISMATCH", path: "/", description, additionalInfo: "" }];
}
