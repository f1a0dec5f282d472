import {
  avroFormat,
  jsonFormat,
  protobufFormat,
  type SchemaFormat,
  type SchemaType,
} from "../../schema/formats/mod.ts";

/** The kinds of schema by their names on the wire. */
export const FORMATS: ReadonlyMap<SchemaType, SchemaFormat> = new Map<SchemaType, SchemaFormat>([
  ["AVRO", avroFormat],
  ["JSON", jsonFormat],
  ["PROTOBUF", protobufFormat],
]);
