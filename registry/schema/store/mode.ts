import { isObject, refuseField, refuseUnknown } from "./json.ts";
import { errorCodes, RegistryError } from "./registry_error.ts";

/** What may be done in a scope. */
export type Mode = "READWRITE" | "READONLY" | "READONLY_OVERRIDE" | "IMPORT" | "FORWARD";

/** The modes by name. */
export const MODES: readonly Mode[] = [
  "READWRITE",
  "READONLY",
  "READONLY_OVERRIDE",
  "IMPORT",
  "FORWARD",
];

const FIELDS: ReadonlySet<string> = new Set(["mode"]);

/** Reads the body of a request that sets a mode. Throws 422, or 42204 for a mode that is none. */
export function readMode(body: unknown, lenient = false): Mode {
  if (!isObject(body)) throw refuseField("The body", body, "an object with mode");
  if (!lenient) refuseUnknown(body, "", FIELDS);
  const value = body["mode"];
  const mode = typeof value === "string" ? modeOf(value.toUpperCase()) : null;
  if (mode !== null) return mode;
  throw new RegistryError(
    errorCodes.INVALID_MODE,
    refuseField("mode", value, MODES.join(", ")).message,
  );
}

/** The mode of this name; null when there is none. */
export function modeOf(name: unknown): Mode | null {
  return MODES.find((mode) => mode === name) ?? null;
}

/** Whether schemas and configs stay as they are in this mode. */
export function isReadOnly(mode: Mode): boolean {
  return mode === "READONLY" || mode === "READONLY_OVERRIDE";
}
