import { UsageError } from "./command_error.ts";

/**
 * The values of a flag that takes `name=value` several times; the last of a name counts. Throws
 * UsageError that names the flag and the value without `=`.
 */
export function keyValues(flag: string, values: readonly string[]): Map<string, string> {
  const properties = new Map<string, string>();
  for (const value of values) {
    const at = value.indexOf("=");
    if (at < 1) throw new UsageError(`--${flag} ${value}: allowed is name=value`);
    properties.set(value.slice(0, at), value.slice(at + 1));
  }
  return properties;
}

/** A line that warns of names which nobody knows; empty when all are known. */
export function unknownNamesWarning(
  properties: ReadonlyMap<string, string>,
  known: readonly string[],
): string {
  const unknown = [...properties.keys()].filter((name) => !known.includes(name));
  if (unknown.length === 0) return "";
  return `Warning: ignored properties: ${unknown.join(", ")}; known are ${known.join(", ")}\n`;
}
