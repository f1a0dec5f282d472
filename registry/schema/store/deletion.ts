import { type Decision, recordsFor, type StoreCore } from "./core.ts";
import type { RegistryRecord } from "./record_key.ts";
import { schemaValueText } from "./record_value.ts";
import { errorCodes, RegistryError } from "./registry_error.ts";
import { LATEST_VERSION } from "./schema_content.ts";
import { meantSubject, refuseReadOnly } from "./scopes.ts";
import { entryOf, latestOf, type SchemaEntry, type SubjectState } from "./state.ts";
import { findSubject, versionNotFound } from "./version_reads.ts";

/** How a deletion is done. */
export interface DeleteOptions {
  /** For good, of what was soft-deleted before. */
  readonly permanent?: boolean;
  /** As part of deleting the associations of the subject. */
  readonly associated?: boolean;
}

/** DELETE /subjects/{subject}/versions/{version}. Throws 40401, 40402, 40406, 40407, 40907, 42205, 42206. */
export function decideDeleteVersion(
  core: StoreCore,
  subjectAsked: string,
  version: number,
  options: DeleteOptions = {},
): Decision<number> {
  const subject = meantSubject(core, subjectAsked);
  const permanent = options.permanent === true;
  refuseReadOnly(core, subject, `delete version ${versionName(version)} of "${subject}"`);
  const state = findSubject(core, subject, true);
  const entry = version === LATEST_VERSION ? newest(state, permanent) : entryOf(state, version);
  if (entry === null) throw versionNotFound(subject, version);
  if (permanent && !entry.deleted) {
    throw new RegistryError(
      errorCodes.VERSION_NOT_SOFT_DELETED,
      `Version ${entry.version} of "${subject}" must be soft-deleted first`,
    );
  }
  if (!permanent && entry.deleted) {
    throw new RegistryError(
      errorCodes.VERSION_SOFT_DELETED,
      `Version ${entry.version} of "${subject}" is soft-deleted already; ` +
        `permanent=true takes it away for good`,
    );
  }
  refuseReferred(core, entry, permanent, false);
  if (!permanent) {
    refuseLastOfAssociation(core, state);
    const value = schemaValueText(subject, entry.version, { ...entry, deleted: true });
    const records = recordsFor(core, keyOf(entry), value);
    return { records, result: entry.version };
  }
  const records = recordsFor(core, keyOf(entry), null);
  if (state.entries.length === 1) records.push(...settingsTombstones(core, subject));
  return { records, result: entry.version };
}

/** DELETE /subjects/{subject}: versions deleted. Throws 40401, 40404, 40405, 40904, 42205, 42206. */
export function decideDeleteSubject(
  core: StoreCore,
  subjectAsked: string,
  options: DeleteOptions = {},
): Decision<number[]> {
  const subject = meantSubject(core, subjectAsked);
  const permanent = options.permanent === true;
  refuseReadOnly(core, subject, `delete subject "${subject}"`);
  const state = findSubject(core, subject, true);
  if (permanent && state.liveCount > 0) {
    throw new RegistryError(
      errorCodes.SUBJECT_NOT_SOFT_DELETED,
      `Subject "${subject}" must be soft-deleted first`,
    );
  }
  if (!permanent && state.liveCount === 0) {
    throw new RegistryError(
      errorCodes.SUBJECT_SOFT_DELETED,
      `Subject "${subject}" is soft-deleted already; permanent=true takes it away for good`,
    );
  }
  for (const entry of state.entries) {
    if (permanent || !entry.deleted) refuseReferred(core, entry, permanent, true);
  }
  if (options.associated !== true && core.state.associations.ofSubject(subject).length > 0) {
    throw new RegistryError(
      errorCodes.SUBJECT_HAS_ASSOCIATION,
      `Subject "${subject}" has associations, which must be deleted first`,
    );
  }
  return permanent ? purge(core, state) : hide(core, state);
}

function hide(core: StoreCore, state: SubjectState): Decision<number[]> {
  const { name: subject, entries } = state;
  const value = JSON.stringify({ subject, version: entries.at(-1)!.version });
  const records = recordsFor(core, { kind: "DELETE_SUBJECT", subject }, value);
  const result = entries.filter((entry) => !entry.deleted).map(({ version }) => version);
  return { records, result };
}

function purge(core: StoreCore, state: SubjectState): Decision<number[]> {
  const records = [...tombstones(core, state.entries), ...settingsTombstones(core, state.name)];
  return { records, result: state.entries.map(({ version }) => version) };
}

/** Records that take versions away for good. */
export function tombstones(core: StoreCore, entries: Iterable<SchemaEntry>): RegistryRecord[] {
  const records: RegistryRecord[] = [];
  for (const entry of entries) records.push(...recordsFor(core, keyOf(entry), null));
  return records;
}

/** Records that take the config and mode of a scope away, where it has some. */
export function settingsTombstones(core: StoreCore, scope: string): RegistryRecord[] {
  const { configs, modes } = core.state;
  const records: RegistryRecord[] = [];
  if (modes.has(scope)) records.push(...recordsFor(core, { kind: "MODE", subject: scope }, null));
  if (configs.has(scope)) {
    records.push(...recordsFor(core, { kind: "CONFIG", subject: scope }, null));
  }
  return records;
}

/**
 * Fails with 42206 where something refers to a version: something live against soft deletion, anything
 * against permanent deletion. With `leniently`, what is in the same subject doesn't count.
 */
export function refuseReferred(
  core: StoreCore,
  entry: SchemaEntry,
  permanent: boolean,
  leniently: boolean,
): void {
  const { subject, version } = entry;
  for (const referrer of core.state.referrers(subject.name, version)) {
    if (referrer.deleted && !permanent) continue;
    if (leniently && referrer.subject === subject) continue;
    throw new RegistryError(
      errorCodes.REFERENCE_EXISTS,
      `Version ${version} of "${subject.name}" can't be deleted: version ${referrer.version} ` +
        `of "${referrer.subject.name}" refers to it`,
    );
  }
}

function refuseLastOfAssociation(core: StoreCore, state: SubjectState): void {
  if (state.liveCount > 1 || core.state.associations.ofSubject(state.name).length === 0) return;
  throw new RegistryError(
    errorCodes.LAST_ACTIVE_VERSION,
    `Subject "${state.name}" has associations, so its last live version can't be deleted`,
  );
}

/** What "latest" means to a deletion: for good, whatever is newest; otherwise the newest live one. */
function newest(state: SubjectState, permanent: boolean): SchemaEntry | null {
  return latestOf(state, permanent) ?? latestOf(state, true);
}

function keyOf({ subject, version }: SchemaEntry) {
  return { kind: "SCHEMA", subject: subject.name, version } as const;
}

function versionName(version: number): string {
  return version === LATEST_VERSION ? "latest" : String(version);
}
