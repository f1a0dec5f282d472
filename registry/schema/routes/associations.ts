/** `/associations...`: which resources, such as topics, use which subjects. */
import {
  type AssociationFilter,
  checkContext,
  type Decision,
  errorCodes,
  type JsonObject,
  type Lifecycle,
  readAssociationRequest,
  readLifecycle,
  RegistryError,
  type SchemaStore,
} from "../store/mod.ts";
import { readParts, readResult } from "./batch.ts";
import type { BatchPart, Endpoint, EndpointRequest, QueryParameter } from "./endpoint.ts";
import { PAGING, pagingOf } from "./parameters.ts";

const RESOURCE_TYPE = {
  resourceType: { type: "text", doc: "Kind of the resource; `topic` by default." },
} as const satisfies Record<string, QueryParameter>;

const FILTER = {
  ...RESOURCE_TYPE,
  associationType: { type: "texts", doc: "Only what is used as these: key, value." },
  lifecycle: { type: "text", doc: "Only STRONG or only WEAK ones." },
} as const satisfies Record<string, QueryParameter>;

const CHANGE = {
  context: { type: "text", doc: "Context of subjects that name none." },
  dryRun: { type: "flag", doc: "Whether to tell what would be, and change nothing." },
} as const satisfies Record<string, QueryParameter>;

const CHANGE_ERRORS = [
  ...[40401, 409, 40902, 40903, 40904, 40905, 40908],
  ...[422, 42201, 42205, 42208, 42209, 42210, 42212],
] as const;

function lifecycleOf(request: EndpointRequest): Lifecycle | null {
  const text = request.text("lifecycle");
  return text === null || text === "" ? null : readLifecycle(text);
}

function filterOf(request: EndpointRequest): AssociationFilter {
  const resourceType = request.text("resourceType");
  return {
    ...(resourceType === null || resourceType === "" ? {} : { resourceType }),
    associationTypes: request.texts("associationType"),
    lifecycle: lifecycleOf(request),
  };
}

/** How a decision is made: whether it is only tried, and where subjects without a context are. */
function changeOf(request: EndpointRequest): Change {
  const asked = request.text("context") || null;
  return {
    context: request.context ?? (asked === null ? null : checkContext(asked)),
    isDry: request.flag("dryRun"),
    lenient: request.lenient,
  };
}

interface Change {
  readonly context: string | null;
  readonly isDry: boolean;
  readonly lenient: boolean;
}

function tried<T>(decision: Decision<T>, isDry: boolean): Decision<T> {
  return isDry ? { records: [], result: decision.result } : decision;
}

function associate(store: SchemaStore, body: unknown, change: Change, update: boolean) {
  const decision = store.decideAssociate(readAssociationRequest(body, change.lenient), {
    nowMs: Date.now(),
    update,
    context: change.context,
  });
  return tried(decision, change.isDry);
}

function isObject(json: unknown): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function refused(message: string): RegistryError {
  return new RegistryError(errorCodes.UNPROCESSABLE, message);
}

/** Takes the resource of the path for that of the body, which need not name it. */
function withResourceId(body: unknown, resourceId: string): unknown {
  if (!isObject(body)) return body;
  const named = body["resourceId"] ?? resourceId;
  if (named === resourceId) return { ...body, resourceId };
  throw refused(`resourceId is ${JSON.stringify(named)}; the path names "${resourceId}"`);
}

const OPERATIONS = ["DELETE", "CREATE", "UPSERT"] as const;

/**
 * The changes of one resource in a batch: each of its associations has an `opType`. What is deleted goes first, so
 * that something else may take its place.
 */
function changesOf(json: unknown, change: Change): ReturnType<BatchPart> {
  if (!isObject(json) || !Array.isArray(json["associations"]) || json["associations"].length < 1) {
    throw refused("A request has no list of associations");
  }
  const groups = new Map<string, JsonObject[]>(OPERATIONS.map((name) => [name, []]));
  for (const item of json["associations"] as unknown[]) {
    const { opType = null, ...wish } = isObject(item) ? item : {};
    const group = typeof opType === "string" ? groups.get(opType.toUpperCase()) : undefined;
    if (group === undefined) {
      const shown = JSON.stringify(opType).slice(0, 100);
      throw refused(`opType is ${shown}; allowed: CREATE, UPSERT, DELETE`);
    }
    group.push(wish);
  }
  const decisions: ((store: SchemaStore) => Decision<unknown>)[] = [];
  const deleted = groups.get("DELETE")!;
  if (deleted.length > 0) {
    decisions.push((store) => tried(deletion(store, json, deleted), change.isDry));
  }
  for (const operation of ["CREATE", "UPSERT"] as const) {
    const associations = groups.get(operation)!;
    if (associations.length === 0) continue;
    const body = { ...json, associations };
    decisions.push((store) => associate(store, body, change, operation === "UPSERT"));
  }
  return decisions;
}

function deletion(store: SchemaStore, json: JsonObject, wishes: readonly JsonObject[]) {
  const { resourceId, resourceType = "topic" } = json;
  if (typeof resourceId !== "string" || typeof resourceType !== "string") {
    throw new RegistryError(errorCodes.INVALID_ASSOCIATION, "resourceId is missing");
  }
  const associationTypes = wishes.map(({ associationType = "value" }) => String(associationType));
  return store.decideDeleteAssociations(resourceId, { resourceType, associationTypes });
}

