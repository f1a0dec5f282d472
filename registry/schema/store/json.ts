import { errorCodes, RegistryError } from "./registry_error.ts";

/** An object of JSON. */
export type JsonObject = { readonly [key: string]: unknown };

/** Whether a value is an object, neither null nor a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a field must hold; throws 422 naming it otherwise. */
export function refuseField(path: string, value: unknown, allowed: string): RegistryError {
  const shown = JSON.stringify(value) ?? "nothing";
  const cut = shown.length > 100 ? `${shown.slice(0, 100)}...` : shown;
  return new RegistryError(errorCodes.UNPROCESSABLE, `${path} is ${cut}; allowed: ${allowed}`);
}

/** Fails with 422 when `object` has a field that `known` doesn't name. */
export function refuseUnknown(object: JsonObject, path: string, known: ReadonlySet<string>): void {
  for (const name of Object.keys(object)) {
    if (known.has(name)) continue;
    const where = path === "" ? name : `${path}.${name}`;
    throw new RegistryError(
      errorCodes.UNPROCESSABLE,
      `Field ${where} is unknown; allowed: ${[...known].join(", ")}`,
    );
  }
}

/** An optional string: absent and null are null. */
export function optionalString(object: JsonObject, name: string, path: string): string | null {
  const value = object[name] ?? null;
  if (value === null || typeof value === "string") return value;
  throw refuseField(`${path}${name}`, value, "a string");
}

/** An optional boolean: absent and null are null. */
export function optionalBoolean(object: JsonObject, name: string, path: string): boolean | null {
  const value = object[name] ?? null;
  if (value === null || typeof value === "boolean") return value;
  throw refuseField(`${path}${name}`, value, "true or false");
}

/** An optional 32-bit integer: absent and null are null. */
export function optionalInteger(object: JsonObject, name: string, path: string): number | null {
  const value = object[name] ?? null;
  if (value === null) return null;
  if (typeof value === "number" && Number.isInteger(value) && (value | 0) === value) return value;
  throw refuseField(`${path}${name}`, value, "an integer of 32 bits");
}

/** An optional list: absent and null are the empty one. */
export function optionalList(object: JsonObject, name: string, path: string): readonly unknown[] {
  const value = object[name] ?? null;
  if (value === null) return [];
  if (Array.isArray(value)) return value;
  throw refuseField(`${path}${name}`, value, "a list");
}

/** A list of strings. */
export function stringsOf(value: unknown, path: string): string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw refuseField(path, value, "a list of strings");
}

/** Order of strings by UTF-16 code units, which is the order of every list answered. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
