import {
  isReferenceOnly,
  JsonNumber,
  type JsonObject,
  type JsonSchema,
  type JsonValue,
  pointerStep,
  type SchemaResources,
  writeComparable,
} from "../../formats/mod.ts";

/** A number that bounds something, null where nothing does. */
export type Bound = JsonNumber | null;

interface Common {
  /** Whether Connect's converters wrote it for bytes, so that its type means little. */
  readonly isConnectBytes: boolean;
}
/** What every value fits. */
export interface AnyShape extends Common {
  readonly kind: "any";
}
/** What no value fits. */
export interface NeverShape extends Common {
  readonly kind: "never";
}
export interface PlainShape extends Common {
  readonly kind: "boolean" | "null";
}
export interface StringShape extends Common {
  readonly kind: "string";
  readonly maxLength: Bound;
  readonly minLength: Bound;
  readonly pattern: string | null;
}
export interface NumberShape extends Common {
  readonly kind: "number";
  readonly isInteger: boolean;
  readonly maximum: Bound;
  readonly exclusiveMaximum: Bound;
  readonly minimum: Bound;
  readonly exclusiveMinimum: Bound;
  readonly multipleOf: Bound;
}
export interface ObjectShape extends Common {
  readonly kind: "object";
  readonly properties: ReadonlyMap<string, JsonValue>;
  readonly patternProperties: ReadonlyMap<string, JsonValue>;
  /** null: absent. */
  readonly additionalProperties: JsonValue;
  readonly unevaluatedProperties: JsonValue;
  readonly propertyNames: JsonValue;
  readonly required: ReadonlySet<string>;
  readonly dependentRequired: ReadonlyMap<string, ReadonlySet<string>>;
  readonly dependentSchemas: ReadonlyMap<string, JsonValue>;
  /** Keywords that its draft has for the two. */
  readonly listKeyword: string;
  readonly schemaKeyword: string;
  readonly maxProperties: Bound;
  readonly minProperties: Bound;
}
export interface ArrayShape extends Common {
  readonly kind: "array";
  /** Schemas of the first items, by their places. */
  readonly prefix: readonly JsonValue[];
  /** Keyword that holds them. */
  readonly prefixKeyword: string;
  readonly isTuple: boolean;
  /** Schema of all other items; null: absent. */
  readonly rest: JsonValue;
  readonly restKeyword: string;
  readonly unevaluatedItems: JsonValue;
  readonly contains: JsonValue;
  readonly maxContains: Bound;
  readonly minContains: Bound;
  readonly maxItems: Bound;
  readonly minItems: Bound;
  readonly isUnique: boolean;
}
export interface EnumShape extends Common {
  readonly kind: "enum";
  readonly keyword: "enum" | "const";
  /** Each value in its comparable text. */
  readonly values: ReadonlySet<string>;
}
export interface NotShape extends Common {
  readonly kind: "not";
  readonly inner: JsonValue;
}
export interface ConditionalShape extends Common {
  readonly kind: "conditional";
  readonly condition: JsonValue;
  readonly then: JsonValue;
  readonly else: JsonValue;
}
export interface CombinedShape extends Common {
  readonly kind: "combined";
  readonly criterion: "allOf" | "anyOf" | "oneOf";
  readonly members: readonly Member[];
}
/** A schema of which a combined one is made. */
export interface Member {
  readonly shape: () => Shape;
  /** JSON pointer from the combined schema. */
  readonly path: string;
}
/** A schema as comparing needs it: one kind of constraint each, several joined by a combined one. */
export type Shape =
  | AnyShape
  | NeverShape
  | PlainShape
  | StringShape
  | NumberShape
  | ObjectShape
  | ArrayShape
  | EnumShape
  | NotShape
  | ConditionalShape
  | CombinedShape;

const ANY: AnyShape = { kind: "any", isConnectBytes: false };
const NEVER: NeverShape = { kind: "never", isConnectBytes: false };
const NO_VALUES: ReadonlyMap<string, JsonValue> = new Map();

