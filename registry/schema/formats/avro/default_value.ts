import { JsonNumber, type JsonValue } from "../json/json_text.ts";
import { SchemaError } from "../schema.ts";
import type { AvroType, Field, RecordType } from "./avro_type.ts";
import { at, describe } from "./place.ts";

/** Fields that a default value must name, for records met before: those without a default of their own. */
const requiredFields = new WeakMap<RecordType, readonly Field[]>();
const fieldsByName = new WeakMap<RecordType, ReadonlyMap<string, Field>>();

/**
 * Checks that a field's default is a value of its type: of the first branch where that is a union. Throws
 * {@linkcode SchemaError} with the place of what isn't.
 */
export function checkDefault(field: Field, path: string): void {
  if (field.default !== undefined) check(field.default, field.type, path);
}

// As deep as the default value is nested, which the reader of texts limits.
function check(value: JsonValue, type: AvroType, path: string): void {
  switch (type.kind) {
    case "null":
      return expect(value === null, value, "null", path);
    case "boolean":
      return expect(typeof value === "boolean", value, "a boolean", path);
    case "int":
      return expect(isInteger(value, 31n), value, "an int", path);
    case "long":
      return expect(isInteger(value, 63n), value, "a long", path);
    case "float":
    case "double":
      return expect(isFloating(value), value, `a ${type.kind}`, path);
    case "string":
      return expect(typeof value === "string", value, "a string", path);
    case "bytes":
      return expect(isLatin1(value), value, "a string of characters up to U+00FF", path);
    case "fixed": {
      const fits = isLatin1(value) && value.length === type.size;
      return expect(fits, value, `a string of ${type.size} characters up to U+00FF`, path);
    }
    case "enum": {
      const fits = typeof value === "string" && type.symbols.includes(value);
      return expect(fits, value, `a symbol of enum ${type.name.full}`, path);
    }
    case "array":
      if (!Array.isArray(value)) return expect(false, value, "an array", path);
      value.forEach((item, index) => check(item, type.items, `${path}/${index}`));
      return;
    case "map":
      if (!(value instanceof Map)) return expect(false, value, "an object", path);
      for (const [key, item] of value) check(item, type.values, `${path}/${pointer(key)}`);
      return;
    case "union": {
      const [first] = type.branches;
      if (first === undefined) return expect(false, value, "no value: the union is empty", path);
      return check(value, first, path);
    }
    case "record":
      return checkRecord(value, type, path);
  }
}

function checkRecord(value: JsonValue, type: RecordType, path: string): void {
  if (!(value instanceof Map)) return expect(false, value, `a record ${type.name.full}`, path);
  for (const field of required(type)) {
    if (value.has(field.name)) continue;
    throw new SchemaError(`${at(path)}: the default lacks field ${field.name}`);
  }
  const fields = byName(type);
  for (const [key, item] of value) {
    const field = fields.get(key);
    if (field !== undefined) check(item, field.type, `${path}/${pointer(key)}`);
  }
}

function required(type: RecordType): readonly Field[] {
  const known = requiredFields.get(type);
  if (known !== undefined) return known;
  const fields = type.fields.filter((field) => field.default === undefined);
  requiredFields.set(type, fields);
  return fields;
}

function byName(type: RecordType): ReadonlyMap<string, Field> {
  const known = fieldsByName.get(type);
  if (known !== undefined) return known;
  const fields = new Map(type.fields.map((field) => [field.name, field]));
  fieldsByName.set(type, fields);
  return fields;
}

function expect(fits: boolean, value: JsonValue, expected: string, path: string): void {
  if (fits) return;
  throw new SchemaError(`${at(path)}: the default must be ${expected}, found ${describe(value)}`);
}

function isInteger(value: JsonValue, bits: bigint): boolean {
  if (!(value instanceof JsonNumber) || !/^-?[0-9]{1,19}$/.test(value.text)) return false;
  const number = BigInt(value.text);
  return number >= -(1n << bits) && number < (1n << bits);
}

function isFloating(value: JsonValue): boolean {
  if (value instanceof JsonNumber) return true;
  return value === "NaN" || value === "Infinity" || value === "-Infinity";
}

function isLatin1(value: JsonValue): value is string {
  // deno-lint-ignore no-control-regex
  return typeof value === "string" && /^[\u0000-\u00ff]*$/.test(value);
}

function pointer(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
