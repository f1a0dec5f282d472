import type {
  LinkedEnum,
  LinkedExtend,
  LinkedField,
  LinkedFile,
  LinkedMessage,
  LinkedOneof,
  LinkedService,
} from "./linked.ts";
import { mapEntryName } from "./linked.ts";
import { encodeOptions, type OptionsHolder } from "./options.ts";
import { isPlain } from "./printer.ts";
import { floatingText, parseFloating, parseInteger } from "./scalars.ts";
import {
  type ExtensionsNode,
  FIELD_NUMBER_MAX,
  type NumberRange,
  type OptionNode,
  type OptionValue,
  type ReservedNode,
} from "./syntax_tree.ts";
import { WIRE, WireWriter } from "./wire.ts";

/** Numbers of `FieldDescriptorProto.Type`. */
export const FIELD_TYPES: Readonly<Record<string, number>> = {
  double: 1,
  float: 2,
  int64: 3,
  uint64: 4,
  int32: 5,
  fixed64: 6,
  fixed32: 7,
  bool: 8,
  string: 9,
  group: 10,
  message: 11,
  bytes: 12,
  uint32: 13,
  enum: 14,
  sfixed32: 15,
  sfixed64: 16,
  sint32: 17,
  sint64: 18,
};

/** Numbers of the supported values of descriptor.proto's `Edition`. */
export const EDITION_NUMBERS: Readonly<Record<string, number>> = { "2023": 1000, "2024": 1001 };

const VISIBILITIES = { local: 1, export: 2 } as const;
const LABELS = { optional: 1, required: 2, repeated: 3 } as const;
const INT32_MAX = 2 ** 31 - 1;

/** The file as a `FileDescriptorProto`, fields in order of number, as protoc writes it. */
export function writeDescriptor(file: LinkedFile): Uint8Array {
  return new DescriptorWriter(file).file();
}

class DescriptorWriter {
  readonly #file: LinkedFile;
  readonly #out = new WireWriter();

  constructor(file: LinkedFile) {
    this.#file = file;
  }

  file(): Uint8Array {
    const { node, path, messages, enums, services, extends: blocks } = this.#file;
    this.#text(1, path);
    if (node.package !== null) this.#text(2, node.package);
    const dependencies = node.imports.filter(({ modifier }) => modifier !== "option");
    for (const one of dependencies) this.#text(3, one.path);
    for (const message of messages) this.#within(4, () => this.#message(message));
    for (const one of enums) this.#within(5, () => this.#enum(one));
    for (const service of services) this.#within(6, () => this.#service(service));
    const scope = node.package ?? "";
    const own = blocks.filter((block) => node.extends.includes(block.node));
    this.#extensions(own, 7);
    this.#options(8, node.options, "FileOptions", scope);
    dependencies.forEach(({ modifier }, index) => {
      if (modifier === "public") this.#number(10, index);
    });
    dependencies.forEach(({ modifier }, index) => {
      if (modifier === "weak") this.#number(11, index);
    });
    if (node.syntax === "proto3") this.#text(12, "proto3");
    if (node.edition !== null) {
      this.#text(12, "editions");
      this.#number(14, EDITION_NUMBERS[node.edition]!);
    }
    for (const one of node.imports) if (one.modifier === "option") this.#text(15, one.path);
    return this.#out.finish();
  }

