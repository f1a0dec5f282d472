import { CommandError } from "../command_error.ts";

/** A record as a line tells it. */
export interface LineRecord {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly (readonly [key: Uint8Array, value: Uint8Array | null])[];
}

/** How lines are read, as kafka-console-producer's LineMessageReader has it; texts are UTF-8 bytes. */
export interface LineRules {
  readonly parseKey: boolean;
  readonly parseHeaders: boolean;
  /** A line without its separators becomes a record as far as it goes, instead of an error. */
  readonly ignoreError: boolean;
  readonly keySeparator: Uint8Array;
  readonly headersDelimiter: Uint8Array;
  readonly headersSeparator: Uint8Array;
  readonly headersKeySeparator: Uint8Array;
  /** What stands for null. */
  readonly nullMarker: Uint8Array | null;
}

const DEFAULTS = {
  "key.separator": "\t",
  "headers.delimiter": "\t",
  "headers.separator": ",",
  "headers.key.separator": ":",
} as const;
const SWITCHES = ["parse.key", "parse.headers", "ignore.error"] as const;
/** Names of the properties that {@linkcode lineRules} knows. */
export const READER_PROPERTIES: readonly string[] = [
  ...Object.keys(DEFAULTS),
  ...SWITCHES,
  "null.marker",
];

/** Rules from `name=value` properties. Throws CommandError on values that clash. */
export function lineRules(properties: ReadonlyMap<string, string>): LineRules {
  const texts = new Map<string, string>([...Object.entries(DEFAULTS), ...properties]);
  checkDistinct(texts);
  const encoder = new TextEncoder();
  const bytes = (name: string) => encoder.encode(texts.get(name));
  const marker = texts.get("null.marker");
  return {
    parseKey: isOn(properties, "parse.key"),
    parseHeaders: isOn(properties, "parse.headers"),
    ignoreError: isOn(properties, "ignore.error"),
    keySeparator: bytes("key.separator"),
    headersDelimiter: bytes("headers.delimiter"),
    headersSeparator: bytes("headers.separator"),
    headersKeySeparator: bytes("headers.key.separator"),
    nullMarker: marker === undefined ? null : encoder.encode(marker),
  };
}

/**
 * The record of a line: `headers DELIMITER key SEPARATOR value`, headers and key where the rules
 * have them. Parts are views into the line. Throws CommandError that names the line when a separator
 * is missing.
 */
export function parseRecordLine(
  line: Uint8Array,
  lineNumber: number,
  rules: LineRules,
): LineRecord {
  let rest: Uint8Array = line;
  function take(isOn: boolean, separator: Uint8Array, what: string): Uint8Array | null {
    if (!isOn) return null;
    const at = indexOf(rest, separator);
    if (at < 0) {
      if (rules.ignoreError) return null;
      throw new CommandError(
        `Line ${lineNumber} has no ${what} ${quoted(separator)}: ${quoted(line)}`,
      );
    }
    const part = rest.subarray(0, at);
    rest = rest.subarray(at + separator.length);
    return part;
  }
  const headers = take(rules.parseHeaders, rules.headersDelimiter, "headers.delimiter");
  const key = take(rules.parseKey, rules.keySeparator, "key.separator");
  return {
    key: key === null ? null : orNull(key, rules),
    value: orNull(rest, rules),
    headers: headers === null || orNull(headers, rules) === null
      ? []
      : parseHeaders(headers, lineNumber, rules),
  };
}

function parseHeaders(
  text: Uint8Array,
  lineNumber: number,
  rules: LineRules,
): [Uint8Array, Uint8Array | null][] {
  return split(text, rules.headersSeparator).map((pair) => {
    const at = indexOf(pair, rules.headersKeySeparator);
    if (at < 0) {
      if (rules.ignoreError) return [pair, null];
      throw new CommandError(
        `Line ${lineNumber} has a header without ` +
          `headers.key.separator ${quoted(rules.headersKeySeparator)}: ${quoted(pair)}`,
      );
    }
    const key = pair.subarray(0, at);
    if (orNull(key, rules) === null) {
      throw new CommandError(`Line ${lineNumber} has a header with the null.marker as its key`);
    }
    return [key, orNull(pair.subarray(at + rules.headersKeySeparator.length), rules)];
  });
}

/** Parts between separators; empty ones behind the last separator are dropped, as in Java. */
function split(text: Uint8Array, separator: Uint8Array): Uint8Array[] {
  if (text.length === 0) return [text];
  const parts: Uint8Array[] = [];
  let rest = text;
  for (let at = indexOf(rest, separator); at >= 0; at = indexOf(rest, separator)) {
    parts.push(rest.subarray(0, at));
    rest = rest.subarray(at + separator.length);
  }
  parts.push(rest);
  while (parts.at(-1)?.length === 0) parts.pop();
  return parts;
}

function indexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  for (let at = bytes.indexOf(wanted[0]!); at >= 0; at = bytes.indexOf(wanted[0]!, at + 1)) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}

function orNull(part: Uint8Array, { nullMarker }: LineRules): Uint8Array | null {
  const isNull = nullMarker !== null && part.length === nullMarker.length &&
    nullMarker.every((byte, index) => part[index] === byte);
  return isNull ? null : part;
}

function checkDistinct(texts: ReadonlyMap<string, string>): void {
  for (const name of [...Object.keys(DEFAULTS), "null.marker"]) {
    if (texts.get(name) === "") throw new CommandError(`Cannot use ${name}=: allowed is some text`);
  }
  const clashes = [
    ["headers.delimiter", "headers.separator"],
    ["headers.delimiter", "headers.key.separator"],
    ["headers.separator", "headers.key.separator"],
    ...Object.keys(DEFAULTS).map((name) => ["null.marker", name]),
  ] as const;
  for (const [a = "", b = ""] of clashes) {
    if (texts.get(a) !== texts.get(b)) continue;
    throw new CommandError(`Cannot use ${a}=${texts.get(a)}: it must differ from ${b}`);
  }
}

function isOn(properties: ReadonlyMap<string, string>, name: typeof SWITCHES[number]): boolean {
  const value = properties.get(name)?.trim().toLowerCase() ?? "false";
  if (value === "true") return true;
  if (value === "false") return false;
  throw new CommandError(`Cannot use ${name}=${value}: allowed are true and false`);
}

const QUOTED_BYTES_MAX = 100;

function quoted(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(0, QUOTED_BYTES_MAX));
  return JSON.stringify(bytes.length > QUOTED_BYTES_MAX ? `${text}...` : text);
}
