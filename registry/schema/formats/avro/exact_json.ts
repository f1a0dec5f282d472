/**
 * JSON whose long integers keep all their digits: those outside of `Number`'s safe range are bigints. Avro's
 * codec takes and gives them so.
 */

/** Integers that a number may not hold exactly have as many digits. */
const LONG_DIGITS = /[0-9]{16}/;
const INTEGER = /^-?[0-9]+$/;

/** What `JSON.parse` hands to its reviver beside key and value. */
interface ReviverContext {
  readonly source?: string;
}

/** Reads a JSON text; integers outside the safe range become bigints. Throws SyntaxError. */
export function parseExactJson(text: string): unknown {
  if (!LONG_DIGITS.test(text)) return JSON.parse(text);
  return JSON.parse(text, revive);
}

// Its type lacks the third argument in the standard library.
function revive(...[_key, value, context]: [string, unknown, ReviverContext?]): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && INTEGER.test(source) ? BigInt(source) : value;
}

interface RawJson {
  rawJSON(text: string): unknown;
}

/** Writes a value as JSON, its bigints as plain integers. */
export function writeExactJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, item) =>
      typeof item === "bigint" ? (JSON as unknown as RawJson).rawJSON(String(item)) : item,
  );
}
