import { SchemaError } from "../schema.ts";

/**
 * A JSON value that keeps what `JSON.parse` loses: the order of all keys, integer-like ones too, and numbers
 * as they were written. An object is a map, so that a key such as `__proto__` is like any other.
 */
export type JsonValue = null | boolean | string | JsonNumber | JsonValue[] | JsonObject;
/** An object of a JSON text, in the order of its keys. */
export type JsonObject = Map<string, JsonValue>;

/** A number of a JSON text, exactly as written. */
export class JsonNumber {
  constructor(readonly text: string) {}
}

/** Longest schema text, in UTF-16 units: no hand writes more, and reading one this long takes 0.3 s. */
export const TEXT_LENGTH_MAX = 5 * 1024 * 1024;
/** Deepest nesting of arrays and objects; other registries stop here, too. */
export const DEPTH_MAX = 1000;

const WHITE = /[ \t\n\r]*/y;
// deno-lint-ignore no-control-regex
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const QUOTE = 0x22, BACKSLASH = 0x5c;

/**
 * Reads a JSON text. Of a key written twice the last value counts, at the place of the first. Throws
 * {@linkcode SchemaError} with line and column.
 */
export function parseJson(text: string): JsonValue {
  if (text.length > TEXT_LENGTH_MAX) {
    throw new SchemaError(
      `JSON Schema of ${text.length} characters is too long: at most ${TEXT_LENGTH_MAX} are read`,
    );
  }
  return new Reader(text).document();
}

class Reader {
  #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonValue {
    const value = this.#value();
    this.#skipWhite();
    if (this.#at < this.#text.length) throw this.#error("the end of the text");
    return value;
  }

