import {
  LruCache,
  type ParsedSchema,
  type ResolvedReference,
  SchemaError,
  type SchemaType,
} from "../../schema/formats/mod.ts";
import { FORMATS } from "./formats.ts";
import { RegisteredSchema, type SchemaKey } from "./registered_schema.ts";
import {
  errorCodeOf,
  messageOf,
  type RegistryAnswer,
  type RegistryClient,
} from "./registry_client.ts";
import { SchemaSourceError } from "./schema_source_error.ts";

/** How much is kept, and how long. */
export interface SchemaSourceOptions {
  readonly registry: RegistryClient;
  /** Schemas that are kept by each of id, version and text. */
  readonly entriesMax: number;
  /** How long the latest version of a subject is taken as such without asking again. */
  readonly latestMs: number;
}

/** A text to be found under a subject, or registered there. */
export interface SchemaText {
  readonly subject: string;
  readonly type: SchemaType;
  readonly text: string;
}

/** Of all texts in one cache. */
const TEXT_BYTES_MAX = 64 * 1024 * 1024;
/** References of one schema, those of its references included. */
const REFERENCES_MAX = 1000;
const SCHEMA_ID_MAX = 2 ** 31 - 1;

/** What registries say where there is no such subject, version or schema. */
const NOT_FOUND = 404;

interface Reference {
  readonly name: string;
  readonly subject: string;
  readonly version: number;
}

/** A schema as registries tell it. */
interface ToldSchema {
  readonly id: number;
  readonly subject: string | null;
  readonly version: number | null;
  readonly type: string;
  readonly text: string;
  readonly references: readonly Reference[];
}

/**
 * Schemas of a registry, parsed with all that they refer to. What was asked once is kept, within limits, and what
 * several ask at a time is asked once. Everything rejects with {@linkcode SchemaSourceError}.
 */
export class SchemaSource {
  readonly #registry: RegistryClient;
  readonly #latestMs: number;
  readonly #byId: LruCache<RegisteredSchema, string | number>;
  readonly #byVersion: LruCache<RegisteredSchema, string | number>;
  readonly #byText: LruCache<RegisteredSchema, string | number>;
  readonly #latest: LruCache<{ readonly schema: RegisteredSchema; readonly untilMs: number }>;
  readonly #underWay = new Map<string, Promise<RegisteredSchema>>();

  constructor({ registry, entriesMax, latestMs }: SchemaSourceOptions) {
    this.#registry = registry;
    this.#latestMs = latestMs;
    const limits = { entries: entriesMax, bytes: TEXT_BYTES_MAX };
    this.#byId = new LruCache(limits);
    this.#byVersion = new LruCache(limits);
    this.#byText = new LruCache(limits);
    this.#latest = new LruCache(limits);
  }

  /** The schema of an id where it is at hand; null: {@linkcode byId} asks for it. */
  cachedById(id: number): RegisteredSchema | null {
    return this.#byId.get(id) ?? null;
  }

