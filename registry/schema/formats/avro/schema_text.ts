import {
  JsonNumber,
  type JsonObject,
  type JsonValue,
  parseJson,
  TEXT_LENGTH_MAX,
} from "../json/json_text.ts";
import { SchemaError } from "../schema.ts";

/**
 * Reads the text of an Avro schema: JSON that may hold comments, as Avro's Java library reads it. Throws
 * {@linkcode SchemaError} with line and column.
 */
export function readSchemaText(text: string): JsonValue {
  if (text.length > TEXT_LENGTH_MAX) {
    throw new SchemaError(
      `Avro schema of ${text.length} characters is too long: at most ${TEXT_LENGTH_MAX} are read`,
    );
  }
  return parseJson(withoutComments(text));
}

/** Blanks comments out, so that what follows keeps its line and column. */
function withoutComments(text: string): string {
  if (!text.includes("/*") && !text.includes("//")) return text;
  const parts: string[] = [];
  let copied = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"') at = endOfString(text, at);
    if (char !== "/") continue;
    const end = endOfComment(text, at);
    if (end === at) continue;
    parts.push(text.slice(copied, at), text.slice(at, end).replace(/[^\n]/g, " "));
    copied = end;
    at = end - 1;
  }
  parts.push(text.slice(copied));
  return parts.join("");
}

/** Index of the quote that closes the string which starts at `start`; the last index if none does. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === "\\") at++;
    else if (char === '"') return at;
  }
  return text.length - 1;
}

/** Index behind the comment that starts at `start`; `start` where none does. */
function endOfComment(text: string, start: number): number {
  if (text.startsWith("//", start)) {
    const end = text.indexOf("\n", start);
    return end < 0 ? text.length : end;
  }
  if (!text.startsWith("/*", start)) return start;
  const end = text.indexOf("*/", start + 2);
  return end < 0 ? start : end + 2;
}

/**
 * A value with its numbers written as Avro's Java library writes them, which is what texts are hashed in:
 * `1e3` as `1000.0`, `1e10` as `1.0E10`, integers digit by digit.
 */
export function withJavaNumbers(value: JsonValue): JsonValue {
  if (value instanceof JsonNumber) return javaNumber(value.text);
  if (Array.isArray(value)) return value.map(withJavaNumbers);
  if (!(value instanceof Map)) return value;
  const object: JsonObject = new Map();
  for (const [key, item] of value) object.set(key, withJavaNumbers(item));
  return object;
}

/** A number as Java writes it; what is too large for a double becomes the text `Infinity`. */
export function javaNumber(text: string): JsonNumber | string {
  if (/^-?[0-9]+$/.test(text)) return new JsonNumber(text === "-0" ? "0" : text);
  const value = Number(text);
  return Number.isFinite(value) ? new JsonNumber(javaDouble(value)) : String(value);
}

/** The decimal form of `Double.toString`: plain from 0.001 up to ten million, scientific elsewhere. */
function javaDouble(value: number): string {
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  let scientific = Math.abs(value).toExponential();
  if (!scientific.includes(".")) {
    // Java picks the best of two digits where one would do.
    const two = Math.abs(value).toExponential(1);
    if (Number(two) === Math.abs(value)) scientific = two;
  }
  const [mantissa, exponent] = scientific.split("e") as [string, string];
  const sign = value < 0 ? "-" : "";
  const power = Number(exponent);
  if (power < -3 || power >= 7) {
    return `${sign}${mantissa.includes(".") ? mantissa : mantissa + ".0"}E${power}`;
  }
  const digits = mantissa.replace(".", "").replace(/0+$/, "") || "0";
  if (power < 0) return `${sign}0.${"0".repeat(-power - 1)}${digits}`;
  const whole = digits.slice(0, power + 1).padEnd(power + 1, "0");
  return `${sign}${whole}.${digits.slice(power + 1) || "0"}`;
}
