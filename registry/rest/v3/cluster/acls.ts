/** Access control lists. A cluster without an authorizer refuses all of it. */
import { z } from "@hono/zod-openapi";
import { createAcls, deleteAcls, describeAcls, make } from "../../../../broker/protocol/mod.ts";
import { HttpError, shown } from "../../../http/mod.ts";
import { throwOnCode } from "../../../kafka/mod.ts";
import { type Fields, listOf, objectOf, textOf } from "./request_body.ts";
import { Answer, type V3Request, type V3Route } from "./route.ts";

/** Words by Kafka's numbers. */
const RESOURCE_TYPES = [
  "UNKNOWN",
  "ANY",
  "TOPIC",
  "GROUP",
  "CLUSTER",
  "TRANSACTIONAL_ID",
  "DELEGATION_TOKEN",
];
const PATTERN_TYPES = ["UNKNOWN", "ANY", "MATCH", "LITERAL", "PREFIXED"];
const OPERATIONS = [
  "UNKNOWN",
  "ANY",
  "ALL",
  "READ",
  "WRITE",
  "CREATE",
  "DELETE",
  "ALTER",
  "DESCRIBE",
  "CLUSTER_ACTION",
  "DESCRIBE_CONFIGS",
  "ALTER_CONFIGS",
  "IDEMPOTENT_WRITE",
];
const PERMISSIONS = ["UNKNOWN", "ANY", "DENY", "ALLOW"];

const FIELDS = [
  "resource_type",
  "resource_name",
  "pattern_type",
  "principal",
  "host",
  "operation",
  "permission",
] as const;

/** An ACL as Kafka's answers have it, in parts. */
interface AclParts {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly patternType: number;
  readonly principal: string;
  readonly host: string;
  readonly operation: number;
  readonly permissionType: number;
}

function aclResource({ links }: V3Request, acl: AclParts) {
  return {
    ...links.resource("KafkaAcl", ["acls"], {
      resource_type: RESOURCE_TYPES[acl.resourceType] ?? "UNKNOWN",
      resource_name: acl.resourceName,
      pattern_type: PATTERN_TYPES[acl.patternType] ?? "UNKNOWN",
      principal: acl.principal,
      host: acl.host,
      operation: OPERATIONS[acl.operation] ?? "UNKNOWN",
      permission: PERMISSIONS[acl.permissionType] ?? "UNKNOWN",
    }),
  };
}

function numberOf(
  name: string,
  text: string,
  words: readonly string[],
  allowed: readonly string[],
) {
  const word = text.toUpperCase();
  if (allowed.includes(word)) return words.indexOf(word);
  throw new HttpError(400, 400, `${name} is ${shown(text)}; allowed: ${allowed.join(", ")}`);
}

/** Which ACLs a query names. With `stated` the kinds must be there, so that nothing is deleted by mistake. */
function filterOf(request: V3Request, stated: boolean) {
  function kind(name: string, words: readonly string[]): number {
    const text = request.query(name);
    if (text === null && stated) {
      throw new HttpError(
        400,
        400,
        `Query parameter ${name} is missing; allowed: ${words.slice(1).join(", ")}`,
      );
    }
    return numberOf(name, text ?? "ANY", words, words.slice(1));
  }
  return {
    resourceTypeFilter: kind("resource_type", RESOURCE_TYPES),
    resourceNameFilter: request.query("resource_name"),
    patternTypeFilter: kind("pattern_type", PATTERN_TYPES),
    principalFilter: request.query("principal"),
    hostFilter: request.query("host"),
    operation: kind("operation", OPERATIONS),
    permissionType: kind("permission", PERMISSIONS),
  };
}

function creationOf(fields: Fields) {
  return {
    resourceType: numberOf(
      "resource_type",
      textOf(fields, "resource_type"),
      RESOURCE_TYPES,
      RESOURCE_TYPES.slice(2),
    ),
    resourceName: textOf(fields, "resource_name"),
    resourcePatternType: numberOf("pattern_type", textOf(fields, "pattern_type"), PATTERN_TYPES, [
      "LITERAL",
      "PREFIXED",
    ]),
    principal: textOf(fields, "principal"),
    host: textOf(fields, "host"),
    operation: numberOf("operation", textOf(fields, "operation"), OPERATIONS, OPERATIONS.slice(2)),
    permissionType: numberOf("permission", textOf(fields, "permission"), PERMISSIONS, [
      "ALLOW",
      "DENY",
    ]),
  };
}

async function create(request: V3Request, items: readonly unknown[]): Promise<void> {
  const creations = items.map((item) => creationOf(objectOf(item, "An ACL", FIELDS)));
  const { results } = await request.context.client.call(
    createAcls,
    make(createAcls.request, { creations }),
  );
  for (const { errorCode, errorMessage } of results) {
    throwOnCode(errorCode, "Cannot make the ACL", errorMessage);
  }
}

const QUERY = Object.fromEntries(FIELDS.map((name) => [name, `Only ACLs of this ${name}.`]));
const aclBody = z.object({
  resource_type: z.string(),
  resource_name: z.string(),
  pattern_type: z.string(),
  principal: z.string(),
  host: z.string(),
  operation: z.string(),
  permission: z.string(),
}).openapi("Acl");

/** The calls. */
export const aclRoutes: readonly V3Route[] = [
  {
    name: "acls.list",
    method: "get",
    path: "/acls",
    doc: "Lists ACLs.",
    query: QUERY,
    async serve(request) {
      const answer = await request.context.client.call(
        describeAcls,
        make(describeAcls.request, filterOf(request, false)),
      );
      throwOnCode(answer.errorCode, "Cannot list ACLs", answer.errorMessage);
      const data = answer.resources.flatMap((resource) =>
        resource.acls.map((acl) => aclResource(request, { ...resource, ...acl }))
      );
      return request.links.list("KafkaAcl", ["acls"], data);
    },
  },
  {
    name: "acls.create",
    method: "post",
    path: "/acls",
    doc: "Makes an ACL.",
    body: aclBody,
    status: 201,
    async serve(request) {
      await create(request, [await request.body()]);
      return new Answer(201, {}, { Location: request.links.url("acls") });
    },
  },
  {
    name: "acls.batch-create",
    method: "post",
    path: "/acls:batch",
    doc: "Makes several ACLs.",
    body: z.object({ data: z.array(aclBody) }),
    status: 204,
    async serve(request) {
      await create(request, listOf(objectOf(await request.body(), "The body", ["data"]), "data"));
    },
  },
  {
    name: "acls.delete",
    method: "delete",
    path: "/acls",
    doc: "Deletes the ACLs that the query names.",
    query: QUERY,
    async serve(request) {
      const { filterResults } = await request.context.client.call(
        deleteAcls,
        make(deleteAcls.request, { filters: [filterOf(request, true)] }),
      );
      const [result] = filterResults;
      throwOnCode(result!.errorCode, "Cannot delete ACLs", result!.errorMessage);
      return { data: result!.matchingAcls.map((acl) => aclResource(request, acl)) };
    },
  },
];