  /** The schema of an id. */
  byId(id: number): Promise<RegisteredSchema> {
    const cached = this.#byId.get(id);
    if (cached !== undefined) return Promise.resolve(cached);
    return this.#once(`id ${id}`, async () => {
      if (!Number.isInteger(id) || id < 0 || id > SCHEMA_ID_MAX) {
        throw new SchemaSourceError("unknown", `There is no schema of id ${id}`);
      }
      const answer = await this.#registry.request("GET", `/schemas/ids/${id}`);
      const told = toldSchema(found(answer, `schema of id ${id}`));
      return this.#keep(this.#byId, id, await this.#registered({ ...told, id, subject: null }));
    });
  }

  /** The schema of an id or a GUID where it is at hand; null: {@linkcode byKey} asks for it. */
  cachedByKey(key: SchemaKey): RegisteredSchema | null {
    return this.#byId.get(key) ?? null;
  }

  /** The schema of an id or a GUID; of a GUID alone its id is -1. */
  byKey(key: SchemaKey): Promise<RegisteredSchema> {
    if (typeof key === "number") return this.byId(key);
    const cached = this.#byId.get(key);
    if (cached !== undefined) return Promise.resolve(cached);
    return this.#once(`guid ${key}`, async () => {
      const answer = await this.#registry.request("GET", `/schemas/guids/${key}`);
      const told = toldSchema(found(answer, `schema of GUID ${key}`));
      const schema = await this.#registered({ ...told, id: -1, subject: null });
      this.#byId.set(key, schema, weightOf(schema));
      return schema;
    });
  }

  /** The schema of a version (1 or more) of a subject. */
  byVersion(subject: string, version: number): Promise<RegisteredSchema> {
    const key = JSON.stringify([subject, version]);
    const cached = this.#byVersion.get(key);
    if (cached !== undefined) return Promise.resolve(cached);
    return this.#once(`version ${key}`, async () => {
      const told = await this.#toldVersion(subject, String(version));
      return this.#keep(this.#byVersion, key, await this.#registered(told));
    });
  }

  /** The schema of the latest version of a subject. */
  latest(subject: string): Promise<RegisteredSchema> {
    const cached = this.#latest.get(subject);
    if (cached !== undefined && cached.untilMs > performance.now()) {
      return Promise.resolve(cached.schema);
    }
    return this.#once(`latest ${subject}`, async () => {
      const schema = await this.#registered(await this.#toldVersion(subject, "latest"));
      const untilMs = performance.now() + this.#latestMs;
      this.#latest.set(subject, { schema, untilMs }, weightOf(schema));
      this.#keepById(schema);
      return schema;
    });
  }

  /** The schema of a text: the one that its subject has, registered if it has none such. */
  byText({ subject, type, text }: SchemaText): Promise<RegisteredSchema> {
    const key = JSON.stringify([subject, type, text]);
    const cached = this.#byText.get(key);
    if (cached !== undefined) return Promise.resolve(cached);
    return this.#once(`text ${key}`, async () => {
      const schema = parse(type, text, [], `The schema for subject "${subject}"`);
      const place = await this.#lookUpOrRegister({ subject, type, text });
      const registered = new RegisteredSchema(place.id, schema, place);
      return this.#keep(this.#byText, key, registered, text.length);
    });
  }

  /** A text as a schema, for its name and the like. Throws {@linkcode SchemaSourceError} "invalid". */
  parse(type: SchemaType, text: string): ParsedSchema {
    return parse(type, text, [], "The schema");
  }

  async #lookUpOrRegister(
    schema: SchemaText,
  ): Promise<{ readonly id: number; readonly subject: string; readonly version: number }> {
    const { subject } = schema;
    const known = await this.#lookUp(schema);
    if (known !== null) return known;
    const path = `/subjects/${encodeURIComponent(subject)}/versions`;
    const answer = await this.#registry.request("POST", path, requestBody(schema));
    if (answer.status !== 200) throw refused(answer, `The schema for subject "${subject}"`);
    const told = answer.body as { readonly id?: unknown; readonly version?: unknown };
    if (isWhole(told.id) && isWhole(told.version)) {
      return { id: told.id, subject, version: told.version };
    }
    // Older registries tell the id alone.
    const registered = await this.#lookUp(schema);
    if (registered !== null) return registered;
    throw new SchemaSourceError("unreachable", `The registry lost a schema of "${subject}"`);
  }

  async #lookUp(
    schema: SchemaText,
  ): Promise<{ readonly id: number; readonly subject: string; readonly version: number } | null> {
    const { subject } = schema;
    const path = `/subjects/${encodeURIComponent(subject)}`;
    const answer = await this.#registry.request("POST", path, requestBody(schema));
    if (answer.status === NOT_FOUND) return null;
    if (answer.status !== 200) throw refused(answer, `The schema for subject "${subject}"`);
    const { id, version } = toldSchema(answer);
    return { id, subject, version: version ?? 1 };
  }

  async #toldVersion(subject: string, version: string): Promise<ToldSchema> {
    const path = `/subjects/${encodeURIComponent(subject)}/versions/${version}`;
    const answer = await this.#registry.request("GET", path);
    const what = version === "latest" ? "schema" : `version ${version}`;
    return toldSchema(found(answer, `${what} of subject "${subject}"`));
  }

  async #registered(told: ToldSchema): Promise<RegisteredSchema> {
    const what = `Schema ${told.id}`;
    const references = await this.#resolve(told.references, { left: REFERENCES_MAX, what });
    const schema = parse(told.type, told.text, references, what);
    const place = told.subject === null || told.version === null
      ? null
      : { subject: told.subject, version: told.version };
    return new RegisteredSchema(told.id, schema, place);
  }

  async #resolve(
    references: readonly Reference[],
    budget: { left: number; readonly what: string },
    known: Map<string, ResolvedReference> = new Map(),
    path: ReadonlySet<string> = new Set(),
  ): Promise<ResolvedReference[]> {
    const resolved: ResolvedReference[] = [];
    for (const { name, subject, version } of references) {
      const key = JSON.stringify([subject, version]);
      if (path.has(key) || budget.left-- <= 0) {
        const why = path.has(key)
          ? "refers to itself"
          : `has more than ${REFERENCES_MAX} references`;
        throw new SchemaSourceError("invalid", `${budget.what} ${why}`);
      }
      let found = known.get(key);
      if (found === undefined) {
        // What is referred to stays readable although its version was deleted since.
        const told = await this.#toldVersion(subject, `${version}?deleted=true`);
        const inner = await this.#resolve(told.references, budget, known, new Set([...path, key]));
        found = { name, subject, version, text: told.text, references: inner };
        known.set(key, found);
      }
      resolved.push({ ...found, name });
    }
    return resolved;
  }

  #keep(
    cache: LruCache<RegisteredSchema, string | number>,
    key: string | number,
    schema: RegisteredSchema,
    moreBytes = 0,
  ): RegisteredSchema {
    cache.set(key, schema, weightOf(schema) + moreBytes);
    this.#keepById(schema);
    return schema;
  }

  /** A schema that was found elsewise; other contexts have ids of their own. */
  #keepById(schema: RegisteredSchema): void {
    if (schema.subject?.startsWith(":") || this.#byId.get(schema.id) !== undefined) return;
    this.#byId.set(schema.id, schema, weightOf(schema));
  }

  /** What is under way for the key already, else the call's outcome. */
  #once(key: string, ask: () => Promise<RegisteredSchema>): Promise<RegisteredSchema> {
    const before = this.#underWay.get(key);
    if (before !== undefined) return before;
    const asked = ask().finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, asked);
    return asked;
  }
}