/** Most `$ref`s and lone members in a row that are followed; a circle of them constrains nothing. */
const CHAIN_MAX = 1000;

const KIND_KEYWORDS: readonly (readonly [kind: string, keywords: readonly string[]])[] = [
  ["object", [
    "properties",
    "patternProperties",
    "additionalProperties",
    "unevaluatedProperties",
    "propertyNames",
    "required",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "maxProperties",
    "minProperties",
  ]],
  ["array", [
    "items",
    "prefixItems",
    "additionalItems",
    "unevaluatedItems",
    "contains",
    "maxItems",
    "minItems",
    "uniqueItems",
  ]],
  ["string", ["maxLength", "minLength", "pattern"]],
  ["number", ["maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "multipleOf"]],
];

/** Makes the shapes of one schema's parts, each once. */
export class Shapes {
  readonly #resources: SchemaResources;
  readonly #root: JsonValue;
  readonly #made = new Map<JsonObject, Shape>();

  constructor(schema: JsonSchema) {
    this.#resources = schema.resources;
    this.#root = schema.root;
  }

  root(): Shape {
    return this.of(this.#root);
  }

  /** The shape of a schema, `$ref`s followed and combined schemas of one member opened. */
  of(schema: JsonValue): Shape {
    return this.open(this.#shallow(schema));
  }

  /** Opens combined shapes of one member. */
  open(shape: Shape): Shape {
    let opened = shape;
    for (let i = 0; i < CHAIN_MAX; i++) {
      const only = opened.kind === "combined" && opened.members.length === 1
        ? opened.members[0]
        : undefined;
      if (only === undefined) return opened;
      opened = only.shape();
    }
    return ANY;
  }

  /** Whether a property's schema, or what it refers to, has a default. */
  hasDefault(schema: JsonValue): boolean {
    const seen = new Set<JsonValue>();
    const waiting = [schema];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (!(next instanceof Map) || seen.has(next)) continue;
      if (next.has("default")) return true;
      seen.add(next);
      waiting.push(...this.#resources.targets(next));
    }
    return false;
  }

  #shallow(schema: JsonValue): Shape {
    let value = schema;
    for (let i = 0; i < CHAIN_MAX; i++) {
      if (!(value instanceof Map)) return value === false ? NEVER : ANY;
      const { draft } = this.#resources.place(value);
      if (!isReferenceOnly(value, draft)) return this.#make(value);
      value = this.#resources.targets(value)[0] ?? true;
    }
    return ANY;
  }

  #make(schema: JsonObject): Shape {
    let shape = this.#made.get(schema);
    if (shape === undefined) {
      const isConnectBytes = schema.get("connect.type") === "bytes";
      const parts = this.#parts(schema, isConnectBytes);
      shape = parts.length === 0
        ? { kind: "any", isConnectBytes }
        : { kind: "combined", criterion: "allOf", members: parts, isConnectBytes };
      this.#made.set(schema, shape);
    }
    return shape;
  }

  /** What a schema demands, one by one; all of it together is the schema. */
  #parts(schema: JsonObject, isConnectBytes: boolean): Member[] {
    const { draft } = this.#resources.place(schema);
    const parts: Member[] = this.#resources.targets(schema).map((target) => ({
      shape: () => this.#shallow(target),
      path: "",
    }));
    parts.push(...this.#typedParts(schema, isConnectBytes));
    const values = enumShape(schema, draft >= 6, isConnectBytes);
    if (values !== null) parts.push({ shape: constant(values), path: "" });
    parts.push(...this.#members(schema, "allOf"));
    for (const criterion of ["anyOf", "oneOf"] as const) {
      const members = this.#members(schema, criterion);
      if (members.length === 0) continue;
      const combined: Shape = { kind: "combined", criterion, members, isConnectBytes };
      parts.push({ shape: constant(combined), path: "" });
    }
    const inner = schema.get("not");
    if (inner !== undefined) {
      parts.push({ shape: constant({ kind: "not", inner, isConnectBytes }), path: "" });
    }
    const conditional = draft >= 7 ? conditionalShape(schema, isConnectBytes) : null;
    if (conditional !== null) parts.push({ shape: constant(conditional), path: "" });
    return parts;
  }

  #members(schema: JsonObject, keyword: string): Member[] {
    const listed = schema.get(keyword);
    if (!Array.isArray(listed)) return [];
    return listed.map((member, i) => ({
      shape: () => this.#shallow(member),
      path: `${pointerStep(keyword)}/${i}`,
    }));
  }

  /** `type: ["a", "b"]` is a choice; kinds that keywords alone imply hold together. */
  #typedParts(schema: JsonObject, isConnectBytes: boolean): Member[] {
    const type = schema.get("type");
    const { draft } = this.#resources.place(schema);
    const ofType = (name: string): Member => ({
      shape: constant(typedShape(name, schema, draft, isConnectBytes)),
      path: "",
    });
    if (type === undefined) {
      return KIND_KEYWORDS.filter(([, keywords]) => keywords.some((name) => schema.has(name)))
        .map(([kind]) => ofType(kind))
        .filter((part) => !isEmpty(part.shape()));
    }
    const members = (Array.isArray(type) ? type : [type])
      .filter((name) => typeof name === "string").map(ofType);
    if (members.length < 2) return members;
    const combined: Shape = { kind: "combined", criterion: "anyOf", members, isConnectBytes };
    return [{ shape: constant(combined), path: "" }];
  }
}

