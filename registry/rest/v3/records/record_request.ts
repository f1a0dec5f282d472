import { HttpError, shown } from "../../../http/mod.ts";
import type { ProducerRecord } from "../../../kafka/mod.ts";
import { restCodes } from "../../errors.ts";
import { fromBase64, PayloadError } from "../../records/mod.ts";

/** How `data` stands in a request. */
export type DataType = "BINARY" | "JSON" | "STRING" | "AVRO" | "JSONSCHEMA" | "PROTOBUF";

/** How a subject is named after a topic and a schema. */
export type SubjectStrategy = "TOPIC_NAME" | "RECORD_NAME" | "TOPIC_RECORD_NAME";

/** A key or a value as a request has it. */
export interface DataRequest {
  /** Null: what its schema is of. */
  readonly type: DataType | null;
  readonly subject: string | null;
  readonly strategy: SubjectStrategy | null;
  readonly schemaId: number | null;
  readonly schemaVersion: number | null;
  /** A schema's text. */
  readonly schema: string | null;
  /** Null: the record has none. */
  readonly data: unknown;
}

/** A record as a request has it, its rules kept. */
export interface RecordRequest {
  readonly partition: number | null;
  readonly headers: NonNullable<ProducerRecord["headers"]>;
  /** Null: the record has none. */
  readonly key: DataRequest | null;
  readonly value: DataRequest | null;
  /** Milliseconds since 1970; null: now. */
  readonly timestampMs: number | null;
}

const INT32_MAX = 2 ** 31 - 1;

const RECORD_FIELDS: ReadonlySet<string> = new Set([
  "partition_id",
  "headers",
  "key",
  "value",
  "timestamp",
]);
const ENTRY_FIELDS: ReadonlySet<string> = new Set([...RECORD_FIELDS, "id"]);
const HEADER_FIELDS: ReadonlySet<string> = new Set(["name", "value"]);
const DATA_FIELDS: ReadonlySet<string> = new Set([
  "type",
  "subject",
  "subject_name_strategy",
  "schema_id",
  "schema_version",
  "schema",
  "data",
]);

/** Types by their names; true: their values have schemas. */
const TYPES: ReadonlyMap<string, boolean> = new Map([
  ["BINARY", false],
  ["JSON", false],
  ["STRING", false],
  ["AVRO", true],
  ["JSONSCHEMA", true],
  ["PROTOBUF", true],
]);
const STRATEGIES: ReadonlySet<string> = new Set(["TOPIC_NAME", "RECORD_NAME", "TOPIC_RECORD_NAME"]);
const NO_HEADERS: RecordRequest["headers"] = [];
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/;

type Fields = Readonly<Record<string, unknown>>;

/**
 * A record from its parsed JSON. Throws HttpError: 422 for a field that records don't have, 404 for a partition
 * below 0, 400 for what breaks another rule.
 */
export function recordRequest(json: unknown): RecordRequest {
  return checked(fieldsOf(json, "The record", RECORD_FIELDS));
}

/** The record of a batch's entry, which has an id beside it. Throws as {@linkcode recordRequest} does. */
export function entryRequest(json: unknown): RecordRequest {
  return checked(fieldsOf(json, "The entry", ENTRY_FIELDS));
}

/** Whether values of a type have a schema. */
export function hasSchema(type: DataType): boolean {
  return TYPES.get(type)!;
}

function checked(
  { partition_id: partition, headers, key, value, timestamp }: Fields,
): RecordRequest {
  return {
    partition: isAbsent(partition) ? null : partitionOf(partition),
    headers: isAbsent(headers) ? NO_HEADERS : headersOf(headers),
    key: isAbsent(key) ? null : dataOf(key, "key"),
    value: isAbsent(value) ? null : dataOf(value, "value"),
    timestampMs: isAbsent(timestamp) ? null : timestampOf(timestamp),
  };
}

function partitionOf(value: unknown): number {
  if (!Number.isInteger(value) || Math.abs(value as number) > INT32_MAX) {
    throw refused("partition_id", value, `a whole number from 0 to ${INT32_MAX}`);
  }
  if (value as number >= 0) return value as number;
  throw new HttpError(404, restCodes.PARTITION_NOT_FOUND, `There is no partition ${value}`);
}

function headersOf(value: unknown): RecordRequest["headers"] {
  if (!Array.isArray(value)) throw refused("headers", value, "a list of {name, value}");
  return value.map((item, n) => {
    const where = `headers[${n}]`;
    const { name, value: bytes } = fieldsOf(item, where, HEADER_FIELDS);
    if (typeof name !== "string") throw refused(`${where}.name`, name, "a string");
    return { key: name, value: isAbsent(bytes) ? null : headerBytes(bytes, where) };
  });
}

