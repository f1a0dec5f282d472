import { JsonNumber, type JsonObject, type JsonValue } from "../json/json_text.ts";
import { SchemaError } from "../schema.ts";
import {
  type AvroName,
  type AvroType,
  branchName,
  type EnumType,
  type Field,
  type FieldOrder,
  type FixedType,
  type NamedType,
  nameOf,
  PRIMITIVE_KINDS,
  type PrimitiveKind,
  type PrimitiveType,
  type Properties,
  type RecordType,
  type UnionType,
} from "./avro_type.ts";
import { checkDefault } from "./default_value.ts";
import { at, describe, quote } from "./place.ts";
import { definitionText } from "./normalized_text.ts";
import { javaNumber, withJavaNumbers } from "./schema_text.ts";

/** Keys that mean something in a type, or do in another kind of type: no properties. */
const TYPE_KEYS: ReadonlySet<string> = new Set(
  "type name namespace doc aliases fields symbols size items values".split(" "),
);
const ENUM_KEYS: ReadonlySet<string> = new Set([...TYPE_KEYS, "default"]);
const FIELD_KEYS: ReadonlySet<string> = new Set("name type doc default order aliases".split(" "));
const NO_PROPERTIES: Properties = new Map();

/** Largest size of a fixed, in bytes: that of an array in Java. */
const FIXED_SIZE_MAX = 2 ** 31 - 9;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const NUMBER = /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$/;

const PRIMITIVES: ReadonlyMap<string, PrimitiveType> = new Map(
  [...PRIMITIVE_KINDS].map((kind) => [
    kind,
    { kind: kind as PrimitiveKind, properties: NO_PROPERTIES },
  ]),
);

/** A use of a name ahead of its definition. */
interface Pending {
  readonly text: string;
  readonly namespace: string;
  readonly path: string;
  readonly use: (type: NamedType) => void;
}

/** A type, or the use of a name that is still to come; `set` puts the type where it belongs. */
type Setter = (type: AvroType) => void;

/**
 * Reads the types of one text after another; names that one text defines hold in those that follow. What is
 * wrong is thrown as {@linkcode SchemaError} that starts with the JSON pointer of the place.
 */
export class SchemaParser {
  /** All named types by full name. */
  readonly names = new Map<string, NamedType>();
  #pending: Pending[] = [];
  #withDefault: [Field, string][] = [];
  #again: [NamedType, NamedType, string][] = [];
  #strict = false;

  /** The type of a text; `strict` checks names and default values too. */
  parse(json: JsonValue, strict: boolean): AvroType {
    this.#strict = strict;
    this.#pending = [];
    this.#withDefault = [];
    this.#again = [];
    let root: AvroType | null = null;
    this.#type(json, "", "", (type) => root = type);
    for (const { text, namespace, path, use } of this.#pending) {
      const type = this.names.get(nameOf(text, namespace).full);
      if (type === undefined) throw undefinedName(text, path);
      use(type);
    }
    for (const [known, type, path] of this.#again) checkSame(known, type, path);
    if (strict) {
      for (const [field, path] of this.#withDefault) checkDefault(field, `${path}/default`);
    }
    return root!;
  }

  #type(json: JsonValue, namespace: string, path: string, set: Setter): void {
    if (typeof json === "string") this.#use(json, namespace, path, set);
    else if (Array.isArray(json)) set(this.#union(json, namespace, path));
    else if (json instanceof Map) this.#object(json, namespace, path, set);
    else throw wrong(path, "expected the name of a type, an object or an array", json);
  }

  #use(text: string, namespace: string, path: string, set: Setter): void {
    const type = PRIMITIVES.get(text) ?? this.#find(text, namespace);
    if (type !== null) return set(type);
    this.#pending.push({ text, namespace, path, use: set });
  }

  /** A name that no namespace holds is looked for without one, too. */
  #find(text: string, namespace: string): NamedType | null {
    return this.names.get(nameOf(text, namespace).full) ?? this.names.get(nameOf(text, "").full) ??
      null;
  }

