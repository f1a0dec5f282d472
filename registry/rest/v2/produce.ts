import { topicNameProblem } from "../../../broker/protocol/mod.ts";
import { HttpError, shown } from "../../http/mod.ts";
import type { SendOutcome } from "../../kafka/mod.ts";
import type { RestContext } from "../context.ts";
import { restCodes, v2RecordCode } from "../errors.ts";
import {
  type EmbeddedFormat,
  fromBase64,
  jsonBytes,
  PayloadError,
  schemaBytes,
  schemaTypeOf,
  TextBytes,
} from "../records/mod.ts";
import { Fields, readExactJson, shownJson } from "../request_json.ts";
import type { RegisteredSchema } from "../schemas/mod.ts";
import { plainAnswerType, producedFormat, RECORDS_TYPES } from "./media_types.ts";
import { pathInteger, pathText, type V2Request, type V2Route } from "./route.ts";
import { producedShape, produceShape } from "./shapes.ts";

const INT32_MAX = 2 ** 31 - 1;
const REQUEST_FIELDS = [
  "key_schema",
  "key_schema_id",
  "value_schema",
  "value_schema_id",
  "records",
];
const PRODUCE_ERRORS = [
  40101,
  40301,
  40401,
  42201,
  42202,
  42203,
  42205,
  42206,
  42207,
];

/** Records to a topic, wherever they go or to one partition. */
export function produceRoutes(context: RestContext): V2Route[] {
  const shape = {
    method: "post",
    body: produceShape,
    bodyTypes: RECORDS_TYPES,
    answer: producedShape,
    errors: PRODUCE_ERRORS,
  } as const;
  return [
    {
      ...shape,
      name: "api.v2.produce-to-topic",
      path: "/topics/{topic}",
      doc: "Writes records to a topic.",
      serve: (c) => produceRecords(context, c, null),
    },
    {
      ...shape,
      name: "api.v2.produce-to-partition",
      path: "/topics/{topic}/partitions/{partition}",
      doc: "Writes records to a partition; a record that names another goes there.",
      errors: [...PRODUCE_ERRORS, 40402],
      serve: (c) => produceRecords(context, c, pathInteger(c, "partition")),
    },
  ];
}

/** A record as a request has it. */
interface RequestRecord {
  readonly key?: unknown;
  readonly value?: unknown;
  readonly partition?: unknown;
}

async function produceRecords(
  context: RestContext,
  c: V2Request,
  pathPartition: number | null,
): Promise<Response> {
  if (pathPartition !== null && pathPartition < 0) {
    throw new HttpError(
      404,
      restCodes.PARTITION_NOT_FOUND,
      `There is no partition ${pathPartition}`,
    );
  }
  const topic = pathText(c, "topic");
  const problem = topicNameProblem(topic);
  if (problem !== null) {
    const message = `There can be no topic ${shown(topic)}: the name ${problem.slice(0, 200)}`;
    throw new HttpError(404, restCodes.TOPIC_NOT_FOUND, message);
  }
  const format = producedFormat(c);
  const type = plainAnswerType(c);
  const { value, sizeBytes } = await readExactJson(c, context.settings["max.request.bytes"]);
  const body = requestOf(value);
  const schemas = await schemasOf(context, { topic, format, body });
  const outcomes = await context.producer.sendAll(
    topic,
    encodeRecords(body.records, {
      format,
      keySchema: schemas.key,
      valueSchema: schemas.value,
      pathPartition,
      texts: new TextBytes(sizeBytes),
    }),
  );
  const offsets = outcomes.map(toldOutcome);
  const told = {
    offsets,
    key_schema_id: schemas.key?.id ?? null,
    value_schema_id: schemas.value?.id ?? null,
  };
  return c.newResponse(JSON.stringify(told), statusOf(outcomes), { "Content-Type": type });
}

/** What a request says beside its address. */
interface ProduceBody {
  readonly fields: Fields;
  readonly records: readonly RequestRecord[];
}

function requestOf(value: unknown): ProduceBody {
  const fields = new Fields(value ?? {}, REQUEST_FIELDS);
  const records = (value as { readonly records?: unknown } | undefined)?.records;
  if (!Array.isArray(records) || records.length === 0) {
    throw new HttpError(422, 422, "The body needs records: a list with at least one");
  }
  return { fields, records };
}

