import { Buffer } from "node:buffer";
import type { Context } from "hono";
import { type AppEnv, HttpError, readBody, shown } from "../http/mod.ts";
import { parseExactly } from "./records/mod.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });

/** A body that was parsed. */
export interface ParsedBody {
  /** Undefined: the body was empty. Numbers that a double doesn't hold are as `parseExactly` has them. */
  readonly value: unknown;
  readonly sizeBytes: number;
}

/** The JSON of a body. Throws 400 for what is none, 413 past `bytesMax`. */
export async function readExactJson(c: Context<AppEnv>, bytesMax: number): Promise<ParsedBody> {
  const bytes = await readBody(c, bytesMax);
  if (bytes.length === 0) return { value: undefined, sizeBytes: 0 };
  try {
    return { value: parseExactly(decoder.decode(bytes)), sizeBytes: bytes.length };
  } catch (error) {
    throw new HttpError(400, 400, `The body is no JSON: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof RangeError
    ? "it is nested too deeply"
    : (error as Error).message.slice(0, 200);
}

/** A JSON object whose fields are read one by one; each refusal is 422 and names the field. */
export class Fields {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #where: string;

  /** Throws 422 for what is no object, and for a field whose name is not allowed. */
  constructor(value: unknown, allowed: readonly string[], where = "The body") {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new HttpError(422, 422, `${where} must be an object, not ${shownJson(value)}`);
    }
    for (const name in value) {
      if (allowed.includes(name)) continue;
      throw new HttpError(
        422,
        422,
        `${where} has the unknown field ${shown(name)}; allowed: ${allowed.join(", ")}`,
      );
    }
    this.#fields = value as Readonly<Record<string, unknown>>;
    this.#where = where;
  }

  /** Whether a field is there and not null. */
  has(name: string): boolean {
    return this.#get(name) !== undefined;
  }

  /** A text; null where there is none. */
  text(name: string): string | null {
    const value = this.#get(name);
    if (value === undefined) return null;
    if (typeof value === "string") return value;
    throw this.#refused(name, value, "a string");
  }

  /** A whole number within limits; null where there is none. */
  integer(name: string, min: number, max: number): number | null {
    const value = this.#get(name);
    if (value === undefined) return null;
    if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) {
      return value as number;
    }
    throw this.#refused(name, value, `a whole number from ${min} to ${max}`);
  }

  /** The items of a list, each read by `read`; null where there is none. */
  list<T>(name: string, read: (item: unknown, where: string) => T): T[] | null {
    const value = this.#get(name);
    if (value === undefined) return null;
    if (!Array.isArray(value)) throw this.#refused(name, value, "a list");
    return value.map((item, n) => read(item, `${this.#where}: ${name}[${n}]`));
  }

  /** What was read, unless it is not there. Throws 422 then. */
  required<T>(name: string, value: T | null): T {
    if (value !== null) return value;
    throw new HttpError(422, 422, `${this.#where} needs the field ${name}`);
  }

  #get(name: string): unknown {
    return Object.hasOwn(this.#fields, name) ? this.#fields[name] ?? undefined : undefined;
  }

  #refused(name: string, value: unknown, allowed: string): HttpError {
    const message = `${this.#where}: ${name} is ${shownJson(value)}; allowed: ${allowed}`;
    return new HttpError(422, 422, message);
  }
}

/** A parsed value as messages show it: itself where it is short, else its kind. */
export function shownJson(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "an object" : shown(value);
}

/** A text that fits where a limit on its UTF-8 is. Throws 422 naming what it is. */
export function boundedText(what: string, text: string, bytesMax: number): string {
  const sizeBytes = Buffer.byteLength(text);
  if (sizeBytes > 0 && sizeBytes <= bytesMax) return text;
  const message = `${what} has ${sizeBytes} bytes; allowed: 1 to ${bytesMax}`;
  throw new HttpError(422, 422, message);
}
