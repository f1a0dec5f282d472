import type { SchemaFormat, SchemaType } from "../formats/mod.ts";
import type { Rendering } from "./answers.ts";
import { type AssociationOptions, decideAssociate } from "./association_changes.ts";
import type { AssociationRequest } from "./association_request.ts";
import {
  type AssociationDeletion,
  type AssociationFilter,
  decideDeleteAssociations,
  listNamedAssociations,
  listResourceAssociations,
  listSubjectAssociations,
} from "./associations.ts";
import {
  type CompatibilityAnswer,
  type CompatibilityOptions,
  testCompatibility,
} from "./compatibility_answer.ts";
import type { ConfigUpdate } from "./config.ts";
import { decideDeleteConfig, decideSetConfig, readConfig } from "./config_changes.ts";
import type { Md5 } from "./content_hash.ts";
import { decideDeleteContext } from "./context_changes.ts";
import {
  type Decision,
  DEFAULT_SETTINGS,
  type Incompatibilities,
  type StoreCore,
  type StoreSettings,
} from "./core.ts";
import { decideDeleteSubject, decideDeleteVersion, type DeleteOptions } from "./deletion.ts";
import {
  type IdOptions,
  type IdUseOptions,
  listGuidIds,
  listIdSubjects,
  listIdVersions,
  readGuid,
  readId,
  readIdText,
} from "./id_reads.ts";
import type { JsonObject } from "./json.ts";
import {
  listContexts,
  listSchemas,
  listSubjects,
  type SchemaListOptions,
  type SubjectListOptions,
} from "./lists.ts";
import type { LookupOptions } from "./lookup.ts";
import type { Mode } from "./mode.ts";
import { decideDeleteMode, decideSetMode, type ModeAnswer, readModeOf } from "./mode_changes.ts";
import { decideRegister, type RegisterOptions } from "./register.ts";
import { decideRepair } from "./repair.ts";
import { type ReplayOutcome, replayRecord } from "./replay.ts";
import type { Paging, SchemaRequest } from "./request.ts";
import { SchemaReader } from "./schema_reader.ts";
import { RegistryState } from "./state.ts";
import {
  type DeletedOptions,
  listReferrers,
  listVersions,
  readByMetadata,
  readLookup,
  readSubjectVersion,
  readSubjectVersionText,
  type VersionListOptions,
} from "./version_reads.ts";

/** What a store stands on. */
export interface SchemaStoreOptions {
  readonly formats: ReadonlyMap<SchemaType, SchemaFormat>;
  readonly incompatibilities: Incompatibilities;
  readonly md5: Md5;
  readonly settings?: Partial<StoreSettings>;
}

/**
 * Subjects, versions, ids, configs, modes and contexts of a registry. Records mutate it through `replay`
 * alone; every `decide...` reads and returns the records to write, which must be replayed before the
 * next decision, or two schemas might get one id. Whatever is refused throws RegistryError.
 */
export class SchemaStore {
  readonly #core: StoreCore;

  constructor(options: SchemaStoreOptions) {
    const { formats, incompatibilities, md5 } = options;
    const settings = { ...DEFAULT_SETTINGS, ...options.settings };
    const state = new RegistryState();
    const limits = { entries: settings.cacheEntriesMax, bytes: settings.cacheBytesMax };
    const reader = new SchemaReader({ state, formats, md5, limits });
    this.#core = { state, settings, reader, incompatibilities, md5 };
  }