  #text(number: number, text: string): void {
    this.#out.tag(number, WIRE.bytes);
    this.#out.string(text);
  }

  #number(number: number, value: number): void {
    this.#out.tag(number, WIRE.varint);
    this.#out.varint64(BigInt(value));
  }

  #within(number: number, write: () => void): void {
    this.#out.tag(number, WIRE.bytes);
    const mark = this.#out.begin();
    write();
    this.#out.end(mark);
  }

  #options(
    number: number,
    options: readonly OptionNode[],
    holder: OptionsHolder,
    scope: string,
  ): void {
    if (options.length === 0) return;
    const { bytes } = encodeOptions(options, { file: this.#file, scope, holder });
    if (bytes.length === 0) return;
    this.#out.tag(number, WIRE.bytes);
    this.#out.bytes(bytes);
  }

  #message(message: LinkedMessage): void {
    const node = message.node!;
    this.#text(1, message.name);
    const synthetic = message.fields.filter(isSyntheticOneof);
    const position = (field: LinkedField) =>
      field.oneof !== null
        ? message.oneofs.indexOf(field.oneof)
        : isSyntheticOneof(field)
        ? message.oneofs.length + synthetic.indexOf(field)
        : null;
    for (const field of message.fields) {
      this.#within(2, () => this.#field(field, message.fullName, { oneof: position(field) }));
    }
    for (const nested of message.messages) this.#within(3, () => this.#message(nested));
    // After the others, so that those who count them and those who don't agree on the indexes.
    for (const field of message.fields) {
      if (field.map !== null) this.#within(3, () => this.#mapEntry(field));
    }
    for (const one of message.enums) this.#within(4, () => this.#enum(one));
    for (const block of node.extensions) this.#extensionRanges(block, message);
    this.#extensions(message.extends, 6);
    this.#options(7, node.options, "MessageOptions", message.fullName);
    for (const oneof of message.oneofs) this.#within(8, () => this.#oneof(oneof, message));
    const taken = new Set<string>();
    for (const field of synthetic) {
      const name = syntheticOneofName(field, message, taken);
      taken.add(name);
      this.#within(8, () => this.#text(1, name));
    }
    this.#reserved(node.reserved, { ranges: 9, names: 10, exclusive: true });
    if (node.visibility !== null) this.#number(11, VISIBILITIES[node.visibility]);
  }

  #oneof(oneof: LinkedOneof, message: LinkedMessage): void {
    this.#text(1, oneof.name);
    this.#options(2, oneof.node.options, "OneofOptions", message.fullName);
  }

  #reserved(
    all: readonly ReservedNode[],
    fields: { ranges: number; names: number; exclusive: boolean },
  ): void {
    for (const { ranges } of all) {
      for (const range of ranges) {
        this.#within(fields.ranges, () => {
          this.#number(1, range.start);
          this.#number(2, rangeEnd(range, fields.exclusive));
        });
      }
    }
    for (const { names } of all) for (const name of names) this.#text(fields.names, name);
  }

  #extensionRanges({ ranges, options }: ExtensionsNode, message: LinkedMessage): void {
    for (const range of ranges) {
      this.#within(5, () => {
        this.#number(1, range.start);
        this.#number(2, rangeEnd(range, true));
        this.#options(3, options, "ExtensionRangeOptions", message.fullName);
      });
    }
  }

  #extensions(blocks: readonly LinkedExtend[], number: number): void {
    for (const { fields, extendee, node, scope } of blocks) {
      const name = extendee === null ? node.extendee : `.${extendee.fullName}`;
      for (const field of fields) {
        this.#within(number, () => this.#field(field, scope, { oneof: null, extendee: name }));
      }
    }
  }

  #field(
    field: LinkedField,
    scope: string,
    { oneof, extendee }: { oneof: number | null; extendee?: string },
  ): void {
    const node = field.node!;
    this.#text(1, field.name);
    if (extendee !== undefined) this.#text(2, extendee);
    this.#number(3, field.number);
    const required = node.label === "required";
    this.#number(
      4,
      field.repeated ? LABELS.repeated : required ? LABELS.required : LABELS.optional,
    );
    // What editions delimit as groups is a message in its descriptor.
    const type = field.type === "group" && node.group === null ? "message" : field.type;
    if (type !== "unresolved") this.#number(5, FIELD_TYPES[type]!);
    if (field.map !== null) this.#text(6, `.${scope}.${mapEntryName(field.name)}`);
    else if (field.message !== null) this.#text(6, `.${field.message.fullName}`);
    else if (field.enum !== null) this.#text(6, `.${field.enum.fullName}`);
    else if (type === "unresolved") this.#text(6, node.type);
    const value = node.options.find((option) => isPlain(option, "default"))?.value;
    if (value !== undefined) this.#text(7, defaultText(value, field));
    this.#options(8, node.options, "FieldOptions", scope);
    if (oneof !== null) this.#number(9, oneof);
    if (node.options.some((option) => isPlain(option, "json_name"))) this.#text(10, field.jsonName);
    if (isProto3Optional(field)) this.#number(17, 1);
  }

  #mapEntry(field: LinkedField): void {
    const { key, value } = field.map!;
    this.#text(1, mapEntryName(field.name));
    for (const part of [key, value]) {
      this.#within(2, () => {
        this.#text(1, part.name);
        this.#number(3, part.number);
        this.#number(4, LABELS.optional);
        if (part.type !== "unresolved") this.#number(5, FIELD_TYPES[part.type]!);
        const type = part.message ?? part.enum;
        if (type !== null) this.#text(6, `.${type.fullName}`);
        else if (part.type === "unresolved") this.#text(6, field.node!.type);
      });
    }
    this.#within(7, () => this.#number(7, 1));
  }

  #enum(one: LinkedEnum): void {
    const { node, fullName } = one;
    this.#text(1, one.name);
    for (const value of node.values) {
      this.#within(2, () => {
        this.#text(1, value.name);
        this.#number(2, value.number);
        this.#options(3, value.options, "EnumValueOptions", fullName);
      });
    }
    this.#options(3, node.options, "EnumOptions", fullName);
    this.#reserved(node.reserved, { ranges: 4, names: 5, exclusive: false });
    if (node.visibility !== null) this.#number(6, VISIBILITIES[node.visibility]);
  }

  #service({ node, name, fullName, methods }: LinkedService): void {
    this.#text(1, name);
    node.methods.forEach((method, index) => {
      this.#within(2, () => {
        this.#text(1, method.name);
        this.#text(2, `.${methods[index]!.input}`);
        this.#text(3, `.${methods[index]!.output}`);
        this.#options(4, method.options, "MethodOptions", fullName);
        if (method.inputStream) this.#number(5, 1);
        if (method.outputStream) this.#number(6, 1);
      });
    });
    this.#options(3, node.options, "ServiceOptions", fullName);
  }
}

