import { SchemaError } from "../schema.ts";
import type { ResolvedReference } from "../schema.ts";
import { booleanOption, declareFile, qualify } from "./declare.ts";
import {
  isPackable,
  type LinkedEnum,
  type LinkedField,
  type LinkedFile,
  type LinkedMessage,
  type LinkedSymbol,
  type Origin,
} from "./linked.ts";
import { lookup } from "./lookup.ts";
import { parseProto } from "./parser.ts";
import { type FileNode, isScalarType, type MessageNode, type Place } from "./syntax_tree.ts";
import { wellKnownText } from "./well_known.ts";

/** How long a chain of imports may be. */
const IMPORT_DEPTH_MAX = 256;

/** The path by which a schema's own file goes. */
export const SCHEMA_PATH = "default";

/** Reads a text, .proto or a descriptor; handed in, for descriptors need what is linked here. */
export type ReadText = (text: string) => FileNode;

/** Looks up what the file's names stand for, in what it refers to and in the files that are built in. */
export function linkFile(
  node: FileNode,
  references: readonly ResolvedReference[],
  readText: ReadText,
): LinkedFile {
  return new Linker(references, readText).link(SCHEMA_PATH, node, null);
}

const WELL_KNOWN = new Map<string, LinkedFile>();

/** A file that is built in, linked once; null when there is none of that path. */
export function wellKnownFile(path: string): LinkedFile | null {
  const known = WELL_KNOWN.get(path);
  if (known !== undefined) return known;
  const text = wellKnownText(path);
  if (text === null) return null;
  const file = new Linker([], parseProto).link(path, parseProto(text), null);
  WELL_KNOWN.set(path, file);
  return file;
}

class Linker {
  readonly #sources: ReadonlyMap<string, ResolvedReference>;
  readonly #readText: ReadText;
  /** Null while a file's imports are being linked. */
  readonly #files = new Map<string, LinkedFile | null>();
  readonly #chain: string[] = [];

  constructor(references: readonly ResolvedReference[], readText: ReadText) {
    this.#sources = flatten(references);
    this.#readText = readText;
  }

  link(path: string, node: FileNode, origin: Origin | null): LinkedFile {
    const file = declareFile(path, node, origin);
    this.#import(file);
    new Resolver(file).resolve();
    return file;
  }

  #import(file: LinkedFile): void {
    const visible = new Set([file]), all = new Set([file]);
    const seen = new Set<string>();
    for (const { path, modifier, place } of file.node.imports) {
      if (seen.has(path)) {
        file.problems.push({ message: `"${path}" is imported twice`, place });
        continue;
      }
      seen.add(path);
      const imported = this.#file(path, place);
      if (imported === null) {
        // What only options name, and weak imports, may be absent.
        if (modifier !== "weak" && modifier !== "option") {
          const message = `"${path}" is imported, yet neither among the references nor built in`;
          file.problems.push({ message, place });
        }
        continue;
      }
      visible.add(imported);
      for (const one of publicImports(imported)) visible.add(one);
      for (const one of imported.all) all.add(one);
    }
    file.visible = [...visible];
    file.all = [...all];
  }

  #file(path: string, place: Place): LinkedFile | null {
    const builtIn = wellKnownFile(path);
    if (builtIn !== null) return builtIn;
    const known = this.#files.get(path);
    if (known === null) {
      const circle = [...this.#chain.slice(this.#chain.indexOf(path)), path];
      throw new SchemaError(`line ${place.line}: imports go in a circle: ${circle.join(" -> ")}`);
    }
    if (known !== undefined) return known;
    const source = this.#sources.get(path);
    if (source === undefined) return null;
    if (this.#chain.length >= IMPORT_DEPTH_MAX) {
      throw new SchemaError(`the chain of imports is longer than ${IMPORT_DEPTH_MAX} at "${path}"`);
    }
    this.#files.set(path, null);
    this.#chain.push(path);
    const { subject, version } = source;
    const file = this.link(path, this.#read(source), { subject, version });
    this.#chain.pop();
    this.#files.set(path, file);
    return file;
  }

  #read(source: ResolvedReference): FileNode {
    try {
      return this.#readText(source.text);
    } catch (cause) {
      if (!(cause instanceof SchemaError)) throw cause;
      throw new SchemaError(`in the import "${source.name}": ${cause.message}`, { cause });
    }
  }
}

