/** Endpoints as the OpenAPI document shows them. */
import { z } from "@hono/zod-openapi";
import { COMPATIBILITY_LEVELS, MODES } from "../store/mod.ts";
import type { BodyName, Endpoint, QueryType } from "./endpoint.ts";

/** The document knows integers as such only when told. */
const INT32 = z.int32().openapi({ type: "integer", format: "int32" });

const QUERY_TYPES: Readonly<Record<QueryType, z.ZodType>> = {
  flag: z.enum(["true", "false"]),
  integer: INT32,
  text: z.string(),
  texts: z.array(z.string()),
};

const reference = z.object({
  name: z.string(),
  subject: z.string(),
  version: INT32.describe("-1 for the newest."),
}).openapi("SchemaReference");

const metadata = z.object({
  tags: z.record(z.string(), z.array(z.string())).optional(),
  properties: z.record(z.string(), z.string()).optional(),
  sensitive: z.array(z.string()).optional(),
}).openapi("Metadata");

const rule = z.object({
  name: z.string(),
  doc: z.string().optional(),
  kind: z.enum(["TRANSFORM", "CONDITION"]),
  mode: z.enum(["UPGRADE", "DOWNGRADE", "UPDOWN", "WRITE", "READ", "WRITEREAD"]),
  type: z.string(),
  tags: z.array(z.string()).optional(),
  params: z.record(z.string(), z.string()).optional(),
  expr: z.string().optional(),
  onSuccess: z.string().optional(),
  onFailure: z.string().optional(),
  disabled: z.boolean().optional(),
}).openapi("Rule");

const ruleSet = z.object({
  migrationRules: z.array(rule).optional(),
  domainRules: z.array(rule).optional(),
  encodingRules: z.array(rule).optional(),
}).openapi("RuleSet");

const schemaRequest = z.object({
  schema: z.string().describe("Its text; empty for that of the version before."),
  schemaType: z.enum(["AVRO", "JSON", "PROTOBUF"]).optional(),
  references: z.array(reference).optional(),
  metadata: metadata.optional(),
  ruleSet: ruleSet.optional(),
  version: INT32.optional(),
  id: INT32.optional(),
}).openapi("SchemaRequest");

const associationWish = z.object({
  subject: z.string().optional(),
  associationType: z.enum(["key", "value"]).optional(),
  lifecycle: z.enum(["STRONG", "WEAK"]).optional(),
  frozen: z.boolean().optional(),
  schema: schemaRequest.optional(),
  normalize: z.boolean().optional(),
}).openapi("AssociationWish");

const resource = {
  resourceName: z.string().optional(),
  resourceNamespace: z.string().optional(),
  resourceId: z.string().optional(),
  resourceType: z.string().optional().describe("topic by default."),
};

const BODIES: Readonly<Record<BodyName, z.ZodType>> = {
  schema: schemaRequest,
  config: z.object({
    compatibility: z.enum(COMPATIBILITY_LEVELS).nullish(),
    alias: z.string().nullish(),
    normalize: z.boolean().nullish(),
    validateFields: z.boolean().nullish(),
    validateNewSchemas: z.boolean().nullish(),
    validateRules: z.boolean().nullish(),
    compatibilityPolicy: z.enum(["STRICT", "LENIENT", "LOGICAL"]).nullish(),
    compatibilityGroup: z.string().nullish(),
    defaultMetadata: metadata.nullish(),
    overrideMetadata: metadata.nullish(),
    defaultRuleSet: ruleSet.nullish(),
    overrideRuleSet: ruleSet.nullish(),
  }).openapi("ConfigRequest"),
  mode: z.object({
    mode: z.enum(MODES),
  }).openapi("ModeRequest"),
  association: z.object({ ...resource, associations: z.array(associationWish) })
    .openapi("AssociationRequest"),
  associationGets: z.object({
    requests: z.array(z.object({
      ...resource,
      associationTypes: z.array(z.enum(["key", "value"])).optional(),
      lifecycle: z.enum(["STRONG", "WEAK"]).optional(),
    })),
  }).openapi("AssociationBatchGetRequest"),
  associationChanges: z.object({
    requests: z.array(z.object({
      ...resource,
      associations: z.array(
        associationWish.extend({ opType: z.enum(["CREATE", "UPSERT", "DELETE"]) }),
      ),
    })),
  }).openapi("AssociationBatchRequest"),
};

const errorBody = z.object({ error_code: INT32, message: z.string() }).openapi("Error");

const ANSWERS = {
  object: z.looseObject({}),
  list: z.array(z.any()),
  integer: INT32,
  text: z.any(),
} as const;

const TYPE = "application/vnd.schemaregistry.v1+json";

/** The path of an endpoint in the document. */
export function describeEndpoint(endpoint: Endpoint) {
  const {
    method,
    path,
    doc,
    query = {},
    body,
    answer = "object",
    errors = [],
    status: fine = 200,
  } = endpoint;
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  const codes = [...new Set([...errors, ...codesOfRequest(endpoint)])];
  const statuses = new Set(codes.map((code) => code < 1000 ? code : Math.trunc(code / 100)));
  const refusals = [...statuses, 500].map((status) => {
    const own = codes.filter((code) => String(code).startsWith(String(status)));
    const description = own.length === 0 ? "It failed." : `Codes ${own.join(", ")}.`;
    return [status, { description, content: { [TYPE]: { schema: errorBody } } }];
  });
  return {
    method,
    path,
    summary: doc,
    request: {
      params: z.object(Object.fromEntries(parameters.map((name) => [name, z.string()]))),
      query: z.object(
        Object.fromEntries(
          Object.entries(query).map(([name, { type, doc: about }]) => [
            name,
            QUERY_TYPES[type].optional().describe(about),
          ]),
        ),
      ),
      ...(body === undefined
        ? {}
        : { body: { required: true, content: { [TYPE]: { schema: BODIES[body] } } } }),
    },
    responses: {
      ...(answer === "nothing"
        ? { 204: { description: "It is done." } }
        : { [fine]: { description: doc, content: { [TYPE]: { schema: ANSWERS[answer] } } } }),
      ...Object.fromEntries(refusals),
    },
  };
}

/** What requests are refused for before their endpoint sees them. */
function codesOfRequest({ query = {}, body }: Endpoint): number[] {
  const codes = [406];
  if (body !== undefined) codes.push(400, 413, 415, 422);
  const isRead = Object.values(query).some(({ type }) => type === "flag" || type === "integer");
  if (isRead) codes.push(422);
  return codes;
}
