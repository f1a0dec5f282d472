import {
  type CacheLimits,
  LruCache,
  type ParsedSchema,
  type ResolvedReference,
  SchemaError,
  type SchemaFormat,
  type SchemaType,
} from "../formats/mod.ts";
import type { Md5 } from "./content_hash.ts";
import { errorCodes, RegistryError } from "./registry_error.ts";
import { LATEST_VERSION, type SchemaContent, type SchemaReference } from "./schema_content.ts";
import { latestOf, type RegistryState, type SchemaEntry, targetOf } from "./state.ts";

/** A text and what it refers to. */
export interface SchemaSource {
  readonly type: SchemaType;
  readonly text: string;
  readonly references: readonly SchemaReference[];
}

/** Distinct schemas that one may refer to, near and far. */
const REFERENCES_MAX = 1000;
/** How long a chain of references may be. */
const DEPTH_MAX = 100;
/** What a parsed schema weighs for each character of its texts, and at the least; roughly. */
const BYTES_PER_CHARACTER = 6;
const BYTES_MIN = 2000;

/** What a reader stands on. */
export interface SchemaReaderOptions {
  readonly state: RegistryState;
  readonly formats: ReadonlyMap<SchemaType, SchemaFormat>;
  readonly md5: Md5;
  readonly limits: CacheLimits;
}

const encoder = new TextEncoder();

/** Parses schemas with what they refer to, and keeps those parsed last. */
export class SchemaReader {
  readonly #state: RegistryState;
  readonly #formats: ReadonlyMap<SchemaType, SchemaFormat>;
  readonly #md5: Md5;
  readonly #parsed: LruCache<ParsedSchema>;
  /** Hashes of stored schemas' normalised forms; null where nobody can read the schema. */
  readonly #normalizedHashes = new WeakMap<SchemaContent, string | null>();

  constructor(options: SchemaReaderOptions) {
    this.#state = options.state;
    this.#formats = options.formats;
    this.#md5 = options.md5;
    this.#parsed = new LruCache(options.limits);
  }

