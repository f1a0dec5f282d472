import {
  type AvroEnumType,
  avroLogicalTypeOf,
  type AvroRecordType,
  type AvroType,
  isNamedAvroType,
} from "../../formats/mod.ts";
import type { CompatibilityPolicy } from "../incompatibility.ts";
import { isReadableAs, NameLookup } from "./names.ts";

/** Pairs of types that one comparison looks at; past it, schemas count as too complex to compare. */
const STEPS_MAX = 2_000_000;

/** A comparison that takes more than {@linkcode STEPS_MAX} steps. */
export class TooComplexError extends Error {
  override readonly name = "TooComplexError";
}

/** A pair of records, and the pairs whose verdict rests on it. */
interface Pair {
  readonly reader: AvroRecordType;
  readonly writer: AvroRecordType;
  isReadable: boolean;
  readonly dependents: Set<Pair>;
}

/**
 * Which types read which. Every pair of records counts as readable until it is shown not to be, so that recursive
 * types end; a pair that turns out unreadable has those that rested on it looked at again. Records are worked off
 * from a list and not by recursion, as chains of them may be long.
 */
export class Verdicts {
  readonly names = new NameLookup();
  readonly #isLogical: boolean;
  readonly #pairs = new Map<AvroRecordType, Map<AvroRecordType, Pair>>();
  readonly #enums = new Map<AvroEnumType, Map<AvroEnumType, boolean>>();
  readonly #open: Pair[] = [];
  #steps = 0;

  constructor(policy: CompatibilityPolicy) {
    this.#isLogical = policy === "LOGICAL";
  }

  /** Whether `reader` reads all that `writer` writes. Throws {@linkcode TooComplexError}. */
  isReadable(reader: AvroType, writer: AvroType): boolean {
    for (;;) {
      const isReadable = this.#reads(reader, writer, null);
      // Pairs just met count as readable, so that only a look that meets none tells.
      if (this.#open.length === 0) return isReadable;
      this.#settle();
    }
  }

  #settle(): void {
    for (let pair = this.#open.pop(); pair !== undefined; pair = this.#open.pop()) {
      if (!pair.isReadable || this.#readsRecord(pair)) continue;
      pair.isReadable = false;
      for (const dependent of pair.dependents) this.#open.push(dependent);
    }
  }

  /** Whether both stand for the same logical type, as far as the policy minds it. */
  isSameLogicalType(reader: AvroType, writer: AvroType): boolean {
    if (!this.#isLogical) return true;
    const logical = avroLogicalTypeOf(reader);
    if (logical !== avroLogicalTypeOf(writer)) return false;
    if (logical !== "decimal" || reader.kind === "union" || writer.kind === "union") return true;
    const left = reader.properties, right = writer.properties;
    return numberOf(left.get("precision")) === numberOf(right.get("precision")) &&
      numberOf(left.get("scale")) === numberOf(right.get("scale"));
  }

  /** Counts looks at pairs. Throws {@linkcode TooComplexError}. */
  step(looks = 1): void {
    this.#steps += looks;
    if (this.#steps > STEPS_MAX) throw new TooComplexError();
  }

  // As deep as types without names are nested, which the reader of texts limits.
  #reads(reader: AvroType, writer: AvroType, dependent: Pair | null): boolean {
    this.step();
    if (writer.kind === "union") {
      return writer.branches.every((branch) => this.#reads(reader, branch, dependent));
    }
    if (reader.kind === "union") {
      return this.names.branchesFor(reader, writer)
        .some(({ type }) => this.#reads(type, writer, dependent));
    }
    if (!this.isSameLogicalType(reader, writer)) return false;
    if (isNamedAvroType(reader) || isNamedAvroType(writer)) {
      return this.#readsNamed(reader, writer, dependent);
    }
    if (reader.kind === "array" && writer.kind === "array") {
      return this.#reads(reader.items, writer.items, dependent);
    }
    if (reader.kind === "map" && writer.kind === "map") {
      return this.#reads(reader.values, writer.values, dependent);
    }
    return isReadableAs(writer.kind, reader.kind);
  }

  #readsNamed(reader: AvroType, writer: AvroType, dependent: Pair | null): boolean {
    if (!isNamedAvroType(reader) || !isNamedAvroType(writer)) return false;
    if (reader.kind !== writer.kind || !this.names.match(reader, writer)) return false;
    if (reader.kind === "record" && writer.kind === "record") {
      const pair = this.#pair(reader, writer);
      if (dependent !== null && pair.isReadable) pair.dependents.add(dependent);
      return pair.isReadable;
    }
    if (reader.kind === "enum" && writer.kind === "enum") {
      return reader.default !== null || this.#hasSymbols(reader, writer);
    }
    return reader.kind === "fixed" && writer.kind === "fixed" && reader.size === writer.size;
  }

  #readsRecord(pair: Pair): boolean {
    return pair.reader.fields.every((field) => {
      this.step();
      const found = this.names.writerField(field, pair.writer);
      if (found === "ambiguous") return false;
      if (found === "missing") return field.default !== undefined;
      return this.#reads(field.type, found.type, pair);
    });
  }

  #hasSymbols(reader: AvroEnumType, writer: AvroEnumType): boolean {
    let known = this.#enums.get(reader);
    if (known === undefined) this.#enums.set(reader, known = new Map());
    let has = known.get(writer);
    if (has === undefined) {
      this.step(writer.symbols.length);
      known.set(writer, has = missingSymbols(reader.symbols, writer.symbols).length === 0);
    }
    return has;
  }

  #pair(reader: AvroRecordType, writer: AvroRecordType): Pair {
    let pairs = this.#pairs.get(reader);
    if (pairs === undefined) this.#pairs.set(reader, pairs = new Map());
    const known = pairs.get(writer);
    if (known !== undefined) return known;
    const pair: Pair = { reader, writer, isReadable: true, dependents: new Set() };
    pairs.set(writer, pair);
    this.#open.push(pair);
    return pair;
  }
}

/** Symbols that the writer may write and the reader doesn't have. */
export function missingSymbols(
  reader: readonly string[],
  writer: readonly string[],
): readonly string[] {
  const known = new Set(reader);
  return writer.filter((symbol) => !known.has(symbol));
}

/** The value of a property that is a number; 0 for what is none. */
function numberOf(value: unknown): number {
  const text = typeof value === "object" && value !== null && "text" in value ? value.text : 0;
  return Number(text);
}