/** Whether proto3's `optional` stands before it. */
function isProto3Optional(field: LinkedField): boolean {
  return field.node!.label === "optional" && field.features.presence === "implicit";
}

/** Whether a oneof of its own tells its absence, as proto3 has it; extensions have none. */
function isSyntheticOneof(field: LinkedField): boolean {
  return !field.extension && field.oneof === null && isProto3Optional(field);
}

/** `_name`, with an X in front for as long as another bears it, as protoc does. */
function syntheticOneofName(
  field: LinkedField,
  { file, fullName }: LinkedMessage,
  taken: ReadonlySet<string>,
): string {
  let name = field.name.startsWith("_") ? `X${field.name}` : `_${field.name}`;
  while (taken.has(name) || file.symbols.has(`${fullName}.${name}`)) name = `X${name}`;
  return name;
}

function rangeEnd({ end }: NumberRange, exclusive: boolean): number {
  if (end !== "max") return exclusive ? end + 1 : end;
  return exclusive ? FIELD_NUMBER_MAX + 1 : INT32_MAX;
}

const DECODER = new TextDecoder();

/** A default value the way that descriptors hold it: as text. */
function defaultText(value: OptionValue, { type }: LinkedField): string {
  if (value.kind === "string") {
    return type === "bytes" ? escapeBytes(value.bytes) : DECODER.decode(value.bytes);
  }
  if (type === "float" || type === "double") {
    const number = parseFloating(value);
    if (number !== null) return floatingText(number);
  }
  if (value.kind === "number") return `${parseInteger(value.text) ?? value.text}`;
  return value.kind === "name" ? value.text : "";
}

const C_ESCAPES: Readonly<Record<number, string>> = {
  9: "\\t",
  10: "\\n",
  13: "\\r",
  34: '\\"',
  39: "\\'",
  92: "\\\\",
};

function escapeBytes(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) {
    if (C_ESCAPES[byte] !== undefined) text += C_ESCAPES[byte];
    else if (byte >= 32 && byte < 127) text += String.fromCharCode(byte);
    else text += `\\${byte.toString(8).padStart(3, "0")}`;
  }
  return text;
}
