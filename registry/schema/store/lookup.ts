import { type Candidate, populatedExtras, readCandidate, withExtras } from "./candidate.ts";
import type { StoreCore } from "./core.ts";
import { equalMetadata } from "./metadata.ts";
import { errorCodes, RegistryError } from "./registry_error.ts";
import type { SchemaRequest } from "./request.ts";
import { equalRuleSets } from "./rule_set.ts";
import { equalReferences, type SchemaContent, type SchemaReference } from "./schema_content.ts";
import { effectiveConfig, normalizes } from "./scopes.ts";
import { latestOf, type SchemaEntry, type SubjectState, targetOf } from "./state.ts";

/** Which versions a lookup considers, and how it compares. */
export interface LookupOptions {
  /** Soft-deleted versions too. */
  readonly deleted: boolean;
  /** Equal when the normalised forms are. */
  readonly normalize: boolean;
}

/** The version of a subject that a request's schema is. Throws 40401, 40403, 42201. */
export function lookUp(
  core: StoreCore,
  subject: string,
  request: SchemaRequest,
  options: LookupOptions,
): SchemaEntry {
  const config = effectiveConfig(core, subject);
  const normalize = options.normalize || normalizes(core, config);
  const candidate = readCandidate(core, subject, request, { normalize, strict: false });
  const state = core.state.subjects.get(subject);
  if (state === undefined || latestOf(state, options.deleted) === null) {
    throw new RegistryError(errorCodes.SUBJECT_NOT_FOUND, `Subject "${subject}" has no versions`);
  }
  const found = findLike(core, state, candidate, { ...options, normalize });
  if (found !== null) return found;
  throw new RegistryError(
    errorCodes.SCHEMA_NOT_FOUND,
    `Subject "${subject}" has no version with this schema`,
  );
}

/**
 * The version that a candidate is. One that brings no metadata or no rules is also what it would be
 * with those of the newest version.
 */
export function findLike(
  core: StoreCore,
  subject: SubjectState,
  candidate: Candidate,
  options: LookupOptions,
): SchemaEntry | null {
  const found = findEqual(core, subject, candidate, options);
  const { metadata, ruleSet } = candidate.content;
  if (found !== null || (metadata !== null && ruleSet !== null)) return found;
  const config = effectiveConfig(core, subject.name);
  const extras = populatedExtras(config, { metadata, ruleSet }, latestOf(subject));
  const same = equalMetadata(extras.metadata, metadata) && equalRuleSets(extras.ruleSet, ruleSet);
  if (same) return null;
  const populated = withExtras(core, candidate, extras.metadata, extras.ruleSet);
  return findEqual(core, subject, populated, options);
}

/** The version that is equal to a candidate: by hash, else the newest that means the same. */
export function findEqual(
  core: StoreCore,
  subject: SubjectState,
  candidate: Candidate,
  options: LookupOptions,
): SchemaEntry | null {
  const byHash = findByHash(core, subject, candidate.content, options.deleted);
  if (byHash !== null) return byHash;
  const comparison = new Comparison(core, candidate, options.normalize);
  return subject.entries.findLast((entry) =>
    (options.deleted || !entry.deleted) && comparison.isEqual(entry)
  ) ?? null;
}

/** The newest version of a subject with this very content. */
export function findByHash(
  core: StoreCore,
  subject: SubjectState,
  content: SchemaContent,
  deletedToo: boolean,
): SchemaEntry | null {
  for (const id of core.state.idsOfHash(content.hash)) {
    if (id.context !== subject.context || id.content.type !== content.type) continue;
    const uses = id.uses.get(subject);
    const found = uses?.findLast((entry) => deletedToo || !entry.deleted);
    if (found !== undefined) return found;
  }
  return null;
}

/** Compares one candidate with many versions, the cheap parts first. */
class Comparison {
  readonly #core: StoreCore;
  readonly #candidate: Candidate;
  readonly #normalize: boolean;
  readonly #references: readonly SchemaReference[];
  #normalizedHash: string | null = null;

  constructor(core: StoreCore, candidate: Candidate, normalize: boolean) {
    this.#core = core;
    this.#candidate = candidate;
    this.#normalize = normalize;
    this.#references = this.#targets(candidate.content.references);
  }

  isEqual(entry: SchemaEntry): boolean {
    const { content } = entry;
    const mine = this.#candidate.content;
    if (content.type !== mine.type) return false;
    if (!equalMetadata(content.metadata, mine.metadata)) return false;
    if (!equalRuleSets(content.ruleSet, mine.ruleSet)) return false;
    const inlined = mine.references.length === 0 && content.references.length > 0;
    if (!inlined && !equalReferences(this.#targets(content.references), this.#references)) {
      return false;
    }
    return content.text === mine.text || this.#meansTheSame(content, inlined);
  }

  #meansTheSame(content: SchemaContent, inlined: boolean): boolean {
    const { reader } = this.#core;
    const { parsed, context } = this.#candidate;
    // What differs normalised differs; only a text with its references inlined may look different.
    const hash = this.#normalizedHash ??= reader.normalizedHash(parsed);
    if (!inlined && reader.normalizedHashOf(content, context) !== hash) return false;
    const stored = reader.tryStored(content, context);
    return stored !== null && ((this.#normalize && !inlined) || parsed.equals(stored));
  }

  /** References as what they lead to, sorted by name, so that only that is compared. */
  #targets(references: readonly SchemaReference[]): readonly SchemaReference[] {
    if (references.length === 0) return references;
    const { context } = this.#candidate;
    return references.map((reference) => {
      const subject = targetOf(reference, context);
      const state = this.#core.state.subjects.get(subject);
      const latest = reference.version > 0 || state === undefined ? null : latestOf(state);
      return { ...reference, subject, version: latest?.version ?? reference.version };
    }).sort((a, b) => a.name < b.name ? -1 : 1);
  }
}
