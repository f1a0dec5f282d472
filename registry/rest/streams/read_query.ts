import { HttpError, shown } from "../../http/mod.ts";
import type { Isolation, OffsetAt } from "../../kafka/mod.ts";
import { parseCursor, type Positions } from "./cursor.ts";
import { READ_FORMATS, type ReadFormat } from "./value_text.ts";

/** Where to begin: an offset, or what Kafka looks an offset up by. */
export type From =
  | { readonly kind: "offset"; readonly offset: number }
  | { readonly kind: "at"; readonly at: OffsetAt };

/** How keys and values are to be read. */
export interface Formats {
  readonly key: ReadFormat;
  readonly value: ReadFormat;
}

/** A query parameter by its name; undefined: there is none. */
export type Query = (name: string) => string | undefined;

/** Plain numbers from here on are times: no partition has a trillion records, and this was in 2001. */
const TIME_MS_MIN = 1e12;
const DIGITS = /^\d{1,15}$/;
const ISO_TIME =
  /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2}))?$/;
const PARTITION_MAX = 2 ** 31 - 1;

/**
 * Reads `from`: `earliest`, `latest`, an offset, a time as ISO 8601 or as milliseconds since 1970 (13 digits and
 * more); `offset:` and `timestamp:` in front of a number say which it is. Throws 400.
 */
export function fromOf(name: string, text: string): From {
  if (text === "earliest" || text === "latest") return { kind: "at", at: text };
  const [, what = "", rest = ""] = /^(offset:|timestamp:|)(.*)$/s.exec(text) ?? [];
  const number = DIGITS.test(rest) ? Number(rest) : NaN;
  if (number >= 0) {
    const isTime = what === "timestamp:" || what === "" && number >= TIME_MS_MIN;
    return isTime ? { kind: "at", at: number } : { kind: "offset", offset: number };
  }
  const ms = what !== "offset:" && ISO_TIME.test(rest) ? Date.parse(rest) : NaN;
  if (ms >= 0) return { kind: "at", at: ms };
  throw badQuery(
    name,
    text,
    "earliest, latest, an offset, a time as ISO 8601 or in milliseconds since 1970",
  );
}

/** Reads `key_format` and `value_format`; auto where there is none. Throws 400. */
export function formatsOf(query: Query): Formats {
  return { key: formatOf("key_format", query), value: formatOf("value_format", query) };
}

function formatOf(name: string, query: Query): ReadFormat {
  const text = query(name) ?? "auto";
  const found = READ_FORMATS.find((format) => format === text);
  if (found !== undefined) return found;
  throw badQuery(name, text, READ_FORMATS.join(", "));
}

/** Reads `isolation`: Kafka's own default where there is none. Throws 400. */
export function isolationOf(query: Query): Isolation {
  const text = query("isolation") ?? "read_uncommitted";
  if (text === "read_uncommitted" || text === "read_committed") return text;
  throw badQuery("isolation", text, "read_uncommitted, read_committed");
}

/** Reads `partition`, numbers with commas between; null: all. Throws 400. */
export function partitionsOf(query: Query): readonly number[] | null {
  const text = query("partition");
  if (text === undefined || text === "") return null;
  const numbers = text.split(",").map((one) => DIGITS.test(one) ? Number(one) : NaN);
  if (numbers.every((one) => one <= PARTITION_MAX)) {
    return [...new Set(numbers)].sort((a, b) => a - b);
  }
  throw badQuery("partition", text, "numbers of partitions with commas between");
}

/** Reads a whole number within limits. Throws 400. */
export function numberOf(
  name: string,
  query: Query,
  { min, max, otherwise }: {
    readonly min: number;
    readonly max: number;
    readonly otherwise: number;
  },
): number {
  const text = query(name);
  if (text === undefined || text === "") return otherwise;
  const number = DIGITS.test(text) ? Number(text) : NaN;
  if (number >= min && number <= max) return number;
  throw badQuery(name, text, `a whole number from ${min} to ${max}`);
}

/** Reads a cursor; null where there is none. Throws 400. */
export function cursorOf(text: string | undefined): Positions | null {
  return text === undefined || text === "" ? null : parseCursor(text);
}

function badQuery(name: string, text: string, allowed: string): HttpError {
  return new HttpError(400, 400, `Query parameter ${name} is ${shown(text)}; allowed: ${allowed}`);
}
