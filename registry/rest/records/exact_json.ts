/**
 * JSON whose numbers stay what they are. `JSON.parse` makes doubles of them, which can't hold integers from 2^53
 * on, long decimals, or 1e400. Texts with no such number, nearly all, are parsed by it alone.
 */
import { PayloadError } from "./payload_error.ts";

/** What V8 has and TypeScript's library doesn't know yet (TC39: JSON.parse source text access). */
interface JsonWithSource {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): object;
  isRawJSON(value: unknown): value is { readonly rawJSON: string };
}

const json = JSON as unknown as JsonWithSource;

/** Numbers that a double might not hold have one of these. */
const MAYBE_INEXACT = /\d{16}|[\d.]{17}|\d[eE][+-]?\d{3}/;

const INTEGER = /^-?\d+$/;

/**
 * Parses JSON. A number that a double doesn't hold becomes an object that `JSON.stringify` writes as the number
 * stood there; {@linkcode typed} makes numbers of those. Throws SyntaxError, and RangeError for nesting that is
 * too deep.
 */
export function parseExactly(text: string): unknown {
  if (!MAYBE_INEXACT.test(text)) return JSON.parse(text);
  return json.parse(text, (_key, value, { source }) => {
    if (typeof value !== "number" || source === undefined || isExact(value, source)) return value;
    return json.rawJSON(source);
  });
}

/** A number that {@linkcode parseExactly} kept as text. */
export function isRawNumber(value: unknown): boolean {
  return json.isRawJSON(value);
}

/**
 * A parsed value for codecs of typed values: integers that were kept as text are bigints in it, decimals the
 * doubles next to them. Throws {@linkcode PayloadError} for a decimal beyond all doubles.
 */
export function typed(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (json.isRawJSON(value)) return typedNumber(value.rawJSON);
  if (Array.isArray(value)) {
    for (let n = 0; n < value.length; n++) value[n] = typed(value[n]);
    return value;
  }
  for (const [name, item] of Object.entries(value)) {
    const other = typed(item);
    if (other === item) continue;
    // A plain assignment to "__proto__" would set no property.
    Object.defineProperty(value, name, {
      value: other,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return value;
}

/** JSON of a value that may have bigints in it; undefined where there is none of it. */
export function stringifyExactly(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return JSON.stringify(
      value,
      (_key, item) => typeof item === "bigint" ? json.rawJSON(String(item)) : item,
    );
  }
}

function isExact(value: number, source: string): boolean {
  return String(value) === source || (Number.isSafeInteger(value) && INTEGER.test(source));
}

function typedNumber(source: string): bigint | number {
  if (source.length <= 1000 && INTEGER.test(source)) return BigInt(source);
  const value = Number(source);
  if (Number.isFinite(value)) return value;
  throw new PayloadError("conversion", `${source.slice(0, 50)} is outside of all number types`);
}
