/** What the OpenAPI document says of records out of topics. Queries are read by hand: see `read_query.ts`. */
import { z } from "@hono/zod-openapi";
import { READ_FORMATS } from "./value_text.ts";

const error = z.object({ error_code: z.int32(), message: z.string() });

const data = z.object({
  type: z.enum(["BINARY", "JSON", "STRING", "AVRO", "JSONSCHEMA", "PROTOBUF"]),
  schema_id: z.int32().optional(),
  data: z.any(),
  error: z.string().optional().describe("Why the bytes were not read as they should have been."),
});

const record = z.object({
  topic_name: z.string(),
  partition_id: z.int32(),
  offset: z.int(),
  timestamp: z.iso.datetime().nullable(),
  headers: z.array(z.object({ name: z.string(), value: z.string().nullable() }))
    .describe("Values are base64."),
  key: data.nullable(),
  value: data.nullable(),
});

const readFormat = z.enum(READ_FORMATS as [string, ...string[]]).optional().describe(
  "auto: by the schema whose id comes first, else JSON, else text, else base64; default auto.",
);
const common = {
  key_format: readFormat,
  value_format: readFormat,
  isolation: z.enum(["read_uncommitted", "read_committed"]).optional(),
};
const BEGINNING = "earliest, latest, an offset, or a time: ISO 8601, or milliseconds since 1970 " +
  "(13 digits); offset: and timestamp: in front of a number say which it is.";
const BEGINNING_PATTERN =
  /^(earliest|latest|(offset:|timestamp:)?\d{1,15}|\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2}))?)$/;
const cursor = z.string().regex(/^(\d{1,9}-)?[0-9a-z]{1,11}(\.(\d{1,9}-)?[0-9a-z]{1,11})*$/)
  .optional();
const partition = z.string().regex(/^\d{1,9}(,\d{1,9})*$/).optional().describe(
  "Partitions with commas between; default all.",
);

const topicParams = { cluster_id: z.string(), topic_name: z.string() };

function refusals(...codes: readonly number[]) {
  return Object.fromEntries(codes.map((code) => [code, {
    description: `Error ${code === 404 ? "404, 40403" : code === 503 ? "50302" : code}.`,
    content: { "application/json": { schema: error } },
  }]));
}

/** The stream. */
export const streamPath = {
  method: "get" as const,
  path: "/v3/clusters/{cluster_id}/topics/{topic_name}/records:stream",
  operationId: "api.v3.records.stream",
  tags: ["v3"],
  summary: "Tells records as they come, as server-sent events or over a WebSocket.",
  description:
    "Each record is an event without a name, whose data is the record. `reset` tells that a position was moved, " +
    "since its records have expired or its log was cut or made anew; `error` that the stream can't go on; `end` " +
    "that the server stops. The id of the last event, given as Last-Event-ID, takes the stream up again behind it. " +
    'A WebSocket gets the same as messages {"event","id","data"}, the first being `start`.',
  request: {
    params: z.object(topicParams),
    headers: z.object({ "Last-Event-ID": z.string().optional() }),
    query: z.object({
      ...common,
      from: z.string().regex(BEGINNING_PATTERN).optional().describe(`${BEGINNING} Default latest.`),
      partition,
      last_event_id: cursor.describe("For who can't set the header."),
    }),
  },
  responses: {
    101: { description: "A WebSocket." },
    200: { description: "Events.", content: { "text/event-stream": { schema: record } } },
    ...refusals(400, 403, 404, 406, 416, 429, 503),
  },
};

const reading = {
  ...common,
  cursor: cursor.describe("next_cursor of an earlier answer; wins over offset."),
  offset: z.string().regex(BEGINNING_PATTERN).optional().describe(`${BEGINNING} Default earliest.`),
  max_bytes: z.int().min(1).max(16 * 1024 * 1024).optional().describe("Default 1 MiB."),
  max_records: z.int().min(1).max(10_000).optional().describe("Default 1000."),
  wait_ms: z.int().min(0).max(30_000).optional().describe("How long to wait for the first record."),
};

const answers = {
  200: {
    description: "Records, and where to read on.",
    content: {
      "application/json": {
        schema: z.object({
          kind: z.literal("KafkaRecordList"),
          metadata: z.object({ self: z.string(), next: z.string() }),
          data: z.array(record),
          next_cursor: z.string(),
        }),
      },
    },
  },
  ...refusals(400, 404, 406, 416, 429, 503),
};

/** A read of one partition. */
export const partitionRecordsPath = {
  method: "get" as const,
  path: "/v3/clusters/{cluster_id}/topics/{topic_name}/partitions/{partition_id}/records",
  operationId: "api.v3.records.read-partition",
  tags: ["v3"],
  summary: "Reads records of a partition.",
  request: {
    params: z.object({ ...topicParams, partition_id: z.int32().min(0) }),
    query: z.object(reading),
  },
  responses: answers,
};

/** A read of a topic. */
export const topicRecordsPath = {
  method: "get" as const,
  path: "/v3/clusters/{cluster_id}/topics/{topic_name}/records",
  operationId: "api.v3.records.read-topic",
  tags: ["v3"],
  summary: "Reads records of a topic's partitions, in order within each.",
  request: { params: z.object(topicParams), query: z.object({ ...reading, partition }) },
  responses: answers,
};
