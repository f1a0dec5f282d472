import {
  defaultOf,
  defaultsOf,
  elementBytesMin,
  isCompact,
  isFlexible,
  isNullable,
  nullStructMarker,
  plainFields,
  taggedFields,
} from "./layout.ts";
import { type LosslessValue, UNKNOWN_TAGS, type UnknownTag, writeUnknownTags } from "./lossless.ts";
import { ProtocolError } from "./protocol_error.ts";
import type { Reader } from "./reader.ts";
import type { AnyMessage, Field, Fields, RecordsSource } from "./schema.ts";
import type { Writer } from "./writer.ts";

/**
 * Reads and writes by walking the schema, slowly and plainly: what the generated codec is tested
 * against. It is lossless.
 */
export function interpretDecode(
  message: AnyMessage,
  version: number,
  reader: Reader,
): LosslessValue {
  return readStruct(message.fields, { version, flexible: isFlexible(message, version) }, reader);
}

/** Writes a value that {@linkcode interpretDecode} read. */
export function interpretEncode(
  message: AnyMessage,
  version: number,
  writer: Writer,
  value: LosslessValue,
): void {
  writeStruct(message.fields, { version, flexible: isFlexible(message, version) }, writer, value);
}

interface Mode {
  readonly version: number;
  readonly flexible: boolean;
}

function readStruct(fields: Fields, mode: Mode, reader: Reader): LosslessValue {
  const value: LosslessValue = defaultsOf(fields, true);
  for (const [name, field] of plainFields(fields, mode.version)) {
    value[name] = read(field, name, mode, reader);
  }
  if (!mode.flexible) return value;
  const tagged = taggedFields(fields, mode.version);
  for (let count = reader.uvarint(); count > 0; count--) {
    const tag = reader.uvarint();
    const size = reader.uvarint();
    const end = reader.taggedEnd(size);
    const known = tagged.find(([, field]) => field.options.tag === tag);
    if (known === undefined) {
      (value[UNKNOWN_TAGS] ??= []).push({ tag, bytes: reader.raw(size) });
    } else {
      value[known[0]] = read(known[1], known[0], mode, reader);
      reader.checkTaggedEnd(end, known[0]);
    }
  }
  return value;
}

function read(field: Field<unknown>, name: string, mode: Mode, reader: Reader): unknown {
  const compact = isCompact(field, mode.flexible);
  switch (field.kind) {
    case "int64":
      return reader.int64Exact();
    case "string":
      return orFail(compact ? reader.compactNullableString() : reader.nullableString());
    case "bytes":
    case "records":
      return orFail(compact ? reader.compactNullableBytes() : reader.nullableBytes());
    case "array": {
      const least = elementBytesMin(field, mode.version, mode.flexible);
      const length = compact ? reader.compactArrayLength(least) : reader.arrayLength(least);
      if (length < 0) return orFail(null);
      return Array.from({ length }, () => read(field.element!, name, mode, reader));
    }
    case "struct":
      if (isNullable(field, mode.version) && reader.int8() <= nullStructMarker(field)) return null;
      return readStruct(field.fields!, mode, reader);
    default:
      return reader[field.kind]();
  }

  function orFail(value: unknown): unknown {
    if (value === null && !isNullable(field, mode.version)) reader.failNull(name);
    return value;
  }
}

function writeStruct(fields: Fields, mode: Mode, writer: Writer, value: LosslessValue): void {
  for (const [name, field] of plainFields(fields, mode.version)) {
    write(field, name, mode, writer, value[name]);
  }
  if (!mode.flexible) return;
  const present = taggedFields(fields, mode.version)
    .filter(([name, field]) => !isDefault(field, value[name]));
  const unknown: UnknownTag[] = value[UNKNOWN_TAGS] ?? [];
  writer.uvarint(present.length + unknown.length);
  let next = 0;
  for (const [name, field] of present) {
    next = writeUnknownTags(writer, unknown, next, field.options.tag!);
    writer.uvarint(field.options.tag!);
    const place = writer.beginSized();
    write(field, name, mode, writer, value[name]);
    writer.endSized(place);
  }
  writeUnknownTags(writer, unknown, next, Infinity);
}

function write(
  field: Field<unknown>,
  name: string,
  mode: Mode,
  writer: Writer,
  value: unknown,
): void {
  const compact = isCompact(field, mode.flexible);
  const nullable = isNullable(field, mode.version);
  if (value === null && !nullable) writer.failNull(name);
  switch (field.kind) {
    case "bool":
      return writer.bool(value as boolean);
    case "int64":
      return writer.int64Exact(value as number | bigint);
    case "uuid":
      return writer.uuid(value as string);
    case "string": {
      const text = value as string | null;
      return compact ? writer.compactNullableString(text) : writer.nullableString(text);
    }
    case "bytes": {
      const bytes = value as Uint8Array | null;
      return compact ? writer.compactNullableBytes(bytes) : writer.nullableBytes(bytes);
    }
    case "records": {
      const records = value as Uint8Array | RecordsSource | null;
      return compact ? writer.compactNullableRecords(records) : writer.nullableRecords(records);
    }
    case "array": {
      const items = value as unknown[] | null;
      const length = items?.length ?? -1;
      if (compact) writer.compactArrayLength(length);
      else writer.arrayLength(length);
      for (const item of items ?? []) write(field.element!, name, mode, writer, item);
      return;
    }
    case "struct":
      if (nullable) writer.int8(value === null ? nullStructMarker(field) : 1);
      if (value !== null) writeStruct(field.fields!, mode, writer, value as LosslessValue);
      return;
    default:
      return writer[field.kind](value as number);
  }
}

/** True when a tagged field may be left out. */
export function isDefault(field: Field<unknown>, value: unknown): boolean {
  const expected = defaultOf(field, true);
  if (value === null || expected === null) return value === expected;
  switch (field.kind) {
    case "bytes":
      return (value as Uint8Array).length === 0;
    case "array":
      return (value as unknown[]).length === 0;
    case "struct": {
      const struct = value as LosslessValue;
      return struct[UNKNOWN_TAGS] === undefined &&
        Object.entries(field.fields!).every(([name, inner]) => isDefault(inner, struct[name]));
    }
    case "int64":
      return typeof value === "bigint" ? value === expected : value === Number(expected);
    case "records":
      throw new ProtocolError("Cannot write tagged records: Kafka has none");
    default:
      return value === expected;
  }
}
