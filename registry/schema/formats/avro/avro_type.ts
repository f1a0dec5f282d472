import type { JsonValue } from "../json/json_text.ts";

/** Kinds of type that have no name and no parts. */
export type PrimitiveKind =
  | "null"
  | "boolean"
  | "int"
  | "long"
  | "float"
  | "double"
  | "bytes"
  | "string";

/** The primitive kinds. */
export const PRIMITIVE_KINDS: ReadonlySet<string> = new Set<PrimitiveKind>(
  ["null", "boolean", "int", "long", "float", "double", "bytes", "string"],
);

/** What a schema says beyond what Avro knows, in the order written: logical types among it. */
export type Properties = ReadonlyMap<string, JsonValue>;

/** A type without name and parts. */
export interface PrimitiveType {
  readonly kind: PrimitiveKind;
  readonly properties: Properties;
}

/** A list of values of one type. Parts are set once, when names used ahead of their definition are known. */
export interface ArrayType {
  readonly kind: "array";
  items: AvroType;
  readonly properties: Properties;
}

/** Values of one type under names. */
export interface MapType {
  readonly kind: "map";
  values: AvroType;
  readonly properties: Properties;
}

/** One of several types. */
export interface UnionType {
  readonly kind: "union";
  readonly branches: AvroType[];
}

/** A name: of a type, or another that it goes by. */
export interface AvroName {
  /** Without its namespace. */
  readonly simple: string;
  /** "" is none. */
  readonly namespace: string;
  readonly full: string;
}

interface Named {
  readonly name: AvroName;
  readonly aliases: readonly AvroName[];
  readonly doc: string | null;
  readonly properties: Properties;
}

/** Named values of a set order. */
export interface RecordType extends Named {
  readonly kind: "record";
  /** Whether it is written as `error`, which means the same. */
  readonly isError: boolean;
  readonly fields: Field[];
}

/** One of a list of names. */
export interface EnumType extends Named {
  readonly kind: "enum";
  readonly symbols: readonly string[];
  /** What a reader takes for a symbol that it doesn't know; null: it fails. */
  readonly default: string | null;
}

/** So many bytes. */
export interface FixedType extends Named {
  readonly kind: "fixed";
  /** In bytes, 0 or more. */
  readonly size: number;
}

/** A type with a name, which others use it by. */
export type NamedType = RecordType | EnumType | FixedType;

/** Any type of Avro. */
export type AvroType = PrimitiveType | ArrayType | MapType | UnionType | NamedType;

/** How a field counts in the order of records. */
export type FieldOrder = "ascending" | "descending" | "ignore";

/** A field of a record. */
export interface Field {
  readonly name: string;
  type: AvroType;
  readonly doc: string | null;
  /** What a reader takes where the writer has no such field; undefined: there is none. */
  readonly default: JsonValue | undefined;
  readonly order: FieldOrder;
  readonly aliases: readonly string[];
  readonly properties: Properties;
}

/** Whether a type has a name. */
export function isNamed(type: AvroType): type is NamedType {
  return type.kind === "record" || type.kind === "enum" || type.kind === "fixed";
}

/** What tells the branches of a union apart, and tags their values: the full name, or the kind. */
export function branchName(type: AvroType): string {
  return isNamed(type) ? type.name.full : type.kind;
}

/** The name that `text` is where `namespace` holds ("": none): as it stands if it has dots. */
export function nameOf(text: string, namespace: string): AvroName {
  const dot = text.lastIndexOf(".");
  if (dot < 0) {
    return { simple: text, namespace, full: namespace === "" ? text : `${namespace}.${text}` };
  }
  const simple = text.slice(dot + 1);
  const own = text.slice(0, dot);
  return { simple, namespace: own, full: own === "" ? simple : text };
}

/** The name of the logical type that a type stands for; null: none. */
export function logicalTypeOf(type: AvroType): string | null {
  if (type.kind === "union") return null;
  const name = type.properties.get("logicalType");
  return typeof name === "string" ? name : null;
}
