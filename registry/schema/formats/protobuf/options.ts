import type { LinkedField, LinkedFile, LinkedMessage, LinkedSymbol, Problem } from "./linked.ts";
import { wellKnownFile } from "./linker.ts";
import { lookup } from "./lookup.ts";
import { isPlain, optionName } from "./printer.ts";
import { parseFloating, parseInteger, scalarMisfit, wireTypeOf } from "./scalars.ts";
import type { AggregateField, OptionNode, OptionValue } from "./syntax_tree.ts";
import { WIRE, WireWriter, zigzag } from "./wire.ts";

/** What options belong to, by the messages of descriptor.proto that hold them. */
export type OptionsHolder =
  | "FileOptions"
  | "MessageOptions"
  | "FieldOptions"
  | "OneofOptions"
  | "EnumOptions"
  | "EnumValueOptions"
  | "ServiceOptions"
  | "MethodOptions"
  | "ExtensionRangeOptions";

/** The message of descriptor.proto that holds such options. */
export function optionsMessage(holder: OptionsHolder): LinkedMessage {
  const file = wellKnownFile("google/protobuf/descriptor.proto")!;
  return file.messages.find((message) => message.name === holder)!;
}

/** Where options stand: the file and the scope decide what their names mean. */
export interface OptionsContext {
  readonly file: LinkedFile;
  readonly scope: string;
  readonly holder: OptionsHolder;
}

/** What became of options. */
export interface EncodedOptions {
  readonly bytes: Uint8Array;
  /** Those whose extension isn't known, or is only known in part. */
  readonly unknown: readonly OptionNode[];
  readonly problems: readonly Problem[];
}

/** Options that a field's descriptor has fields of its own for. */
export function isPseudoOption(option: OptionNode): boolean {
  return isPlain(option, "default") || isPlain(option, "json_name");
}

/** An extension that nothing declares: such options are kept, yet have no bytes. */
class UnknownExtension extends Error {
  override readonly name = "UnknownExtension";
}

/** A value that doesn't fit. */
class BadValue extends Error {
  override readonly name = "BadValue";
}

/** Options in the binary encoding of descriptor.proto. */
export function encodeOptions(
  options: readonly OptionNode[],
  context: OptionsContext,
): EncodedOptions {
  const writer = new WireWriter();
  const unknown: OptionNode[] = [], problems: Problem[] = [];
  const message = optionsMessage(context.holder);
  const set = new Set<string>();
  for (const option of options) {
    if (context.holder === "FieldOptions" && isPseudoOption(option)) continue;
    try {
      const one = new WireWriter();
      const path = encodeOption(one, option, { context, message, part: 0 });
      if (path !== null && set.has(path)) throw new BadValue("is set twice");
      if (path !== null) set.add(path);
      writer.raw(one.finish());
    } catch (error) {
      if (error instanceof UnknownExtension) unknown.push(option);
      else if (error instanceof BadValue) {
        problems.push({
          message: `option ${optionName(option)} ${error.message}`,
          place: option.place,
        });
      } else throw error;
    }
  }
  return { bytes: writer.finish(), unknown, problems };
}

function isExtension(symbol: LinkedSymbol): symbol is LinkedField {
  return symbol.kind === "field" && symbol.extension;
}

function findExtension(
  name: string,
  { file, scope }: OptionsContext,
  message: LinkedMessage,
): LinkedField {
  const field = lookup(file.visible, name, scope, isExtension) ??
    lookup(file.all, name, scope, isExtension);
  if (field === null) throw new UnknownExtension(name);
  if (field.extendee !== null && field.extendee.fullName !== message.fullName) {
    throw new BadValue(`extends ${field.extendee.fullName}, not ${message.fullName}`);
  }
  return field;
}

