import {
  type DatumCodec,
  type ParsedSchema,
  type ParseOptions,
  type ResolvedReference,
  SchemaError,
  type SchemaFormat,
} from "../schema.ts";
import { checkFile } from "./checks.ts";
import { messageCodec } from "./datum.ts";
import { readDescriptor } from "./descriptor_reader.ts";
import { writeDescriptor } from "./descriptor_writer.ts";
import type { LinkedFile, Problem } from "./linked.ts";
import { linkFile } from "./linker.ts";
import { normalizeFile, withoutExtensions } from "./normalizer.ts";
import { extensionsOf } from "./option_decoder.ts";
import { parseProto } from "./parser.ts";
import { printFile } from "./printer.ts";
import type { FileNode } from "./syntax_tree.ts";

/** How many problems one message tells. */
const TOLD_MAX = 5;

/** A Protobuf schema: one file, with what it imports. */
export class ProtobufSchema implements ParsedSchema {
  readonly type = "PROTOBUF";
  readonly references: readonly ResolvedReference[];
  readonly canonicalText: string;
  /** The file as it was read, comments aside. */
  readonly node: FileNode;
  #linked: LinkedFile | null;
  #datum: DatumCodec | null = null;
  #comparable: string | null = null;

  constructor(
    node: FileNode,
    references: readonly ResolvedReference[],
    linked: LinkedFile | null,
  ) {
    this.node = node;
    this.references = references;
    this.#linked = linked;
    this.canonicalText = printFile(node);
  }

  /** The file with its names looked up. Throws {@linkcode SchemaError} for imports that go in a circle. */
  get file(): LinkedFile {
    return this.#linked ??= linkFile(this.node, this.references, readText);
  }

  get recordName(): string | null {
    const first = this.node.messages[0];
    if (first === undefined) return null;
    return this.node.package === null ? first.name : `${this.node.package}.${first.name}`;
  }

  get fieldNames(): readonly string[] {
    const first = this.node.messages[0];
    if (first === undefined) return [];
    return [...first.fields, ...first.oneofs.flatMap(({ fields }) => fields)]
      .map(({ name }) => name);
  }

  normalizedText(): string {
    return printFile(normalizeFile(this.file, { sort: true }));
  }

  /** `serialized`: base64 of the FileDescriptorProto; `ignore_extensions`: without what extends. */
  textAs(format: string): string {
    if (format === "serialized") return writeDescriptor(this.file).toBase64();
    if (format === "ignore_extensions") return printFile(withoutExtensions(this.node));
    return this.canonicalText;
  }

  /** A text and a descriptor of the same file are equal, as are relative and full names of types. */
  equals(other: ParsedSchema): boolean {
    if (!(other instanceof ProtobufSchema)) return false;
    return this.canonicalText === other.canonicalText || this.comparable() === other.comparable();
  }

  /** A text that is the same for all that {@linkcode equals} holds equal. */
  comparable(): string {
    if (this.#comparable !== null) return this.#comparable;
    try {
      return this.#comparable = printFile(normalizeFile(this.file, { sort: false }));
    } catch (error) {
      if (!(error instanceof SchemaError)) throw error;
      // Stored with imports that can't be read: it is equal to what is written alike.
      return this.#comparable = this.canonicalText;
    }
  }

  datum(): DatumCodec {
    if (this.#datum !== null) return this.#datum;
    const { file } = this;
    if (file.messages.length === 0) throw new SchemaError("the schema declares no message");
    throwProblems(file.problems);
    return this.#datum = messageCodec(file);
  }
}

/** Protobuf: .proto texts of proto2, proto3 and editions, and base64 of a `FileDescriptorProto`. */
export const protobufFormat: SchemaFormat = {
  type: "PROTOBUF",
  parse(
    text: string,
    references: readonly ResolvedReference[],
    { strict }: ParseOptions,
  ): ProtobufSchema {
    const { node, linked } = read(text, references);
    const schema = new ProtobufSchema(node, references, linked);
    if (strict) throwProblems(checkFile(schema.file));
    return schema;
  },
};

function read(
  text: string,
  references: readonly ResolvedReference[],
): { node: FileNode; linked: LinkedFile | null } {
  const bytes = descriptorBytes(text);
  if (bytes === null) {
    if (text.trim() === "") throw new SchemaError("the schema is empty");
    return { node: parseProto(text), linked: null };
  }
  const first = readDescriptor(bytes, () => null);
  if (first.unknownCount === 0) return { node: first.file, linked: null };
  // Options that use extensions can be read once what declares these is known.
  const linked = linkFile(first.file, references, readText);
  return { node: readDescriptor(bytes, extensionsOf(linked)).file, linked: null };
}

/** A reference's text; options that use extensions don't matter to those who import it. */
function readText(text: string): FileNode {
  const bytes = descriptorBytes(text);
  return bytes === null ? parseProto(text) : readDescriptor(bytes, () => null).file;
}

/**
 * Whether a client wrote its schema as base64 of a descriptor. Such clients keep what a registration or a lookup
 * answers and read it as base64 again, so they want the `serialized` form whether they ask for it or not.
 */
export function isProtobufDescriptor(text: string): boolean {
  return BASE64.test(text.trim());
}

// A .proto text has a space or a bracket at least.
const BASE64 = /^(?=.{4})[A-Za-z0-9+/\r\n]+={0,2}$/s;

/** The descriptor that a text holds in base64; null when it isn't base64. */
function descriptorBytes(text: string): Uint8Array | null {
  if (!isProtobufDescriptor(text)) return null;
  try {
    return Uint8Array.fromBase64(text);
  } catch (cause) {
    throw new SchemaError("the schema is neither a .proto text nor base64 of a descriptor", {
      cause,
    });
  }
}

function throwProblems(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const told = problems.slice(0, TOLD_MAX).map(({ message, place }) =>
    place.line === 0 ? message : `line ${place.line}, column ${place.column}: ${message}`
  );
  const more = problems.length - told.length;
  if (more > 0) told.push(`and ${more} more`);
  throw new SchemaError(told.join("; "));
}