  #object(json: JsonObject, namespace: string, path: string, set: Setter): void {
    const kind = json.get("type");
    if (typeof kind !== "string") throw wrong(`${path}/type`, "expected the name of a type", kind);
    switch (kind) {
      case "record":
      case "error":
        return set(this.#record(json, namespace, path));
      case "enum":
        return set(this.#defined(this.#enum(json, namespace, path), path));
      case "fixed":
        return set(this.#defined(this.#fixed(json, namespace, path), path));
      case "array":
      case "map":
        return set(this.#container(kind, json, namespace, path));
    }
    const properties = propertiesOf(json, TYPE_KEYS);
    if (PRIMITIVES.has(kind) && properties.size > 0) {
      return set({ kind: kind as PrimitiveKind, properties });
    }
    this.#use(kind, namespace, `${path}/type`, set);
  }

  #container(
    kind: "array" | "map",
    json: JsonObject,
    namespace: string,
    path: string,
  ): AvroType {
    const key = kind === "array" ? "items" : "values";
    const part = json.get(key);
    if (part === undefined) throw wrong(`${path}/${key}`, `expected the type of ${key}`, part);
    const properties = propertiesOf(json, TYPE_KEYS);
    let type: AvroType;
    if (kind === "array") {
      const array = { kind, items: unset, properties };
      this.#type(part, namespace, `${path}/items`, (items) => array.items = items);
      type = array;
    } else {
      const map = { kind, values: unset, properties };
      this.#type(part, namespace, `${path}/values`, (values) => map.values = values);
      type = map;
    }
    return type;
  }

  #union(json: JsonValue[], namespace: string, path: string): UnionType {
    const branches: AvroType[] = [];
    const seen = new Set<string>();
    json.forEach((branch, index) => {
      const place = `${path}/${index}`;
      branches.push(unset);
      this.#type(branch, namespace, place, (type) => {
        branches[index] = type;
        const name = branchName(type);
        if (type.kind === "union") throw new SchemaError(`${at(place)}: a union in a union`);
        if (seen.has(name)) {
          throw new SchemaError(`${at(place)}: the union has a branch ${quote(name)} already`);
        }
        seen.add(name);
      });
    });
    return { kind: "union", branches };
  }

  #record(json: JsonObject, enclosing: string, path: string): NamedType {
    const fields = json.get("fields");
    const name = this.#name(json, enclosing, path);
    const record: RecordType = {
      kind: "record",
      isError: json.get("type") === "error",
      name,
      aliases: this.#aliases(json, name, path),
      doc: textOf(json, "doc"),
      properties: propertiesOf(json, TYPE_KEYS),
      fields: [],
    };
    if (!Array.isArray(fields)) throw wrong(`${path}/fields`, "expected an array", fields);
    // Known before its fields are read: they may use it.
    const isNew = !this.names.has(name.full);
    if (isNew) this.names.set(name.full, record);
    const seen = new Set<string>();
    fields.forEach((field, index) => {
      const place = `${path}/fields/${index}`;
      const read = this.#field(field, name.namespace, place);
      if (seen.has(read.name)) {
        throw new SchemaError(
          `${at(`${place}/name`)}: record ${name.full} has a field ${quote(read.name)} already`,
        );
      }
      seen.add(read.name);
      record.fields.push(read);
    });
    return isNew ? record : this.#defined(record, path);
  }

  #field(json: JsonValue, namespace: string, path: string): Field {
    if (!(json instanceof Map)) throw wrong(path, "expected a field", json);
    const name = json.get("name");
    if (typeof name !== "string") throw wrong(`${path}/name`, "expected a name", name);
    if (this.#strict) checkName(name, `${path}/name`);
    const type = json.get("type");
    if (type === undefined) throw wrong(`${path}/type`, "expected a type", type);
    const field: Mutable<Field> = {
      name,
      type: unset,
      doc: textOf(json, "doc"),
      default: undefined,
      order: orderOf(json, path),
      aliases: [...new Set(textsOf(json, "aliases", path))],
      properties: propertiesOf(json, FIELD_KEYS),
    };
    this.#type(type, namespace, `${path}/type`, (read) => field.type = read);
    const value = json.get("default");
    if (value !== undefined) {
      field.default = defaultOf(value, field.type);
      this.#withDefault.push([field, path]);
    }
    return field;
  }

  #enum(json: JsonObject, enclosing: string, path: string): EnumType {
    const name = this.#name(json, enclosing, path);
    const symbols = textsOf(json, "symbols", path);
    if (!json.has("symbols")) throw wrong(`${path}/symbols`, "expected an array", undefined);
    const seen = new Set<string>();
    symbols.forEach((symbol, index) => {
      const place = `${path}/symbols/${index}`;
      if (this.#strict) checkName(symbol, place);
      if (seen.has(symbol)) {
        throw new SchemaError(
          `${at(place)}: enum ${name.full} has a symbol ${quote(symbol)} already`,
        );
      }
      seen.add(symbol);
    });
    const chosen = textOf(json, "default");
    if (chosen !== null && !seen.has(chosen)) {
      throw wrong(`${path}/default`, `expected a symbol of enum ${name.full}`, chosen);
    }
    return {
      kind: "enum",
      name,
      aliases: this.#aliases(json, name, path),
      doc: textOf(json, "doc"),
      properties: propertiesOf(json, ENUM_KEYS),
      symbols,
      default: chosen,
    };
  }

  #fixed(json: JsonObject, enclosing: string, path: string): FixedType {
    const name = this.#name(json, enclosing, path);
    const size = json.get("size");
    const count = size instanceof JsonNumber && /^[0-9]+$/.test(size.text) ? Number(size.text) : -1;
    if (count < 0 || count > FIXED_SIZE_MAX) {
      throw wrong(`${path}/size`, `expected an integer from 0 to ${FIXED_SIZE_MAX}`, size);
    }
    return {
      kind: "fixed",
      name,
      aliases: this.#aliases(json, name, path),
      doc: textOf(json, "doc"),
      properties: propertiesOf(json, TYPE_KEYS),
      size: count,
    };
  }

  /** Makes a type known; the same type once more, word by word, is the first one. */
  #defined(type: NamedType, path: string): NamedType {
    const known = this.names.get(type.name.full);
    if (known === undefined) this.names.set(type.name.full, type);
    else if (known !== type) this.#again.push([known, type, path]);
    return known ?? type;
  }

  #name(json: JsonObject, enclosing: string, path: string): AvroName {
    const text = json.get("name");
    if (typeof text !== "string") throw wrong(`${path}/name`, "expected a name", text);
    const name = nameOf(text, textOf(json, "namespace") ?? enclosing);
    if (this.#strict) this.#checkFullName(name, `${path}/name`);
    if (PRIMITIVES.has(name.full)) {
      throw new SchemaError(
        `${at(`${path}/name`)}: ${quote(name.full)} is the name of a primitive`,
      );
    }
    return name;
  }

  #aliases(json: JsonObject, name: AvroName, path: string): readonly AvroName[] {
    const aliases = new Map<string, AvroName>();
    textsOf(json, "aliases", path).forEach((text, index) => {
      const alias = nameOf(text, name.namespace);
      if (this.#strict) this.#checkFullName(alias, `${path}/aliases/${index}`);
      aliases.set(alias.full, alias);
    });
    return [...aliases.values()];
  }

  #checkFullName(name: AvroName, path: string): void {
    checkName(name.simple, path);
    if (name.namespace === "") return;
    for (const part of name.namespace.split(".")) checkName(part, path);
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Stands in a slot until its type is known. */
const unset: AvroType = PRIMITIVES.get("null")!;

