import type { Features } from "./features.ts";
import type {
  EnumNode,
  ExtendNode,
  FieldNode,
  FileNode,
  MessageNode,
  OneofNode,
  Place,
  ScalarType,
  ServiceNode,
} from "./syntax_tree.ts";

/** The registered version that a file's text was taken from. */
export interface Origin {
  readonly subject: string;
  readonly version: number;
}

/** Something that is wrong with a schema, and where. */
export interface Problem {
  readonly message: string;
  readonly place: Place;
}

/** A file whose names were looked up. */
export interface LinkedFile {
  /** As imports spell it; `default` for the schema itself. */
  readonly path: string;
  readonly node: FileNode;
  /** Null for the schema itself and for files that are built in. */
  readonly origin: Origin | null;
  readonly features: Features;
  readonly messages: LinkedMessage[];
  readonly enums: LinkedEnum[];
  /** Every `extend` in it, nested ones too. */
  readonly extends: LinkedExtend[];
  readonly services: LinkedService[];
  /** What it declares, by full name. */
  readonly symbols: Map<string, LinkedSymbol>;
  /** The package and the packages around it. */
  readonly packages: ReadonlySet<string>;
  /** Itself, its imports, and what these import publicly: where its names are looked up. */
  visible: readonly LinkedFile[];
  /** Itself and everything that it needs, each once. */
  all: readonly LinkedFile[];
  /** What didn't resolve, and names declared twice. */
  readonly problems: Problem[];
}

export interface LinkedMessage {
  readonly kind: "message";
  readonly name: string;
  /** With its package, without a leading dot. */
  readonly fullName: string;
  readonly file: LinkedFile;
  readonly parent: LinkedMessage | null;
  readonly features: Features;
  /** Those of oneofs too, in the order of declaration. */
  readonly fields: LinkedField[];
  readonly byNumber: Map<number, LinkedField>;
  /** By their names and their names in JSON. */
  readonly byName: Map<string, LinkedField>;
  readonly oneofs: LinkedOneof[];
  /** Nested ones as message indexes count them: no entries of maps. */
  readonly messages: LinkedMessage[];
  readonly enums: LinkedEnum[];
  /** Its `extend` blocks. */
  readonly extends: LinkedExtend[];
  /** Null for the entry of a map. */
  readonly node: MessageNode | null;
}

export interface LinkedOneof {
  readonly kind: "oneof";
  readonly name: string;
  readonly fullName: string;
  readonly fields: LinkedField[];
  readonly node: OneofNode;
}

export interface LinkedEnum {
  readonly kind: "enum";
  readonly name: string;
  readonly fullName: string;
  readonly file: LinkedFile;
  readonly features: Features;
  /** The first of each number is what JSON shows. */
  readonly byNumber: Map<number, string>;
  readonly byName: Map<string, number>;
  readonly node: EnumNode;
}

export interface LinkedExtend {
  readonly node: ExtendNode;
  readonly scope: string;
  readonly fields: readonly LinkedField[];
  extendee: LinkedMessage | null;
}

export interface LinkedService {
  readonly kind: "service";
  readonly name: string;
  readonly fullName: string;
  readonly node: ServiceNode;
  /** Full names of what each rpc takes and gives; what didn't resolve stays as written. */
  readonly methods: { readonly input: string; readonly output: string }[];
}

/** The type of a field's values; `unresolved` where its name led nowhere. */
export type FieldType = ScalarType | "message" | "group" | "enum" | "unresolved";

export interface LinkedField {
  readonly kind: "field";
  readonly name: string;
  readonly jsonName: string;
  readonly number: number;
  readonly fullName: string;
  readonly repeated: boolean;
  readonly required: boolean;
  readonly oneof: LinkedOneof | null;
  readonly features: Features;
  /** Whether it extends a message that was declared elsewhere. */
  readonly extension: boolean;
  /** Position among its message's fields. */
  readonly index: number;
  /** The key and the value of a map's entries; null: no map. */
  readonly map: { readonly key: LinkedField; readonly value: LinkedField } | null;
  /** Null for the key and the value of a map's entry. */
  readonly node: FieldNode | null;
  // What follows is known once names are looked up.
  type: FieldType;
  message: LinkedMessage | null;
  enum: LinkedEnum | null;
  /** The message that it extends; null: none, or its name led nowhere. */
  extendee: LinkedMessage | null;
  /** Whether its absence is told apart from its default value. */
  hasPresence: boolean;
  packed: boolean;
}

/** What only needs to be known by name: values of enums. */
export interface LinkedValue {
  readonly kind: "value";
  readonly fullName: string;
}

export type LinkedSymbol =
  | LinkedMessage
  | LinkedEnum
  | LinkedField
  | LinkedOneof
  | LinkedService
  | LinkedValue;

/** Whether `type` may be packed when repeated. */
export function isPackable(type: FieldType): boolean {
  return type !== "string" && type !== "bytes" && type !== "message" && type !== "group" &&
    type !== "unresolved";
}

/** `fooBar` of `foo_bar`: the name that a field has in JSON when it says no other. */
export function defaultJsonName(name: string): string {
  return name.replace(
    /_+([^_]?)/g,
    (_, char: string) => /[a-z]/.test(char) ? char.toUpperCase() : char,
  );
}

/** The name of the message that stands for an entry of a map. */
export function mapEntryName(field: string): string {
  return `${field.replace(/(?:^|_+)([^_]?)/g, (_, char: string) => char.toUpperCase())}Entry`;
}
