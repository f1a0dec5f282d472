/** `/subjects/...`: the versions of each subject. */
import { readSchemaRequest, readVersion } from "../store/mod.ts";
import { isProtobufDescriptor } from "../formats/mod.ts";
import type { SchemaRequest } from "../store/mod.ts";
import type { Endpoint, EndpointRequest } from "./endpoint.ts";
import { PlainText } from "./endpoint.ts";
import {
  DELETED,
  DELETED_ONLY,
  NORMALIZE,
  PAGING,
  pagingOf,
  PERMANENT,
  RENDERING,
  renderingOf,
} from "./parameters.ts";
import { subjectPrefix } from "./schemas.ts";

const VERSION = "/subjects/{subject}/versions/{version}";
/** Codes that any write may answer. */
const NOT_PERMITTED = [42205] as const;

function version(request: EndpointRequest): number {
  return readVersion(request.param("version"));
}

function schema(request: EndpointRequest) {
  return readSchemaRequest(request.body, request.lenient);
}

/**
 * The form of the schema in the answer. Clients that send Protobuf as a descriptor keep what is answered beside it
 * and read it as one, so that is how they get it.
 */
function formatOf(request: EndpointRequest, { schemaType, schema: text }: SchemaRequest) {
  const format = request.text("format");
  return format === null && schemaType === "PROTOBUF" && isProtobufDescriptor(text)
    ? "serialized"
    : format;
}