/** The schemas of keys and of values; null where nothing needs one. */
async function schemasOf(
  context: RestContext,
  request: {
    readonly topic: string;
    readonly format: EmbeddedFormat;
    readonly body: ProduceBody;
  },
): Promise<{ readonly key: RegisteredSchema | null; readonly value: RegisteredSchema | null }> {
  if (schemaTypeOf(request.format) === null) return { key: null, value: null };
  const { records } = request.body;
  const key = await schemaOf(
    context,
    "key",
    records.some((record) => record?.key != null),
    request,
  );
  const value = await schemaOf(
    context,
    "value",
    records.some((record) => record?.value != null),
    request,
  );
  return { key, value };
}

async function schemaOf(
  { schemas }: RestContext,
  part: "key" | "value",
  isNeeded: boolean,
  { topic, format, body: { fields } }: {
    readonly topic: string;
    readonly format: EmbeddedFormat;
    readonly body: ProduceBody;
  },
): Promise<RegisteredSchema | null> {
  const type = schemaTypeOf(format)!;
  const id = fields.integer(`${part}_schema_id`, 0, INT32_MAX);
  const text = fields.text(`${part}_schema`);
  if (id !== null) {
    const schema = schemas.cachedById(id) ?? await schemas.byId(id);
    if (schema.type === type) return schema;
    throw new HttpError(
      422,
      restCodes.BAD_SCHEMA,
      `${part}_schema_id ${id} is a schema of the kind ${schema.type}; the format ${format} takes ${type}`,
    );
  }
  if (text !== null && text !== "") {
    return await schemas.byText({ subject: `${topic}-${part}`, type, text });
  }
  if (!isNeeded) return null;
  const code = part === "key" ? restCodes.KEY_SCHEMA_MISSING : restCodes.VALUE_SCHEMA_MISSING;
  throw new HttpError(
    422,
    code,
    `Records have ${part}s, so the body needs ${part}_schema or ${part}_schema_id`,
  );
}

/** How the records of a request become bytes. */
interface Encoding {
  readonly format: EmbeddedFormat;
  readonly keySchema: RegisteredSchema | null;
  readonly valueSchema: RegisteredSchema | null;
  readonly pathPartition: number | null;
  readonly texts: TextBytes;
}

function encodeRecords(records: readonly RequestRecord[], encoding: Encoding) {
  return records.map((record, index) => {
    checkRecord(record, index);
    return {
      key: encodePart("key", record.key, index, encoding),
      value: encodePart("value", record.value, index, encoding),
      partition: (record.partition as number | null | undefined) ?? encoding.pathPartition,
    };
  });
}

function checkRecord(record: unknown, index: number): void {
  if (typeof record !== "object" || record === null || Array.isArray(record)) {
    throw new HttpError(422, 422, `records[${index}] must be an object, not ${shownJson(record)}`);
  }
  for (const name in record) {
    if (name === "value" || name === "key" || name === "partition") continue;
    throw new HttpError(
      422,
      422,
      `records[${index}] has the unknown field ${shown(name)}; allowed: key, value, partition`,
    );
  }
  const { partition } = record as RequestRecord;
  if (partition === undefined || partition === null) return;
  if (Number.isInteger(partition) && partition as number >= 0 && partition as number <= INT32_MAX) {
    return;
  }
  throw new HttpError(
    422,
    422,
    `records[${index}]: partition is ${shownJson(partition)}; allowed: a whole number, 0 or more`,
  );
}

function encodePart(
  part: "key" | "value",
  value: unknown,
  index: number,
  { format, keySchema, valueSchema, texts }: Encoding,
): Uint8Array | null {
  if (value === undefined || value === null) return null;
  try {
    if (format === "json") return jsonBytes(value, texts);
    if (format === "binary") return fromBase64(value);
    return schemaBytes(value, (part === "key" ? keySchema : valueSchema)!);
  } catch (error) {
    if (!(error instanceof PayloadError)) throw error;
    const [status, code] = error.reason === "base64"
      ? [400, 400]
      : [422, restCodes.JSON_CONVERSION];
    throw new HttpError(status, code, `records[${index}]: ${part} ${error.message}`);
  }
}

function toldOutcome({ partition, offset, error }: SendOutcome) {
  return error === null
    ? { partition, offset, error_code: null, error: null }
    : { partition: null, offset: null, error_code: v2RecordCode(error), error: error.message };
}

/** 200 whatever became of the records, unless Kafka doesn't let the proxy in. */
function statusOf(outcomes: readonly SendOutcome[]): 200 | 401 | 403 {
  for (const { error } of outcomes) {
    if (error === null) continue;
    const code = v2RecordCode(error);
    if (code === restCodes.AUTHENTICATION_FAILED) return 401;
    if (code === restCodes.AUTHORIZATION_FAILED) return 403;
  }
  return 200;
}
