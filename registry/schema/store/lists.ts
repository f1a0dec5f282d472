import { entryAnswer, renderContent } from "./answers.ts";
import type { Association, Lifecycle } from "./association_table.ts";
import type { StoreCore } from "./core.ts";
import { byCodeUnits, type JsonObject } from "./json.ts";
import { pageOf, type Paging } from "./request.ts";
import { hasRuleType } from "./rule_set.ts";
import { latestOf, type SchemaEntry, type SubjectState } from "./state.ts";
import {
  ANY_CONTEXT_PREFIX,
  canonicalSubject,
  DEFAULT_CONTEXT,
  subjectParts,
} from "./subject_name.ts";

/** Which subjects a list names. */
export interface SubjectListOptions extends Partial<Paging> {
  /** `:*:` for all contexts (as when absent), "" for the default one; a name's beginning may follow. */
  readonly subjectPrefix?: string;
  /** Those with only soft-deleted versions too. */
  readonly deleted?: boolean;
  /** Only those with only soft-deleted versions. */
  readonly deletedOnly?: boolean;
}

/** GET /subjects: sorted. */
export function listSubjects(core: StoreCore, options: SubjectListOptions): string[] {
  const { subjectPrefix = ANY_CONTEXT_PREFIX, deleted, deletedOnly } = options;
  const seen = function* () {
    for (const subject of subjectsWith(core, subjectPrefix)) {
      const live = subject.liveCount > 0;
      if (deletedOnly === true ? !live : live || deleted === true) yield subject.name;
    }
  };
  return pageOf(seen(), options, core.settings.subjectPage);
}

/** Which schemas a list has. */
export interface SchemaListOptions extends Partial<Paging> {
  /** As for subjects, but "" when absent. */
  readonly subjectPrefix?: string;
  /** Whether to name the subjects that stand for each. */
  readonly aliases?: boolean;
  /** Soft-deleted versions too. */
  readonly deleted?: boolean;
  /** Only the newest version of each subject. */
  readonly latestOnly?: boolean;
  /** Only those with a rule of this type. */
  readonly ruleType?: string | null;
  /** Only subjects with an association of this kind, any of these types, this lifecycle. */
  readonly resourceType?: string | null;
  readonly associationTypes?: readonly string[];
  readonly lifecycle?: Lifecycle | null;
}

/** GET /schemas: sorted by subject, then version. */
export function listSchemas(core: StoreCore, options: SchemaListOptions): JsonObject[] {
  const entries = pageOf(schemasWith(core, options), options, core.settings.schemaPage);
  return entries.map((entry) => {
    const { subject, content } = entry;
    const json = entryAnswer(entry, renderContent(core, content, subject.context.name, {}));
    const aliases = options.aliases === true ? core.state.aliasesOf(subject.name) : [];
    return aliases.length > 0 ? { ...json, aliases } : json;
  });
}

/** GET /contexts: the default one first, then by name. */
export function listContexts(
  core: StoreCore,
  options: Partial<Paging> & { readonly contextPrefix?: string },
): string[] {
  const prefix = options.contextPrefix ?? "";
  const names = [...core.state.contexts.values()]
    .filter(({ declared, subjectCount }) => declared || subjectCount > 0)
    .map(({ name }) => name)
    .filter((name) => name.startsWith(prefix))
    .sort(byCodeUnits);
  return pageOf(names, options, core.settings.contextPage);
}

/** Every subject in the contexts and with the beginning that a prefix names, sorted. */
export function* subjectsWith(core: StoreCore, prefix: string): Generator<SubjectState> {
  const { subjectNames, subjects } = core.state;
  const anyContext = prefix.startsWith(ANY_CONTEXT_PREFIX);
  const wanted = anyContext
    ? { context: null, name: prefix.slice(ANY_CONTEXT_PREFIX.length) }
    : subjectParts(prefix);
  const start = anyContext ? "" : canonicalSubject(prefix);
  for (const name of subjectNames.startingWith(start)) {
    const subject = subjects.get(name)!;
    if (!anyContext && subject.context.name !== wanted.context) continue;
    if (anyContext && !subjectParts(name).name.startsWith(wanted.name)) continue;
    yield subject;
  }
}

/** Every subject of a context. */
export function* subjectsOfContext(core: StoreCore, context: string): Generator<SubjectState> {
  yield* subjectsWith(core, context === DEFAULT_CONTEXT ? "" : `:${context}:`);
}

function* schemasWith(core: StoreCore, options: SchemaListOptions): Generator<SchemaEntry> {
  const { subjectPrefix = "", deleted = false, latestOnly, ruleType } = options;
  const filtersAssociations = options.resourceType != null || options.lifecycle != null ||
    (options.associationTypes?.length ?? 0) > 0;
  for (const subject of subjectsWith(core, subjectPrefix)) {
    if (filtersAssociations) {
      const associations = core.state.associations.ofSubject(subject.name);
      if (!associations.some((one) => isWanted(one, options))) continue;
    }
    const newest = latestOnly === true ? latestOf(subject, deleted) : null;
    for (const entry of newest === null ? subject.entries : [newest]) {
      if (entry.deleted && !deleted) continue;
      if (ruleType != null && !hasRuleType(entry.content.ruleSet, ruleType)) continue;
      yield entry;
    }
  }
}

function isWanted(association: Association, options: SchemaListOptions): boolean {
  const { resourceType, associationTypes = [], lifecycle } = options;
  return (resourceType == null || association.resourceType === resourceType) &&
    (lifecycle == null || association.lifecycle === lifecycle) &&
    (associationTypes.length === 0 || associationTypes.includes(association.associationType));
}
