import {
  avroBranchName,
  type AvroField,
  type AvroNamedType,
  type AvroRecordType,
  type AvroType,
  type AvroUnionType,
  isNamedAvroType,
} from "../../formats/mod.ts";

/** A field that the writer has for one of the reader's, or why there is none to take. */
export type WriterField = AvroField | "missing" | "ambiguous";

/** A branch of a union and its index. */
export interface Branch {
  readonly type: AvroType;
  readonly index: number;
}

/** Matches types, fields and branches by name, with an index for each. */
export class NameLookup {
  readonly #aliases = new WeakMap<AvroNamedType, ReadonlySet<string>>();
  readonly #fields = new WeakMap<AvroRecordType, ReadonlyMap<string, AvroField>>();
  readonly #branches = new WeakMap<AvroUnionType, ReadonlyMap<string, readonly Branch[]>>();

  /**
   * Whether the names of two types of one kind match: the simple ones are equal, or the reader has the writer's
   * full name as alias.
   */
  match(reader: AvroNamedType, writer: AvroNamedType): boolean {
    if (reader.name.simple === writer.name.simple) return true;
    if (reader.aliases.length === 0) return false;
    let aliases = this.#aliases.get(reader);
    if (aliases === undefined) {
      this.#aliases.set(reader, aliases = new Set(reader.aliases.map(({ full }) => full)));
    }
    return aliases.has(writer.name.full);
  }

  /** The writer's field of the reader's name or of one of its aliases; more than one match is ambiguous. */
  writerField(field: AvroField, writer: AvroRecordType): WriterField {
    const fields = this.#fieldsOf(writer);
    if (field.aliases.length === 0) return fields.get(field.name) ?? "missing";
    const names = new Set([field.name, ...field.aliases]);
    const found = [...names].flatMap((name) => fields.get(name) ?? []);
    return found.length > 1 ? "ambiguous" : found[0] ?? "missing";
  }

  /** Branches of a reader's union that may read a type, those that fit best first. */
  branchesFor(union: AvroUnionType, writer: AvroType): readonly Branch[] {
    const branches = this.#branchesOf(union);
    if (!isNamedAvroType(writer)) {
      return READABLE_AS[writer.kind].flatMap((kind) => branches.get(kind) ?? []);
    }
    const { kind, name } = writer;
    const bySimple = branches.get(`${kind} ${name.simple}`) ?? [];
    const byAlias = branches.get(`${kind} alias ${name.full}`) ?? [];
    return byAlias.length === 0 ? bySimple : [...new Set([...bySimple, ...byAlias])];
  }

  #fieldsOf(record: AvroRecordType): ReadonlyMap<string, AvroField> {
    const known = this.#fields.get(record);
    if (known !== undefined) return known;
    const fields = new Map(record.fields.map((field) => [field.name, field]));
    this.#fields.set(record, fields);
    return fields;
  }

  #branchesOf(union: AvroUnionType): ReadonlyMap<string, readonly Branch[]> {
    const known = this.#branches.get(union);
    if (known !== undefined) return known;
    const branches = new Map<string, Branch[]>();
    const add = (key: string, branch: Branch) => {
      const list = branches.get(key);
      if (list === undefined) branches.set(key, [branch]);
      else list.push(branch);
    };
    union.branches.forEach((type, index) => {
      const branch = { type, index };
      if (!isNamedAvroType(type)) return add(avroBranchName(type), branch);
      add(`${type.kind} ${type.name.simple}`, branch);
      for (const alias of type.aliases) add(`${type.kind} alias ${alias.full}`, branch);
    });
    this.#branches.set(union, branches);
    return branches;
  }
}

type UnnamedKind = Exclude<AvroType, AvroNamedType>["kind"];

/** Kinds that a reader may have for each kind that was written: the same one, then those it is promoted to. */
const READABLE_AS: Readonly<Record<UnnamedKind, readonly string[]>> = {
  null: ["null"],
  boolean: ["boolean"],
  int: ["int", "long", "float", "double"],
  long: ["long", "float", "double"],
  float: ["float", "double"],
  double: ["double"],
  bytes: ["bytes", "string"],
  string: ["string", "bytes"],
  array: ["array"],
  map: ["map"],
  union: [],
};

/** Whether a kind without a name is read as another one, or as itself. */
export function isReadableAs(writer: UnnamedKind, reader: string): boolean {
  return READABLE_AS[writer].includes(reader);
}
