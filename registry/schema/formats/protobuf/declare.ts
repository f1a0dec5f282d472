import { type Features, fileFeatures, withFeatures } from "./features.ts";
import {
  defaultJsonName,
  type LinkedEnum,
  type LinkedExtend,
  type LinkedField,
  type LinkedFile,
  type LinkedMessage,
  type LinkedOneof,
  type LinkedService,
  type LinkedSymbol,
  mapEntryName,
  type Origin,
} from "./linked.ts";
import { isPlain } from "./printer.ts";
import type {
  EnumNode,
  ExtendNode,
  FieldNode,
  FileNode,
  MessageNode,
  OneofNode,
  OptionNode,
  Place,
} from "./syntax_tree.ts";

const DECODER = new TextDecoder();

/** Makes the file's symbols known; what their types refer to is looked up later. */
export function declareFile(path: string, node: FileNode, origin: Origin | null): LinkedFile {
  const packages = new Set<string>();
  if (node.package !== null) {
    for (let name = node.package;;) {
      packages.add(name);
      const dot = name.lastIndexOf(".");
      if (dot < 0) break;
      name = name.slice(0, dot);
    }
  }
  const file: LinkedFile = {
    path,
    node,
    origin,
    features: fileFeatures(node),
    messages: [],
    enums: [],
    extends: [],
    services: [],
    symbols: new Map(),
    packages,
    visible: [],
    all: [],
    problems: [],
  };
  new Declarer(file).file();
  return file;
}

/** Joins a scope and a name; the outermost scope is "". */
export function qualify(scope: string, name: string): string {
  return scope === "" ? name : `${scope}.${name}`;
}

class Declarer {
  readonly #file: LinkedFile;

  constructor(file: LinkedFile) {
    this.#file = file;
  }

  file(): void {
    const { node, messages, enums, services, features } = this.#file;
    const scope = node.package ?? "";
    for (const message of node.messages) messages.push(this.#message(message, scope, null));
    for (const one of node.enums) enums.push(this.#enum(one, scope, features));
    for (const extend of node.extends) this.#extend(extend, scope, features);
    for (const service of node.services) {
      const fullName = qualify(scope, service.name);
      const linked: LinkedService = {
        kind: "service",
        name: service.name,
        fullName,
        node: service,
        methods: [],
      };
      this.#declare(linked, service.place);
      const seen = new Set<string>();
      for (const { name, place } of service.methods) {
        if (seen.has(name)) this.#problem(`${fullName} has two rpcs named ${name}`, place);
        seen.add(name);
      }
      services.push(linked);
    }
  }

  #problem(message: string, place: Place): void {
    this.#file.problems.push({ message, place });
  }

  #declare(symbol: LinkedSymbol, place: Place): void {
    const { symbols } = this.#file;
    const known = symbols.get(symbol.fullName);
    if (known !== undefined) {
      this.#problem(`${symbol.fullName} is declared twice`, place);
      return;
    }
    symbols.set(symbol.fullName, symbol);
  }

