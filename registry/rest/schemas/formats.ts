import * as formats from "../../schema/formats/mod.ts";
import {
  jsonFormat,
  protobufFormat,
  type SchemaFormat,
  type SchemaType,
} from "../../schema/formats/mod.ts";

const { avroFormat } = formats as { readonly avroFormat?: SchemaFormat };

/** The kinds of schema by their names on the wire. */
export const FORMATS: ReadonlyMap<SchemaType, SchemaFormat> = new Map([
  ["JSON", jsonFormat],
  ["PROTOBUF", protobufFormat],
  ...avroFormat === undefined ? [] : [["AVRO", avroFormat] as const],
]);
