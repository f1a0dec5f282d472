import type { Context } from "hono";
import { type AppEnv, HttpError, mediaType, negotiate, shown } from "../../http/mod.ts";
import { EMBEDDED_FORMATS, type EmbeddedFormat } from "../records/mod.ts";

/** The type of all answers but records, and of all bodies but records. */
export const V2_TYPE = "application/vnd.kafka.v2+json";

const PLAIN_TYPES = [V2_TYPE, "application/vnd.kafka+json", "application/json"] as const;

/** The type of records in a format. */
export function recordsType(format: EmbeddedFormat): string {
  return `application/vnd.kafka.${format}.v2+json`;
}

/** The types that produce requests come in. */
export const RECORDS_TYPES: readonly string[] = EMBEDDED_FORMATS.map(recordsType);

const FORMAT_OF_TYPE: ReadonlyMap<string, EmbeddedFormat> = new Map(
  EMBEDDED_FORMATS.map((format) => [recordsType(format), format]),
);

/** Records of an unnamed format are binary. */
const READ_TYPES = [...RECORDS_TYPES, ...PLAIN_TYPES];

/** The type of an answer that has no records. Throws 406. */
export function plainAnswerType(c: Context<AppEnv>): string {
  return negotiate(c.req.header("Accept") ?? null, PLAIN_TYPES);
}

/** The format of a produce request. Throws 415. */
export function producedFormat(c: Context<AppEnv>): EmbeddedFormat {
  const type = c.req.header("Content-Type") ?? null;
  const format = FORMAT_OF_TYPE.get(type ?? "") ?? FORMAT_OF_TYPE.get(mediaType(type) ?? "");
  if (format !== undefined) return format;
  const what = type === null ? "There is no Content-Type" : `Content-Type is ${shown(type)}`;
  throw new HttpError(415, 415, `${what}; allowed: ${RECORDS_TYPES.join(", ")}`);
}

/** The format that records are asked for. Throws 406. */
export function readFormat(c: Context<AppEnv>): EmbeddedFormat {
  const type = negotiate(c.req.header("Accept") ?? null, READ_TYPES);
  return FORMAT_OF_TYPE.get(type) ?? "binary";
}

/** Throws 415 for a body that comes as something else than this API's JSON. */
export function checkPlainBody(c: Context<AppEnv>): void {
  const type = c.req.header("Content-Type") ?? null;
  if (type === null || type === V2_TYPE) return;
  if ((PLAIN_TYPES as readonly string[]).includes(mediaType(type)!)) return;
  throw new HttpError(
    415,
    415,
    `Content-Type is ${shown(type)}; allowed: ${PLAIN_TYPES.join(", ")}`,
  );
}
