import { refuseFrozen } from "./associations.ts";
import { renderContent, type Rendering } from "./answers.ts";
import {
  addsExtras,
  type Candidate,
  latestEntry,
  numbered,
  populatedExtras,
  readCandidate,
  withExtras,
} from "./candidate.ts";
import { checkCompatibility } from "./compatibility_check.ts";
import type { Config } from "./config.ts";
import { type Decision, recordsFor, type StoreCore } from "./core.ts";
import type { JsonObject } from "./json.ts";
import { findByHash, findEqual, findLike } from "./lookup.ts";
import { isReadOnly } from "./mode.ts";
import { PendingIds } from "./pending_ids.ts";
import { type RegistryRecord, TENANT } from "./record_key.ts";
import { schemaValueText } from "./record_value.ts";
import { errorCodes, RegistryError } from "./registry_error.ts";
import type { SchemaRequest } from "./request.ts";
import { validateRuleSet } from "./rule_set.ts";
import { guidOf, type SchemaContent, VERSION_MAX } from "./schema_content.ts";
import { effectiveConfig, effectiveMode, meantSubject, normalizes, notInMode } from "./scopes.ts";
import { type ContextState, entryOf, type SchemaEntry, type SubjectState } from "./state.ts";
import { DEFAULT_CONTEXT, subjectParts } from "./subject_name.ts";

/** How a schema is registered. */
export interface RegisterOptions extends Rendering {
  /** Stored in normalised form. */
  readonly normalize?: boolean;
  /** Without asking whether it is compatible. */
  readonly force?: boolean;
}

/** One registering: what was asked and what holds where it was asked. */
interface Registering {
  readonly core: StoreCore;
  readonly subject: string;
  readonly request: SchemaRequest;
  readonly options: RegisterOptions;
  readonly config: Config;
  /** Ids and versions come with the schemas, which are taken as they are. */
  readonly importing: boolean;
  readonly state: SubjectState | null;
  readonly context: ContextState | null;
  readonly pending: PendingIds;
}

/**
 * Registers a schema under a subject: the answer is a version that has it already, or else the record of a new
 * one. Throws 409 (40901), 42201, 42205, 42207, 42208, 42210.
 */
export function decideRegister(
  core: StoreCore,
  subjectAsked: string,
  request: SchemaRequest,
  options: RegisterOptions = {},
  pending = new PendingIds(),
): Decision<JsonObject> {
  const subject = meantSubject(core, subjectAsked);
  const config = effectiveConfig(core, subject);
  const importing = admit(core, subject, request);
  const state = core.state.subjects.get(subject) ?? null;
  const context = core.state.contexts.get(subjectParts(subject).context) ?? null;
  const registering = {
    ...{ core, subject, request, options, config, importing, state, context, pending },
  };
  if (!importing && config.validateRules !== false) validateRuleSet(request.ruleSet);

  const read = readRequested(registering);
  if ("known" in read) return { records: [], result: registered(core, read.known, options) };
  const { candidate } = read;
  const version = chooseVersion(registering);
  const final = importing ? candidate : populate(registering, candidate, version);
  const id = chooseId(registering, final.content);
  if (id.entry !== null) return { records: [], result: registered(core, id.entry, options) };
  const equal = findUnnumbered(registering, final);
  if (equal !== null) return { records: [], result: registered(core, equal, options) };
  refuseFrozen(core, subject);
  if (!importing && options.force !== true) refuseIncompatible(registering, final);

  core.reader.remember(final.content, final.context, final.parsed);
  const records = recordsOf(registering, version, id.id, final.content);
  const result = answerOf(core, id.id, version, final.content, final.context, options);
  return { records, result };
}

/** Whether the mode lets a schema in: as an import or not. Throws 42205. */
function admit(core: StoreCore, subject: string, request: SchemaRequest): boolean {
  const mode = effectiveMode(core, subject);
  const importing = mode === "IMPORT" || mode === "FORWARD";
  if (isReadOnly(mode)) throw notInMode(subject, mode, `register a schema under "${subject}"`);
  if (request.id > 0 && !importing) {
    throw notInMode(subject, mode, `register id ${request.id}; ids may be given in mode IMPORT`);
  }
  if (request.id <= 0 && importing) {
    throw notInMode(subject, mode, `register a schema without an id under "${subject}"`);
  }
  return importing;
}

