import { type JsonValue, writeJson } from "../json/json_text.ts";
import {
  type AvroName,
  type AvroType,
  type Field,
  isNamed,
  type NamedType,
  PRIMITIVE_KINDS,
  type Properties,
} from "./avro_type.ts";
import { NestingError, TYPE_DEPTH_MAX } from "./nesting.ts";

/**
 * The canonical form: compact JSON as `Schema.toString` of Avro's Java library writes it, keys in its order and
 * namespaces left out where they are those around. Types of `known` are written as names only, others so from
 * their second use on. Throws {@linkcode NestingError}.
 *
 * Two names are written so that they are read back as what they are, where Java loses it: an alias without a
 * namespace inside of one, and a type without a namespace where the one around has a type of the same name.
 */
export function canonicalText(
  type: AvroType,
  known: ReadonlySet<NamedType>,
  names: ReadonlyMap<string, NamedType>,
): string {
  const writer = new Writer(known, names);
  writer.type(type, "");
  return writer.parts.join("");
}

/** Names of kinds that are no primitives; a type may bear one, but is then written in full. */
const KINDS: ReadonlySet<string> = new Set([
  ...PRIMITIVE_KINDS,
  ...["record", "enum", "array", "map", "union", "fixed"],
]);

class Writer {
  readonly parts: string[] = [];
  readonly #written: Set<NamedType>;
  readonly #names: ReadonlyMap<string, NamedType>;
  #depth = 0;

  constructor(known: ReadonlySet<NamedType>, names: ReadonlyMap<string, NamedType>) {
    this.#written = new Set(known);
    this.#names = names;
  }

  type(type: AvroType, namespace: string): void {
    if (++this.#depth > TYPE_DEPTH_MAX) throw new NestingError();
    if (isNamed(type)) this.#named(type, namespace);
    else if (type.kind === "union") {
      this.#list(type.branches, (branch) => this.type(branch, namespace));
    } else if (type.kind === "array" || type.kind === "map") {
      this.parts.push(
        type.kind === "array" ? '{"type":"array","items":' : '{"type":"map","values":',
      );
      this.type(type.kind === "array" ? type.items : type.values, namespace);
      this.#properties(type.properties);
      this.parts.push("}");
    } else if (type.properties.size === 0) {
      this.parts.push(`"${type.kind}"`);
    } else {
      this.parts.push(`{"type":"${type.kind}"`);
      this.#properties(type.properties);
      this.parts.push("}");
    }
    this.#depth--;
  }

  #named(type: NamedType, namespace: string): void {
    if (this.#written.has(type)) {
      this.parts.push(writeJson(this.#use(type.name, namespace)));
      return;
    }
    this.#written.add(type);
    const { name, doc } = type;
    const kind = type.kind === "record" && type.isError ? "error" : type.kind;
    this.parts.push(`{"type":"${kind}","name":${writeJson(name.simple)}`);
    if (name.namespace !== namespace) this.#key("namespace", name.namespace);
    if (doc !== null) this.#key("doc", doc);
    if (type.kind === "record") {
      this.parts.push(',"fields":');
      this.#list(type.fields, (field) => this.#field(field, name.namespace));
    } else if (type.kind === "enum") {
      this.#key("symbols", [...type.symbols]);
      if (type.default !== null) this.#key("default", type.default);
    } else {
      this.parts.push(`,"size":${type.size}`);
    }
    this.#properties(type.properties);
    this.#aliases(type.aliases.map((alias) => aliasText(alias, name.namespace)));
    this.parts.push("}");
  }

  #field(field: Field, namespace: string): void {
    this.parts.push(`{"name":${writeJson(field.name)},"type":`);
    this.type(field.type, namespace);
    if (field.doc !== null) this.#key("doc", field.doc);
    if (field.default !== undefined) this.#key("default", field.default);
    if (field.order !== "ascending") this.#key("order", field.order);
    this.#aliases(field.aliases);
    this.#properties(field.properties);
    this.parts.push("}");
  }

  #use(name: AvroName, namespace: string): string {
    const { simple, full } = name;
    if (name.namespace === namespace) return KINDS.has(simple) ? full : simple;
    const isTaken = name.namespace === "" && this.#names.has(`${namespace}.${simple}`);
    return isTaken ? `.${simple}` : full;
  }

  #key(key: string, value: JsonValue): void {
    this.parts.push(`,"${key}":${writeJson(value)}`);
  }

  #properties(properties: Properties): void {
    for (const [key, value] of properties) {
      this.parts.push(`,${writeJson(key)}:${writeJson(value)}`);
    }
  }

  #aliases(aliases: readonly string[]): void {
    if (aliases.length > 0) this.#key("aliases", [...aliases]);
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

function aliasText(alias: AvroName, namespace: string): string {
  if (alias.namespace === namespace) return alias.simple;
  return alias.namespace === "" ? `.${alias.simple}` : alias.full;
}