function headerBytes(value: unknown, where: string): Uint8Array {
  try {
    return fromBase64(value);
  } catch (error) {
    if (!(error instanceof PayloadError)) throw error;
    throw new HttpError(400, 400, `${where}.value ${error.message}`);
  }
}

function timestampOf(value: unknown): number {
  const allowed = "a time from 1970 on as ISO 8601, such as 2026-01-31T12:00:00.000Z";
  const ms = typeof value === "string" && TIMESTAMP.test(value) ? Date.parse(value) : NaN;
  if (!(ms >= 0)) throw refused("timestamp", value, allowed);
  return ms;
}

function dataOf(value: unknown, where: "key" | "value"): DataRequest {
  const fields = fieldsOf(value, where, DATA_FIELDS);
  const { data = null } = fields;
  const type = typeOf(fields["type"], where);
  const subject = textOf(fields, "subject", where);
  const strategy = strategyOf(fields, where);
  const schemaId = numberOf(fields, "schema_id", where, 0);
  const schemaVersion = numberOf(fields, "schema_version", where, 1);
  const schema = textOf(fields, "schema", where);
  const request = { type, subject, strategy, schemaId, schemaVersion, schema, data };
  const problem = type !== null && !hasSchema(type)
    ? problemWithoutSchema(request)
    : problemWithSchema(request);
  if (problem === null) return request;
  throw new HttpError(400, 400, `${where}: ${problem}`);
}

function problemWithoutSchema(request: DataRequest): string | null {
  const { type, subject, strategy, schemaId, schemaVersion, schema } = request;
  const given = subject ?? strategy ?? schemaId ?? schemaVersion ?? schema;
  if (given === null) return null;
  return `type ${type} has no schema: subject, subject_name_strategy, schema_id, schema_version ` +
    "and schema are not allowed";
}

function problemWithSchema(request: DataRequest): string | null {
  const { type, subject, strategy, schemaId, schemaVersion, schema } = request;
  if (subject !== null && strategy !== null) {
    return "subject and subject_name_strategy exclude each other";
  }
  const ways = Number(schemaId !== null) + Number(schemaVersion !== null) + Number(schema !== null);
  if (ways > 1) return "of schema_id, schema_version and schema only one is allowed";
  if (type === null && schema !== null) return "schema needs a type: AVRO, JSONSCHEMA or PROTOBUF";
  if (type !== null && schema === null) {
    return `type ${type} needs schema, its text; a schema_id or schema_version goes without a type`;
  }
  const isNamedByRecord = strategy === "RECORD_NAME" || strategy === "TOPIC_RECORD_NAME";
  if (isNamedByRecord && schema === null && schemaId === null) {
    return `subject_name_strategy ${strategy} needs schema or schema_id`;
  }
  return null;
}

function typeOf(value: unknown, where: string): DataType | null {
  if (isAbsent(value)) return null;
  if (typeof value === "string") {
    const name = TYPES.has(value) ? value : value.toUpperCase();
    if (TYPES.has(name)) return name as DataType;
  }
  throw refused(`${where}.type`, value, [...TYPES.keys()].join(", "));
}

function strategyOf(fields: Fields, where: string): SubjectStrategy | null {
  const value = textOf(fields, "subject_name_strategy", where);
  if (value === null) return null;
  const name = value.toUpperCase();
  if (STRATEGIES.has(name)) return name as SubjectStrategy;
  throw refused(`${where}.subject_name_strategy`, value, [...STRATEGIES].join(", "));
}

function textOf(fields: Fields, name: string, where: string): string | null {
  const value = fields[name];
  if (isAbsent(value)) return null;
  if (typeof value === "string" && value !== "") return value;
  throw refused(`${where}.${name}`, value, "a string that is not empty");
}

function numberOf(fields: Fields, name: string, where: string, min: number): number | null {
  const value = fields[name];
  if (isAbsent(value)) return null;
  const isWithin = Number.isInteger(value) && value as number >= min &&
    value as number <= INT32_MAX;
  if (isWithin) return value as number;
  throw refused(`${where}.${name}`, value, `a whole number from ${min} to ${INT32_MAX}`);
}

function fieldsOf(value: unknown, where: string, allowed: ReadonlySet<string>): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new HttpError(400, 400, `${where} is ${shown(value)}; allowed: an object`);
  }
  for (const name in value) {
    if (allowed.has(name)) continue;
    const message = `${where} has the unknown field ${shown(name)}; allowed: ` +
      [...allowed].join(", ");
    throw new HttpError(422, 422, message);
  }
  return value as Fields;
}

function refused(name: string, value: unknown, allowed: string): HttpError {
  return new HttpError(400, 400, `${name} is ${shown(value)}; allowed: ${allowed}`);
}

function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}
