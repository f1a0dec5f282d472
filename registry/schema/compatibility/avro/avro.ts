import {
  avroBranchName,
  avroLogicalTypeOf,
  type AvroRecordType,
  type AvroSchema,
  type AvroType,
  isNamedAvroType,
} from "../../formats/mod.ts";
import type { CompatibilityPolicy, Incompatibility } from "../incompatibility.ts";
import { isReadableAs } from "./names.ts";
import { missingSymbols, TooComplexError, Verdicts } from "./verdicts.ts";

/** Reasons that one comparison lists; nobody reads more. */
const REASONS_MAX = 200;
/** Symbols that one reason names. */
const SYMBOLS_SHOWN = 50;

/**
 * What keeps `reader` from reading what `writer` wrote. The policy LOGICAL minds logical types, which other
 * policies and Avro itself don't.
 *
 * Paths are those of Avro's Java library: JSON pointers into the reader's schema, followed by the index of a
 * branch where the writer has a union. Unlike there, a union that lacks a branch because the one of that name
 * doesn't fit has the reasons for that listed behind.
 */
export function avroIncompatibilities(
  reader: AvroSchema,
  writer: AvroSchema,
  policy: CompatibilityPolicy,
): Incompatibility[] {
  const verdicts = new Verdicts(policy);
  try {
    if (verdicts.isReadable(reader.root, writer.root)) return [];
    return new Reasons(verdicts).of(reader.root, writer.root);
  } catch (error) {
    if (!(error instanceof TooComplexError)) throw error;
    const description = "The schemas have too many types that may stand for each other to compare";
    return [{ errorType: "TOO_COMPLEX", path: "/", description, additionalInfo: "" }];
  }
}

/** Two records to go through, and where the reader's is. */
interface Open {
  readonly reader: AvroRecordType;
  readonly writer: AvroRecordType;
  readonly path: string;
}

/** Collects reasons, each pair of records once, in the order of the reader's text. */
class Reasons {
  readonly #verdicts: Verdicts;
  readonly #found: Incompatibility[] = [];
  readonly #seen = new Map<AvroRecordType, Set<AvroRecordType>>();
  /** Pairs still to do; the next one is last. */
  readonly #open: Open[] = [];
  /** Pairs met in the record in hand; they come before those that wait already. */
  #met: Open[] = [];

  constructor(verdicts: Verdicts) {
    this.#verdicts = verdicts;
  }

  of(reader: AvroType, writer: AvroType): Incompatibility[] {
    this.#compare(reader, writer, "");
    this.#queueMet();
    while (this.#open.length > 0 && this.#found.length < REASONS_MAX) {
      this.#records(this.#open.pop()!);
      this.#queueMet();
    }
    return this.#found;
  }

