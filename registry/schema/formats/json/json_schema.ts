import {
  type DatumCodec,
  DatumError,
  type ParsedSchema,
  type ParseOptions,
  type ResolvedReference,
  SchemaError,
  type SchemaFormat,
} from "../schema.ts";
import { checkAgainstDraft } from "./ajv_drafts.ts";
import { DEFAULT_DRAFT, type Draft, draftOf, isReferenceOnly } from "./drafts.ts";
import {
  type JsonObject,
  type JsonValue,
  parseJson,
  writeComparable,
  writeJson,
} from "./json_text.ts";
import { isRegExp } from "./linear_regexp.ts";
import { SchemaResources } from "./schema_resources.ts";
import { type ValueValidator, valueValidator } from "./value_validator.ts";

/** The kind of schema that JSON Schema is. */
export interface JsonFormat extends SchemaFormat {
  parse(
    text: string,
    references: readonly ResolvedReference[],
    options: ParseOptions,
  ): JsonSchema;
}

/** JSON Schema, drafts 4, 6, 7, 2019-09 and 2020-12 as `$schema` says, 7 where it says nothing. */
export const jsonFormat: JsonFormat = { type: "JSON", parse: parseJsonSchema };

function parseJsonSchema(
  text: string,
  references: readonly ResolvedReference[],
  options: ParseOptions,
): JsonSchema {
  const root = parseJson(text);
  checkAgainstDraft(JSON.parse(text), draftOf(root, DEFAULT_DRAFT));
  const schema = new JsonSchema(root, references, new SchemaResources(root, references));
  if (options.strict) checkPatterns(schema.resources);
  return schema;
}

/** A JSON Schema that was understood. */
export class JsonSchema implements ParsedSchema {
  readonly type = "JSON";
  readonly canonicalText: string;
  readonly recordName: string | null;
  #normalized: string | null = null;
  #comparable: string | null = null;
  #validator: ValueValidator | null = null;

  constructor(
    /** The schema as written. */
    readonly root: JsonValue,
    readonly references: readonly ResolvedReference[],
    /** All schemas in it and in what it refers to. */
    readonly resources: SchemaResources,
  ) {
    this.canonicalText = writeJson(root);
    const title = root instanceof Map ? root.get("title") : undefined;
    this.recordName = typeof title === "string" ? title : null;
  }

  /** The draft it is read as. */
  get draft(): Draft {
    return this.resources.draft;
  }

  /** The canonical text with the keys of all objects sorted. */
  normalizedText(): string {
    return this.#normalized ??= writeJson(this.root, true);
  }

  /** JSON Schema has no other formats than the canonical text. */
  textAs(_format: string): string {
    return this.canonicalText;
  }

  /** Whether both texts are the same but for the order of keys and the writing of numbers and strings. */
  equals(other: ParsedSchema): boolean {
    if (!(other instanceof JsonSchema)) return false;
    return this.#comparableText() === other.#comparableText() &&
      sameReferences(this.references, other.references);
  }

  #comparableText(): string {
    return this.#comparable ??= writeComparable(this.root);
  }

  /** Names of the properties of the outermost schema, those of its `$ref` and `allOf` included. */
  get fieldNames(): readonly string[] {
    const names = new Set<string>();
    const seen = new Set<JsonValue>();
    const open: JsonValue[] = [this.root];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (!(next instanceof Map) || seen.has(next)) continue;
      seen.add(next);
      open.push(...this.resources.targets(next));
      if (isReferenceOnly(next, this.resources.place(next).draft)) continue;
      for (const name of propertiesOf(next)) names.add(name);
      const members = next.get("allOf");
      if (Array.isArray(members)) open.push(...members);
    }
    return [...names];
  }

  /** JSON pointers of the properties whose names start with `$$`, which validation of fields refuses. */
  reservedProperties(): string[] {
    const found: string[] = [];
    for (const [schema, place] of this.resources.all()) {
      for (const name of propertiesOf(schema)) {
        if (name.startsWith("$$")) found.push(`${place.pointer}/properties/${name}`);
      }
    }
    return found;
  }

  /** Values as JSON text; they are not checked against the schema: {@linkcode validate} does that. */
  datum(): DatumCodec {
    return jsonCodec;
  }

  /**
   * What is wrong with a value, as up to 20 sentences that start with its JSON pointer; none when it fits.
   * Never takes long. Throws {@linkcode SchemaError} for a schema that values can't be checked against in
   * bounded time.
   */
  validate(value: unknown): string[] {
    this.#validator ??= valueValidator(this.resources);
    return this.#validator(value);
  }
}

function propertiesOf(schema: JsonObject): Iterable<string> {
  const properties = schema.get("properties");
  return properties instanceof Map ? properties.keys() : [];
}

function sameReferences(
  left: readonly ResolvedReference[],
  right: readonly ResolvedReference[],
): boolean {
  if (left === right) return true;
  if (left.length !== right.length) return false;
  const key = (one: ResolvedReference) => JSON.stringify([one.name, one.subject, one.version]);
  const keys = new Set(left.map(key));
  return right.every((one) => keys.has(key(one)));
}

/** Java's own regular expressions are let through where ECMAScript or RE2 can read them. */
function checkPatterns(resources: SchemaResources): void {
  for (const [schema, { pointer }] of resources.all()) {
    const pattern = schema.get("pattern");
    if (typeof pattern === "string") checkPattern(pattern, `${pointer}/pattern`);
    const patterned = schema.get("patternProperties");
    if (!(patterned instanceof Map)) continue;
    for (const name of patterned.keys()) checkPattern(name, `${pointer}/patternProperties`);
  }
}

function checkPattern(pattern: string, pointer: string): void {
  if (isRegExp(pattern)) return;
  throw new SchemaError(`${pointer}: ${JSON.stringify(pattern)} is not a regular expression`);
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

const jsonCodec: DatumCodec = {
  encode(json) {
    let text: string | undefined;
    try {
      text = JSON.stringify(json);
    } catch (error) {
      throw new DatumError(`Value can't be written as JSON: ${reasonOf(error)}`, { cause: error });
    }
    if (text === undefined) throw new DatumError("Value can't be written as JSON: it is undefined");
    return encoder.encode(text);
  },
  decode(bytes) {
    try {
      return JSON.parse(decoder.decode(bytes));
    } catch (error) {
      throw new DatumError(`Bytes are not JSON: ${reasonOf(error)}`, { cause: error });
    }
  },
};

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