  /**
   * Applies a record of the topic, in the order of offsets; null or empty values take away. `condition` is that of
   * {@linkcode RegistryRecord}.
   */
  replay(
    key: Uint8Array | null,
    value: Uint8Array | null,
    timestampMs: number | null = null,
    condition: string | null = null,
  ): ReplayOutcome {
    return replayRecord(this.#core.state, this.#core.md5, key, value, timestampMs, condition);
  }

  /** What puts the topic right where records were refused, some of them at a time; how many in its result. */
  decideRepair(): Decision<number> {
    return decideRepair(this.#core);
  }

  /** How much there is: for logs and metrics. */
  counts(): { subjects: number; schemas: number; contexts: number } {
    const { subjects, contexts } = this.#core.state;
    let schemas = 0;
    for (const context of contexts.values()) schemas += context.ids.size;
    return { subjects: subjects.size, schemas, contexts: contexts.size };
  }

  /** GET /schemas/types: what can be registered. */
  types(): string[] {
    return this.#core.reader.types();
  }

  /** GET /schemas */
  schemas(options: SchemaListOptions = {}): JsonObject[] {
    return listSchemas(this.#core, options);
  }

  /** GET /schemas/ids/{id} */
  schemaById(
    id: number,
    options: IdOptions & Rendering & { readonly fetchMaxId?: boolean } = {},
  ): JsonObject {
    return readId(this.#core, id, options);
  }

  /** GET /schemas/ids/{id}/schema */
  schemaTextById(
    id: number,
    options: IdOptions & { readonly format?: string | null } = {},
  ): string {
    return readIdText(this.#core, id, options);
  }

  /** GET /schemas/ids/{id}/subjects */
  subjectsOfId(id: number, options: IdUseOptions = {}): string[] {
    return listIdSubjects(this.#core, id, options);
  }

  /** GET /schemas/ids/{id}/versions */
  versionsOfId(id: number, options: IdUseOptions = {}): { subject: string; version: number }[] {
    return listIdVersions(this.#core, id, options);
  }

  /** GET /schemas/guids/{guid} */
  schemaByGuid(guid: string, rendering: Rendering = {}): JsonObject {
    return readGuid(this.#core, guid, rendering);
  }

  /** GET /schemas/guids/{guid}/ids */
  idsOfGuid(guid: string): { context: string; id: number }[] {
    return listGuidIds(this.#core, guid);
  }

  /** GET /subjects */
  subjects(options: SubjectListOptions = {}): string[] {
    return listSubjects(this.#core, options);
  }

  /** POST /subjects/{subject} */
  lookup(
    subject: string,
    request: SchemaRequest,
    options: Partial<LookupOptions> & Rendering = {},
  ): JsonObject {
    return readLookup(this.#core, subject, request, options);
  }

  /** DELETE /subjects/{subject} */
  decideDeleteSubject(subject: string, options: DeleteOptions = {}): Decision<number[]> {
    return decideDeleteSubject(this.#core, subject, options);
  }

  /** GET /subjects/{subject}/versions */
  versions(subject: string, options: VersionListOptions = {}): number[] {
    return listVersions(this.#core, subject, options);
  }

  /** POST /subjects/{subject}/versions */
  decideRegister(
    subject: string,
    request: SchemaRequest,
    options: RegisterOptions = {},
  ): Decision<JsonObject> {
    return decideRegister(this.#core, subject, request, options);
  }

  /** GET /subjects/{subject}/versions/{version}; see `readVersion` for the version. */
  version(
    subject: string,
    version: number,
    options: DeletedOptions & Rendering = {},
  ): JsonObject {
    return readSubjectVersion(this.#core, subject, version, options);
  }

  /** GET /subjects/{subject}/versions/{version}/schema */
  versionText(
    subject: string,
    version: number,
    options: DeletedOptions & Rendering = {},
  ): string {
    return readSubjectVersionText(this.#core, subject, version, options);
  }

  /** GET /subjects/{subject}/versions/{version}/referencedby */
  referencedBy(
    subject: string,
    version: number,
    options: DeletedOptions & Partial<Paging> = {},
  ): number[] {
    return listReferrers(this.#core, subject, version, options);
  }

  /** DELETE /subjects/{subject}/versions/{version} */
  decideDeleteVersion(
    subject: string,
    version: number,
    options: DeleteOptions = {},
  ): Decision<number> {
    return decideDeleteVersion(this.#core, subject, version, options);
  }

  /** GET /subjects/{subject}/metadata?key=&value= */
  versionByMetadata(
    subject: string,
    properties: readonly (readonly [key: string, value: string])[],
    options: DeletedOptions & Rendering = {},
  ): JsonObject {
    return readByMetadata(this.#core, subject, properties, options);
  }

  /** POST /compatibility/subjects/{subject}/versions/{version}; null: against what the level names. */
  compatibility(
    subject: string,
    version: number | null,
    request: SchemaRequest,
    options: CompatibilityOptions = {},
  ): CompatibilityAnswer {
    return testCompatibility(this.#core, subject, version, request, options);
  }

  /** GET /config, with null, and /config/{subject} */
  config(
    scope: string | null,
    options: { readonly defaultToGlobal?: boolean } = {},
  ): JsonObject {
    return readConfig(this.#core, scope, options);
  }

  /** PUT /config, with null, and /config/{subject} */
  decideSetConfig(scope: string | null, update: ConfigUpdate): Decision<JsonObject> {
    return decideSetConfig(this.#core, scope, update);
  }

  /** DELETE /config, with null, and /config/{subject} */
  decideDeleteConfig(scope: string | null): Decision<JsonObject> {
    return decideDeleteConfig(this.#core, scope);
  }

  /** GET /mode, with null, and /mode/{subject} */
  mode(
    scope: string | null,
    options: { readonly defaultToGlobal?: boolean } = {},
  ): ModeAnswer {
    return readModeOf(this.#core, scope, options);
  }

  /** PUT /mode, with null, and /mode/{subject} */
  decideSetMode(
    scope: string | null,
    mode: Mode,
    options: { readonly force?: boolean } = {},
  ): Decision<ModeAnswer> {
    return decideSetMode(this.#core, scope, mode, options);
  }

  /** DELETE /mode, with null, and /mode/{subject} */
  decideDeleteMode(
    scope: string | null,
    options: { readonly recursive?: boolean } = {},
  ): Decision<ModeAnswer> {
    return decideDeleteMode(this.#core, scope, options);
  }

  /** GET /contexts */
  contexts(options: Partial<Paging> & { readonly contextPrefix?: string } = {}): string[] {
    return listContexts(this.#core, options);
  }

  /** DELETE /contexts/{context} */
  decideDeleteContext(context: string): Decision<null> {
    return decideDeleteContext(this.#core, context);
  }

  /** GET /associations/subjects/{subject} */
  associationsOfSubject(subject: string, filter: AssociationFilter = {}): JsonObject[] {
    return listSubjectAssociations(this.#core, subject, filter);
  }

  /** GET /associations/resources/{namespace}/{name}; `-` is any namespace. */
  associationsOfName(
    namespace: string,
    name: string,
    filter: AssociationFilter = {},
  ): JsonObject[] {
    return listNamedAssociations(this.#core, namespace, name, filter);
  }

  /** GET /associations/resources/{resourceId} */
  associationsOfResource(resourceId: string, filter: AssociationFilter = {}): JsonObject[] {
    return listResourceAssociations(this.#core, resourceId, filter);
  }

  /** POST /associations, and PUT with `update`. */
  decideAssociate(request: AssociationRequest, options: AssociationOptions): Decision<JsonObject> {
    return decideAssociate(this.#core, request, options);
  }

  /** DELETE /associations/resources/{resourceId} */
  decideDeleteAssociations(
    resourceId: string,
    options: AssociationDeletion = {},
  ): Decision<null> {
    return decideDeleteAssociations(this.#core, resourceId, options);
  }
}
