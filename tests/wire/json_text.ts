/**
 * JSON that keeps every int64: numbers beyond 2^53 are bigints, read from and written to plain digits.
 */
import type { JsonValue } from "../../broker/protocol/mod.ts";

export type { JsonValue };

/** A JSON object. */
export type JsonObject = { [name: string]: JsonValue };

/** Parses JSON; integers that a double can't hold become bigints. */
export function parseJson(text: string): JsonValue {
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) => {
    const source = context?.source;
    if (typeof value !== "number" || Number.isSafeInteger(value) || source === undefined) {
      return value;
    }
    return /^-?\d+$/.test(source) ? BigInt(source) : value;
  });
}

/** The JSON text of a value, with object keys in ascending order: equal values have equal texts. */
export function jsonText(value: JsonValue | undefined): string {
  if (value === undefined) return "(absent)";
  if (typeof value === "bigint") return String(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(jsonText).join(",")}]`;
  const fields = Object.keys(value).sort().map((name) =>
    `${JSON.stringify(name)}:${jsonText(value[name])}`
  );
  return `{${fields.join(",")}}`;
}

/** True for `{...}`. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The field as a number; `otherwise` when it is absent. Throws when it is something else. */
export function numberField(object: JsonObject, name: string, otherwise: number): number {
  const value = object[name];
  if (value === undefined) return otherwise;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "number") throw new Error(`${name} is ${jsonText(value)}, not a number`);
  return value;
}

/** The field as text; `otherwise` when it is absent. Throws when it is something else. */
export function textField(object: JsonObject, name: string, otherwise: string): string {
  const value = object[name];
  if (value === undefined) return otherwise;
  if (typeof value !== "string") throw new Error(`${name} is ${jsonText(value)}, not text`);
  return value;
}
