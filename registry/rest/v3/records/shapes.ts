/** What the OpenAPI document says of records into topics. Requests are checked by hand: see `record_request.ts`. */
import { z } from "@hono/zod-openapi";

const data = z.object({
  type: z.enum(["BINARY", "JSON", "STRING", "AVRO", "JSONSCHEMA", "PROTOBUF"]).optional()
    .describe("Left out: what the schema is of, found by its id, its version or as the latest."),
  subject: z.string().optional(),
  subject_name_strategy: z.enum(["TOPIC_NAME", "RECORD_NAME", "TOPIC_RECORD_NAME"]).optional(),
  schema_id: z.int32().min(0).optional(),
  schema_version: z.int32().min(1).optional(),
  schema: z.string().optional(),
  data: z.any().optional().describe("BINARY: base64. STRING: text. Else JSON. null: no bytes."),
});

const recordFields = {
  partition_id: z.int32().optional(),
  headers: z.array(z.object({ name: z.string(), value: z.string().nullable().optional() }))
    .optional().describe("Values are base64."),
  key: data.nullable().optional(),
  value: data.nullable().optional(),
  timestamp: z.iso.datetime({ offset: true }).optional(),
};

const told = z.object({
  type: z.string().optional(),
  subject: z.string().optional(),
  schema_id: z.int32().optional(),
  schema_version: z.int32().optional(),
  size: z.int32(),
});

const place = {
  cluster_id: z.string(),
  topic_name: z.string(),
  partition_id: z.int32(),
  offset: z.int(),
  timestamp: z.string().nullable(),
  key: told.optional(),
  value: told.optional(),
};

const errorFields = { error_code: z.int32(), message: z.string() };
const error = z.object(errorFields);

const params = z.object({ cluster_id: z.string(), topic_name: z.string() });
const refusals = {
  400: { description: "Error 400.", content: { "application/json": { schema: error } } },
  404: { description: "Error 404.", content: { "application/json": { schema: error } } },
  406: { description: "Error 406.", content: { "application/json": { schema: error } } },
  413: { description: "Error 413.", content: { "application/json": { schema: error } } },
  415: { description: "Error 415.", content: { "application/json": { schema: error } } },
  422: { description: "Error 422, 42208.", content: { "application/json": { schema: error } } },
  503: { description: "Error 50302.", content: { "application/json": { schema: error } } },
};
const answers = z.union([z.object({ error_code: z.literal(200), ...place }), error]);

/** The stream of records. */
export const recordsPath = {
  method: "post" as const,
  path: "/v3/clusters/{cluster_id}/topics/{topic_name}/records",
  operationId: "api.v3.produce.produce-to-topic",
  tags: ["v3"],
  summary:
    "Writes records, one JSON object behind the other, and answers each as soon as it is written.",
  request: {
    params,
    body: {
      required: true,
      content: {
        "application/json": { schema: z.object(recordFields) },
        "application/x-ndjson": { schema: z.object(recordFields) },
      },
    },
  },
  responses: {
    200: {
      description:
        "An object per record, in their order, each followed by CR LF; error_code says " +
        "whether it was written.",
      content: {
        "application/json": { schema: answers },
        "application/x-ndjson": { schema: answers },
      },
    },
    ...refusals,
  },
};

/** The batch of records. */
export const batchPath = {
  method: "post" as const,
  path: "/v3/clusters/{cluster_id}/topics/{topic_name}/records:batch",
  operationId: "api.v3.produce-batch.produce-to-topic",
  tags: ["v3"],
  summary: "Writes a few records, each for itself.",
  request: {
    params,
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.object({
            entries: z.array(
              z.object({ id: z.string().regex(/^[0-9A-Za-z_-]{1,80}$/), ...recordFields }),
            ).min(1),
          }),
        },
      },
    },
  },
  responses: {
    207: {
      description: "What became of each entry.",
      content: {
        "application/json": {
          schema: z.object({
            successes: z.array(z.object({ id: z.string(), ...place })),
            failures: z.array(z.object({ id: z.string(), ...errorFields })),
          }),
        },
      },
    },
    ...refusals,
  },
};