/** References by path, the nearer ones before those that they refer to in turn. */
function flatten(references: readonly ResolvedReference[]): Map<string, ResolvedReference> {
  const sources = new Map<string, ResolvedReference>();
  let level = references;
  while (level.length > 0) {
    const next: ResolvedReference[] = [];
    for (const reference of level) {
      if (sources.has(reference.name)) continue;
      sources.set(reference.name, reference);
      next.push(...reference.references);
    }
    level = next;
  }
  return sources;
}

/** What is seen through a file's public imports, however far. */
function publicImports(file: LinkedFile): readonly LinkedFile[] {
  const paths = new Set<string>();
  for (const { path, modifier } of file.node.imports) if (modifier === "public") paths.add(path);
  if (paths.size === 0) return [];
  return file.all
    .filter((one) => paths.has(one.path))
    .flatMap((one) => [one, ...publicImports(one)]);
}

function isType(symbol: LinkedSymbol): symbol is LinkedMessage | LinkedEnum {
  return symbol.kind === "message" || symbol.kind === "enum";
}

function isMessage(symbol: LinkedSymbol): symbol is LinkedMessage {
  return symbol.kind === "message";
}

/** Looks up the types of one file's fields, extensions and rpcs. */
class Resolver {
  readonly #file: LinkedFile;
  readonly #groups = new Map<MessageNode, LinkedMessage>();

  constructor(file: LinkedFile) {
    this.#file = file;
  }

  resolve(): void {
    const file = this.#file;
    for (const message of file.messages) this.#collectGroups(message);
    for (const message of file.messages) this.#message(message);
    for (const extend of file.extends) {
      const { extendee, place } = extend.node;
      extend.extendee = this.#lookup(extendee, extend.scope, isMessage);
      if (extend.extendee === null) {
        file.problems.push({ message: `no message is named "${extendee}"`, place });
      }
      for (const field of extend.fields) {
        field.extendee = extend.extendee;
        this.#field(field, extend.scope);
      }
    }
    for (const service of file.services) {
      for (const { input, output, place } of service.node.methods) {
        service.methods.push({
          input: this.#methodType(input, service.fullName, place),
          output: this.#methodType(output, service.fullName, place),
        });
      }
    }
  }

  #collectGroups(message: LinkedMessage): void {
    this.#groups.set(message.node!, message);
    for (const nested of message.messages) this.#collectGroups(nested);
  }

  #message(message: LinkedMessage): void {
    for (const field of message.fields) this.#field(field, message.fullName);
    for (const nested of message.messages) this.#message(nested);
  }

  #lookup<T extends LinkedSymbol>(
    name: string,
    scope: string,
    accepts: (symbol: LinkedSymbol) => symbol is T,
  ): T | null {
    const { visible, all } = this.#file;
    // Compilers want each import said; schemas are registered that leave it to another import.
    const found = lookup(visible, name, scope, accepts);
    return found ?? (all.length > visible.length ? lookup(all, name, scope, accepts) : null);
  }

  #methodType(name: string, scope: string, place: Place): string {
    const message = this.#lookup(name, scope, isMessage);
    if (message !== null) return message.fullName;
    this.#file.problems.push({ message: `no message is named "${name}"`, place });
    return name;
  }

  #field(field: LinkedField, scope: string): void {
    const node = field.node!;
    if (node.group !== null) {
      field.type = "group";
      field.message = this.#groups.get(node.group) ?? null;
    } else if (field.map !== null) {
      this.#type(field.map.key, node.mapKey!, { scope, place: node.place });
      this.#type(field.map.value, node.type, { scope, place: node.place });
      field.type = "message";
    } else this.#type(field, node.type, { scope, place: node.place });
    this.#presence(field);
  }

  #type(field: LinkedField, name: string, at: { scope: string; place: Place }): void {
    if (isScalarType(name)) {
      field.type = name;
      return;
    }
    const type = this.#lookup(name, at.scope, isType);
    if (type === null) {
      const message = `no message or enum is named "${name}" in ${qualify(at.scope, field.name)}`;
      this.#file.problems.push({ message, place: at.place });
    } else if (type.kind === "enum") {
      field.type = "enum";
      field.enum = type;
    } else {
      const delimited = field.features.delimited && field.node !== null;
      field.type = delimited ? "group" : "message";
      field.message = type;
    }
  }

  #presence(field: LinkedField): void {
    const { type, node, features } = field;
    field.hasPresence = !field.repeated &&
      (type === "message" || type === "group" || field.oneof !== null || field.extension ||
        node?.label != null || features.presence !== "implicit");
    field.packed = field.repeated && field.map === null && isPackable(type) &&
      (booleanOption(node?.options ?? [], "packed") ?? features.packed);
  }
}
