import type { JsonObject, JsonValue } from "./json_text.ts";

/** The drafts of JSON Schema that are understood. */
export type Draft = 4 | 6 | 7 | 2019 | 2020;

/** The draft of a schema that names none. */
export const DEFAULT_DRAFT: Draft = 7;

const DRAFT_URI =
  /^https?:\/\/json-schema\.org\/(?:draft-0([467])|draft\/(2019)-09|draft\/(2020)-12)\/schema#?$/;

/** The draft that `$schema` names, `fallback` when it names none that is known. */
export function draftOf(schema: JsonValue, fallback: Draft): Draft {
  const uri = schema instanceof Map ? schema.get("$schema") : undefined;
  const match = typeof uri === "string" ? DRAFT_URI.exec(uri) : null;
  if (match === null) return fallback;
  return Number(match[1] ?? match[2] ?? match[3]) as Draft;
}

/** What a keyword holds: data, one schema, a list of schemas or named schemas; `items` is one or a list. */
type Holds = "data" | "schema" | "list" | "map" | "items" | "dependencies";

interface Keyword {
  readonly holds: Holds;
  readonly since: Draft;
  readonly until: Draft;
}

function keyword(holds: Holds, since: Draft = 4, until: Draft = 2020): Keyword {
  return { holds, since, until };
}

/** Keywords that say something about a value, with the drafts that know them. */
const ASSERTIONS: ReadonlyMap<string, Keyword> = new Map(Object.entries({
  type: keyword("data"),
  enum: keyword("data"),
  const: keyword("data", 6),
  format: keyword("data"),
  multipleOf: keyword("data"),
  maximum: keyword("data"),
  exclusiveMaximum: keyword("data"),
  minimum: keyword("data"),
  exclusiveMinimum: keyword("data"),
  maxLength: keyword("data"),
  minLength: keyword("data"),
  pattern: keyword("data"),
  maxItems: keyword("data"),
  minItems: keyword("data"),
  uniqueItems: keyword("data"),
  maxContains: keyword("data", 2019),
  minContains: keyword("data", 2019),
  maxProperties: keyword("data"),
  minProperties: keyword("data"),
  required: keyword("data"),
  dependentRequired: keyword("data", 2019),
  properties: keyword("map"),
  patternProperties: keyword("map"),
  additionalProperties: keyword("schema"),
  unevaluatedProperties: keyword("schema", 2019),
  propertyNames: keyword("schema", 6),
  dependencies: keyword("dependencies"),
  dependentSchemas: keyword("map", 2019),
  prefixItems: keyword("list", 2020),
  items: keyword("items"),
  additionalItems: keyword("schema", 4, 2019),
  unevaluatedItems: keyword("schema", 2019),
  contains: keyword("schema", 6),
  allOf: keyword("list"),
  anyOf: keyword("list"),
  oneOf: keyword("list"),
  not: keyword("schema"),
  if: keyword("schema", 7),
  then: keyword("schema", 7),
  else: keyword("schema", 7),
}));

/** Keywords that hold schemas for others to refer to. */
const CONTAINERS: ReadonlyMap<string, Keyword> = new Map([
  ["definitions", keyword("map")],
  ["$defs", keyword("map")],
]);

/** Keywords that refer to another schema. */
const REFERRERS: ReadonlyMap<string, Keyword> = new Map([
  ["$ref", keyword("data")],
  ["$recursiveRef", keyword("data", 2019, 2019)],
  ["$dynamicRef", keyword("data", 2020)],
]);

/** Whether the draft knows this keyword as one that says something about a value. */
export function isAssertion(name: string, draft: Draft): boolean {
  return isKnown(ASSERTIONS.get(name), draft);
}

function isKnown(found: Keyword | undefined, draft: Draft): boolean {
  return found !== undefined && draft >= found.since && draft <= found.until;
}

/** The URIs that a schema refers to, by `$ref`, `$recursiveRef` and `$dynamicRef` where the draft has them. */
export function referrersOf(schema: JsonObject, draft: Draft): { keyword: string; uri: string }[] {
  const referrers = [];
  for (const [keyword, found] of REFERRERS) {
    const uri = isKnown(found, draft) ? schema.get(keyword) : undefined;
    if (typeof uri === "string") referrers.push({ keyword, uri });
  }
  return referrers;
}

/** Whether the rest of a schema counts for nothing because it has a `$ref`, as up to draft 7. */
export function isReferenceOnly(schema: JsonObject, draft: Draft): boolean {
  return draft <= 7 && typeof schema.get("$ref") === "string";
}

/** A schema within a schema. */
export interface Subschema {
  /** The keyword that holds it. */
  readonly keyword: string;
  /** Its name or index below the keyword; null when the keyword holds it by itself. */
  readonly key: string | null;
  readonly value: JsonValue;
}

/** The schemas right below a schema, those for others to refer to included. */
export function* subschemasOf(schema: JsonObject, draft: Draft): Generator<Subschema> {
  for (const [name, value] of schema) {
    const found = ASSERTIONS.get(name) ?? CONTAINERS.get(name);
    if (found !== undefined && isKnown(found, draft)) yield* heldBy(name, found.holds, value);
  }
}

function* heldBy(name: string, holds: Holds, value: JsonValue): Generator<Subschema> {
  if (holds === "data") return;
  const isList = holds === "list" || holds === "items";
  if (Array.isArray(value)) {
    if (!isList) return;
    for (let i = 0; i < value.length; i++) {
      yield { keyword: name, key: String(i), value: value[i] ?? null };
    }
  } else if (holds === "map" || holds === "dependencies") {
    if (!(value instanceof Map)) return;
    for (const [key, held] of value) {
      if (!Array.isArray(held)) yield { keyword: name, key, value: held };
    }
  } else if (holds !== "list") yield { keyword: name, key: null, value };
}

/** A JSON pointer's step for a key, escaped. */
export function pointerStep(key: string): string {
  return key.includes("~") || key.includes("/")
    ? "/" + key.replaceAll("~", "~0").replaceAll("/", "~1")
    : "/" + key;
}