function propertiesOf(json: JsonObject, reserved: ReadonlySet<string>): Properties {
  let properties: JsonObject | null = null;
  for (const [key, value] of json) {
    if (reserved.has(key)) continue;
    properties ??= new Map();
    properties.set(key, withJavaNumbers(value));
  }
  return properties ?? NO_PROPERTIES;
}

/** The text under a key; null where there is none, or something else, which is passed over as in Java. */
function textOf(json: JsonObject, key: string): string | null {
  const text = json.get(key);
  return typeof text === "string" ? text : null;
}

function textsOf(json: JsonObject, key: string, path: string): string[] {
  const texts = json.get(key);
  if (texts === undefined || (texts === null && key === "aliases")) return [];
  if (!Array.isArray(texts)) throw wrong(`${path}/${key}`, "expected an array", texts);
  return texts.map((text, index) => {
    if (typeof text === "string") return text;
    throw wrong(`${path}/${key}/${index}`, "expected a string", text);
  });
}

function orderOf(json: JsonObject, path: string): FieldOrder {
  const order = json.get("order");
  if (order === undefined) return "ascending";
  const lower = typeof order === "string" ? order.toLowerCase() : null;
  if (lower === "ascending" || lower === "descending" || lower === "ignore") return lower;
  throw wrong(`${path}/order`, "expected ascending, descending or ignore", order);
}

/** Texts that are numbers are taken as such for floating-point fields, as in Java. */
function defaultOf(value: JsonValue, type: AvroType): JsonValue {
  const floating = type.kind === "float" || type.kind === "double";
  if (!floating || typeof value !== "string") return withJavaNumbers(value);
  const text = value.trim();
  if (!NUMBER.test(text)) return value;
  // An integer is made a double, too.
  return javaNumber(/[.eE]/.test(text) ? text : `${text}.0`);
}

/** A type may be defined twice if both definitions are the same, as those of a type that two texts bring. */
function checkSame(known: NamedType, type: NamedType, path: string): void {
  if (definitionText(known) === definitionText(type)) return;
  throw new SchemaError(`${at(path)}: type ${type.name.full} is defined already, differently`);
}

function checkName(name: string, path: string): void {
  if (NAME.test(name)) return;
  throw new SchemaError(
    `${at(path)}: ${quote(name)} is no name: letters, digits and _, no digit first`,
  );
}

function undefinedName(text: string, path: string): SchemaError {
  return new SchemaError(
    `${at(path)}: ${quote(text)} is neither a primitive type nor one defined here or referred to`,
  );
}

function wrong(path: string, expected: string, found: JsonValue | undefined): SchemaError {
  return new SchemaError(`${at(path)}: ${expected}, found ${describe(found)}`);
}
