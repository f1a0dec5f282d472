/** Query parameters that several endpoints share. */
import type { EndpointRequest, QueryParameter } from "./endpoint.ts";

function flag(doc: string): QueryParameter {
  return { type: "flag", doc };
}

/** `offset` and `limit` of a list. */
export const PAGING = {
  offset: { type: "integer", doc: "Items to leave out first." },
  limit: {
    type: "integer",
    doc: "The most items to answer; below 0: as many as the server gives.",
  },
} as const satisfies Record<string, QueryParameter>;

/** How schemas are written in answers. */
export const RENDERING = {
  format: {
    type: "text",
    doc: "Form of the text: resolved (Avro), serialized or ignore_extensions (Protobuf).",
  },
  referenceFormat: { type: "text", doc: "qualified: subjects of references with their context." },
} as const satisfies Record<string, QueryParameter>;

/** Soft-deleted versions too. */
export const DELETED = {
  deleted: flag("Whether what is soft-deleted counts too."),
} as const satisfies Record<string, QueryParameter>;

/** Only what is soft-deleted. */
export const DELETED_ONLY = {
  deletedOnly: flag("Whether only what is soft-deleted counts."),
} as const satisfies Record<string, QueryParameter>;

/** The subject, and so the context, in which an id is looked for. */
export const SUBJECT = {
  subject: {
    type: "text",
    doc: "A subject that uses the schema; its context is where the id counts.",
  },
} as const satisfies Record<string, QueryParameter>;

/** Permanent instead of soft deletion. */
export const PERMANENT = {
  permanent: flag("Whether to delete for good what is soft-deleted already."),
} as const satisfies Record<string, QueryParameter>;

/** Whether the schema is normalised first. */
export const NORMALIZE = {
  normalize: flag("Whether schemas that differ in writing alone are equal."),
} as const satisfies Record<string, QueryParameter>;

/** Reads {@linkcode PAGING}. */
export function pagingOf(request: EndpointRequest): { offset: number; limit: number } {
  return { offset: request.integer("offset", 0), limit: request.integer("limit", -1) };
}

/** Reads {@linkcode RENDERING}. */
export function renderingOf(request: EndpointRequest): {
  format: string | null;
  referenceFormat: string | null;
} {
  return { format: request.text("format"), referenceFormat: request.text("referenceFormat") };
}
