/**
 * What a registry knows and decides: subjects, versions, ids, configs, modes and contexts, replayed from the
 * records of its topic, and the records that each request adds. Pure: no I/O, no clock, no digest of its own.
 */
export type { Rendering } from "./answers.ts";
export type { AssociationOptions } from "./association_changes.ts";
export {
  type AssociationRequest,
  type AssociationWish,
  readAssociationRequest,
  readLifecycle,
} from "./association_request.ts";
export type { Lifecycle } from "./association_table.ts";
export type { AssociationDeletion, AssociationFilter } from "./associations.ts";
export type { CompatibilityAnswer, CompatibilityOptions } from "./compatibility_answer.ts";
export {
  COMPATIBILITY_LEVELS,
  type CompatibilityLevel,
  type Config,
  type ConfigUpdate,
  readConfigUpdate,
} from "./config.ts";
export type { Md5 } from "./content_hash.ts";
export {
  type Decision,
  DEFAULT_SETTINGS,
  type Incompatibilities,
  type PageLimits,
  type StoreSettings,
} from "./core.ts";
export type { DeleteOptions } from "./deletion.ts";
export type { IdOptions, IdUseOptions } from "./id_reads.ts";
export type { JsonObject } from "./json.ts";
export type { SchemaListOptions, SubjectListOptions } from "./lists.ts";
export type { LookupOptions } from "./lookup.ts";
export type { Metadata } from "./metadata.ts";
export { type Mode, MODES, readMode } from "./mode.ts";
export type { ModeAnswer } from "./mode_changes.ts";
export {
  keyText,
  type RecordCondition,
  type RecordKey,
  type RegistryRecord,
} from "./record_key.ts";
export type { RegisterOptions } from "./register.ts";
export { errorCodes, RegistryError, statusOf } from "./registry_error.ts";
export type { ReplayOutcome } from "./replay.ts";
export { type Paging, readSchemaRequest, readVersion, type SchemaRequest } from "./request.ts";
export type { Rule, RuleSet } from "./rule_set.ts";
export type { SchemaReference } from "./schema_content.ts";
export { SchemaStore, type SchemaStoreOptions } from "./store.ts";
export { checkContext } from "./subject_name.ts";
export type { DeletedOptions, VersionListOptions } from "./version_reads.ts";
