import {
  defaultJsonName,
  type LinkedEnum,
  type LinkedExtend,
  type LinkedField,
  type LinkedFile,
  type LinkedMessage,
  type LinkedService,
} from "./linked.ts";
import { decodeOptions, type ExtensionLookup, extensionsOf } from "./option_decoder.ts";
import { encodeOptions, isPseudoOption, type OptionsHolder } from "./options.ts";
import { isPlain, optionName } from "./printer.ts";
import { floatingText, parseFloating, parseInteger } from "./scalars.ts";
import type {
  EnumNode,
  ExtendNode,
  ExtensionsNode,
  FieldNode,
  FileNode,
  MessageNode,
  NumberRange,
  OptionNode,
  OptionValue,
  Place,
  ReservedNode,
  ServiceNode,
} from "./syntax_tree.ts";

/** How far a tree is brought to one form. */
export interface NormalizeOptions {
  /** Sorts what has no order: options, fields, imports, ranges. Messages always keep theirs. */
  readonly sort: boolean;
}

/**
 * The same file with every type by its full name and every option in the one way that its value can be
 * written, so that two texts that mean the same become one. Options of unknown extensions stay as they were.
 */
export function normalizeFile(file: LinkedFile, options: NormalizeOptions): FileNode {
  return new Normalizer(file, options).file();
}

const NOWHERE: Place = { line: 0, column: 0 };

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

class Normalizer {
  readonly #file: LinkedFile;
  readonly #sort: boolean;
  readonly #extensions: ExtensionLookup;

  constructor(file: LinkedFile, { sort }: NormalizeOptions) {
    this.#file = file;
    this.#sort = sort;
    this.#extensions = extensionsOf(file);
  }

