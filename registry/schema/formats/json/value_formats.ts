import type { Format } from "ajv";
import addFormatsModule from "ajv-formats";
import { linearRegExp } from "./linear_regexp.ts";

/** Longest string whose format is checked; none of the formats has values that long. */
const FORMATTED_LENGTH_MAX = 65_536;

/** What ajv-formats can't say without look-ahead. */
const OWN_EXPRESSIONS: Readonly<Record<string, RegExp>> = {
  duration:
    /^P(?:\d+W|(?:\d+Y(?:\d+M)?(?:\d+D)?|\d+M(?:\d+D)?|\d+D)(?:T(?:\d+H(?:\d+M)?(?:\d+S)?|\d+M(?:\d+S)?|\d+S))?|T(?:\d+H(?:\d+M)?(?:\d+S)?|\d+M(?:\d+S)?|\d+S))$/,
  hostname: /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[-0-9a-z]{0,61}[0-9a-z])?)*\.?$/i,
  url: /^(?:https?|ftp):\/\/[^\s/?#]+(?:[/?#]\S*)?$/i,
};
const HOSTNAME_LENGTH_MAX = 254;

// The module is CommonJS: its type says that the function is its default, at run time it is the function.
const { get: formatOf } = addFormatsModule as unknown as { get(name: string): Format };

const NAMES = [
  "date",
  "time",
  "date-time",
  "duration",
  "uri",
  "uri-reference",
  "uri-template",
  "url",
  "email",
  "hostname",
  "ipv4",
  "ipv6",
  "regex",
  "uuid",
  "json-pointer",
  "relative-json-pointer",
  "byte",
  "int32",
  "int64",
  "float",
  "double",
  "password",
  "binary",
];

/**
 * The formats of ajv-formats, each in time linear in the string: its regular expressions run on a matcher
 * that doesn't backtrack, and the functions, which have bounded ones, see strings of bounded length.
 */
export function valueFormats(): ReadonlyMap<string, Format> {
  const formats = new Map<string, Format>();
  for (const name of NAMES) {
    const given = formatOf(name);
    const own = OWN_EXPRESSIONS[name];
    if (own !== undefined) formats.set(name, fromExpression(name, own));
    else if (given instanceof RegExp) formats.set(name, fromExpression(name, given));
    else if (typeof given === "function") formats.set(name, bounded(given));
    else if (typeof given === "object" && "validate" in given) {
      const { validate } = given;
      if (given.type === "number") formats.set(name, given as Format);
      else if (typeof validate === "function") {
        formats.set(name, bounded(validate as (text: string) => boolean));
      }
    } else formats.set(name, true);
  }
  return formats;
}

function bounded(check: (text: string) => boolean): Format {
  return (text: string) => text.length <= FORMATTED_LENGTH_MAX && check(text);
}

function fromExpression(name: string, expression: RegExp): Format {
  let compiled: ReturnType<typeof linearRegExp> | undefined;
  const lengthMax = name === "hostname" ? HOSTNAME_LENGTH_MAX : FORMATTED_LENGTH_MAX;
  return (text: string) => {
    compiled ??= linearRegExp(expression.source, expression.ignoreCase);
    if (compiled === null) throw new Error(`Format ${name} has no linear expression`);
    return text.length <= lengthMax && compiled.test(text);
  };
}
