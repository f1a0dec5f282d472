/**
 * Avro: schemas as trees of types, the canonical and the normalised text, and values between Avro's JSON encoding
 * and its binary one.
 */
export { type AvroFormat, avroFormat, AvroSchema } from "./avro_schema.ts";
export {
  type AvroType,
  branchName as avroBranchName,
  type EnumType as AvroEnumType,
  type Field as AvroField,
  isNamed as isNamedAvroType,
  logicalTypeOf as avroLogicalTypeOf,
  type NamedType as AvroNamedType,
  type RecordType as AvroRecordType,
  type UnionType as AvroUnionType,
} from "./avro_type.ts";
export { parseExactJson, writeExactJson } from "./exact_json.ts";
