/** Where something stands in a text; both count from 1. Line 0: it was read from a descriptor. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The value of an option, as it was written. */
export type OptionValue =
  /** Text or bytes; `bytes` holds UTF-8 unless escapes made it something else. */
  | { readonly kind: "string"; readonly bytes: Uint8Array }
  /** A number with its sign, in the writer's own notation. */
  | { readonly kind: "number"; readonly text: string }
  /** `true`, `SPEED`, `inf`, `-inf`, `nan`. */
  | { readonly kind: "name"; readonly text: string }
  | { readonly kind: "message"; readonly fields: readonly AggregateField[] }
  | { readonly kind: "list"; readonly values: readonly OptionValue[] };

/** A field of an aggregate value; `name` is `a`, `[pkg.extension]` or `[host/pkg.Message]`. */
export interface AggregateField {
  readonly name: string;
  readonly value: OptionValue;
}

/** One part of an option's name: `(pkg.extension)` or a plain field. */
export interface OptionNamePart {
  readonly name: string;
  readonly extension: boolean;
}

/** `name = value`; `default` and `json_name` of fields are options here too. */
export interface OptionNode {
  readonly name: readonly OptionNamePart[];
  readonly value: OptionValue;
  readonly place: Place;
}

/** `[start, end]`, both inclusive; `max` is the highest number that may stand there. */
export interface NumberRange {
  readonly start: number;
  readonly end: number | "max";
}

/** One `reserved` statement: numbers or names, never both. */
export interface ReservedNode {
  readonly ranges: readonly NumberRange[];
  readonly names: readonly string[];
  /** Whether names stand in quotes; editions write them without. */
  readonly quoted: boolean;
  readonly place: Place;
}

/** One `extensions` statement. */
export interface ExtensionsNode {
  readonly ranges: readonly NumberRange[];
  readonly options: readonly OptionNode[];
  readonly place: Place;
}

export type Label = "optional" | "required" | "repeated";

export interface FieldNode {
  /** As written; null where none was. */
  readonly label: Label | null;
  /** A scalar, or a name relative to its scope, or a full one with a leading dot; a map's is its value's. */
  readonly type: string;
  /** The type of a map's keys; null: no map. */
  readonly mapKey: string | null;
  /** The message that a group declares; it stands among its scope's messages too. */
  readonly group: MessageNode | null;
  readonly name: string;
  readonly number: number;
  readonly options: readonly OptionNode[];
  readonly place: Place;
}

export interface OneofNode {
  readonly name: string;
  readonly options: readonly OptionNode[];
  readonly fields: readonly FieldNode[];
  readonly place: Place;
}

/** What `export` and `local` say, since edition 2024. */
export type Visibility = "export" | "local" | null;

export interface MessageNode {
  readonly name: string;
  readonly visibility: Visibility;
  readonly options: readonly OptionNode[];
  readonly reserved: readonly ReservedNode[];
  readonly extensions: readonly ExtensionsNode[];
  /** Those outside oneofs. */
  readonly fields: readonly FieldNode[];
  readonly oneofs: readonly OneofNode[];
  /** In the order of declaration, groups included: message indexes count them so. */
  readonly messages: readonly MessageNode[];
  readonly enums: readonly EnumNode[];
  readonly extends: readonly ExtendNode[];
  readonly place: Place;
}

export interface EnumValueNode {
  readonly name: string;
  readonly number: number;
  readonly options: readonly OptionNode[];
  readonly place: Place;
}

export interface EnumNode {
  readonly name: string;
  readonly visibility: Visibility;
  readonly options: readonly OptionNode[];
  readonly values: readonly EnumValueNode[];
  readonly reserved: readonly ReservedNode[];
  readonly place: Place;
}

export interface ExtendNode {
  readonly extendee: string;
  readonly fields: readonly FieldNode[];
  readonly place: Place;
}

export interface MethodNode {
  readonly name: string;
  readonly input: string;
  readonly inputStream: boolean;
  readonly output: string;
  readonly outputStream: boolean;
  readonly options: readonly OptionNode[];
  readonly place: Place;
}

export interface ServiceNode {
  readonly name: string;
  readonly options: readonly OptionNode[];
  readonly methods: readonly MethodNode[];
  readonly place: Place;
}

export interface ImportNode {
  readonly path: string;
  readonly modifier: "public" | "weak" | "option" | null;
  readonly place: Place;
}

/** A .proto file without its comments. */
export interface FileNode {
  /** As written: `proto2`, `proto3` or null. */
  readonly syntax: string | null;
  /** `2023` or `2024`, or null. */
  readonly edition: string | null;
  readonly package: string | null;
  readonly imports: readonly ImportNode[];
  readonly options: readonly OptionNode[];
  /** In the order of declaration, groups of `extend` included. */
  readonly messages: readonly MessageNode[];
  readonly enums: readonly EnumNode[];
  readonly extends: readonly ExtendNode[];
  readonly services: readonly ServiceNode[];
}

/** The names of scalar types. */
export const SCALAR_TYPES = [
  "double",
  "float",
  "int64",
  "uint64",
  "int32",
  "fixed64",
  "fixed32",
  "bool",
  "string",
  "bytes",
  "uint32",
  "sfixed32",
  "sfixed64",
  "sint32",
  "sint64",
] as const;

export type ScalarType = (typeof SCALAR_TYPES)[number];

const SCALARS: ReadonlySet<string> = new Set(SCALAR_TYPES);

/** Whether `type` names a scalar. */
export function isScalarType(type: string): type is ScalarType {
  return SCALARS.has(type);
}

/** Highest number of a field, and of an extension. */
export const FIELD_NUMBER_MAX = 536_870_911;

/** Numbers that the Protobuf implementation keeps for itself, both inclusive. */
export const IMPLEMENTATION_NUMBERS = { start: 19_000, end: 19_999 } as const;