function constant(shape: Shape): () => Shape {
  return () => shape;
}

/** Whether only keywords made it that its draft doesn't know, so that it demands nothing. */
function isEmpty(shape: Shape): boolean {
  return shape.kind === "array" && !shape.isTuple && shape.rest === null &&
    shape.contains === null && shape.unevaluatedItems === null && shape.maxItems === null &&
    shape.minItems === null && !shape.isUnique;
}

function typedShape(
  type: string,
  schema: JsonObject,
  draft: number,
  isConnectBytes: boolean,
): Shape {
  switch (type) {
    case "object":
      return objectShape(schema, draft, isConnectBytes);
    case "array":
      return arrayShape(schema, draft, isConnectBytes);
    case "string": {
      const pattern = schema.get("pattern");
      return {
        kind: "string",
        maxLength: bound(schema, "maxLength"),
        minLength: bound(schema, "minLength"),
        pattern: typeof pattern === "string" ? pattern : null,
        isConnectBytes,
      };
    }
    case "number":
    case "integer":
      return numberShape(schema, type === "integer", isConnectBytes);
    case "boolean":
    case "null":
      return { kind: type, isConnectBytes };
    default:
      return ANY;
  }
}

function numberShape(
  schema: JsonObject,
  isInteger: boolean,
  isConnectBytes: boolean,
): NumberShape {
  const [maximum, exclusiveMaximum] = limits(schema, "maximum", "exclusiveMaximum");
  const [minimum, exclusiveMinimum] = limits(schema, "minimum", "exclusiveMinimum");
  const multipleOf = bound(schema, "multipleOf");
  return {
    kind: "number",
    isInteger,
    maximum,
    exclusiveMaximum,
    minimum,
    exclusiveMinimum,
    multipleOf,
    isConnectBytes,
  };
}

/** In draft 4 the exclusive limit is a flag on the other. */
function limits(schema: JsonObject, plain: string, exclusive: string): [Bound, Bound] {
  const limit = bound(schema, plain);
  if (schema.get(exclusive) === true) return [null, limit];
  return [limit, bound(schema, exclusive)];
}

