import { SchemaError } from "../schema.ts";
import { isAssertion, isReferenceOnly, subschemasOf } from "./drafts.ts";
import { type JsonObject, type JsonValue, writeJson } from "./json_text.ts";
import type { SchemaResources } from "./schema_resources.ts";

/** Keyword that stands at each schema that is referred to: it is met once per visit. */
export const STEP_KEYWORD = "kafkatsStep";

/** Most `patternProperties` of a schema that values are checked against: each meets each key. */
const PATTERNS_MAX = 1000;

/**
 * One schema without outside references, for a validator library: all that any `$ref` means stands under
 * `definitions`, keywords that the draft doesn't know are left out, and so are URIs and anchors.
 */
export function bundle(resources: SchemaResources): unknown {
  return JSON.parse(writeJson(new Bundler(resources).run()));
}

class Bundler {
  #resources: SchemaResources;
  #names = new Map<JsonValue, string>();
  #open: [string, JsonValue][] = [];
  #patternCount = 0;

  constructor(resources: SchemaResources) {
    this.#resources = resources;
  }

  run(): JsonValue {
    const root = this.#write(this.#resources.root);
    const definitions: JsonObject = new Map();
    for (let next = this.#open.pop(); next; next = this.#open.pop()) {
      const step: JsonObject = new Map([[STEP_KEYWORD, true]]);
      definitions.set(next[0], new Map([["allOf", [step, this.#write(next[1])]]]));
    }
    return new Map<string, JsonValue>([["allOf", [root]], ["definitions", definitions]]);
  }

  #write(schema: JsonValue): JsonValue {
    if (!(schema instanceof Map)) return schema;
    const { draft } = this.#resources.place(schema);
    const targets = this.#resources.targets(schema);
    if (isReferenceOnly(schema, draft)) return this.#reference(targets[0] ?? true);
    const written = this.#writeAssertions(schema);
    if (targets.length > 0) {
      const members = written.get("allOf");
      written.set("allOf", [
        ...Array.isArray(members) ? members : [],
        ...targets.map((target) => this.#reference(target)),
      ]);
    }
    return written;
  }

  #writeAssertions(schema: JsonObject): JsonObject {
    const { draft } = this.#resources.place(schema);
    const written: JsonObject = new Map();
    for (const [name, value] of schema) {
      if (isAssertion(name, draft)) written.set(name, value);
    }
    for (const { keyword, key, value } of subschemasOf(schema, draft)) {
      const held = written.get(keyword);
      if (held === undefined) continue;
      if (keyword === "patternProperties" && ++this.#patternCount > PATTERNS_MAX) {
        throw new SchemaError(
          `JSON Schema has more than ${PATTERNS_MAX} patternProperties: values can't be checked against it`,
        );
      }
      if (key === null) written.set(keyword, this.#write(value));
      else written.set(keyword, this.#replace(schema, written, keyword, key, value));
    }
    moveProto(written);
    return written;
  }

  #replace(
    schema: JsonObject,
    written: JsonObject,
    keyword: string,
    key: string,
    value: JsonValue,
  ): JsonValue {
    let held = written.get(keyword) ?? null;
    if (held === schema.get(keyword)) {
      held = Array.isArray(held) ? [...held] : new Map(held as JsonObject);
    }
    if (Array.isArray(held)) held[Number(key)] = this.#write(value);
    else if (held instanceof Map) held.set(key, this.#write(value));
    return held;
  }

  #reference(target: JsonValue): JsonValue {
    if (!(target instanceof Map)) return target;
    let name = this.#names.get(target);
    if (name === undefined) {
      name = `r${this.#names.size}`;
      this.#names.set(target, name);
      this.#open.push([name, target]);
    }
    return new Map([["$ref", `#/definitions/${name}`]]);
  }
}

/** The library leaves out a property of this name, but not a pattern that matches it alone. */
function moveProto(schema: JsonObject): void {
  const properties = schema.get("properties");
  const proto = properties instanceof Map ? properties.get("__proto__") : undefined;
  if (proto === undefined) return;
  const patterns = schema.get("patternProperties");
  schema.set(
    "patternProperties",
    new Map<string, JsonValue>([
      ...patterns instanceof Map ? patterns : [],
      ["^(?:__proto__)$", proto],
    ]),
  );
}