/** A request without a text is about the text of the version before. Throws 42201 without one. */
function fill({ core, subject, request, importing }: Registering): SchemaRequest {
  if (request.schema !== "") return request;
  const previous = importing ? null : latestEntry(core, subject);
  if (previous === null) {
    throw new RegistryError(
      errorCodes.INVALID_SCHEMA,
      `The schema is empty, and subject "${subject}" has no version to take it from`,
    );
  }
  const { text: schema, type: schemaType, references } = previous.content;
  return { ...request, schema, schemaType, references };
}

/** The schema asked for, or the version that has it already: that one is not held to be strict. */
function readRequested(
  registering: Registering,
): { readonly known: SchemaEntry } | { readonly candidate: Candidate } {
  const { core, subject } = registering;
  const filled = fill(registering);
  const reading = readingOf(registering);
  try {
    const candidate = readCandidate(core, subject, filled, reading);
    const known = findKnown(registering, candidate);
    return known !== null ? { known } : { candidate };
  } catch (error) {
    if (!(error instanceof RegistryError) || !reading.strict) throw error;
    const known = findLenient(registering, filled);
    if (known !== null) return { known };
    throw error;
  }
}

function findLenient(registering: Registering, filled: SchemaRequest): SchemaEntry | null {
  const { core, subject, state } = registering;
  if (state === null) return null;
  try {
    const reading = { ...readingOf(registering), strict: false };
    return findKnown(registering, readCandidate(core, subject, filled, reading));
  } catch (error) {
    if (error instanceof RegistryError) return null; // The error that counts is that of strict reading.
    throw error;
  }
}

function readingOf({ core, config, options, importing }: Registering) {
  if (importing) return { normalize: false, strict: false };
  const normalize = options.normalize === true || normalizes(core, config);
  return { normalize, strict: config.validateNewSchemas ?? core.settings.validateNewSchemas };
}

/** A live version that is this schema already, where nothing would be added to it. */
function findKnown(registering: Registering, candidate: Candidate): SchemaEntry | null {
  const { core, config, request, state } = registering;
  if (state === null || request.schema === "" || addsExtras(config)) return null;
  const { normalize } = readingOf(registering);
  const found = findLike(core, state, candidate, { normalize, deleted: false });
  return found !== null && isAskedFor(request, found) ? found : null;
}

function isAskedFor(request: SchemaRequest, entry: SchemaEntry): boolean {
  return (request.version <= 0 || request.version === entry.version) &&
    (request.id <= 0 || request.id === entry.id);
}

function chooseVersion({ subject, request, importing, state }: Registering): number {
  const next = (state?.entries.at(-1)?.version ?? 0) + 1;
  if (next > VERSION_MAX) throw invalid(`Subject "${subject}" has no version left`);
  const { version } = request;
  if (version === 0 || version === -1 || (version > 0 && importing)) {
    return version > 0 ? version : next;
  }
  if (version === next) return next;
  throw invalid(
    `Version ${version} of subject "${subject}" can't be chosen; allowed: ${next}, the next one`,
  );
}

/** Adds the metadata and rules that belong to it. Throws 42210. */
function populate(registering: Registering, candidate: Candidate, version: number): Candidate {
  const { core, subject, config, request } = registering;
  const previous = latestEntry(core, subject);
  const extras = populatedExtras(config, candidate.content, previous);
  const metadata = numbered(extras.metadata, request, previous, version);
  if (config.validateRules !== false) validateRuleSet(extras.ruleSet);
  return withExtras(core, candidate, metadata, extras.ruleSet);
}

/**
 * The id: the one asked for, else that of the same schema in this context, else a new one. `entry` is a
 * live version that makes another one needless.
 */
function chooseId(
  registering: Registering,
  content: SchemaContent,
): { id: number; entry: SchemaEntry | null } {
  const { core, subject, context, state, request, pending } = registering;
  const ids = core.state.idsOfHash(content.hash)
    .filter((one) => one.context === context && one.content.type === content.type)
    .map((one) => one.id);
  if (request.id > 0) refuseForeignId(registering, content, ids);
  const live = state === null ? null : findByHash(core, state, content, false);
  const entry = live !== null && isAskedFor(request, live) ? live : null;
  const { context: name } = subjectParts(subject);
  const id = request.id > 0
    ? request.id
    : ids[0] ?? pending.give(name, content, context?.idMax ?? 0);
  if (id <= VERSION_MAX) return { id, entry };
  throw new RegistryError(errorCodes.STORE_ERROR, `Context ${name} has no id left`);
}

