import type { StoreCore } from "./core.ts";
import type { JsonObject } from "./json.ts";
import {
  describeContent,
  guidOf,
  type SchemaContent,
  type SchemaReference,
} from "./schema_content.ts";
import { type SchemaEntry, targetOf } from "./state.ts";

/** How schemas are written in an answer. */
export interface Rendering {
  /** A form of the text that its kind offers; null or "" for the stored one. */
  readonly format?: string | null;
  /** `qualified`: references name their subjects with the context. */
  readonly referenceFormat?: string | null;
}

/** A version of a subject, as answered. */
export function entryAnswer(entry: SchemaEntry, rendered: JsonObject): JsonObject {
  const { subject, version, id, content, timestampMs, deleted } = entry;
  const json: Record<string, unknown> = {
    ...{ subject: subject.name, version, id, guid: guidOf(content.hash) },
    ...rendered,
  };
  if (timestampMs !== null) json["ts"] = timestampMs;
  if (deleted) json["deleted"] = true;
  return json;
}

/** Kind, references, metadata, rules and text of a schema that lives in a context. */
export function renderContent(
  core: StoreCore,
  content: SchemaContent,
  context: string,
  rendering: Rendering,
): JsonObject {
  const text = renderText(core, content, context, rendering.format ?? null);
  return describeContent(content, text, renderReferences(content, context, rendering));
}

/** A schema's text in the form asked for; as stored where its kind knows no such form. */
export function renderText(
  core: StoreCore,
  content: SchemaContent,
  context: string,
  format: string | null,
): string {
  if (format === null || format === "") return content.text;
  return core.reader.tryStored(content, context)?.textAs(format) ?? content.text;
}

function renderReferences(
  content: SchemaContent,
  context: string,
  rendering: Rendering,
): readonly SchemaReference[] {
  if (rendering.referenceFormat?.toLowerCase() !== "qualified") return content.references;
  return content.references.map((reference) => ({
    ...reference,
    subject: targetOf(reference, context),
  }));
}