/** What one part of a batch of reads asks for. */
function associationsOf(store: SchemaStore, json: unknown, includeSchemas: boolean): JsonObject {
  if (!isObject(json)) throw refused("A request is no object");
  const text = (name: string) => {
    const value = json[name] ?? null;
    if (value === null || typeof value === "string") return value;
    throw refused(`${name} is no string`);
  };
  const types = json["associationTypes"] ?? [];
  if (!Array.isArray(types)) throw refused("associationTypes is no list");
  const [id, name, namespace] = [
    text("resourceId"),
    text("resourceName"),
    text("resourceNamespace"),
  ];
  const lifecycle = text("lifecycle");
  const resourceType = text("resourceType") ?? "topic";
  const filter: AssociationFilter = {
    resourceType,
    associationTypes: types.map(String),
    lifecycle: lifecycle === null ? null : readLifecycle(lifecycle),
  };
  if (id === null && name === null) throw refused("A request names no resource");
  const found = id !== null
    ? store.associationsOfResource(id, filter)
    : store.associationsOfName(namespace ?? "-", name!, filter);
  return {
    resourceName: found[0]?.["resourceName"] ?? name,
    resourceNamespace: found[0]?.["resourceNamespace"] ?? namespace,
    resourceId: found[0]?.["resourceId"] ?? id,
    resourceType,
    associations: found.map(({ subject, associationType, lifecycle, frozen }) => ({
      ...{ subject, associationType, lifecycle, frozen },
      ...(includeSchemas ? { schema: latestOf(store, String(subject)) } : {}),
    })),
  };
}

/** The latest version of a subject; nothing where it has none. */
function latestOf(store: SchemaStore, subject: string): JsonObject | undefined {
  try {
    return store.version(subject, -1);
  } catch (error) {
    if (error instanceof RegistryError) return undefined;
    throw error;
  }
}

/** The endpoints. */
export const associationEndpoints: readonly Endpoint[] = [
  {
    method: "get",
    path: "/associations/subjects/{subject}",
    doc: "Lists the resources that use a subject.",
    query: { ...FILTER, ...PAGING },
    answer: "list",
    errors: [422, 42212],
    read: (store, request) =>
      store.associationsOfSubject(request.subject(), {
        ...filterOf(request),
        ...pagingOf(request),
      }),
  },
  {
    method: "get",
    path: "/associations/resources/{namespace}/{name}",
    doc: "Lists the subjects that a resource of a name uses; `-` is any namespace.",
    query: { ...FILTER, ...PAGING },
    answer: "list",
    errors: [422, 42212],
    inContexts: false,
    read: (store, request) =>
      store.associationsOfName(request.param("namespace"), request.param("name"), {
        ...filterOf(request),
        ...pagingOf(request),
      }),
  },
  {
    method: "get",
    path: "/associations/resources/{resourceId}",
    doc: "Lists the subjects that a resource uses.",
    query: { ...FILTER, ...PAGING },
    answer: "list",
    errors: [422, 42212],
    inContexts: false,
    read: (store, request) =>
      store.associationsOfResource(request.param("resourceId"), {
        ...filterOf(request),
        ...pagingOf(request),
      }),
  },
  {
    method: "post",
    path: "/associations",
    doc: "Lets a resource use subjects, and registers schemas that come along.",
    query: CHANGE,
    body: "association",
    errors: CHANGE_ERRORS,
    mayNeedNoWrite: true,
    decide: (store, request) => associate(store, request.body, changeOf(request), false),
  },
  {
    method: "put",
    path: "/associations/resources/{resourceId}",
    doc: "Lets a resource use subjects, or use them otherwise.",
    query: CHANGE,
    body: "association",
    errors: CHANGE_ERRORS,
    mayNeedNoWrite: true,
    decide: (store, request) => {
      const body = withResourceId(request.body, request.param("resourceId"));
      return associate(store, body, changeOf(request), true);
    },
  },
  {
    method: "delete",
    path: "/associations/resources/{resourceId}",
    doc: "Takes associations of a resource away.",
    query: {
      ...FILTER,
      dryRun: CHANGE.dryRun,
      cascadeLifecycle: {
        type: "flag",
        doc: "Whether subjects that live with the resource are soft-deleted with it.",
      },
    },
    answer: "nothing",
    errors: [40410, 40905, 422, 42205, 42206, 42212],
    inContexts: false,
    decide: (store, request) => {
      const decision = store.decideDeleteAssociations(request.param("resourceId"), {
        ...filterOf(request),
        cascadeLifecycle: request.flag("cascadeLifecycle"),
      });
      return tried(decision, request.flag("dryRun"));
    },
  },
  {
    method: "post",
    path: "/associations:batchGet",
    doc: "Tells the associations of several resources.",
    query: {
      includeSchemas: { type: "flag", doc: "Whether the latest schema of each subject is told." },
    },
    body: "associationGets",
    status: 207,
    errors: [422],
    inContexts: false,
    read: (store, request) => {
      const includeSchemas = request.flag("includeSchemas");
      const results = readParts(request.body).map((part) =>
        readResult(() => associationsOf(store, part, includeSchemas))
      );
      return { results };
    },
  },
  {
    method: "post",
    path: "/associations:batchMutate",
    doc: "Changes the associations of several resources, each by itself.",
    query: CHANGE,
    body: "associationChanges",
    status: 207,
    errors: [422],
    parts: (request) => {
      const change = changeOf(request);
      return readParts(request.body).map((part) => () => changesOf(part, change));
    },
  },
];
