import { entryAnswer, renderContent, type Rendering, renderText } from "./answers.ts";
import type { StoreCore } from "./core.ts";
import type { JsonObject } from "./json.ts";
import { lookUp, type LookupOptions } from "./lookup.ts";
import { propertyOf } from "./metadata.ts";
import { errorCodes, RegistryError } from "./registry_error.ts";
import { pageOf, type Paging, type SchemaRequest } from "./request.ts";
import { LATEST_VERSION } from "./schema_content.ts";
import { meantSubject } from "./scopes.ts";
import { entryOf, latestOf, type SchemaEntry, type SubjectState } from "./state.ts";

/** Which versions a read sees. */
export interface DeletedOptions {
  /** Soft-deleted ones too. */
  readonly deleted?: boolean;
}

/** A subject with a version that is seen. Throws 40401. */
export function findSubject(core: StoreCore, subject: string, deletedToo: boolean): SubjectState {
  const state = core.state.subjects.get(subject);
  if (state !== undefined && (deletedToo || state.liveCount > 0)) return state;
  const why = state === undefined ? "is unknown" : "is soft-deleted";
  throw new RegistryError(errorCodes.SUBJECT_NOT_FOUND, `Subject "${subject}" ${why}`);
}

/** A version of a subject; -1 for the newest one. Throws 40401, 40402. */
export function findVersion(
  core: StoreCore,
  subject: string,
  version: number,
  deletedToo: boolean,
): SchemaEntry {
  const state = findSubject(core, subject, deletedToo);
  const entry = version === LATEST_VERSION ? latestOf(state, deletedToo) : entryOf(state, version);
  if (entry !== null && (deletedToo || !entry.deleted)) return entry;
  throw versionNotFound(subject, version);
}

/** That a subject has no such version. */
export function versionNotFound(subject: string, version: number): RegistryError {
  const which = version === LATEST_VERSION ? "no latest version" : `no version ${version}`;
  return new RegistryError(errorCodes.VERSION_NOT_FOUND, `Subject "${subject}" has ${which}`);
}

/** GET /subjects/{subject}/versions/{version} */
export function readSubjectVersion(
  core: StoreCore,
  subject: string,
  version: number,
  options: DeletedOptions & Rendering,
): JsonObject {
  const meant = meantSubject(core, subject);
  return answer(core, findVersion(core, meant, version, options.deleted === true), options);
}

/** GET /subjects/{subject}/versions/{version}/schema */
export function readSubjectVersionText(
  core: StoreCore,
  subject: string,
  version: number,
  options: DeletedOptions & Rendering,
): string {
  const meant = meantSubject(core, subject);
  const { content, subject: found } = findVersion(core, meant, version, options.deleted === true);
  return renderText(core, content, found.context.name, options.format ?? null);
}

/** POST /subjects/{subject} */
export function readLookup(
  core: StoreCore,
  subject: string,
  request: SchemaRequest,
  options: Partial<LookupOptions> & Rendering,
): JsonObject {
  const meant = meantSubject(core, subject);
  const { deleted = false, normalize = false } = options;
  return answer(core, lookUp(core, meant, request, { deleted, normalize }), options);
}

/** Which versions a list names. */
export interface VersionListOptions extends DeletedOptions, Partial<Paging> {
  /** Only the soft-deleted ones. */
  readonly deletedOnly?: boolean;
  /** Soft-deleted ones too, as numbers below zero. */
  readonly deletedAsNegative?: boolean;
}

/** GET /subjects/{subject}/versions: ascending. Throws 40401 when there are none. */
export function listVersions(
  core: StoreCore,
  subject: string,
  options: VersionListOptions,
): number[] {
  const meant = meantSubject(core, subject);
  const { deleted, deletedOnly, deletedAsNegative } = options;
  const deletedToo = deleted === true || deletedOnly === true || deletedAsNegative === true;
  const { entries } = findSubject(core, meant, deletedToo);
  const seen = entries.filter((entry) =>
    deletedOnly === true ? entry.deleted : deletedToo || !entry.deleted
  );
  if (seen.length === 0) {
    const message = `Subject "${meant}" has no soft-deleted versions`;
    throw new RegistryError(errorCodes.SUBJECT_NOT_FOUND, message);
  }
  const numbers = seen.map(({ version, deleted: gone }) =>
    deletedAsNegative === true && gone ? -version : version
  );
  return pageOf(numbers, options, core.settings.versionPage);
}

/** GET /subjects/{subject}/versions/{version}/referencedby: ids, ascending. */
export function listReferrers(
  core: StoreCore,
  subject: string,
  version: number,
  options: DeletedOptions & Partial<Paging>,
): number[] {
  const meant = meantSubject(core, subject);
  const entry = findVersion(core, meant, version, true);
  const ids = new Set<number>();
  for (const referrer of core.state.referrers(meant, entry.version)) {
    if (options.deleted === true || !referrer.deleted) ids.add(referrer.id);
  }
  return pageOf([...ids].sort((a, b) => a - b), options, core.settings.schemaPage);
}

/** GET /subjects/{subject}/metadata: the newest version whose properties have all of these values. */
export function readByMetadata(
  core: StoreCore,
  subject: string,
  properties: readonly (readonly [key: string, value: string])[],
  options: DeletedOptions & Rendering,
): JsonObject {
  const meant = meantSubject(core, subject);
  const deletedToo = options.deleted === true;
  const { entries } = findSubject(core, meant, deletedToo);
  const found = entries.findLast((entry) =>
    (deletedToo || !entry.deleted) &&
    properties.every(([key, value]) => propertyOf(entry.content.metadata, key) === value)
  );
  if (found !== undefined) return answer(core, found, options);
  const wanted = properties.map(([key, value]) => `${key}=${value}`).join(", ");
  throw new RegistryError(
    errorCodes.VERSION_NOT_FOUND,
    `Subject "${meant}" has no version with ${wanted} in its metadata`,
  );
}

function answer(core: StoreCore, entry: SchemaEntry, rendering: Rendering): JsonObject {
  const { content, subject } = entry;
  return entryAnswer(entry, renderContent(core, content, subject.context.name, rendering));
}