  #queueMet(): void {
    this.#open.push(...this.#met.reverse());
    this.#met = [];
  }

  #add(errorType: string, path: string, description: string, additionalInfo = ""): void {
    if (this.#found.length >= REASONS_MAX) return;
    this.#found.push({ errorType, path: path === "" ? "/" : path, description, additionalInfo });
  }

  #compare(reader: AvroType, writer: AvroType, path: string): void {
    this.#verdicts.step();
    if (writer.kind === "union") {
      writer.branches.forEach((branch, index) =>
        reader.kind === "union"
          ? this.#branch(reader, branch, path, `${path}/${index}`)
          : this.#compare(reader, branch, `${path}/${index}`)
      );
    } else if (reader.kind === "union") {
      this.#branch(reader, writer, path, path);
    } else if (reader.kind === "array" && writer.kind === "array") {
      this.#compare(reader.items, writer.items, `${path}/items`);
    } else if (reader.kind === "map" && writer.kind === "map") {
      this.#compare(reader.values, writer.values, `${path}/values`);
    } else if (isNamedAvroType(reader) && reader.kind === writer.kind) {
      this.#named(reader, writer, path);
    } else if (isNamedAvroType(writer) || !isReadableAs(writer.kind, reader.kind)) {
      const description = `The reader's type ${nameOf(reader)} can't read ${nameOf(writer)}`;
      this.#add("TYPE_MISMATCH", path, description, `writer: ${nameOf(writer)}`);
    }
    if (!this.#verdicts.isSameLogicalType(reader, writer)) this.#logical(reader, writer, path);
  }

  /** A type that a reader's union is to read; `writerPath` names its branch in the writer's one. */
  #branch(
    reader: AvroType & { kind: "union" },
    writer: AvroType,
    path: string,
    writerPath: string,
  ): void {
    const candidates = this.#verdicts.names.branchesFor(reader, writer);
    const found = candidates.find(({ type }) => this.#verdicts.isReadable(type, writer));
    if (found !== undefined) return;
    const description = `The reader's union has no branch that reads ${nameOf(writer)}`;
    const branches = reader.branches.slice(0, SYMBOLS_SHOWN).map(avroBranchName).join(", ");
    this.#add("MISSING_UNION_BRANCH", writerPath, description, `reader: [${branches}]`);
    const [closest] = candidates;
    if (closest !== undefined) this.#compare(closest.type, writer, `${path}/${closest.index}`);
  }

  #named(reader: AvroType, writer: AvroType, path: string): void {
    if (!isNamedAvroType(reader) || !isNamedAvroType(writer)) return;
    if (!this.#verdicts.names.match(reader, writer)) {
      const description = `The reader's ${reader.kind} is named ${reader.name.full}, ` +
        `the writer's ${writer.name.full}`;
      this.#add("NAME_MISMATCH", `${path}/name`, description, `expected: ${writer.name.full}`);
    }
    if (reader.kind === "record" && writer.kind === "record") {
      this.#met.push({ reader, writer, path });
    } else if (reader.kind === "enum" && writer.kind === "enum") {
      const missing = missingSymbols(reader.symbols, writer.symbols);
      if (missing.length === 0 || reader.default !== null) return;
      const description = `The reader's enum ${reader.name.full} lacks symbols of the writer's`;
      const shown = missing.slice(0, SYMBOLS_SHOWN).join(", ");
      const more = missing.length > SYMBOLS_SHOWN ? ", ..." : "";
      this.#add("MISSING_ENUM_SYMBOLS", `${path}/symbols`, description, `[${shown}${more}]`);
    } else if (reader.kind === "fixed" && writer.kind === "fixed") {
      if (reader.size === writer.size) return;
      const description = `The reader's fixed ${reader.name.full} has ${reader.size} bytes, ` +
        `the writer's ${writer.size}`;
      this.#add("FIXED_SIZE_MISMATCH", `${path}/size`, description, `expected: ${writer.size}`);
    }
  }

  #records({ reader, writer, path }: Open): void {
    const seen = this.#seen.get(reader) ?? new Set();
    if (seen.has(writer)) return;
    this.#seen.set(reader, seen.add(writer));
    reader.fields.forEach((field, index) => {
      this.#verdicts.step();
      const place = `${path}/fields/${index}`;
      const found = this.#verdicts.names.writerField(field, writer);
      if (found === "ambiguous") {
        const description = `Field ${field.name} of the reader's record ${reader.name.full} ` +
          `goes by names of several fields of the writer's`;
        this.#add("READER_FIELD_AMBIGUOUS", place, description, field.name);
      } else if (found !== "missing") {
        this.#compare(field.type, found.type, `${place}/type`);
      } else if (field.default === undefined) {
        const description = `Field ${field.name} of the reader's record ${reader.name.full} ` +
          `has no default value and is missing in the writer's`;
        this.#add("READER_FIELD_MISSING_DEFAULT_VALUE", place, description, field.name);
      }
    });
  }

  #logical(reader: AvroType, writer: AvroType, path: string): void {
    if (reader.kind === "union" || writer.kind === "union") return;
    const description = `The reader's logical type ${logicalText(reader)} is not the writer's ` +
      logicalText(writer);
    this.#add("LOGICAL_TYPE_MISMATCH", path, description);
  }
}

function nameOf(type: AvroType): string {
  return isNamedAvroType(type) ? `${type.kind} ${type.name.full}` : type.kind;
}

function logicalText(type: AvroType): string {
  const logical = avroLogicalTypeOf(type);
  return logical === null ? "(none)" : logical;
}
