import type { Config } from "./config.ts";
import { byCodeUnits } from "./json.ts";
import type { Mode } from "./mode.ts";
import type { SchemaContent, SchemaReference } from "./schema_content.ts";
import { LATEST_VERSION } from "./schema_content.ts";
import { SortedNames } from "./sorted_names.ts";
import { DEFAULT_CONTEXT, subjectInContext, subjectParts } from "./subject_name.ts";
import { AssociationTable } from "./association_table.ts";

/** A version of a subject. */
export interface SchemaEntry {
  readonly subject: SubjectState;
  readonly version: number;
  readonly id: number;
  readonly content: SchemaContent;
  /** Whether it is soft-deleted. */
  deleted: boolean;
  /** When its record was written, in milliseconds since 1970; null when nobody said. */
  timestampMs: number | null;
}

/** A subject with versions, live or soft-deleted. */
export interface SubjectState {
  /** With its context, unless that is the default one. */
  readonly name: string;
  readonly context: ContextState;
  /** Ascending by version; never empty while the subject is in the state. */
  readonly entries: SchemaEntry[];
  liveCount: number;
}

/** A space of ids. */
export interface ContextState {
  /** Starts with a dot. */
  readonly name: string;
  readonly ids: Map<number, IdState>;
  /** The largest id ever seen. */
  idMax: number;
  /** Whether a CONTEXT record announced it. */
  declared: boolean;
  subjectCount: number;
}

/** An id, and which versions have it. */
export interface IdState {
  readonly id: number;
  readonly context: ContextState;
  readonly content: SchemaContent;
  /** Ascending by version within each subject. */
  readonly uses: Map<SubjectState, SchemaEntry[]>;
}

/** Everything that records say, with the indexes that make each question cheap. Mutated by replay alone. */
export class RegistryState {
  readonly subjects = new Map<string, SubjectState>();
  readonly contexts = new Map<string, ContextState>();
  /** Names of all subjects, those with only soft-deleted versions included. */
  readonly subjectNames = new SortedNames();
  /** By hash: the ids of the contents that have it, in every context. */
  readonly #idsByHash = new Map<string, IdState[]>();
  /** By scope; null is the default context's. */
  readonly configs = new Map<string | null, Config>();
  readonly modes = new Map<string | null, Mode>();
  readonly associations = new AssociationTable();
  /** Subjects that stand for one, by that one. */
  readonly #aliases = new Map<string, Set<string>>();
  /** By subject and version of what is referred to. */
  readonly #referrers = new Map<string, Map<number, Set<SchemaEntry>>>();
  /** Keys in another registry's spelling that hold values, by ours. */
  readonly #foreignKeys = new Map<string, Set<string>>();
  /**
   * Versions whose last record on the topic doesn't count, by their key: a registry that starts on a compacted
   * topic might take it for true. Whoever takes writes puts what does count in its place.
   */
  readonly unsettled = new Map<string, { readonly subject: string; readonly version: number }>();
  #removals = 0;

  constructor() {
    this.#contextOf(DEFAULT_CONTEXT).declared = true;
  }

  /** Counts versions that went or were soft-deleted: references to them resolve otherwise since. */
  get removals(): number {
    return this.#removals;
  }

  /** A version of a subject, live or not. */
  entry(subject: string, version: number): SchemaEntry | null {
    const state = this.subjects.get(subject);
    return state === undefined ? null : entryOf(state, version);
  }

  /** The ids of all contents with a hash, in every context. Kinds of schema may share a hash. */
  idsOfHash(hash: string): readonly IdState[] {
    return this.#idsByHash.get(hash) ?? [];
  }

  /** An id in the context of a subject; null when nothing has it. */
  idFor(subject: string, id: number): IdState | null {
    return this.contexts.get(subjectParts(subject).context)?.ids.get(id) ?? null;
  }

  /** Subjects that stand for this one. */
  aliasesOf(subject: string): readonly string[] {
    const names = this.#aliases.get(subject);
    return names === undefined ? [] : [...names].sort(byCodeUnits);
  }

  /** Versions that refer to a version of a subject, live or not. */
  *referrers(subject: string, version: number): Generator<SchemaEntry> {
    const versions = this.#referrers.get(subject);
    if (versions === undefined) return;
    yield* versions.get(version) ?? [];
    // Other registries may store a reference to the latest version as it was given.
    const state = this.subjects.get(subject);
    if (state !== undefined && latestOf(state)?.version === version) {
      yield* versions.get(LATEST_VERSION) ?? [];
    }
  }