/** The endpoints. */
export const subjectEndpoints: readonly Endpoint[] = [
  {
    method: "get",
    path: "/subjects",
    doc: "Lists subjects.",
    query: {
      subjectPrefix: { type: "text", doc: "How they begin; `:*:` for those of all contexts." },
      ...DELETED,
      ...DELETED_ONLY,
      ...PAGING,
    },
    answer: "list",
    errors: [422],
    read: (store, request) =>
      store.subjects({
        subjectPrefix: subjectPrefix(request, ":*:"),
        deleted: request.flag("deleted"),
        deletedOnly: request.flag("deletedOnly"),
        ...pagingOf(request),
      }),
  },
  {
    method: "post",
    path: "/subjects/{subject}",
    doc: "Tells under which version and id a subject has a schema.",
    query: { ...NORMALIZE, ...RENDERING, ...DELETED },
    body: "schema",
    errors: [40401, 40403, 422, 42201, 42208],
    read: (store, request) => {
      const wanted = schema(request);
      return store.lookup(request.subject(), wanted, {
        normalize: request.flag("normalize"),
        deleted: request.flag("deleted"),
        ...renderingOf(request),
        format: formatOf(request, wanted),
      });
    },
  },
  {
    method: "delete",
    path: "/subjects/{subject}",
    doc: "Deletes a subject, softly unless it is deleted already and `permanent` asks for more.",
    query: { ...PERMANENT },
    answer: "list",
    errors: [40401, 40404, 40405, 42206, ...NOT_PERMITTED],
    decide: (store, request) =>
      store.decideDeleteSubject(request.subject(), { permanent: request.flag("permanent") }),
  },
  {
    method: "get",
    path: "/subjects/{subject}/versions",
    doc: "Lists the versions of a subject.",
    query: {
      ...DELETED,
      ...DELETED_ONLY,
      deletedAsNegative: {
        type: "flag",
        doc: "Whether soft-deleted versions are told below zero.",
      },
      ...PAGING,
    },
    answer: "list",
    errors: [40401, 422],
    read: (store, request) =>
      store.versions(request.subject(), {
        deleted: request.flag("deleted"),
        deletedOnly: request.flag("deletedOnly"),
        deletedAsNegative: request.flag("deletedAsNegative"),
        ...pagingOf(request),
      }),
  },
  {
    method: "post",
    path: "/subjects/{subject}/versions",
    doc: "Registers a schema under a subject, or tells its id when it is registered already.",
    query: {
      ...NORMALIZE,
      format: RENDERING.format,
      force: { type: "flag", doc: "Whether to leave out the compatibility check." },
    },
    body: "schema",
    errors: [409, 422, 42201, ...NOT_PERMITTED, 42207, 42208, 42209, 42210],
    mayNeedNoWrite: true,
    decide: (store, request) => {
      const wanted = schema(request);
      return store.decideRegister(request.subject(), wanted, {
        normalize: request.flag("normalize"),
        force: request.flag("force"),
        format: formatOf(request, wanted),
      });
    },
  },
  {
    method: "get",
    path: VERSION,
    doc: "Gives a version of a subject: its number, `latest` or -1.",
    query: {
      ...RENDERING,
      ...DELETED,
      findTags: { type: "texts", doc: "Tags to look for; accepted, and none are kept." },
    },
    errors: [40401, 40402, 42202],
    read: (store, request) =>
      store.version(request.subject(), version(request), {
        deleted: request.flag("deleted"),
        ...renderingOf(request),
      }),
  },
  {
    method: "get",
    path: `${VERSION}/schema`,
    doc: "Gives the text of a version, as it is.",
    query: { format: RENDERING.format, ...DELETED },
    answer: "text",
    errors: [40401, 40402, 42202],
    read: (store, request) => {
      const options = { deleted: request.flag("deleted"), format: request.text("format") };
      return new PlainText(store.versionText(request.subject(), version(request), options));
    },
  },
  {
    method: "get",
    path: `${VERSION}/referencedby`,
    doc: "Lists the ids of the schemas that refer to a version.",
    query: { ...DELETED, ...PAGING },
    answer: "list",
    errors: [40401, 40402, 422, 42202],
    read: (store, request) =>
      store.referencedBy(request.subject(), version(request), {
        deleted: request.flag("deleted"),
        ...pagingOf(request),
      }),
  },
  {
    method: "delete",
    path: VERSION,
    doc: "Deletes a version, softly unless it is deleted already and `permanent` asks for more.",
    query: { ...PERMANENT },
    answer: "integer",
    errors: [40401, 40402, 40406, 40407, 42202, 42206, ...NOT_PERMITTED],
    decide: (store, request) =>
      store.decideDeleteVersion(request.subject(), version(request), {
        permanent: request.flag("permanent"),
      }),
  },
  {
    method: "get",
    path: "/subjects/{subject}/metadata",
    doc: "Gives the newest version whose metadata has all of the properties.",
    query: {
      key: { type: "texts", doc: "Names of properties." },
      value: { type: "texts", doc: "Their values, in the same order." },
      format: RENDERING.format,
      ...DELETED,
    },
    errors: [40401, 40402],
    read: (store, request) => {
      const values = request.texts("value");
      const properties = request.texts("key").map((key, i) => [key, values[i] ?? ""] as const);
      return store.versionByMetadata(request.subject(), properties, {
        deleted: request.flag("deleted"),
        format: request.text("format"),
      });
    },
  },
];

/** `/compatibility/...`: whether a schema would be taken. */
export const compatibilityEndpoints: readonly Endpoint[] = [
  {
    method: "post",
    path: "/compatibility/subjects/{subject}/versions/{version}",
    doc: "Tests a schema against one version of a subject, at the subject's level.",
    query: { ...NORMALIZE, verbose: { type: "flag", doc: "Whether to tell the reasons." } },
    body: "schema",
    errors: [40402, 422, 42201, 42202],
    read: (store, request) =>
      store.compatibility(request.subject(), version(request), schema(request), {
        normalize: request.flag("normalize"),
        verbose: request.flag("verbose"),
      }),
  },
  {
    method: "post",
    path: "/compatibility/subjects/{subject}/versions",
    doc: "Tests a schema against the versions of a subject that its level names.",
    query: { ...NORMALIZE, verbose: { type: "flag", doc: "Whether to tell the reasons." } },
    body: "schema",
    errors: [422, 42201],
    read: (store, request) =>
      store.compatibility(request.subject(), null, schema(request), {
        normalize: request.flag("normalize"),
        verbose: request.flag("verbose"),
      }),
  },
];
