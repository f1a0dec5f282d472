import { SchemaError } from "../schema.ts";
import { EDITION_NUMBERS, FIELD_TYPES } from "./descriptor_writer.ts";
import { defaultJsonName } from "./linked.ts";
import { decodeOptions, type ExtensionLookup } from "./option_decoder.ts";
import type { OptionsHolder } from "./options.ts";
import { MESSAGE_DEPTH_MAX } from "./parser.ts";
import {
  type EnumNode,
  type EnumValueNode,
  type ExtendNode,
  type ExtensionsNode,
  FIELD_NUMBER_MAX,
  type FieldNode,
  type FileNode,
  type ImportNode,
  type Label,
  type MessageNode,
  type MethodNode,
  type NumberRange,
  type OneofNode,
  type OptionNode,
  type OptionValue,
  type Place,
  type ReservedNode,
  type ServiceNode,
  type Visibility,
} from "./syntax_tree.ts";
import { Tokens } from "./tokens.ts";
import { WIRE, WireError, WireReader } from "./wire.ts";

/** A descriptor's file, and how many options' extensions nobody declared. */
export interface ReadDescriptor {
  readonly file: FileNode;
  readonly unknownCount: number;
}

/** Reads a `FileDescriptorProto`. Throws `SchemaError` when the bytes are none. */
export function readDescriptor(bytes: Uint8Array, extensions: ExtensionLookup): ReadDescriptor {
  try {
    const reader = new DescriptorReader(extensions);
    const file = reader.file(bytes);
    return { file, unknownCount: reader.unknownCount };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new SchemaError(`the descriptor can't be read: ${error.message}`, { cause: error });
  }
}

const NOWHERE: Place = { line: 0, column: 0 };
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const ENCODER = new TextEncoder();
const TYPE_NAMES = new Map(Object.entries(FIELD_TYPES).map(([name, number]) => [number, name]));
const LABELS: readonly (Label | undefined)[] = [undefined, "optional", "required", "repeated"];
const INT32_MAX = 2 ** 31 - 1;

/** The fields of one message, by number, in the order in which they stand. */
class Fields {
  readonly #values = new Map<number, (Uint8Array | number)[]>();

  constructor(bytes: Uint8Array) {
    const reader = new WireReader(bytes);
    while (!reader.done) {
      const tag = reader.tag();
      const number = Math.floor(tag / 8);
      if (tag % 8 === WIRE.varint) this.#add(number, reader.varint32());
      else if (tag % 8 === WIRE.bytes) this.#add(number, reader.bytes());
      else reader.skip(tag);
    }
  }

