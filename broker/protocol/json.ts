import { isDefault } from "./interpret.ts";
import { defaultOf, isNullable, isPresent } from "./layout.ts";
import { ProtocolError } from "./protocol_error.ts";
import type { AnyMessage, Field, Fields } from "./schema.ts";

/**
 * Messages as the JSON that Kafka's own tools print: lower camel case, bytes in base64, uuids in 22
 * letters, tagged fields left out at their default, fields that the version lacks left out.
 */
export type JsonValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | JsonValue[]
  | { [name: string]: JsonValue };

/** The JSON of a value of `message` at `version`; int64 that are bigints stay so. */
export function toJson(message: AnyMessage, version: number, value: object): JsonValue {
  return structToJson(message.fields, version, value as Record<string, unknown>);
}

function structToJson(
  fields: Fields,
  version: number,
  value: Record<string, unknown>,
): JsonValue {
  const json: { [name: string]: JsonValue } = {};
  for (const [name, field] of Object.entries(fields)) {
    if (!isPresent(field, version)) continue;
    if (field.options.tag !== undefined && isDefault(field, value[name])) continue;
    json[name] = fieldToJson(field, version, value[name]);
  }
  return json;
}

function fieldToJson(field: Field<unknown>, version: number, value: unknown): JsonValue {
  if (value === null) return null;
  switch (field.kind) {
    case "bytes":
    case "records":
      if (!(value instanceof Uint8Array)) throw new ProtocolError("Cannot print a records source");
      return value.toBase64();
    case "array":
      return (value as unknown[]).map((item) => fieldToJson(field.element!, version, item));
    case "struct":
      return structToJson(field.fields!, version, value as Record<string, unknown>);
    default:
      return value as JsonValue;
  }
}

/**
 * The value of `message` at `version` that `json` tells; fields left out have their default. Throws
 * ProtocolError on a field that the version lacks or a value of another type.
 */
export function fromJson(
  message: AnyMessage,
  version: number,
  json: JsonValue,
): Record<string, unknown> {
  return structFromJson(message.fields, version, json, message.name);
}

function structFromJson(
  fields: Fields,
  version: number,
  json: JsonValue,
  path: string,
): Record<string, unknown> {
  if (json === null || typeof json !== "object" || Array.isArray(json)) {
    throw wrongType(path, json, "an object");
  }
  for (const name of Object.keys(json)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined || !isPresent(field, version)) {
      throw new ProtocolError(`Cannot read ${path}.${name}: version ${version} has no such field`);
    }
  }
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      const value = json[name];
      return [
        name,
        value === undefined
          ? defaultOf(field, true)
          : fieldFromJson(field, version, value, `${path}.${name}`),
      ];
    }),
  );
}

function fieldFromJson(
  field: Field<unknown>,
  version: number,
  json: JsonValue,
  path: string,
): unknown {
  if (json === null) {
    if (isNullable(field, version)) return null;
    throw wrongType(path, json, `${field.kind} in version ${version}`);
  }
  switch (field.kind) {
    case "bytes":
    case "records":
      return bytesFromJson(json, path);
    case "array":
      if (!Array.isArray(json)) throw wrongType(path, json, "an array");
      return json.map((item, i) => fieldFromJson(field.element!, version, item, `${path}[${i}]`));
    case "struct":
      return structFromJson(field.fields!, version, json, path);
    case "bool":
      if (typeof json !== "boolean") throw wrongType(path, json, "a boolean");
      return json;
    case "string":
    case "uuid":
      if (typeof json !== "string") throw wrongType(path, json, "a string");
      return json;
    default:
      if (typeof json !== "number" && typeof json !== "bigint") {
        throw wrongType(path, json, "a number");
      }
      return json;
  }
}

function bytesFromJson(json: JsonValue, path: string): Uint8Array {
  if (typeof json !== "string") throw wrongType(path, json, "base64");
  try {
    return Uint8Array.fromBase64(json);
  } catch (cause) {
    throw new ProtocolError(`Cannot read ${path}: not base64`, { cause });
  }
}

function wrongType(path: string, json: JsonValue, expected: string): ProtocolError {
  const got = typeof json === "object" ? JSON.stringify(json) : String(json);
  return new ProtocolError(`Cannot read ${path}: got ${got}, expected ${expected}`);
}
