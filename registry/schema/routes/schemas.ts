/** `/schemas/...`: schemas by id and GUID, whatever subjects they stand in. */
import type { Endpoint, EndpointRequest } from "./endpoint.ts";
import { PlainText } from "./endpoint.ts";
import { DELETED, PAGING, pagingOf, RENDERING, renderingOf, SUBJECT } from "./parameters.ts";

/** The subject that is asked for; inside of a context at least that context. */
function subjectAsked(request: EndpointRequest): string | null {
  const subject = request.text("subject");
  const { context } = request;
  if (context === null || subject?.startsWith(":.")) return subject;
  return `:${context}:${subject ?? ""}`;
}

function idUse(request: EndpointRequest) {
  const deleted = request.flag("deleted");
  return { subject: subjectAsked(request), deleted, ...pagingOf(request) };
}

/** The endpoints. */
export const schemaEndpoints: readonly Endpoint[] = [
  {
    method: "get",
    path: "/schemas",
    doc: "Lists schemas by subject and version.",
    query: {
      subjectPrefix: { type: "text", doc: "How subjects begin; `:*:` for those of all contexts." },
      aliases: { type: "flag", doc: "Whether to name the subjects that stand for each." },
      ...DELETED,
      latestOnly: { type: "flag", doc: "Whether only the newest version of each subject counts." },
      ruleType: { type: "text", doc: "Only schemas with a rule of this type." },
      resourceType: { type: "text", doc: "Only subjects with a resource of this type." },
      associationType: { type: "texts", doc: "Only subjects with an association of these types." },
      lifecycle: { type: "text", doc: "Only subjects with an association of this lifecycle." },
      ...PAGING,
    },
    answer: "list",
    errors: [422],
    read: (store, request) =>
      store.schemas({
        subjectPrefix: subjectPrefix(request, ""),
        aliases: request.flag("aliases"),
        deleted: request.flag("deleted"),
        latestOnly: request.flag("latestOnly"),
        ruleType: request.text("ruleType"),
        resourceType: request.text("resourceType"),
        associationTypes: request.texts("associationType"),
        lifecycle: lifecycle(request),
        ...pagingOf(request),
      }),
  },
  {
    method: "get",
    path: "/schemas/types",
    doc: "Tells the kinds of schema that can be registered.",
    answer: "list",
    read: (store) => store.types(),
  },
  {
    method: "get",
    path: "/schemas/ids/{id}",
    doc: "Gives the schema of an id.",
    query: {
      ...SUBJECT,
      ...RENDERING,
      findTags: { type: "texts", doc: "Tags to look for; accepted, and none are kept." },
      fetchMaxId: { type: "flag", doc: "Whether to tell the highest id of the context." },
    },
    errors: [40403, 422],
    read: (store, request) =>
      store.schemaById(request.id(), {
        subject: subjectAsked(request),
        fetchMaxId: request.flag("fetchMaxId"),
        ...renderingOf(request),
      }),
  },
  {
    method: "get",
    path: "/schemas/ids/{id}/schema",
    doc: "Gives the text of the schema of an id, as it is.",
    query: { ...SUBJECT, format: RENDERING.format },
    answer: "text",
    errors: [40403],
    read: (store, request) => {
      const options = { subject: subjectAsked(request), format: request.text("format") };
      return new PlainText(store.schemaTextById(request.id(), options));
    },
  },
  {
    method: "get",
    path: "/schemas/ids/{id}/subjects",
    doc: "Lists the subjects that use the schema of an id.",
    query: { ...SUBJECT, ...DELETED, ...PAGING },
    answer: "list",
    errors: [40403, 422],
    read: (store, request) => store.subjectsOfId(request.id(), idUse(request)),
  },
  {
    method: "get",
    path: "/schemas/ids/{id}/versions",
    doc: "Lists the subjects and versions that use the schema of an id.",
    query: { ...SUBJECT, ...DELETED, ...PAGING },
    answer: "list",
    errors: [40403, 422],
    read: (store, request) => store.versionsOfId(request.id(), idUse(request)),
  },
  {
    method: "get",
    path: "/schemas/guids/{guid}",
    doc: "Gives the schema of a GUID.",
    query: { ...RENDERING },
    errors: [40403],
    read: (store, request) => store.schemaByGuid(request.param("guid"), renderingOf(request)),
  },
  {
    method: "get",
    path: "/schemas/guids/{guid}/ids",
    doc: "Lists the contexts and ids of the schema of a GUID.",
    answer: "list",
    errors: [40403],
    read: (store, request) => store.idsOfGuid(request.param("guid")),
  },
];

/** The prefix that is asked for, inside of the context that the path names. */
export function subjectPrefix(request: EndpointRequest, otherwise: string): string {
  const prefix = request.text("subjectPrefix");
  const { context } = request;
  if (context === null || prefix?.startsWith(":")) return prefix ?? otherwise;
  return `:${context}:${prefix ?? ""}`;
}

function lifecycle(request: EndpointRequest): "STRONG" | "WEAK" | null {
  const value = request.text("lifecycle")?.toUpperCase();
  return value === "STRONG" || value === "WEAK" ? value : null;
}