  #value(): JsonValue {
    this.#skipWhite();
    switch (this.#text.charAt(this.#at)) {
      case "{":
        return this.#object();
      case "[":
        return this.#array();
      case '"':
        return this.#string();
      case "t":
        return this.#word("true", true);
      case "f":
        return this.#word("false", false);
      case "n":
        return this.#word("null", null);
      default:
        return this.#number();
    }
  }

  #object(): JsonObject {
    const object: JsonObject = new Map();
    this.#enter();
    if (this.#isNext("}")) return this.#leave(object);
    for (;;) {
      this.#skipWhite();
      if (this.#text.charCodeAt(this.#at) !== QUOTE) throw this.#error("a key in double quotes");
      const key = this.#string();
      if (!this.#isNext(":")) throw this.#error('":"');
      object.set(key, this.#value());
      if (this.#isNext("}")) return this.#leave(object);
      if (!this.#isNext(",")) throw this.#error('"," or "}"');
    }
  }

  #array(): JsonValue[] {
    const array: JsonValue[] = [];
    this.#enter();
    if (this.#isNext("]")) return this.#leave(array);
    for (;;) {
      array.push(this.#value());
      if (this.#isNext("]")) return this.#leave(array);
      if (!this.#isNext(",")) throw this.#error('"," or "]"');
    }
  }

  #string(): string {
    const start = this.#at;
    let end = start + 1;
    let escaped = false;
    for (;;) {
      PLAIN.lastIndex = end;
      PLAIN.test(this.#text);
      end = PLAIN.lastIndex;
      const code = this.#text.charCodeAt(end);
      if (code === QUOTE) break;
      if (code !== BACKSLASH) {
        this.#at = end;
        throw this.#error(Number.isNaN(code) ? 'a closing "' : "no control character in a string");
      }
      escaped = true;
      end += 2;
    }
    this.#at = end + 1;
    if (!escaped) return this.#text.slice(start + 1, end);
    try {
      return JSON.parse(this.#text.slice(start, end + 1));
    } catch {
      this.#at = start;
      throw this.#error("only known escapes in a string");
    }
  }

  #number(): JsonNumber {
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    if (match === null) throw this.#error("a JSON value");
    this.#at = NUMBER.lastIndex;
    return new JsonNumber(match[0]);
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#error("a JSON value");
    this.#at += word.length;
    return value;
  }

  #skipWhite(): void {
    WHITE.lastIndex = this.#at;
    WHITE.test(this.#text);
    this.#at = WHITE.lastIndex;
  }

  #isNext(char: string): boolean {
    this.#skipWhite();
    if (this.#text.charAt(this.#at) !== char) return false;
    this.#at++;
    return true;
  }

  #enter(): void {
    this.#at++;
    if (++this.#depth > DEPTH_MAX) {
      throw new SchemaError(`JSON is nested deeper than ${DEPTH_MAX} levels ${this.#where()}`);
    }
  }

  #leave<T>(value: T): T {
    this.#depth--;
    return value;
  }

  #error(expected: string): SchemaError {
    const found = this.#at < this.#text.length
      ? JSON.stringify(this.#text.charAt(this.#at))
      : "the end";
    return new SchemaError(
      `Cannot read JSON: expected ${expected}, found ${found} ${this.#where()}`,
    );
  }

  #where(): string {
    const before = this.#text.slice(0, this.#at);
    const line = before.split("\n").length;
    return `at line ${line} column ${this.#at - before.lastIndexOf("\n")}`;
  }
}

/** Writes a value without white space; `sorted` orders the keys of all objects by their UTF-16 units. */
export function writeJson(value: JsonValue, sorted = false): string {
  const parts: string[] = [];
  write(value, sorted, writeNumber, parts);
  return parts.join("");
}

/** A text that is the same for all writings of one value: keys sorted, `1.0` and `10e-1` as `1`. */
export function writeComparable(value: JsonValue): string {
  const parts: string[] = [];
  write(value, true, (number) => comparableNumber(number), parts);
  return parts.join("");
}

function write(
  value: JsonValue,
  sorted: boolean,
  number: (value: JsonNumber) => string,
  parts: string[],
): void {
  if (typeof value === "string") parts.push(writeString(value));
  else if (value instanceof JsonNumber) parts.push(number(value));
  else if (value instanceof Map) {
    const keys = sorted ? [...value.keys()].sort() : value.keys();
    let before = "{";
    for (const key of keys) {
      parts.push(before, writeString(key), ":");
      write(value.get(key) ?? null, sorted, number, parts);
      before = ",";
    }
    parts.push(before === "{" ? "{}" : "}");
  } else if (Array.isArray(value)) {
    let before = "[";
    for (const item of value) {
      parts.push(before);
      write(item, sorted, number, parts);
      before = ",";
    }
    parts.push(before === "[" ? "[]" : "]");
  } else parts.push(String(value));
}

function writeNumber(value: JsonNumber): string {
  return value.text;
}

// deno-lint-ignore no-control-regex
const NEEDS_ESCAPE = /["\\\u0000-\u001f\ud800-\udfff]/;

/** Escapes what must be, control characters in upper-case hexadecimal as Jackson writes them. */
function writeString(value: string): string {
  if (!NEEDS_ESCAPE.test(value)) return `"${value}"`;
  return JSON.stringify(value).replace(
    /\\(?:u00([01][0-9a-f])|.)/g,
    (escape, hex: string | undefined) => hex === undefined ? escape : `\\u00${hex.toUpperCase()}`,
  );
}

interface Decimal {
  readonly negative: boolean;
  /** Without leading and trailing zeros; "" is zero. */
  readonly digits: string;
  /** The value is 0.digits times ten to this power; may be past any integer, so compare only. */
  readonly power: number;
}

function decimalOf(number: JsonNumber): Decimal {
  const match = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/.exec(number.text);
  const whole = match?.[2] ?? "0";
  const all = whole + (match?.[3] ?? "");
  const digits = all.replace(/^0+/, "");
  const power = whole.length - (all.length - digits.length) + Number(match?.[4] ?? 0);
  const kept = trimZeros(digits);
  return {
    negative: match?.[1] === "-" && kept !== "",
    digits: kept,
    power: kept === "" ? 0 : power,
  };
}

function trimZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charAt(end - 1) === "0") end--;
  return digits.slice(0, end);
}

function comparableNumber(number: JsonNumber): string {
  const { negative, digits, power } = decimalOf(number);
  const places = power - digits.length;
  const sign = negative ? "-" : "";
  if (digits === "") return "0";
  if (places >= 0 && places <= 40) return sign + digits + "0".repeat(places);
  return `${sign}${digits}e${places}`;
}

/** Below, at or above zero as `left` is less than, equal to or more than `right`; exact at any size. */
export function compareNumbers(left: JsonNumber, right: JsonNumber): number {
  const a = decimalOf(left), b = decimalOf(right);
  if (a.negative !== b.negative) return a.negative ? -1 : 1;
  return (a.negative ? -1 : 1) * compareMagnitudes(a, b);
}

function compareMagnitudes(a: Decimal, b: Decimal): number {
  if (a.digits === "" || b.digits === "") return a.digits.length - b.digits.length;
  if (a.power !== b.power) return a.power < b.power ? -1 : 1;
  return a.digits < b.digits ? -1 : a.digits > b.digits ? 1 : 0;
}

/** Digits that a quotient may take before divisibility counts as unknown. */
const QUOTIENT_DIGITS_MAX = 400;

/** Whether `divisor` divides `value` without remainder; false where the numbers are absurdly far apart. */
export function divides(divisor: JsonNumber, value: JsonNumber): boolean {
  const a = decimalOf(value), b = decimalOf(divisor);
  if (b.digits === "") return false;
  const shift = (a.power - a.digits.length) - (b.power - b.digits.length);
  if (!(Math.abs(shift) + a.digits.length + b.digits.length <= QUOTIENT_DIGITS_MAX)) return false;
  const top = BigInt(a.digits + "0".repeat(Math.max(shift, 0)));
  const bottom = BigInt(b.digits + "0".repeat(Math.max(-shift, 0)));
  return top % bottom === 0n;
}