/** A parsed schema takes several times its text; those times are in the limit. */
function weightOf({ schema }: RegisteredSchema): number {
  return schema.canonicalText.length +
    schema.references.reduce((sum, { text }) => sum + text.length, 0);
}

function parse(
  type: string,
  text: string,
  references: readonly ResolvedReference[],
  what: string,
): ParsedSchema {
  const format = FORMATS.get(type as SchemaType);
  if (format === undefined) {
    throw new SchemaSourceError(
      "invalid",
      `${what} is of the unknown kind ${JSON.stringify(type)}`,
    );
  }
  try {
    return format.parse(text, references, { strict: false });
  } catch (cause) {
    if (!(cause instanceof SchemaError)) throw cause;
    throw new SchemaSourceError("invalid", `${what} is none: ${cause.message}`, { cause });
  }
}

function requestBody({ type, text }: SchemaText): Readonly<Record<string, string>> {
  return type === "AVRO" ? { schema: text } : { schema: text, schemaType: type };
}

function found(answer: RegistryAnswer, what: string): RegistryAnswer {
  if (answer.status === 200) return answer;
  if (answer.status === NOT_FOUND) throw new SchemaSourceError("unknown", `There is no ${what}`);
  throw refused(answer, `The ${what}`);
}

function refused(answer: RegistryAnswer, what: string): SchemaSourceError {
  const code = errorCodeOf(answer) || answer.status;
  return new SchemaSourceError(
    "invalid",
    `${what} is refused by the registry with ${code}: ${messageOf(answer)}`,
  );
}

function toldSchema({ body }: RegistryAnswer): ToldSchema {
  const told = (body ?? {}) as Readonly<Record<string, unknown>>;
  const { schema, schemaType, id, subject, version, references } = told;
  if (typeof schema !== "string") {
    throw new SchemaSourceError("unreachable", "The registry's answer has no schema in it");
  }
  return {
    id: isWhole(id) ? id : -1,
    subject: typeof subject === "string" ? subject : null,
    version: isWhole(version) ? version : null,
    type: typeof schemaType === "string" ? schemaType : "AVRO",
    text: schema,
    references: Array.isArray(references) ? references.filter(isReference) : [],
  };
}

function isReference(value: unknown): value is Reference {
  const { name, subject, version } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return typeof name === "string" && typeof subject === "string" && isWhole(version);
}

function isWhole(value: unknown): value is number {
  return Number.isInteger(value);
}
