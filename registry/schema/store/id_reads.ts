import { renderContent, type Rendering, renderText } from "./answers.ts";
import type { StoreCore } from "./core.ts";
import { byCodeUnits, type JsonObject } from "./json.ts";
import { errorCodes, RegistryError } from "./registry_error.ts";
import { pageOf, type Paging } from "./request.ts";
import { guidOf, hashOfGuid } from "./schema_content.ts";
import { meantSubject } from "./scopes.ts";
import type { IdState, SchemaEntry, SubjectState } from "./state.ts";
import { canonicalSubject, DEFAULT_CONTEXT, qualified, subjectParts } from "./subject_name.ts";

/** Where an id is looked for. */
export interface IdOptions {
  /** A subject that may have it, or `:.context:`; null or absent: any. */
  readonly subject?: string | null;
}

/** An id, and the subject among its users that the question named. */
interface FoundId {
  readonly id: IdState;
  readonly subject: SubjectState | null;
}

/** GET /schemas/ids/{id}. Throws 40403. */
export function readId(
  core: StoreCore,
  id: number,
  options: IdOptions & Rendering & { readonly fetchMaxId?: boolean },
): JsonObject {
  const found = findId(core, id, options.subject ?? null);
  const { context, content } = found.id;
  const json: Record<string, unknown> = {};
  const use = found.subject === null ? null : newestUse(found.id.uses.get(found.subject)!);
  if (use !== null) {
    json["subject"] = use.subject.name;
    json["version"] = use.version;
  }
  json["guid"] = guidOf(content.hash);
  Object.assign(json, renderContent(core, content, context.name, options));
  if (options.fetchMaxId === true) json["maxId"] = context.idMax;
  return json;
}

/** GET /schemas/ids/{id}/schema. Throws 40403. */
export function readIdText(
  core: StoreCore,
  id: number,
  options: IdOptions & { readonly format?: string | null },
): string {
  const { content, context } = findId(core, id, options.subject ?? null).id;
  return renderText(core, content, context.name, options.format ?? null);
}

/** How the users of an id are listed. */
export interface IdUseOptions extends IdOptions, Partial<Paging> {
  /** Soft-deleted versions too. */
  readonly deleted?: boolean;
}

/** GET /schemas/ids/{id}/subjects: sorted. Throws 40403. */
export function listIdSubjects(core: StoreCore, id: number, options: IdUseOptions): string[] {
  const names = new Set(usesOf(core, id, options).map((entry) => entry.subject.name));
  return pageOf(names, options, core.settings.subjectPage);
}

/** GET /schemas/ids/{id}/versions: sorted by subject, then version. Throws 40403. */
export function listIdVersions(
  core: StoreCore,
  id: number,
  options: IdUseOptions,
): { subject: string; version: number }[] {
  const uses = usesOf(core, id, options)
    .map(({ subject, version }) => ({ subject: subject.name, version }));
  return pageOf(uses, options, core.settings.versionPage);
}

/** GET /schemas/guids/{guid}. Throws 40403. */
export function readGuid(core: StoreCore, guid: string, rendering: Rendering): JsonObject {
  const { content, context } = idsOfGuid(core, guid)[0]!;
  return { guid: guidOf(content.hash), ...renderContent(core, content, context.name, rendering) };
}

/** GET /schemas/guids/{guid}/ids: each context that has the schema, and its id there. Throws 40403. */
export function listGuidIds(core: StoreCore, guid: string): { context: string; id: number }[] {
  return idsOfGuid(core, guid)
    .map(({ context, id }) => ({ context: context.name, id }))
    .sort((a, b) => byCodeUnits(a.context, b.context) || a.id - b.id);
}

function idsOfGuid(core: StoreCore, guid: string): readonly IdState[] {
  const hash = hashOfGuid(guid);
  const ids = hash === null ? [] : core.state.idsOfHash(hash);
  if (ids.length > 0) return ids;
  throw new RegistryError(
    errorCodes.SCHEMA_NOT_FOUND,
    `No schema has GUID ${JSON.stringify(guid.slice(0, 100))}`,
  );
}

/**
 * An id where the question points: in the context of a qualified subject; otherwise where the subject uses
 * it, the default context first, and failing that in the first context that has it.
 */
function findId(core: StoreCore, id: number, asked: string | null): FoundId {
  const { contexts } = core.state;
  if (asked !== null && asked !== "") {
    const { context, name } = subjectParts(asked);
    if (context !== DEFAULT_CONTEXT || canonicalSubject(asked) !== asked) {
      const found = contexts.get(context)?.ids.get(id);
      if (found !== undefined) return { id: found, subject: userOf(core, found, name) };
      throw idNotFound(id, `in context ${context}`);
    }
    for (const one of contexts.values()) {
      const found = one.ids.get(id);
      const subject = found === undefined ? null : userOf(core, found, name);
      if (found !== undefined && subject !== null) return { id: found, subject };
    }
  }
  for (const one of contexts.values()) {
    const found = one.ids.get(id);
    if (found !== undefined) return { id: found, subject: null };
  }
  throw idNotFound(id, "in any context");
}

/** The subject of this name in the context of an id, if it uses the id. */
function userOf(core: StoreCore, id: IdState, name: string): SubjectState | null {
  if (name === "") return null;
  const meant = meantSubject(core, qualified(id.context.name, name));
  const subject = core.state.subjects.get(meant);
  return subject !== undefined && id.uses.has(subject) ? subject : null;
}

function usesOf(core: StoreCore, id: number, options: IdUseOptions): SchemaEntry[] {
  const asked = options.subject ?? "";
  const found = findId(core, id, asked);
  const onlyOne = asked !== "" && subjectParts(asked).name !== "";
  const subjects = onlyOne
    ? found.subject === null ? [] : [found.subject]
    : [...found.id.uses.keys()].sort((a, b) => byCodeUnits(a.name, b.name));
  return subjects.flatMap((subject) => found.id.uses.get(subject)!)
    .filter((entry) => options.deleted === true || !entry.deleted);
}

/** The newest live use, or the newest of all. */
function newestUse(uses: readonly SchemaEntry[]): SchemaEntry {
  return uses.findLast((entry) => !entry.deleted) ?? uses.at(-1)!;
}

function idNotFound(id: number, where: string): RegistryError {
  return new RegistryError(errorCodes.SCHEMA_NOT_FOUND, `No schema has id ${id} ${where}`);
}
