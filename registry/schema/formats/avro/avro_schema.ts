import type {
  DatumCodec,
  ParsedSchema,
  ParseOptions,
  ResolvedReference,
  SchemaFormat,
} from "../schema.ts";
import { type AvroType, isNamed, type NamedType } from "./avro_type.ts";
import { canonicalText } from "./canonical_text.ts";
import { datumCodec } from "./datum/mod.ts";
import { NestingError } from "./nesting.ts";
import { normalizedText } from "./normalized_text.ts";
import { SchemaParser } from "./schema_parser.ts";
import { readSchemaText } from "./schema_text.ts";

/** The kind of schema that Avro is. */
export interface AvroFormat extends SchemaFormat {
  parse(
    text: string,
    references: readonly ResolvedReference[],
    options: ParseOptions,
  ): AvroSchema;
}

/**
 * Avro 1.12 as its Java library reads it: comments are let through, and names may be used ahead of their
 * definition. Stricter than it in strict parsing: names are ASCII, a default must be of a union's first branch, a
 * symbol of its enum and of the size of its fixed.
 */
export const avroFormat: AvroFormat = { type: "AVRO", parse: parseAvroSchema };

function parseAvroSchema(
  text: string,
  references: readonly ResolvedReference[],
  options: ParseOptions,
): AvroSchema {
  const parser = new SchemaParser();
  parseReferences(parser, references, new Set());
  const external = new Set(parser.names.values());
  const root = parser.parse(readSchemaText(text), options.strict);
  return new AvroSchema({ root, references, names: parser.names, external });
}

/** Types of references, those that they need themselves first; stored texts are not held to strict rules. */
function parseReferences(
  parser: SchemaParser,
  references: readonly ResolvedReference[],
  seen: Set<string>,
): void {
  for (const reference of references) {
    if (seen.has(reference.name)) continue;
    seen.add(reference.name);
    parseReferences(parser, reference.references, seen);
    parser.parse(readSchemaText(reference.text), false);
  }
}

/** What a schema is made of. */
export interface AvroSchemaParts {
  readonly root: AvroType;
  readonly references: readonly ResolvedReference[];
  /** All named types by full name, those of references included. */
  readonly names: ReadonlyMap<string, NamedType>;
  /** The types that references define. */
  readonly external: ReadonlySet<NamedType>;
}

const NONE: ReadonlySet<NamedType> = new Set();

/** An Avro schema that was understood. */
export class AvroSchema implements ParsedSchema {
  readonly type = "AVRO";
  /** Its outermost type. */
  readonly root: AvroType;
  readonly references: readonly ResolvedReference[];
  readonly canonicalText: string;
  readonly recordName: string | null;
  readonly fieldNames: readonly string[];
  readonly #parts: AvroSchemaParts;
  #normalized: string | null = null;
  #inlined: string | null = null;
  #codec: DatumCodec | null = null;

  constructor(parts: AvroSchemaParts) {
    const { root, references, external, names } = parts;
    this.#parts = parts;
    this.root = root;
    this.references = references;
    this.canonicalText = canonicalText(root, external, names);
    this.recordName = isNamed(root) ? root.name.full : null;
    this.fieldNames = root.kind === "record" ? root.fields.map(({ name }) => name) : [];
  }

  /** The form with full names and ordered keys; types of references stay names. */
  normalizedText(): string {
    return this.#normalized ??= normalizedText(this.root, this.#parts.external, this.#parts.names);
  }

  /** `resolved`: with the types of references in place of their names, unless that nests them too deeply. */
  textAs(format: string): string {
    if (format !== "resolved" || this.#parts.external.size === 0) return this.canonicalText;
    return unlessTooDeep(() => canonicalText(this.root, NONE, this.#parts.names)) ??
      this.canonicalText;
  }

  /**
   * Whether both are the same types with the same documentation, aliases, defaults and properties, in whatever
   * order their keys are and wherever their named types are defined: here or in references.
   */
  equals(other: ParsedSchema): boolean {
    return other instanceof AvroSchema && this.#inlinedText() === other.#inlinedText();
  }

  #inlinedText(): string {
    if (this.#inlined !== null) return this.#inlined;
    const text = this.#parts.external.size === 0
      ? null
      : unlessTooDeep(() => normalizedText(this.root, NONE, this.#parts.names));
    return this.#inlined = text ?? this.normalizedText();
  }

  /** Values in Avro's JSON encoding, and its binary one; bytes at the top are written without their length. */
  datum(): DatumCodec {
    return this.#codec ??= datumCodec(this.root);
  }
}

function unlessTooDeep(write: () => string): string | null {
  try {
    return write();
  } catch (error) {
    if (error instanceof NestingError) return null;
    throw error;
  }
}