function objectShape(schema: JsonObject, draft: number, isConnectBytes: boolean): ObjectShape {
  const dependentRequired = new Map<string, ReadonlySet<string>>();
  const dependentSchemas = new Map<string, JsonValue>();
  const lists = ["dependencies", ...draft > 7 ? ["dependentRequired", "dependentSchemas"] : []];
  for (const name of lists) {
    for (const [property, dependency] of values(schema, name)) {
      if (Array.isArray(dependency)) dependentRequired.set(property, strings(dependency));
      else dependentSchemas.set(property, dependency);
    }
  }
  return {
    kind: "object",
    properties: values(schema, "properties"),
    patternProperties: values(schema, "patternProperties"),
    additionalProperties: schema.get("additionalProperties") ?? null,
    unevaluatedProperties: draft > 7 ? schema.get("unevaluatedProperties") ?? null : null,
    propertyNames: draft > 4 ? schema.get("propertyNames") ?? null : null,
    required: strings(schema.get("required")),
    dependentRequired,
    dependentSchemas,
    listKeyword: draft > 7 ? "dependentRequired" : "dependencies",
    schemaKeyword: draft > 7 ? "dependentSchemas" : "dependencies",
    maxProperties: bound(schema, "maxProperties"),
    minProperties: bound(schema, "minProperties"),
    isConnectBytes,
  };
}

function arrayShape(schema: JsonObject, draft: number, isConnectBytes: boolean): ArrayShape {
  const items = schema.get("items") ?? null;
  const isList = Array.isArray(items);
  const prefix = draft >= 2020 ? schema.get("prefixItems") : items;
  const isTuple = Array.isArray(prefix);
  const restKeyword = isTuple && draft < 2020 ? "additionalItems" : "items";
  return {
    kind: "array",
    prefix: isTuple ? prefix : [],
    prefixKeyword: draft >= 2020 ? "prefixItems" : "items",
    isTuple,
    rest: restKeyword === "items" ? (isList ? null : items) : schema.get("additionalItems") ?? null,
    restKeyword,
    unevaluatedItems: draft > 7 ? schema.get("unevaluatedItems") ?? null : null,
    contains: draft > 4 ? schema.get("contains") ?? null : null,
    maxContains: draft > 7 ? bound(schema, "maxContains") : null,
    minContains: draft > 7 ? bound(schema, "minContains") : null,
    maxItems: bound(schema, "maxItems"),
    minItems: bound(schema, "minItems"),
    isUnique: schema.get("uniqueItems") === true,
    isConnectBytes,
  };
}

function enumShape(schema: JsonObject, hasConst: boolean, isConnectBytes: boolean) {
  const fixed = hasConst ? schema.get("const") : undefined;
  const listed = schema.get("enum");
  if (fixed !== undefined) {
    const values = new Set([writeComparable(fixed)]);
    return { kind: "enum", keyword: "const", values, isConnectBytes } satisfies EnumShape;
  }
  if (!Array.isArray(listed)) return null;
  const values = new Set(listed.map((value) => writeComparable(value)));
  return { kind: "enum", keyword: "enum", values, isConnectBytes } satisfies EnumShape;
}

function conditionalShape(schema: JsonObject, isConnectBytes: boolean): ConditionalShape | null {
  const condition = schema.get("if");
  const then = schema.get("then") ?? null;
  const otherwise = schema.get("else") ?? null;
  if (condition === undefined || (then === null && otherwise === null)) return null;
  return { kind: "conditional", condition, then, else: otherwise, isConnectBytes };
}

function values(schema: JsonObject, name: string): ReadonlyMap<string, JsonValue> {
  const held = schema.get(name);
  return held instanceof Map ? held : NO_VALUES;
}

function strings(list: JsonValue | undefined): ReadonlySet<string> {
  return new Set(Array.isArray(list) ? list.filter((one) => typeof one === "string") : []);
}

function bound(schema: JsonObject, name: string): Bound {
  const value = schema.get(name);
  return value instanceof JsonNumber ? value : null;
}
