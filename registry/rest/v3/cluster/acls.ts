/** Access control lists. A cluster without an authorizer refuses all of it. */
import { z } from "@hono/zod-openapi";
import {
  createAcls,
  deleteAcls,
  describeAcls,
  errorCodes,
  make,
} from "../../../../broker/protocol/mod.ts";
import { HttpError, shown } from "../../../http/mod.ts";
import { KafkaError, throwOnCode } from "../../../kafka/mod.ts";
import { restCodes } from "../../errors.ts";
import type { Links } from "./links.ts";
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
  const fields = {
    resource_type: RESOURCE_TYPES[acl.resourceType] ?? "UNKNOWN",
    resource_name: acl.resourceName,
    pattern_type: PATTERN_TYPES[acl.patternType] ?? "UNKNOWN",
    principal: acl.principal,
    host: acl.host,
    operation: OPERATIONS[acl.operation] ?? "UNKNOWN",
    permission: PERMISSIONS[acl.permissionType] ?? "UNKNOWN",
  };
  const { kind, metadata, ...told } = links.resource("KafkaAcl", ["acls"], fields);
  return { kind, metadata: { ...metadata, self: aclAddress(links, fields) }, ...told };
}

/** An ACL has no name: its address is the query that finds it. */
function aclAddress(links: Links, fields: Readonly<Record<string, string>>): string {
  return `${links.url("acls")}?${new URLSearchParams(fields)}`;
}

/** A call on ACLs. A broker that doesn't know such calls is answered as one without an authorizer. */
async function asked<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof KafkaError) || error.code !== errorCodes.UNSUPPORTED_VERSION) {
      throw error;
    }
    throw new HttpError(
      400,
      restCodes.KAFKA_REFUSES,
      "The cluster has no ACLs: its brokers have no authorizer",
    );
  }
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

function creationOf(item: unknown) {
  const fields: Fields = objectOf(item, "An ACL", FIELDS);
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

type Creation = ReturnType<typeof creationOf>;

async function create(request: V3Request, creations: Creation[]): Promise<void> {
  const { results } = await asked(
    request.context.client.call(createAcls, make(createAcls.request, { creations })),
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
      const filter = make(describeAcls.request, filterOf(request, false));
      const answer = await asked(request.context.client.call(describeAcls, filter));
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
      const creation = creationOf(await request.body());
      await create(request, [creation]);
      const acl = { ...creation, patternType: creation.resourcePatternType };
      return new Answer(201, {}, { Location: aclResource(request, acl).metadata.self });
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
      const fields = objectOf(await request.body(), "The body", ["data"]);
      await create(request, listOf(fields, "data").map(creationOf));
    },
  },
  {
    name: "acls.delete",
    method: "delete",
    path: "/acls",
    doc: "Deletes the ACLs that the query names.",
    query: QUERY,
    async serve(request) {
      const filters = [filterOf(request, true)];
      const { filterResults } = await asked(
        request.context.client.call(deleteAcls, make(deleteAcls.request, { filters })),
      );
      const [result] = filterResults;
      throwOnCode(result!.errorCode, "Cannot delete ACLs", result!.errorMessage);
      return { data: result!.matchingAcls.map((acl) => aclResource(request, acl)) };
    },
  },
];