  /** The kinds that can be read: JSON, PROTOBUF and AVRO when all are. */
  types(): SchemaType[] {
    const order: readonly SchemaType[] = ["JSON", "PROTOBUF", "AVRO"];
    return order.filter((type) => this.#formats.has(type));
  }

  /** The kind of this name; absent means AVRO. Throws 42201 for a kind that nobody reads. */
  typeOf(name: string | null): SchemaType {
    const type = (name === null || name === "" ? "AVRO" : name) as SchemaType;
    if (this.#formats.has(type)) return type;
    const allowed = [...this.#formats.keys()].join(", ");
    throw invalid(`schemaType is "${name}"; allowed: ${allowed}`);
  }

  /** Reads a text from a request. Throws 42201. References must be live, as must theirs. */
  parseNew(source: SchemaSource, context: string, strict: boolean): ParsedSchema {
    return this.#parse(source, context, strict ? "strict" : "new");
  }

  /** Reads a stored schema, soft-deleted references included. Throws 42201 if that can't be done. */
  parseStored(content: SchemaContent, context: string): ParsedSchema {
    return this.#parse(content, context, "stored");
  }

  /** A stored schema; null where nobody can read it. */
  tryStored(content: SchemaContent, context: string): ParsedSchema | null {
    try {
      return this.parseStored(content, context);
    } catch (error) {
      if (error instanceof RegistryError) return null;
      throw error;
    }
  }

  /** A short stand-in for a normalised form. */
  normalizedHash(parsed: ParsedSchema): string {
    return String.fromCharCode(...this.#md5(encoder.encode(parsed.normalizedText())));
  }

  /** That of a stored schema, worked out once; null where nobody can read it. */
  normalizedHashOf(content: SchemaContent, context: string): string | null {
    const known = this.#normalizedHashes.get(content);
    if (known !== undefined) return known;
    const stored = this.tryStored(content, context);
    const hash = stored === null ? null : this.normalizedHash(stored);
    this.#normalizedHashes.set(content, hash);
    return hash;
  }

  /** Keeps what was parsed for when it is read as stored. */
  remember(stored: SchemaSource, context: string, parsed: ParsedSchema): void {
    this.#keep(this.#cacheKey(stored, context, "stored"), parsed);
  }

  /** References with the newest version in place of "latest". Throws 42201 when there is none. */
  pinned(references: readonly SchemaReference[], context: string): readonly SchemaReference[] {
    if (references.every(({ version }) => version !== LATEST_VERSION)) return references;
    return references.map((reference) => {
      if (reference.version !== LATEST_VERSION) return reference;
      const subject = this.#state.subjects.get(targetOf(reference, context));
      const latest = subject === undefined ? null : latestOf(subject);
      if (latest === null) throw missing(reference);
      return { ...reference, version: latest.version };
    });
  }

  #parse(source: SchemaSource, context: string, how: "strict" | "new" | "stored"): ParsedSchema {
    const format = this.#formats.get(source.type);
    if (format === undefined) throw invalid(`Nobody here reads schemas of kind ${source.type}`);
    const key = this.#cacheKey(source, context, how);
    const known = key === null ? undefined : this.#parsed.get(key);
    if (known !== undefined) return known;
    const references = this.#resolve(source.references, context, how === "stored");
    try {
      const parsed = format.parse(source.text, references, { strict: how === "strict" });
      this.#keep(key, parsed);
      return parsed;
    } catch (error) {
      if (error instanceof SchemaError) throw invalid(`The schema is invalid: ${error.message}`);
      throw withinStack(error);
    }
  }

  #keep(key: string | null, parsed: ParsedSchema): void {
    if (key === null) return;
    const characters = key.length + referredCharacters(parsed.references);
    this.#parsed.set(key, parsed, BYTES_MIN + characters * BYTES_PER_CHARACTER);
  }

  /** Null for what refers to the latest version, which each registering moves. */
  #cacheKey(source: SchemaSource, context: string, how: string): string | null {
    if (source.references.length === 0) return `${how} ${source.type} ${source.text}`;
    if (source.references.some(({ version }) => version === LATEST_VERSION)) return null;
    const references = JSON.stringify([this.#state.removals, context, source.references]);
    return `${how} ${source.type} ${references} ${source.text}`;
  }

  #resolve(
    references: readonly SchemaReference[],
    context: string,
    deletedToo: boolean,
  ): ResolvedReference[] {
    if (references.length === 0) return [];
    return new Resolution(this.#state).resolve(references, context, deletedToo);
  }
}

/** What to throw where a walk through a schema failed: one that the stack can't hold is no schema. */
export function withinStack(error: unknown): unknown {
  return error instanceof RangeError ? invalid("The schema is nested too deeply") : error;
}

/** One resolving of references: each schema referred to is looked up once. */
class Resolution {
  readonly #state: RegistryState;
  readonly #done = new Map<SchemaEntry, readonly ResolvedReference[]>();
  readonly #path: SchemaEntry[] = [];

  constructor(state: RegistryState) {
    this.#state = state;
  }

  resolve(
    references: readonly SchemaReference[],
    context: string,
    deletedToo: boolean,
  ): ResolvedReference[] {
    const resolved: ResolvedReference[] = [];
    const names = new Set<string>();
    for (const reference of references) {
      if (names.has(reference.name)) continue;
      names.add(reference.name);
      const entry = this.#find(reference, context, deletedToo);
      const { name, subject } = reference;
      const { version, content } = entry;
      const inner = this.#within(entry);
      resolved.push({ name, subject, version, text: content.text, references: inner });
    }
    return resolved;
  }

  #within(entry: SchemaEntry): readonly ResolvedReference[] {
    const known = this.#done.get(entry);
    if (known !== undefined) return known;
    if (this.#path.includes(entry)) {
      const circle = [...this.#path, entry].map((one) => `${one.subject.name} ${one.version}`);
      throw invalid(`References go in a circle: ${circle.join(", ")}`);
    }
    if (this.#path.length >= DEPTH_MAX || this.#done.size >= REFERENCES_MAX) {
      throw invalid(
        `Too many references; allowed: ${REFERENCES_MAX} schemas, ${DEPTH_MAX} in a chain`,
      );
    }
    this.#path.push(entry);
    // What is stored may refer to what was soft-deleted since.
    const inner = this.resolve(entry.content.references, entry.subject.context.name, true);
    this.#path.pop();
    this.#done.set(entry, inner);
    return inner;
  }

  #find(reference: SchemaReference, context: string, deletedToo: boolean): SchemaEntry {
    const target = targetOf(reference, context);
    const subject = this.#state.subjects.get(target);
    const entry = reference.version !== LATEST_VERSION
      ? this.#state.entry(target, reference.version)
      : subject === undefined
      ? null
      : latestOf(subject) ?? latestOf(subject, deletedToo);
    if (entry === null || (entry.deleted && !deletedToo)) throw missing(reference);
    return entry;
  }
}

function referredCharacters(references: readonly ResolvedReference[]): number {
  return references.reduce((sum, { text }) => sum + text.length, 0);
}

function missing({ name, subject, version }: SchemaReference): RegistryError {
  const which = version === LATEST_VERSION ? "a live version" : `version ${version}`;
  return invalid(`Reference "${name}" is to ${which} of subject "${subject}", which isn't there`);
}

function invalid(message: string): RegistryError {
  return new RegistryError(errorCodes.INVALID_SCHEMA, message);
}