/** An imported id and version must be free, or mean the same schema. Throws 42205, 42207. */
function refuseForeignId(
  { subject, request, context, state }: Registering,
  content: SchemaContent,
  ids: readonly number[],
): void {
  const { id, version } = request;
  const holder = context?.ids.get(id)?.content ?? null;
  if (holder !== null && (holder.hash !== content.hash || holder.type !== content.type)) {
    throw notPermitted(`Id ${id} is that of another schema, which can't be replaced`);
  }
  if (ids.length > 0 && !ids.includes(id)) {
    throw new RegistryError(
      errorCodes.ID_DOES_NOT_MATCH,
      `The schema has id ${ids.join(", ")}, which isn't the given ${id}`,
    );
  }
  const taken = state === null || version <= 0 ? null : entryOf(state, version);
  if (taken !== null && taken.id !== id) {
    throw notPermitted(
      `Version ${version} of subject "${subject}" has id ${taken.id} and can't be replaced`,
    );
  }
}

/** A live version that means the same though its text or its references are written otherwise. */
function findUnnumbered(registering: Registering, candidate: Candidate): SchemaEntry | null {
  const { core, state, request, importing } = registering;
  if (state === null || request.version > 0 || importing) return null;
  const { normalize } = readingOf(registering);
  return findEqual(core, state, candidate, { normalize, deleted: false });
}

/** Fails with 409 or 40901, as the settings say, naming each reason. */
function refuseIncompatible(
  { core, subject, config, state }: Registering,
  candidate: Candidate,
): void {
  const live = (state?.entries ?? []).filter((entry) => !entry.deleted).reverse();
  const problem = checkCompatibility(core, config, candidate, live);
  if (problem === null) return;
  const before = problem.version === null ? "itself" : `version ${problem.version}`;
  throw new RegistryError(
    core.settings.incompatibleErrorCode,
    `The schema for subject "${subject}" is incompatible with ${before}: ` +
      `[${problem.messages.join(", ")}]`,
  );
}

function recordsOf(
  { core, subject, state, context }: Registering,
  version: number,
  id: number,
  content: SchemaContent,
): RegistryRecord[] {
  const records: RegistryRecord[] = [];
  const { context: name } = subjectParts(subject);
  if (name !== DEFAULT_CONTEXT && context?.declared !== true) {
    const value = JSON.stringify({ tenant: TENANT, context: name });
    records.push(...recordsFor(core, { kind: "CONTEXT", tenant: TENANT, context: name }, value));
  }
  for (const entry of state?.entries ?? []) {
    if (!entry.deleted || entry.id !== id || entry.version >= version) continue;
    if (isReferred(core, entry)) continue;
    const key = { kind: "SCHEMA", subject, version: entry.version } as const;
    records.push(...recordsFor(core, key, null));
  }
  const value = schemaValueText(subject, version, { id, content, deleted: false });
  records.push(...recordsFor(core, { kind: "SCHEMA", subject, version }, value));
  return records;
}

function isReferred(core: StoreCore, entry: SchemaEntry): boolean {
  return core.state.referrers(entry.subject.name, entry.version).next().done !== true;
}

function registered(core: StoreCore, entry: SchemaEntry, rendering: Rendering): JsonObject {
  const { id, version, content, subject } = entry;
  return answerOf(core, id, version, content, subject.context.name, rendering);
}

function answerOf(
  core: StoreCore,
  id: number,
  version: number,
  content: SchemaContent,
  context: string,
  rendering: Rendering,
): JsonObject {
  const rendered = renderContent(core, content, context, rendering);
  return { id, version, guid: guidOf(content.hash), ...rendered };
}

function invalid(message: string): RegistryError {
  return new RegistryError(errorCodes.INVALID_SCHEMA, message);
}

function notPermitted(message: string): RegistryError {
  return new RegistryError(errorCodes.OPERATION_NOT_PERMITTED, message);
}