  /** Other spellings under which the value of a key is stored too. */
  foreignKeys(keyText: string): readonly string[] {
    return [...this.#foreignKeys.get(keyText) ?? []];
  }

  /** Notes that a key in another spelling holds a value, or no longer does. */
  noteForeignKey(ours: string, theirs: string, holds: boolean): void {
    const keys = this.#foreignKeys.get(ours) ?? new Set<string>();
    if (holds) this.#foreignKeys.set(ours, keys.add(theirs));
    else if (keys.delete(theirs) && keys.size === 0) this.#foreignKeys.delete(ours);
  }

  /** Puts a version in place of what it had before. */
  putSchema(
    subjectName: string,
    version: number,
    value: { readonly id: number; readonly content: SchemaContent; readonly deleted: boolean },
    timestampMs: number | null,
  ): void {
    const old = this.entry(subjectName, version);
    if (old !== null && old.id === value.id && sameContent(old.content, value.content)) {
      this.#setDeleted(old, value.deleted);
      old.timestampMs = timestampMs ?? old.timestampMs;
      return;
    }
    if (old !== null) this.removeSchema(subjectName, version);
    const subject = this.#subjectOf(subjectName);
    const id = this.#idOf(subject.context, value.id, value.content);
    const { content } = id;
    const entry = { subject, version, id: value.id, content, deleted: true, timestampMs };
    insertByVersion(subject.entries, entry);
    const uses = id.uses.get(subject);
    if (uses === undefined) id.uses.set(subject, [entry]);
    else insertByVersion(uses, entry);
    this.#eachReference(entry, (set) => set.add(entry));
    this.#setDeleted(entry, value.deleted);
  }

  /** Takes a version away for good; its id goes with its last use. */
  removeSchema(subjectName: string, version: number): void {
    const entry = this.entry(subjectName, version);
    if (entry === null) return;
    this.#setDeleted(entry, true);
    this.#removals++;
    const { subject } = entry;
    subject.entries.splice(subject.entries.indexOf(entry), 1);
    this.#eachReference(entry, (set) => set.delete(entry));
    this.#dropUse(entry);
    if (subject.entries.length > 0) return;
    this.subjects.delete(subjectName);
    this.subjectNames.delete(subjectName);
    subject.context.subjectCount--;
  }

  /** Soft-deletes every version up to and including one. */
  deleteUpTo(subjectName: string, version: number): void {
    for (const entry of this.subjects.get(subjectName)?.entries ?? []) {
      if (entry.version <= version) this.#setDeleted(entry, true);
    }
  }

  /** Forgets the soft-deleted versions of a subject, or of a context when its scope is named. */
  clear(scope: string): void {
    const { context, name } = subjectParts(scope);
    const cleared = name === "" && scope !== ""
      ? [...this.subjects.values()].filter((subject) => subject.context.name === context)
      : [this.subjects.get(scope)];
    for (const subject of cleared) {
      for (const entry of [...subject?.entries ?? []]) {
        if (entry.deleted) this.removeSchema(entry.subject.name, entry.version);
      }
    }
  }

  /** Sets or clears the config of a scope. */
  putConfig(scope: string | null, config: Config | null): void {
    const oldTarget = aliasTarget(scope, this.configs.get(scope));
    if (oldTarget !== null) this.#aliases.get(oldTarget)?.delete(scope!);
    if (config === null) this.configs.delete(scope);
    else this.configs.set(scope, config);
    const target = aliasTarget(scope, config);
    if (target === null) return;
    const aliases = this.#aliases.get(target) ?? new Set<string>();
    this.#aliases.set(target, aliases.add(scope!));
  }

  /** Sets or clears the mode of a scope. */
  putMode(scope: string | null, mode: Mode | null): void {
    if (mode === null) this.modes.delete(scope);
    else this.modes.set(scope, mode);
  }

  /** Announces a context, or takes its announcement back. */
  putContext(name: string, declared: boolean): void {
    if (name === DEFAULT_CONTEXT) return;
    // What was taken back stays known, so that its ids are counted on.
    if (declared || this.contexts.has(name)) this.#contextOf(name).declared = declared;
  }

  #contextOf(name: string): ContextState {
    const known = this.contexts.get(name);
    if (known !== undefined) return known;
    const context = { name, ids: new Map(), idMax: 0, declared: false, subjectCount: 0 };
    this.contexts.set(name, context);
    return context;
  }

