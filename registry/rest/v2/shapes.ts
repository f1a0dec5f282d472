/** Bodies and answers of v2 as the OpenAPI document shows them. */
import { z } from "@hono/zod-openapi";

const partitionNumber = z.int().min(0).max(2 ** 31 - 1);
const replica = z.object({ broker: z.int32(), leader: z.boolean(), in_sync: z.boolean() });

export const partitionShape = z.object({
  partition: z.int32(),
  leader: z.int32().describe("Broker id; -1 when there is none."),
  replicas: z.array(replica),
}).openapi("Partition");

export const topicShape = z.object({
  name: z.string(),
  configs: z.record(z.string(), z.string().nullable()),
  partitions: z.array(partitionShape),
}).openapi("Topic");

const schemaId = z.int().min(0).max(2 ** 31 - 1);

export const produceShape = z.strictObject({
  key_schema: z.string().nullish(),
  key_schema_id: schemaId.nullish(),
  value_schema: z.string().nullish(),
  value_schema_id: schemaId.nullish(),
  records: z.array(z.strictObject({
    key: z.any().optional(),
    value: z.any().optional(),
    partition: partitionNumber.nullish(),
  })).min(1),
}).openapi("ProduceRequest");

export const producedShape = z.object({
  offsets: z.array(z.object({
    partition: z.int32().nullable(),
    offset: z.int().nullable(),
    error_code: z.int32().nullable(),
    error: z.string().nullable(),
  })),
  key_schema_id: z.int32().nullable(),
  value_schema_id: z.int32().nullable(),
}).openapi("ProduceResponse");

const digits = z.string().regex(/^[0-9]{1,7}$/);

export const instanceShape = z.strictObject({
  name: z.string().nullish(),
  id: z.string().nullish().describe("The name's older spelling; it wins."),
  format: z.enum(["binary", "json", "avro", "jsonschema", "protobuf"]).nullish(),
  "auto.offset.reset": z.enum(["earliest", "latest"]).nullish(),
  "auto.commit.enable": z.union([z.enum(["true", "false"]), z.boolean()]).nullish(),
  "fetch.min.bytes": z.union([digits, z.int().min(-1).max(10_000_000)]).nullish(),
  "consumer.request.timeout.ms": z.union([
    z.string().regex(/^[1-9][0-9]{0,8}$/),
    z.int().min(1).max(2 ** 31 - 1),
  ]).nullish(),
}).nullable().openapi("ConsumerInstanceRequest");

export const instanceMadeShape = z.object({ instance_id: z.string(), base_uri: z.string() })
  .openapi("ConsumerInstance");

export const subscriptionShape = z.strictObject({
  topics: z.array(z.string()).nullish(),
  topic_pattern: z.string().nullish(),
}).openapi("Subscription");

const partitionOf = z.strictObject({ topic: z.string(), partition: partitionNumber });

export const partitionsShape = z.strictObject({ partitions: z.array(partitionOf) })
  .openapi("Partitions");

const offsetOf = z.strictObject({
  topic: z.string(),
  partition: partitionNumber,
  offset: z.int().min(0).max(Number.MAX_SAFE_INTEGER - 1),
  metadata: z.string().nullish(),
});

export const offsetsShape = z.strictObject({ offsets: z.array(offsetOf) }).openapi("Offsets");

export const positionsShape = z.strictObject({
  offsets: z.array(offsetOf).nullish(),
  timestamps: z.array(z.strictObject({
    topic: z.string(),
    partition: partitionNumber,
    timestamp: z.iso.datetime({ offset: true }),
  })).nullish(),
}).openapi("Positions");

export const recordsShape = z.array(z.object({
  topic: z.string(),
  key: z.any(),
  value: z.any(),
  partition: z.int32(),
  offset: z.int(),
})).openapi("Records");
