import { HttpError, shown } from "../../../http/mod.ts";

/** The longest text that Kafka's older requests carry, in bytes of UTF-8. */
const TEXT_BYTES_MAX = 32_767;

/** An object of a body, as it was read. */
export type Fields = Readonly<Record<string, unknown>>;

function refuse(path: string, value: unknown, allowed: string): HttpError {
  return new HttpError(422, 422, `${path} is ${shown(value)}; allowed: ${allowed}`);
}

/** An object that has no fields but these. Throws 422 naming what is wrong. */
export function objectOf(value: unknown, path: string, names: readonly string[]): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw refuse(path, value, `an object with ${names.join(", ")}`);
  }
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown === undefined) return value as Fields;
  throw new HttpError(422, 422, `Field ${shown(unknown)} is unknown; allowed: ${names.join(", ")}`);
}

/** A text that must be there and that Kafka can carry. */
export function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === "string" && value !== "") return carried(value, name);
  throw refuse(name, value, "a text that is not empty");
}

function carried(text: string, name: string): string {
  if (text.length * 3 <= TEXT_BYTES_MAX) return text;
  const { length } = new TextEncoder().encode(text);
  if (length <= TEXT_BYTES_MAX) return text;
  throw new HttpError(422, 422, `${name} has ${length} bytes; allowed: ${TEXT_BYTES_MAX}`);
}

/** A text, or null. */
export function textOrNull(fields: Fields, name: string): string | null {
  const value = fields[name] ?? null;
  if (typeof value === "string") return carried(value, name);
  if (value === null) return null;
  // Configurations are texts to Kafka; numbers and flags are written as what they are.
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw refuse(name, value, "a text or null");
}

/** A whole number from -1 (as Kafka writes "by default") to `max`, or null when it is absent. */
export function countOrNull(fields: Fields, name: string, max: number): number | null {
  const value = fields[name] ?? null;
  if (value === null) return null;
  if (typeof value === "number" && Number.isInteger(value) && value >= -1 && value <= max) {
    return value;
  }
  throw refuse(name, value, `a whole number from -1 to ${max}`);
}

/** A flag; false when absent. */
export function flagOf(fields: Fields, name: string): boolean {
  const value = fields[name] ?? false;
  if (typeof value === "boolean") return value;
  throw refuse(name, value, "true or false");
}

/** A list; empty when absent. */
export function listOrEmpty(fields: Fields, name: string): readonly unknown[] {
  return (fields[name] ?? null) === null ? [] : listOf(fields, name);
}

/** A list that must be there. */
export function listOf(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name];
  if (Array.isArray(value)) return value;
  throw refuse(name, value, "a list");
}

/** A list of whole numbers of 32 bits. */
export function integersOf(fields: Fields, name: string): number[] {
  return listOf(fields, name).map((value) => integerOf(value, name));
}

/** A whole number of 32 bits. */
export function integerOf(value: unknown, path: string): number {
  if (typeof value === "number" && (value | 0) === value) return value;
  throw refuse(path, value, "a whole number of 32 bits");
}