  #message(node: MessageNode, scope: string, parent: LinkedMessage | null): LinkedMessage {
    const message = this.#emptyMessage(node, qualify(scope, node.name), parent);
    const { fullName, features } = message;
    this.#declare(message, node.place);
    for (const oneof of node.oneofs) message.oneofs.push(this.#oneof(oneof, fullName));
    for (const nested of node.messages) {
      message.messages.push(this.#message(nested, fullName, message));
    }
    for (const one of node.enums) message.enums.push(this.#enum(one, fullName, features));
    this.#fields(message, node);
    for (const extend of node.extends) {
      message.extends.push(this.#extend(extend, fullName, features));
    }
    return message;
  }

  #emptyMessage(
    node: MessageNode,
    fullName: string,
    parent: LinkedMessage | null,
  ): LinkedMessage {
    return {
      kind: "message",
      name: node.name,
      fullName,
      file: this.#file,
      parent,
      features: withFeatures(parent?.features ?? this.#file.features, node.options),
      fields: [],
      byNumber: new Map(),
      byName: new Map(),
      oneofs: [],
      messages: [],
      enums: [],
      extends: [],
      node,
    };
  }

  #oneof(node: OneofNode, scope: string): LinkedOneof {
    const { name } = node;
    const oneof: LinkedOneof = {
      kind: "oneof",
      name,
      fullName: qualify(scope, name),
      fields: [],
      node,
    };
    this.#declare(oneof, node.place);
    return oneof;
  }

  /** The fields, those of oneofs among them where they were written. */
  #fields(message: LinkedMessage, node: MessageNode): void {
    const { fullName, features } = message;
    const all: { node: FieldNode; oneof: LinkedOneof | null }[] = node.fields
      .map((field) => ({ node: field, oneof: null }));
    for (const oneof of message.oneofs) {
      for (const field of oneof.node.fields) all.push({ node: field, oneof });
    }
    if (message.oneofs.length > 0) {
      all.sort((a, b) =>
        a.node.place.line - b.node.place.line || a.node.place.column - b.node.place.column
      );
    }
    for (const { node, oneof } of all) {
      const outer = oneof === null ? features : withFeatures(features, oneof.node.options);
      const field = this.#field(node, {
        scope: fullName,
        outer,
        oneof,
        index: message.fields.length,
        extension: false,
      });
      message.fields.push(field);
      oneof?.fields.push(field);
      this.#declare(field, node.place);
      if (!message.byNumber.has(field.number)) message.byNumber.set(field.number, field);
      if (!message.byName.has(field.name)) message.byName.set(field.name, field);
    }
    // The field's own name wins over another's name in JSON.
    for (const field of message.fields) {
      if (!message.byName.has(field.jsonName)) message.byName.set(field.jsonName, field);
    }
  }

  #field(
    node: FieldNode,
    { scope, outer, oneof, index, extension }: {
      scope: string;
      outer: Features;
      oneof: LinkedOneof | null;
      index: number;
      extension: boolean;
    },
  ): LinkedField {
    const features = withFeatures(outer, node.options);
    const fullName = qualify(scope, node.name);
    const jsonName = node.options.find((option) => isPlain(option, "json_name"))?.value;
    return {
      kind: "field",
      name: node.name,
      jsonName: jsonName?.kind === "string"
        ? DECODER.decode(jsonName.bytes)
        : defaultJsonName(node.name),
      number: node.number,
      fullName,
      repeated: node.label === "repeated" || node.mapKey !== null,
      required: node.label === "required" ||
        (features.presence === "required" && node.label === null && node.mapKey === null &&
          oneof === null && !extension),
      oneof,
      features,
      extension,
      index,
      map: node.mapKey === null ? null : this.#mapEntry(node, scope, features),
      node,
      type: "unresolved",
      message: null,
      enum: null,
      extendee: null,
      hasPresence: false,
      packed: false,
    };
  }

  #mapEntry(
    node: FieldNode,
    scope: string,
    features: Features,
  ): { key: LinkedField; value: LinkedField } {
    const entry = qualify(scope, mapEntryName(node.name));
    this.#declare({ kind: "value", fullName: entry }, node.place);
    const part = (name: string, number: number): LinkedField => ({
      kind: "field",
      name,
      jsonName: name,
      number,
      fullName: qualify(entry, name),
      repeated: false,
      required: false,
      oneof: null,
      features,
      extension: false,
      index: number - 1,
      map: null,
      node: null,
      type: "unresolved",
      message: null,
      enum: null,
      extendee: null,
      hasPresence: false,
      packed: false,
    });
    return { key: part("key", 1), value: part("value", 2) };
  }

  #extend(node: ExtendNode, scope: string, outer: Features): LinkedExtend {
    const fields = node.fields.map((field, index) => {
      const linked = this.#field(field, { scope, outer, oneof: null, index, extension: true });
      this.#declare(linked, field.place);
      return linked;
    });
    const extend: LinkedExtend = { node, scope, fields, extendee: null };
    this.#file.extends.push(extend);
    return extend;
  }

  #enum(node: EnumNode, scope: string, outer: Features): LinkedEnum {
    const { name } = node;
    const linked: LinkedEnum = {
      kind: "enum",
      name,
      fullName: qualify(scope, name),
      file: this.#file,
      features: withFeatures(outer, node.options),
      byNumber: new Map(),
      byName: new Map(),
      node,
    };
    this.#declare(linked, node.place);
    for (const value of node.values) {
      // Values are siblings of their enum, as in C.
      this.#declare({ kind: "value", fullName: qualify(scope, value.name) }, value.place);
      if (!linked.byName.has(value.name)) linked.byName.set(value.name, value.number);
      if (!linked.byNumber.has(value.number)) linked.byNumber.set(value.number, value.name);
    }
    return linked;
  }
}

/** The value of a plain boolean option, or null where it isn't set. */
export function booleanOption(options: readonly OptionNode[], name: string): boolean | null {
  const value = options.find((option) => isPlain(option, name))?.value;
  return value?.kind === "name" ? value.text === "true" : null;
}