  #subjectOf(name: string): SubjectState {
    const known = this.subjects.get(name);
    if (known !== undefined) return known;
    const context = this.#contextOf(subjectParts(name).context);
    const subject = { name, context, entries: [], liveCount: 0 };
    context.subjectCount++;
    this.subjects.set(name, subject);
    this.subjectNames.add(name);
    return subject;
  }

  #idOf(context: ContextState, id: number, content: SchemaContent): IdState {
    const known = context.ids.get(id);
    if (known !== undefined) return known;
    const sameHash = this.#idsByHash.get(content.hash);
    // Equal texts are kept once, whatever the context.
    const shared = sameHash?.find((other) => sameContent(other.content, content));
    const state = { id, context, content: shared?.content ?? content, uses: new Map() };
    context.ids.set(id, state);
    context.idMax = Math.max(context.idMax, id);
    if (sameHash === undefined) this.#idsByHash.set(content.hash, [state]);
    else sameHash.push(state);
    return state;
  }

  #dropUse(entry: SchemaEntry): void {
    const { context } = entry.subject;
    const id = context.ids.get(entry.id)!;
    const left = id.uses.get(entry.subject)!.filter((use) => use !== entry);
    if (left.length > 0) id.uses.set(entry.subject, left);
    else id.uses.delete(entry.subject);
    if (id.uses.size > 0) return;
    context.ids.delete(entry.id);
    const { hash } = id.content;
    const others = this.#idsByHash.get(hash)!.filter((other) => other !== id);
    if (others.length > 0) this.#idsByHash.set(hash, others);
    else this.#idsByHash.delete(hash);
  }

  #setDeleted(entry: SchemaEntry, deleted: boolean): void {
    if (entry.deleted === deleted) return;
    if (deleted) this.#removals++;
    entry.deleted = deleted;
    entry.subject.liveCount += deleted ? -1 : 1;
  }

  #eachReference(entry: SchemaEntry, visit: (set: Set<SchemaEntry>) => void): void {
    for (const reference of entry.content.references) {
      const subject = targetOf(reference, entry.subject.context.name);
      const versions = this.#referrers.get(subject) ?? new Map<number, Set<SchemaEntry>>();
      this.#referrers.set(subject, versions);
      const set = versions.get(reference.version) ?? new Set<SchemaEntry>();
      versions.set(reference.version, set);
      visit(set);
      if (set.size > 0) continue;
      versions.delete(reference.version);
      if (versions.size === 0) this.#referrers.delete(subject);
    }
  }
}

/** Whether both are the same schema; the hash alone says nothing about the kind. */
export function sameContent(a: SchemaContent, b: SchemaContent): boolean {
  return a === b || (a.hash === b.hash && a.type === b.type);
}

/** The subject that a reference from a context names. */
export function targetOf(reference: SchemaReference, context: string): string {
  return subjectInContext(reference.subject, context);
}

/** The subject that a scope with this config stands for; null when it stands for itself. */
export function aliasTarget(
  scope: string | null,
  config: Config | null | undefined,
): string | null {
  const alias = config?.alias ?? null;
  if (scope === null || alias === null || alias === "") return null;
  return subjectInContext(alias, subjectParts(scope).context);
}

/** The live version with the highest number; null when every one is soft-deleted. */
export function latestOf(subject: SubjectState, deletedToo = false): SchemaEntry | null {
  if (!deletedToo && subject.liveCount === 0) return null;
  return subject.entries.findLast((entry) => deletedToo || !entry.deleted) ?? null;
}

/** A version of a subject, live or not. */
export function entryOf(subject: SubjectState, version: number): SchemaEntry | null {
  const entry = subject.entries[lowerBound(subject.entries, version)];
  return entry?.version === version ? entry : null;
}

function insertByVersion(entries: SchemaEntry[], entry: SchemaEntry): void {
  entries.splice(lowerBound(entries, entry.version), 0, entry);
}

/** Index of the first entry with this version or a higher one. */
function lowerBound(entries: readonly SchemaEntry[], version: number): number {
  let low = 0;
  let high = entries.length;
  if (high > 0 && entries[high - 1]!.version < version) return high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.version < version) low = middle + 1;
    else high = middle;
  }
  return low;
}