/** Writes one option; returns the path of fields that it set, or null when they may be set again. */
function encodeOption(
  writer: WireWriter,
  option: OptionNode,
  { context, message, part }: { context: OptionsContext; message: LinkedMessage; part: number },
): string | null {
  const { name, extension } = option.name[part]!;
  const field = extension ? findExtension(name, context, message) : message.byName.get(name);
  if (field === undefined || (!extension && field.name !== name)) {
    throw new BadValue(`is unknown: ${message.name} has no "${name}"`);
  }
  if (part === option.name.length - 1) {
    encodeValue(writer, field, { value: option.value, context });
    return field.repeated ? null : field.fullName;
  }
  if (field.message === null || field.repeated) {
    throw new BadValue(`names a part of "${name}", which is no single message`);
  }
  let path: string | null = null;
  enclosed(writer, field, (inner) => {
    path = encodeOption(inner, option, { context, message: field.message!, part: part + 1 });
  });
  return path === null ? null : `${field.fullName} ${path}`;
}

/** Writes a message's tag, then its content the way that its type is delimited. */
function enclosed(
  writer: WireWriter,
  field: LinkedField,
  write: (writer: WireWriter) => void,
): void {
  if (field.type === "group") {
    writer.tag(field.number, WIRE.startGroup);
    write(writer);
    writer.tag(field.number, WIRE.endGroup);
    return;
  }
  writer.tag(field.number, WIRE.bytes);
  const mark = writer.begin();
  write(writer);
  writer.end(mark);
}

function encodeValue(
  writer: WireWriter,
  field: LinkedField,
  { value, context }: { value: OptionValue; context: OptionsContext },
): void {
  if (value.kind === "list") {
    if (!field.repeated) {
      throw new BadValue(`gives a list to "${field.name}", which holds one value`);
    }
    for (const one of value.values) encodeValue(writer, field, { value: one, context });
    return;
  }
  if (field.type === "unresolved") throw new UnknownExtension(field.fullName);
  if (field.message === null && field.map === null) {
    writer.tag(field.number, wireTypeOf(field.type));
    encodeScalar(writer, field, value);
    return;
  }
  enclosed(writer, field, (inner) => {
    for (const { name, value: one } of aggregate(field, value)) {
      encodeValue(inner, aggregateField(name, field, context), { value: one, context });
    }
  });
}

/** The field that an aggregate value for `holder` means by a name. */
function aggregateField(
  name: string,
  { map, message }: LinkedField,
  context: OptionsContext,
): LinkedField {
  const extension = name.startsWith("[") ? name.slice(1, -1) : null;
  if (message !== null && extension !== null) return findExtension(extension, context, message);
  const field = map !== null
    ? [map.key, map.value].find((part) => part.name === name)
    // The text format names a group by its type.
    : message!.fields.find((one) => (one.node?.group?.name ?? one.name) === name);
  if (field === undefined) throw new BadValue(`sets "${name}", which its message doesn't have`);
  return field;
}

function aggregate(field: LinkedField, value: OptionValue): readonly AggregateField[] {
  if (value.kind === "message") return value.fields;
  throw new BadValue(`needs { } for "${field.name}", which is a message`);
}

function encodeScalar(writer: WireWriter, field: LinkedField, value: OptionValue): void {
  const { type } = field;
  if (type === "enum" && value.kind === "number") {
    // Aggregates may write the number of a value that the enum doesn't name.
    const number = parseInteger(value.text);
    if (number !== null && BigInt.asIntN(32, number) === number) return writer.varint64(number);
  }
  const misfit = scalarMisfit(type, field.enum, value);
  if (misfit !== null) throw new BadValue(misfit);
  if (value.kind === "string") return writer.bytes(value.bytes);
  if (type === "enum") {
    const number = field.enum!.byName.get((value as { text: string }).text)!;
    return writer.varint64(BigInt(number));
  }
  if (type === "float") return writer.float(parseFloating(value)!);
  if (type === "double") return writer.double(parseFloating(value)!);
  const { text } = value as { text: string };
  if (type === "bool") return writer.varint(text === "true" ? 1 : 0);
  const integer = parseInteger(text)!;
  if (type === "sint32" || type === "sint64") return writer.varint64(zigzag(integer));
  if (type === "fixed32" || type === "sfixed32") return writer.fixed32(Number(integer) | 0);
  if (type === "fixed64" || type === "sfixed64") return writer.fixed64(integer);
  return writer.varint64(integer);
}