  #add(number: number, value: Uint8Array | number): void {
    const values = this.#values.get(number);
    if (values === undefined) this.#values.set(number, [value]);
    else values.push(value);
  }

  all(number: number): Uint8Array[] {
    return (this.#values.get(number) ?? []).filter((value) => value instanceof Uint8Array);
  }

  texts(number: number): string[] {
    return this.all(number).map(text);
  }

  /** The last text of that number, or null. */
  text(number: number): string | null {
    return this.texts(number).at(-1) ?? null;
  }

  numbers(number: number): number[] {
    return (this.#values.get(number) ?? []).filter((value) => typeof value === "number");
  }

  number(number: number): number | null {
    return this.numbers(number).at(-1) ?? null;
  }
}

function text(bytes: Uint8Array): string {
  try {
    return DECODER.decode(bytes);
  } catch {
    throw new WireError("a text in it is no UTF-8");
  }
}

function name(fields: Fields, what: string, number = 1): string {
  const value = fields.text(number);
  if (value === null || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(value)) {
    throw new WireError(`"${value ?? ""}" can't be the name of ${what}`);
  }
  return value;
}

/** A field, and to which oneof it belongs. */
interface ReadField {
  readonly node: FieldNode;
  readonly oneof: number | null;
  readonly extendee: string | null;
}

class DescriptorReader {
  unknownCount = 0;
  readonly #extensions: ExtensionLookup;
  #syntax = "proto2";

  constructor(extensions: ExtensionLookup) {
    this.#extensions = extensions;
  }

  file(bytes: Uint8Array): FileNode {
    const fields = new Fields(bytes);
    const syntax = fields.text(12);
    const number = fields.number(14);
    const edition = Object.keys(EDITION_NUMBERS).find((one) => EDITION_NUMBERS[one] === number);
    if (syntax === "editions" && edition === undefined) {
      throw new WireError(`edition ${number} is unknown`);
    }
    if (syntax !== null && !["proto2", "proto3", "editions"].includes(syntax)) {
      throw new WireError(`syntax "${syntax}" is unknown; allowed: proto2, proto3, editions`);
    }
    this.#syntax = syntax ?? "proto2";
    const packageName = fields.text(2);
    if (packageName !== null) checkDotted(packageName, "package");
    const scope = packageName ?? "";
    const messages = fields.all(4).map((one) => this.#message(one, scope, 1));
    const extensions = this.#extends(fields.all(7), { messages, fullName: scope });
    return {
      syntax: this.#syntax === "editions" ? null : syntax ?? "proto2",
      edition: this.#syntax === "editions" ? edition! : null,
      package: packageName === "" ? null : packageName,
      imports: readImports(fields),
      options: this.#options(fields.all(8), "FileOptions"),
      messages,
      enums: fields.all(5).map((one) => this.#enum(one)),
      extends: extensions,
      services: fields.all(6).map((one) => this.#service(one)),
    };
  }

  #options(all: readonly Uint8Array[], holder: OptionsHolder): OptionNode[] {
    if (all.length === 0) return [];
    const bytes = all.length === 1 ? all[0]! : Uint8Array.from(all.flatMap((one) => [...one]));
    const { options, unknownCount } = decodeOptions(bytes, holder, this.#extensions);
    this.unknownCount += unknownCount;
    return options;
  }

  #message(bytes: Uint8Array, scope: string, depth: number): MessageNode {
    if (depth > MESSAGE_DEPTH_MAX) {
      throw new WireError(`messages nest deeper than ${MESSAGE_DEPTH_MAX} levels`);
    }
    const fields = new Fields(bytes);
    const own = name(fields, "a message");
    const fullName = scope === "" ? own : `${scope}.${own}`;
    const entries = new Map<string, Fields>();
    const messages: MessageNode[] = [];
    for (const nested of fields.all(3)) {
      const inner = new Fields(nested);
      if (isMapEntry(inner)) entries.set(`.${fullName}.${name(inner, "a message")}`, inner);
      else messages.push(this.#message(nested, fullName, depth + 1));
    }
    const read = fields.all(2).map((one) => this.#field(one, { entries, messages, fullName }));
    const oneofs = this.#oneofs(fields.all(8), read);
    return {
      name: own,
      visibility: visibility(fields.number(11)),
      options: this.#options(fields.all(7), "MessageOptions"),
      reserved: this.#reserved(fields.all(9), fields.texts(10), true),
      extensions: fields.all(5).map((one) => this.#extensionRange(one)),
      fields: read.filter(({ oneof }) => oneof === null).map(({ node }) => node),
      oneofs,
      messages,
      enums: fields.all(4).map((one) => this.#enum(one)),
      extends: this.#extends(fields.all(6), { messages, fullName }),
      place: NOWHERE,
    };
  }

  /** Real ones; proto3's synthetic ones became labels. */
  #oneofs(all: readonly Uint8Array[], fields: readonly ReadField[]): OneofNode[] {
    const oneofs: OneofNode[] = [];
    all.forEach((bytes, index) => {
      const members = fields.filter(({ oneof }) => oneof === index).map(({ node }) => node);
      const used = new Fields(bytes);
      if (members.length === 0) return;
      oneofs.push({
        name: name(used, "a oneof"),
        options: this.#options(used.all(2), "OneofOptions"),
        fields: members,
        place: NOWHERE,
      });
    });
    return oneofs;
  }

  #field(
    bytes: Uint8Array,
    { entries, messages, fullName }: {
      entries: ReadonlyMap<string, Fields>;
      messages: readonly MessageNode[];
      fullName: string;
    },
  ): ReadField {
    const fields = new Fields(bytes);
    const own = name(fields, "a field");
    const proto3Optional = fields.number(17) === 1 && this.#syntax === "proto3";
    const oneof = proto3Optional ? null : fields.number(9);
    const typeName = fields.text(6);
    const entry = typeName === null ? undefined : entries.get(typeName);
    const group = fields.number(5) === FIELD_TYPES.group
      ? groupMessage(own, typeName, { messages, fullName })
      : null;
    let label: Label | null = LABELS[fields.number(4) ?? 1] ?? null;
    if (entry !== undefined || oneof !== null) label = null;
    else if (label === "optional" && this.#syntax !== "proto2" && !proto3Optional) label = null;
    const type = group?.name ?? fieldType(fields, typeName);
    const mapTypes = entry === undefined ? null : entry.all(2).map((one) => new Fields(one));
    const part = (number: number) => {
      const found = mapTypes!.find((one) => one.number(3) === number);
      if (found === undefined) throw new WireError(`the entry of map "${own}" lacks a part`);
      return fieldType(found, found.text(6));
    };
    const node: FieldNode = {
      label,
      type: mapTypes === null ? type : part(2),
      mapKey: mapTypes === null ? null : part(1),
      group,
      name: own,
      number: fields.number(3) ?? 0,
      options: this.#fieldOptions(fields, own),
      place: NOWHERE,
    };
    return { node, oneof, extendee: fields.text(2) };
  }

  #fieldOptions(fields: Fields, own: string): OptionNode[] {
    const options = this.#options(fields.all(8), "FieldOptions");
    const plain = (name: string, value: OptionValue) => {
      options.push({ name: [{ name, extension: false }], value, place: NOWHERE });
    };
    const standard = fields.text(7);
    if (standard !== null) plain("default", defaultValue(standard, fields.number(5)));
    const jsonName = fields.text(10);
    // Compilers write the name that the field would have anyway.
    if (jsonName !== null && jsonName !== defaultJsonName(own) && fields.text(2) === null) {
      plain("json_name", { kind: "string", bytes: ENCODER.encode(jsonName) });
    }
    return options;
  }

  /** Extensions, those of one message that stand together in one block. */
  #extends(
    all: readonly Uint8Array[],
    { messages, fullName }: { messages: readonly MessageNode[]; fullName: string },
  ): ExtendNode[] {
    const blocks: { extendee: string; fields: FieldNode[]; place: Place }[] = [];
    for (const bytes of all) {
      const { node, extendee } = this.#field(bytes, { entries: new Map(), messages, fullName });
      if (extendee === null) throw new WireError(`extension "${node.name}" extends no message`);
      checkDotted(extendee.replace(/^\./, ""), "message");
      const last = blocks.at(-1);
      if (last?.extendee === extendee) last.fields.push(node);
      else blocks.push({ extendee, fields: [node], place: NOWHERE });
    }
    return blocks;
  }

  #extensionRange(bytes: Uint8Array): ExtensionsNode {
    const fields = new Fields(bytes);
    return {
      ranges: [range(fields, { exclusive: true })],
      options: this.#options(fields.all(3), "ExtensionRangeOptions"),
      place: NOWHERE,
    };
  }

  #reserved(
    ranges: readonly Uint8Array[],
    names: readonly string[],
    exclusive: boolean,
  ): ReservedNode[] {
    const quoted = this.#syntax !== "editions";
    const reserved: ReservedNode[] = [];
    if (ranges.length > 0) {
      reserved.push({
        ranges: ranges.map((bytes) => range(new Fields(bytes), { exclusive })),
        names: [],
        quoted: false,
        place: NOWHERE,
      });
    }
    if (names.length > 0) reserved.push({ ranges: [], names, quoted, place: NOWHERE });
    return reserved;
  }

  #enum(bytes: Uint8Array): EnumNode {
    const fields = new Fields(bytes);
    return {
      name: name(fields, "an enum"),
      visibility: visibility(fields.number(6)),
      options: this.#options(fields.all(3), "EnumOptions"),
      values: fields.all(2).map((one): EnumValueNode => {
        const value = new Fields(one);
        return {
          name: name(value, "an enum's value"),
          number: value.number(2) ?? 0,
          options: this.#options(value.all(3), "EnumValueOptions"),
          place: NOWHERE,
        };
      }),
      reserved: this.#reserved(fields.all(4), fields.texts(5), false),
      place: NOWHERE,
    };
  }

  #service(bytes: Uint8Array): ServiceNode {
    const fields = new Fields(bytes);
    return {
      name: name(fields, "a service"),
      options: this.#options(fields.all(3), "ServiceOptions"),
      methods: fields.all(2).map((one): MethodNode => {
        const method = new Fields(one);
        const input = method.text(2) ?? "", output = method.text(3) ?? "";
        checkDotted(input.replace(/^\./, ""), "message");
        checkDotted(output.replace(/^\./, ""), "message");
        return {
          name: name(method, "an rpc"),
          input,
          inputStream: method.number(5) === 1,
          output,
          outputStream: method.number(6) === 1,
          options: this.#options(method.all(4), "MethodOptions"),
          place: NOWHERE,
        };
      }),
      place: NOWHERE,
    };
  }
}