  file(): FileNode {
    const { node, messages, enums, services } = this.#file;
    const blocks = this.#file.extends.filter((block) => node.extends.includes(block.node));
    const own = messages.map((message) => this.#message(message));
    const groups = new Map(messages.map((message, index) => [message.node!, own[index]!]));
    const imports = [...new Map(node.imports.map((one) => [one.path, one])).values()];
    return {
      syntax: node.syntax === "proto2" ? null : node.syntax,
      edition: node.edition,
      package: node.package,
      imports: this.#sort ? imports.sort((a, b) => compareText(a.path, b.path)) : imports,
      options: this.#options(node.options, "FileOptions", node.package ?? ""),
      messages: own,
      enums: enums.map((one) => this.#enum(one)),
      extends: this.#extends(blocks, groups),
      services: services.map((service) => this.#service(service)),
    };
  }

  #options(
    options: readonly OptionNode[],
    holder: OptionsHolder,
    scope: string,
  ): OptionNode[] {
    if (options.length === 0) return [];
    const { bytes, unknown } = encodeOptions(options, { file: this.#file, scope, holder });
    const all = [...decodeOptions(bytes, holder, this.#extensions).options, ...unknown];
    if (!this.#sort) return all;
    return all.sort((a, b) => compareText(optionName(a), optionName(b)));
  }

  #message(message: LinkedMessage): MessageNode {
    const node = message.node!;
    const messages = message.messages.map((one) => this.#message(one));
    // A group is the message that it declares: it must be the same object in both places.
    const groups = new Map(message.messages.map((one, index) => [one.node!, messages[index]!]));
    const fields = (some: readonly LinkedField[]) =>
      this.#byNumber(some.map((field) => this.#field(field, message.fullName, groups)));
    const oneofs = message.oneofs.map((oneof) => ({
      name: oneof.name,
      options: this.#options(oneof.node.options, "OneofOptions", message.fullName),
      fields: fields(oneof.fields),
      place: NOWHERE,
    }));
    const first = (some: readonly FieldNode[]) => some[0]?.number ?? 0;
    return {
      name: message.name,
      visibility: node.visibility,
      options: this.#options(node.options, "MessageOptions", message.fullName),
      reserved: this.#reserved(node.reserved),
      extensions: this.#extensionRanges(node.extensions, message.fullName),
      fields: fields(message.fields.filter((field) => field.oneof === null)),
      oneofs: this.#sort ? oneofs.sort((a, b) => first(a.fields) - first(b.fields)) : oneofs,
      messages,
      enums: message.enums.map((one) => this.#enum(one)),
      extends: this.#extends(message.extends, groups),
      place: NOWHERE,
    };
  }

  #byNumber(fields: FieldNode[]): FieldNode[] {
    return this.#sort ? fields.sort((a, b) => a.number - b.number) : fields;
  }

  #field(
    field: LinkedField,
    scope: string,
    groups: ReadonlyMap<MessageNode, MessageNode>,
  ): FieldNode {
    const node = field.node!;
    const typed = field.map?.value ?? field;
    const type = typed.message ?? typed.enum;
    const options = this.#options(node.options, "FieldOptions", scope);
    for (const option of node.options) {
      if (!isPseudoOption(option)) continue;
      if (isPlain(option, "json_name") && field.jsonName === defaultJsonName(field.name)) continue;
      options.push({ ...option, value: normalizeDefault(option.value, field) });
    }
    return {
      ...node,
      group: node.group === null ? null : groups.get(node.group)!,
      type: type === null || node.group !== null ? node.type : `.${type.fullName}`,
      options,
      place: NOWHERE,
    };
  }

  /** Blocks of one message become one block; those that declare groups stay, for messages have an order. */
  #extends(
    blocks: readonly LinkedExtend[],
    groups: ReadonlyMap<MessageNode, MessageNode>,
  ): ExtendNode[] {
    const extended = blocks.map(({ node, extendee, fields, scope }) => ({
      extendee: extendee === null ? node.extendee : `.${extendee.fullName}`,
      fields: fields.map((field) => this.#field(field, scope, groups)),
      place: NOWHERE,
    }));
    if (this.#sort) extended.sort((a, b) => compareText(a.extendee, b.extendee));
    const merged: { extendee: string; fields: FieldNode[]; place: Place }[] = [];
    for (const block of extended) {
      const last = merged.at(-1);
      if (last?.extendee === block.extendee) last.fields.push(...block.fields);
      else merged.push({ ...block });
    }
    return merged.filter(({ fields }) => fields.length > 0)
      .map((block) => ({ ...block, fields: this.#byNumber(block.fields) }));
  }

  #reserved(all: readonly ReservedNode[]): ReservedNode[] {
    const ranges = all.flatMap((one) => one.ranges), names = all.flatMap((one) => one.names);
    const quoted = this.#file.node.edition === null;
    if (this.#sort) {
      return [
        ...mergeRanges(ranges).map((range) => ({ ranges: [range], names: [] })),
        ...[...new Set(names)].sort(compareText).map((name) => ({ ranges: [], names: [name] })),
      ].map((one) => ({ ...one, quoted, place: NOWHERE }));
    }
    const reserved: ReservedNode[] = [];
    if (ranges.length > 0) reserved.push({ ranges, names: [], quoted: false, place: NOWHERE });
    if (names.length > 0) reserved.push({ ranges: [], names, quoted, place: NOWHERE });
    return reserved;
  }

  #extensionRanges(all: readonly ExtensionsNode[], scope: string): ExtensionsNode[] {
    const single = all.flatMap(({ ranges, options }) => {
      const normal = this.#options(options, "ExtensionRangeOptions", scope);
      const some = this.#sort && normal.length === 0 ? mergeRanges(ranges) : ranges;
      return some.map((range) => ({ ranges: [range], options: normal, place: NOWHERE }));
    });
    return this.#sort ? single.sort((a, b) => a.ranges[0]!.start - b.ranges[0]!.start) : single;
  }

  #enum({ node, fullName }: LinkedEnum): EnumNode {
    return {
      ...node,
      options: this.#options(node.options, "EnumOptions", fullName),
      values: node.values.map((value) => ({
        ...value,
        options: this.#options(value.options, "EnumValueOptions", fullName),
        place: NOWHERE,
      })),
      reserved: this.#reserved(node.reserved),
      place: NOWHERE,
    };
  }

  #service({ node, fullName, methods }: LinkedService): ServiceNode {
    return {
      ...node,
      options: this.#options(node.options, "ServiceOptions", fullName),
      methods: node.methods.map((method, index) => ({
        ...method,
        input: `.${methods[index]!.input.replace(/^\./, "")}`,
        output: `.${methods[index]!.output.replace(/^\./, "")}`,
        options: this.#options(method.options, "MethodOptions", fullName),
        place: NOWHERE,
      })),
      place: NOWHERE,
    };
  }
}

/** Ranges in order; what touches or overlaps becomes one. */
function mergeRanges(ranges: readonly NumberRange[]): NumberRange[] {
  const last = ({ end }: NumberRange) => end === "max" ? Infinity : end;
  const merged: NumberRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const before = merged.at(-1);
    if (before === undefined || range.start > last(before) + 1) merged.push(range);
    else if (last(range) > last(before)) {
      merged[merged.length - 1] = { start: before.start, end: range.end };
    }
  }
  return merged;
}

function normalizeDefault(value: OptionValue, { type }: LinkedField): OptionValue {
  if (type === "float" || type === "double") {
    const number = parseFloating(value);
    if (number === null) return value;
    const text = floatingText(number);
    return { kind: /^-?(?:inf|nan)$/.test(text) ? "name" : "number", text };
  }
  if (value.kind !== "number") return value;
  const integer = parseInteger(value.text);
  return integer === null ? value : { kind: "number", text: `${integer}` };
}

/** The same file without extensions: their declarations, their ranges, and options that use them. */
export function withoutExtensions(file: FileNode): FileNode {
  const plain = <T extends { readonly options: readonly OptionNode[] }>(one: T): T => ({
    ...one,
    options: one.options.filter(({ name }) => !name.some((part) => part.extension)),
  });
  const field = (one: FieldNode, groups: ReadonlyMap<MessageNode, MessageNode>): FieldNode => ({
    ...plain(one),
    group: one.group === null ? null : groups.get(one.group)!,
  });
  const enumeration = (one: EnumNode): EnumNode => ({
    ...plain(one),
    values: one.values.map(plain),
  });
  const message = (one: MessageNode): MessageNode => {
    const messages = one.messages.map(message);
    const groups = new Map(one.messages.map((inner, index) => [inner, messages[index]!]));
    return {
      ...plain(one),
      extensions: [],
      fields: one.fields.map((inner) => field(inner, groups)),
      oneofs: one.oneofs.map((oneof) => ({
        ...plain(oneof),
        fields: oneof.fields.map((inner) => field(inner, groups)),
      })),
      messages,
      enums: one.enums.map(enumeration),
      extends: [],
    };
  };
  return {
    ...plain(file),
    messages: file.messages.map(message),
    enums: file.enums.map(enumeration),
    extends: [],
    services: file.services.map((one) => ({ ...plain(one), methods: one.methods.map(plain) })),
  };
}
