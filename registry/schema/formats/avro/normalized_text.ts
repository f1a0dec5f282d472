import { JsonNumber, type JsonValue, writeJson } from "../json/json_text.ts";
import {
  type AvroName,
  type AvroType,
  type Field,
  isNamed,
  logicalTypeOf,
  type NamedType,
  type Properties,
} from "./avro_type.ts";
import { NestingError, TYPE_DEPTH_MAX } from "./nesting.ts";

/**
 * The normalised form: named types by their full names, keys and aliases in one order, nothing implied. Types of
 * `known` are written as names only. A name without a namespace has a dot in front where it would be read as one of
 * the namespace around. Throws {@linkcode NestingError}.
 */
export function normalizedText(
  type: AvroType,
  known: ReadonlySet<NamedType>,
  names: ReadonlyMap<string, NamedType>,
): string {
  const writer = new Writer(known, names);
  writer.type(type, "");
  return writer.parts.join("");
}

/** The definition of one type, with the names of others that it uses. */
export function definitionText(type: NamedType): string {
  const writer = new Writer(null, new Map());
  writer.definition(type, "");
  return writer.parts.join("");
}

/** Logical types, and the kinds that they are for, whose key comes before other properties. */
const LOGICAL_TYPES: ReadonlyMap<string, readonly string[]> = new Map([
  ["decimal", ["bytes", "fixed"]],
  ["big-decimal", ["bytes"]],
  ["uuid", ["string", "fixed"]],
  ["date", ["int"]],
  ["time-millis", ["int"]],
  ["time-micros", ["long"]],
  ["timestamp-millis", ["long"]],
  ["timestamp-micros", ["long"]],
  ["timestamp-nanos", ["long"]],
  ["local-timestamp-millis", ["long"]],
  ["local-timestamp-micros", ["long"]],
  ["local-timestamp-nanos", ["long"]],
  ["duration", ["fixed"]],
]);

class Writer {
  readonly parts: string[] = [];
  readonly #written: Set<NamedType> | null;
  readonly #names: ReadonlyMap<string, NamedType>;
  #depth = 0;

  constructor(known: ReadonlySet<NamedType> | null, names: ReadonlyMap<string, NamedType>) {
    this.#written = known === null ? null : new Set(known);
    this.#names = names;
  }

  type(type: AvroType, namespace: string): void {
    if (isNamed(type)) return this.#named(type, namespace);
    if (++this.#depth > TYPE_DEPTH_MAX) throw new NestingError();
    if (type.kind === "union") {
      this.#list(type.branches, (branch) => this.type(branch, namespace));
    } else if (type.kind === "array" || type.kind === "map") {
      this.parts.push(
        type.kind === "array" ? '{"type":"array","items":' : '{"type":"map","values":',
      );
      this.type(type.kind === "array" ? type.items : type.values, namespace);
      this.#properties(type);
      this.parts.push("}");
    } else if (type.properties.size === 0) {
      this.parts.push(`"${type.kind}"`);
    } else {
      this.parts.push(`{"type":"${type.kind}"`);
      this.#properties(type);
      this.parts.push("}");
    }
    this.#depth--;
  }

  #named(type: NamedType, namespace: string): void {
    if (this.#written === null || this.#written.has(type)) {
      const { full } = type.name;
      const isTaken = !full.includes(".") && this.#names.has(`${namespace}.${full}`);
      this.parts.push(writeJson(isTaken ? `.${full}` : full));
      return;
    }
    this.#written.add(type);
    this.definition(type, namespace);
  }

  definition(type: NamedType, around: string): void {
    if (++this.#depth > TYPE_DEPTH_MAX) throw new NestingError();
    const { namespace } = type.name;
    const kind = type.kind === "record" && type.isError ? "error" : type.kind;
    this.parts.push(`{"name":${writeJson(nameIn(type.name, around))},"type":"${kind}"`);
    if (type.kind === "record") {
      this.parts.push(',"fields":');
      this.#list(type.fields, (field) => this.#field(field, namespace));
    } else if (type.kind === "enum") {
      this.parts.push(`,"symbols":${writeJson([...type.symbols])}`);
    } else {
      this.parts.push(`,"size":${type.size}`);
    }
    const logical = this.#logicalType(type);
    this.#described(type.doc, type.aliases.map((alias) => nameIn(alias, namespace)));
    if (type.kind === "enum" && type.default !== null) {
      this.parts.push(`,"default":${writeJson(type.default)}`);
    }
    this.#others(type.properties, logical);
    this.parts.push("}");
    this.#depth--;
  }

  #field(field: Field, namespace: string): void {
    this.parts.push(`{"name":${writeJson(field.name)},"type":`);
    this.type(field.type, namespace);
    this.parts.push(`,"order":"${field.order}"`);
    this.#described(field.doc, field.aliases);
    if (field.default !== undefined) this.parts.push(`,"default":${writeJson(field.default)}`);
    this.#others(field.properties, []);
    this.parts.push("}");
  }

  #described(doc: string | null, aliases: readonly string[]): void {
    if (doc !== null) this.parts.push(`,"doc":${writeJson(doc)}`);
    if (aliases.length > 0) this.parts.push(`,"aliases":${writeJson(aliases.toSorted())}`);
  }

  #properties(type: Exclude<AvroType, { kind: "union" }>): void {
    this.#others(type.properties, this.#logicalType(type));
  }

  /** Writes a logical type that Avro knows, and returns the keys that it took. */
  #logicalType(type: Exclude<AvroType, { kind: "union" }>): readonly string[] {
    const logical = logicalTypeOf(type);
    if (logical === null || !LOGICAL_TYPES.get(logical)?.includes(type.kind)) return [];
    this.parts.push(`,"logicalType":"${logical}"`);
    if (logical !== "decimal") return ["logicalType"];
    const precision = type.properties.get("precision");
    if (precision !== undefined) this.parts.push(`,"precision":${writeJson(precision)}`);
    const scale = type.properties.get("scale");
    if (scale !== undefined && !isZero(scale)) this.parts.push(`,"scale":${writeJson(scale)}`);
    return ["logicalType", "precision", "scale"];
  }

  #others(properties: Properties, taken: readonly string[]): void {
    const keys = [...properties.keys()].filter((key) => !taken.includes(key)).sort();
    for (const key of keys) {
      this.parts.push(`,${writeJson(key)}:${writeJson(properties.get(key)!)}`);
    }
  }

  #list<T>(items: readonly T[], write: (item: T) => void): void {
    this.parts.push("[");
    items.forEach((item, index) => {
      if (index > 0) this.parts.push(",");
      write(item);
    });
    this.parts.push("]");
  }
}

/** A name in full, as it is read where `namespace` holds. */
function nameIn(name: AvroName, namespace: string): string {
  return name.namespace === "" && namespace !== "" ? `.${name.simple}` : name.full;
}

function isZero(value: JsonValue): boolean {
  return value instanceof JsonNumber && Number(value.text) === 0;
}