/** The message that a group declares: it stands beside the field and lends it its name. */
function groupMessage(
  field: string,
  typeName: string | null,
  { messages, fullName }: { messages: readonly MessageNode[]; fullName: string },
): MessageNode {
  const prefix = fullName === "" ? "." : `.${fullName}.`;
  const message = messages.find(({ name }) => typeName === prefix + name);
  if (message === undefined || message.name.toLowerCase() !== field) {
    throw new WireError(`the message of group "${field}" doesn't stand beside it`);
  }
  return message;
}

function checkDotted(name: string, what: string): void {
  if (name !== "" && !/^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$/.test(name)) {
    throw new WireError(`"${name}" can't be the name of a ${what}`);
  }
}

function isMapEntry(message: Fields): boolean {
  return message.all(7).some((bytes) => new Fields(bytes).number(7) === 1);
}

function fieldType(fields: Fields, typeName: string | null): string {
  const type = fields.number(5);
  if (typeName !== null) {
    checkDotted(typeName.replace(/^\./, ""), "type");
    return typeName;
  }
  const scalar = TYPE_NAMES.get(type ?? 0);
  if (scalar === undefined || scalar === "message" || scalar === "group" || scalar === "enum") {
    throw new WireError(`a field of type ${type} names no type`);
  }
  return scalar;
}

