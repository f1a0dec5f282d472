import { JsonNumber, type JsonValue } from "../json/json_text.ts";

/** Longest part of a name or text that a message quotes. */
const QUOTED_CHARACTERS_MAX = 60;

/** A JSON pointer as messages show it: the root as `/`. */
export function at(path: string): string {
  return path === "" ? "/" : path;
}

/** A part of a schema in few words. */
export function describe(value: JsonValue | undefined): string {
  if (value === undefined) return "nothing";
  if (value instanceof Map) return "an object";
  if (Array.isArray(value)) return "an array";
  if (value instanceof JsonNumber) return shortened(value.text);
  return typeof value === "string" ? quote(value) : String(value);
}

/** A text in quotes, cut where it gets long. */
export function quote(text: string): string {
  return JSON.stringify(shortened(text));
}

function shortened(text: string): string {
  if (text.length <= QUOTED_CHARACTERS_MAX) return text;
  return `${text.slice(0, QUOTED_CHARACTERS_MAX)}...`;
}
