/**
 * Text to value and back, as Kafka's ConfigDef reads and prints them.
 */
import { LONG_MAX, type Option, type OptionType, type OptionValue } from "./option.ts";

/** Outcome of parsing: a value, or what would have been allowed. */
export type ParsedValue =
  | { readonly ok: true; readonly value: OptionValue }
  | { readonly ok: false; readonly allowed: string };

/** The least and the largest value of the types of whole numbers. */
const WHOLE_LIMITS = {
  SHORT: [-(2n ** 15n), 2n ** 15n - 1n],
  INT: [-(2n ** 31n), 2n ** 31n - 1n],
  LONG: [-(2n ** 63n), 2n ** 63n - 1n],
} as const;
const WHOLE = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[fFdD]?$/;
const COMMA = /[ \t\n\v\f\r]*,[ \t\n\v\f\r]*/;

/**
 * Parses the text of a type, without the option's own rule. Text is trimmed; a LONG beyond 2^53
 * becomes the nearest double. Differs from Kafka in that hexadecimal floating point is refused and
 * class names are not looked up.
 */
export function parseText(type: OptionType, text: string): ParsedValue {
  const trimmed = trim(text);
  switch (type) {
    case "BOOLEAN": {
      const lower = trimmed.toLowerCase();
      if (lower === "true") return good(true);
      return lower === "false" ? good(false) : bad("true or false");
    }
    case "INT":
    case "SHORT":
    case "LONG":
      return parseWhole(type, trimmed);
    case "DOUBLE":
      if (!DECIMAL.test(trimmed)) return bad("a number");
      return good(Number(trimmed.replace(/[fFdD]$/, "")));
    case "LIST":
      return good(trimmed === "" ? [] : trimmed.split(COMMA));
    case "STRING":
    case "CLASS":
    case "PASSWORD":
      return good(trimmed);
  }
}

/** Parses text as a value of the option: type, then (for lists) repeated items dropped, then its rule. */
export function parseOption(option: Option, text: string): ParsedValue {
  const parsed = parseText(option.type, text);
  if (!parsed.ok) return bad(allowedByBoth(option) ?? parsed.allowed);
  // KIP-1161: a repeated item is worth a warning, not a failure.
  const value = Array.isArray(parsed.value) ? [...new Set(parsed.value)] : parsed.value;
  if (option.rule !== null && !option.rule.accepts(value)) return bad(option.rule.allowed);
  return good(value);
}

/**
 * The text as Kafka prints it back after parsing: numbers without sign or leading zeros (exact
 * beyond 2^53 too), booleans in lower case, lists without blanks and repetitions. The text must be
 * valid for the type.
 */
export function canonicalText(type: OptionType, text: string): string {
  if (type === "INT" || type === "SHORT" || type === "LONG") {
    return BigInt(trim(text).replace(/^\+/, "")).toString();
  }
  const parsed = parseText(type, text);
  if (!parsed.ok) return trim(text);
  const value = Array.isArray(parsed.value) ? [...new Set(parsed.value)] : parsed.value;
  return formatValue(type, value) ?? "";
}

/** A value's text as Kafka prints it, null for null. */
export function formatValue(type: OptionType, value: OptionValue): string | null {
  if (value === null) return null;
  if (typeof value === "boolean" || typeof value === "string") return String(value);
  if (typeof value !== "number") return value.join(",");
  if (type === "DOUBLE") return javaDouble(value);
  if (value >= LONG_MAX) return "9223372036854775807";
  return BigInt(value).toString();
}

/** Whether the text is a list with the same item twice. */
export function hasRepeatedItems(type: OptionType, text: string): boolean {
  if (type !== "LIST") return false;
  const items = trim(text).split(COMMA);
  return new Set(items).size < items.length;
}

/** Cuts off what Java's String.trim() does: everything up to U+0020. */
export function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 0x20) start++;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--;
  return text.slice(start, end);
}

function parseWhole(type: keyof typeof WHOLE_LIMITS, text: string): ParsedValue {
  const [min, max] = WHOLE_LIMITS[type];
  const value = WHOLE.test(text) && text.length <= 40 ? BigInt(text.replace(/^\+/, "")) : null;
  return value === null || value < min || value > max
    ? bad(wholeFrom(min, max))
    : good(Number(value));
}

/** What type and rule of an option with numbers allow together; null where there is only the type. */
function allowedByBoth({ type, rule }: Option): string | null {
  if (rule === null) return null;
  if (type === "DOUBLE") return `a number, ${rule.allowed}`;
  if (type !== "INT" && type !== "SHORT" && type !== "LONG") return null;
  if (rule.range === undefined) return `a whole number, ${rule.allowed}`;
  const { min, max } = rule.range;
  const [least, largest] = WHOLE_LIMITS[type];
  return wholeFrom(min < least ? least : min, max > largest ? largest : max);
}

function wholeFrom(min: bigint | number, max: bigint | number): string {
  return `a whole number from ${min} to ${max}`;
}

/** Java's Double.toString: always with a fraction, scientific below 1e-3 and from 1e7 on. */
function javaDouble(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e7)) {
    const sign = Object.is(value, -0) ? "-" : "";
    return Number.isInteger(value) ? `${sign}${value}.0` : String(value);
  }
  const [mantissa = "", exponent = ""] = value.toExponential().split("e");
  return `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}

function good(value: OptionValue): ParsedValue {
  return { ok: true, value };
}

function bad(allowed: string): ParsedValue {
  return { ok: false, allowed };
}