function visibility(value: number | null): Visibility {
  return value === 1 ? "local" : value === 2 ? "export" : null;
}

function range(fields: Fields, { exclusive }: { exclusive: boolean }): NumberRange {
  const start = fields.number(1) ?? 0, end = fields.number(2) ?? 0;
  const max = exclusive ? FIELD_NUMBER_MAX + 1 : INT32_MAX;
  return { start, end: end >= max ? "max" : exclusive ? end - 1 : end };
}

function readImports(fields: Fields): ImportNode[] {
  const publicOnes = new Set(fields.numbers(10)), weakOnes = new Set(fields.numbers(11));
  const imports = fields.texts(3).map((path, index): ImportNode => ({
    path,
    modifier: publicOnes.has(index) ? "public" : weakOnes.has(index) ? "weak" : null,
    place: NOWHERE,
  }));
  const options = fields.texts(15).map((path): ImportNode => ({
    path,
    modifier: "option",
    place: NOWHERE,
  }));
  return [...imports, ...options];
}

/** The value that a descriptor holds as text. */
function defaultValue(value: string, type: number | null): OptionValue {
  if (type === FIELD_TYPES.string) return { kind: "string", bytes: ENCODER.encode(value) };
  if (type === FIELD_TYPES.bytes) {
    // The text is escaped the way that a literal is.
    const tokens = new Tokens(`"${value.replaceAll("\n", "\\n")}"`);
    return { kind: "string", bytes: tokens.bytes };
  }
  return { kind: /^-?\d/.test(value) ? "number" : "name", text: value };
}
